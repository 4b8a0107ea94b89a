"""What a page parser gives: drafts, skipped records, dead letters and issues; values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from crawlers.facts import SourceFacts
from notices.model import Facts
from notices.runs import Issue


@dataclass(frozen=True, slots=True)
class Draft:
    """One record that could be read; an Observation but for where and when it was seen."""

    notice_id: str
    record_id: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Skipped:
    """One record left out on purpose."""

    record_id: str
    reason: str
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Dead:
    """One record that could not be read; ``key`` is its record id, or where it stands when it has none."""

    key: str
    locator: str
    error_code: str
    detail: str


@dataclass(frozen=True, slots=True)
class PageResult:
    """All that one capture held. ``total`` is the source's own count of the asked slice; None when it gives none."""

    total: int | None
    drafts: tuple[Draft, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    dead: tuple[Dead, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """Every record met, read or not."""
        return frozenset(
            [draft.record_id for draft in self.drafts]
            + [record.record_id for record in self.skipped]
            + [letter.key for letter in self.dead]
        )


@dataclass(frozen=True, slots=True)
class PageParser:
    """A pure parser with its name and version; the version rises with every change of what it gives."""

    name: str
    version: int
    parse: Callable[[bytes, SourceFacts], PageResult]
