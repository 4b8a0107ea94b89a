"""Generations on Elasticsearch: each is one index, built aside under an alias of its own, then swapped in by alias.

``<prefix>-notices`` (alias) → ``<prefix>-notices-<generation>`` (index). What a generation holds and how far into the
change log it reaches stands in ``_meta`` of its mapping. All calls stay within ``manage`` on the prefix's own names.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elasticsearch import NotFoundError

from index.backends.elastic_client import Connection
from index.backends.elastic_errors import translated
from index.backends.elastic_mapping import SETTINGS, mappings
from notices.errors import SearchError
from notices.search import Generation

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Serving:
    """The index that the alias names now; ``shape`` is the mapping's fingerprint it was made with."""

    index: str
    generation: Generation
    shape: str


class Generations:
    """Makes, swaps and sweeps the indices of one prefix. One builder at a time: the job lock sees to it."""

    def __init__(self, connection: Connection, prefix: str) -> None:
        self._connection = connection
        self.alias = f"{prefix}-notices"
        self._own = re.compile(rf"{re.escape(self.alias)}-[0-9a-f]{{12}}")

    def serving(self) -> Serving | None:
        """What the alias names now, freshly asked; None when there is no alias."""
        with translated(self._connection.address):
            try:
                found = self._connection.search().indices.get_mapping(index=self.alias).body
            except NotFoundError:
                return None
        named = [(index, body) for index, body in found.items() if index != self.alias]
        if len(named) != 1:
            return None
        index, body = named[0]
        return _serving(index, body["mappings"].get("_meta") or {})

    def begin(self) -> str:
        """Sweep what earlier builds left, make a new empty index and its writing alias; returns the index name."""
        self.sweep()
        index = f"{self.alias}-{uuid.uuid4().hex[:12]}"
        with translated(self._connection.address):
            self._connection.write().indices.create(
                index=index, settings=SETTINGS, mappings=mappings(), aliases={writing_alias(index): {}}
            )
        return index

    def publish(self, index: str, generation: Generation, shape: str) -> None:
        """Point the alias at this index, in one atomic step, and drop all others."""
        self.note(index, generation, shape)
        actions: list[dict[str, Any]] = [
            {"add": {"index": index, "alias": self.alias}},
            {"remove": {"index": index, "alias": writing_alias(index), "must_exist": False}},
        ]
        with translated(self._connection.address):
            former = self._connection.write().options(ignore_status=404).indices.get_alias(name=self.alias).body
            actions += [
                {"remove": {"index": other, "alias": self.alias}}
                for other, body in former.items()
                if other != index and isinstance(body, Mapping)
            ]
            self._connection.write().indices.update_aliases(actions=actions)
        self._tidy()

    def note(self, index: str, generation: Generation, shape: str) -> None:
        """Write down what an index holds."""
        meta = {
            "generation": generation.name,
            "analysis": generation.analysis,
            "shape": shape,
            "change_seq": generation.change_seq,
            "notices": generation.notices,
            "passages": generation.passages,
        }
        with translated(self._connection.address):
            self._connection.write().indices.put_mapping(index=index, meta=meta)

    def drop(self, index: str) -> None:
        """Delete an index that does not serve; one that is gone already is fine."""
        with translated(self._connection.address):
            self._connection.write().options(ignore_status=404).indices.delete(index=index)

    def sweep(self) -> None:
        """Delete every index of ours that the alias does not name: killed builds, former generations."""
        with translated(self._connection.address):
            found = self._connection.write().indices.get_alias(index=f"{self.alias}-*", expand_wildcards="all").body
        for index, body in found.items():
            if self._own.fullmatch(index) and self.alias not in body["aliases"]:
                self.drop(index)

    def _tidy(self) -> None:
        try:
            self.sweep()
        except SearchError as error:  # the new generation serves; the next build sweeps again
            log.warning("A former index on Elasticsearch could not be deleted: %s", error.detail)


def writing_alias(index: str) -> str:
    """The alias through which a build writes: were its index deleted, a bulk call would make a new one unasked."""
    return f"{index}-writing"


def generation_name(index: str) -> str:
    """The generation's name out of its index name."""
    return index.rpartition("-")[2]


def _serving(index: str, meta: Mapping[str, Any]) -> Serving:
    generation = Generation(
        name=str(meta.get("generation", generation_name(index))),
        notices=int(meta.get("notices", 0)),
        passages=int(meta.get("passages", 0)),
        change_seq=int(meta.get("change_seq", 0)),
        analysis=str(meta.get("analysis", "")),
    )
    return Serving(index, generation, str(meta.get("shape", "")))
