"""What the API and the pages are given: ready parts and a view of the settings. Nothing here reads a setting."""

from __future__ import annotations

from dataclasses import dataclass

from notices.ports import Clock, IndexBackend, Store


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A feed as people should see it; ``publisher`` is the first part of its notices' ids ("wto", "us-fr")."""

    feed: str
    publisher: str
    title: str
    title_ko: str = ""
    publisher_name: str = ""
    publisher_name_ko: str = ""
    licence: str = ""
    licence_url: str = ""
    markets: tuple[str, ...] = ()  # the only markets it reports; empty: many
    cadence_hours: int = 24  # how often it is asked


@dataclass(frozen=True, slots=True)
class Services:
    """Injected into every route; the composition root makes it, tests make their own."""

    store: Store
    backend: IndexBackend
    clock: Clock
    replayed: bool = False
    public_url: str = "http://127.0.0.1:8000"
    sources: tuple[SourceInfo, ...] = ()

    def feeds_of(self, publisher: str) -> tuple[SourceInfo, ...]:
        """The feeds that report a publisher's notices."""
        return tuple(source for source in self.sources if source.publisher == publisher)
