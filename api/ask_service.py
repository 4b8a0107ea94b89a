"""The answerer over the services that everything else uses."""

from __future__ import annotations

from api.services import Services
from chatbot.answerer import Answerer
from chatbot.freshness import Feed


def answerer_of(services: Services) -> Answerer:
    """An answerer; make one for a process, it holds the acts that it has cut."""
    feeds = tuple(Feed(each.feed, each.publisher, each.title, each.cadence_hours) for each in services.sources)
    return Answerer(services.store, services.backend, services.clock, feeds, replayed=services.replayed)
