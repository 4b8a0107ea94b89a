"""Which text of an act is the newest one known to the store, and which known acts it does not contain yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from notices.errors import NotFound
from notices.identity import family_id
from notices.model import Kind, Notice, RelationType
from notices.ports import NoticeStore

_CONSOLIDATED = re.compile(r"eu:0\d{4}[A-Z]{1,2}\d{4}-(\d{8})")
_PAGE = 200


@dataclass
class Versions:
    """Answers for one check: reads each family once, and the list of amending acts once, when first asked."""

    store: NoticeStore
    _newest: dict[str, Notice | None] = field(default_factory=dict)
    _corrections: dict[str, set[str]] = field(default_factory=dict)
    _amending: dict[str, set[str]] | None = None

    def newest(self, notice_id: str) -> Notice | None:
        """The newest version of the act that this id belongs to: by the highest consolidated date, else itself."""
        family = family_id(notice_id)
        if family not in self._newest:
            self._newest[family] = self._find(family)
        return self._newest[family]

    def named(self, notice_id: str) -> Notice | None:
        """The notice of exactly this id, None when the store has none or it was withdrawn."""
        try:
            notice = self.store.notice(notice_id)
        except NotFound:
            return None
        return None if notice.withdrawn else notice

    def amended_by(self, version: Notice) -> set[str]:
        """CELEX numbers of acts that say they amend this act, and of its corrigenda, that this version lacks.

        A corrigendum counts when it has an English text: the others correct one language of many.
        """
        if self._amending is None:
            self._amending = {}
            for amending, target in self._amendments():
                self._amending.setdefault(target, set()).add(amending)
        inside = {item.value for item in version.facts.identifiers if item.scheme == "incorporates"}
        family = family_id(version.id)
        self.newest(family)
        return (self._amending.get(family, set()) | self._corrections[family]) - inside

    def _find(self, family: str) -> Notice | None:
        members = [notice for notice in self.store.family(family) if not notice.withdrawn]
        self._corrections[family] = {
            notice.id.removeprefix("eu:")
            for notice in members
            if notice.facts.kind is Kind.CORRIGENDUM and notice.facts.language == "en" and notice.facts.body
        }
        dated = [(found[1], notice) for notice in members if (found := _CONSOLIDATED.fullmatch(notice.id))]
        if dated:
            return max(dated, key=lambda item: item[0])[1]
        return next((notice for notice in members if notice.id == family), None)

    def _amendments(self) -> Iterator[tuple[str, str]]:
        """(CELEX of the amending act, id of the amended one) over all acts of the Union in the store."""
        after = "eu:"
        while page := self.store.notice_page(after=after, limit=_PAGE):
            for notice in page:
                if not notice.id.startswith("eu:"):
                    return
                if notice.id.startswith("eu:3") and family_id(notice.id) == notice.id and not notice.withdrawn:
                    for relation in notice.facts.relations:
                        if relation.type is RelationType.AMENDS:
                            yield notice.id.removeprefix("eu:"), family_id(relation.target)
            after = page[-1].id


def text_status(notice: Notice) -> str:
    """What the publisher's text is: verbatim, excerpt, reconstructed, missing …; "" when nobody said."""
    return next((item.value for item in notice.facts.identifiers if item.scheme == "text_status"), "")
