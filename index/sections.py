"""The sections of an act as one row of stretches: each belongs to the innermost section that holds it.

Articles, their paragraphs, recitals, annexes and their parts part the text; footnotes stay together, and what another
act put there (``amendment``) overlaps the tree and parts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from notices.model import Section

_WHOLE = frozenset({"amendment", "footnote"})
_NAMES = {
    "en": {
        "division_part": "Part",
        "division_title": "Title",
        "chapter": "Chapter",
        "section": "Section",
        "subsection": "Subsection",
        "article": "Article",
        "recital": "Recital",
        "annex": "Annex",
        "appendix": "Appendix",
        "preamble": "Preamble",
        "final": "Final part",
        "footnotes": "Footnotes",
    },
    "fr": {
        "division_part": "Partie",
        "division_title": "Titre",
        "chapter": "Chapitre",
        "section": "Section",
        "subsection": "Sous-section",
        "article": "Article",
        "recital": "Considérant",
        "annex": "Annexe",
        "appendix": "Appendice",
        "preamble": "Préambule",
        "final": "Partie finale",
        "footnotes": "Notes",
    },
}
_TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Stretch:
    """``text[start:end]``, whose innermost section is the last of ``path``; () outside of all sections."""

    start: int
    end: int
    path: tuple[Section, ...]

    @property
    def article(self) -> Section | None:
        """The article that it stands in."""
        return next((section for section in reversed(self.path) if section.kind == "article"), None)


def stretches(length: int, sections: Sequence[Section]) -> list[Stretch]:
    """The whole text, cut wherever a section begins or ends; any sections do, also ones that are no tree."""
    parting = sorted(
        (each for each in sections if each.kind not in _WHOLE and 0 <= each.start < min(each.end, length)),
        key=lambda each: (each.start, each.depth, -each.end),
    )
    borders = sorted({0, length, *(each.start for each in parting), *(min(each.end, length) for each in parting)})
    found: list[Stretch] = []
    open_: list[Section] = []
    coming = 0
    for start, end in pairwise(borders):
        open_ = [each for each in open_ if each.end > start]
        while coming < len(parting) and parting[coming].start <= start:
            open_.append(parting[coming])
            coming += 1
        found.append(Stretch(start, end, tuple(open_)))
    return found


def section_name(section: Section, language: str | None) -> str:
    """The name of one section as people cite it: "Article 8 Recycled content", "Annex XII", "1"."""
    word = _NAMES.get(language or "", _NAMES["en"]).get(section.kind, "")
    title = " ".join(section.title.split())
    if len(title) > _TITLE_LENGTH:
        title = title[:_TITLE_LENGTH].rsplit(" ", 1)[0] + " …"
    return " ".join(part for part in (word, section.number, title) if part)


def heading_path(path: Sequence[Section], language: str | None) -> tuple[str, ...]:
    """The names of the sections that hold a place, the outermost first."""
    names = (section_name(section, language) for section in path if section.kind != "title")
    return tuple(name for name in names if name)


def shared_path(stretches_: Sequence[Stretch], language: str | None) -> tuple[str, ...]:
    """The heading path of several neighbours in one article: "1–3" where they are its paragraphs."""
    paths = [each.path for each in stretches_]
    common = 0
    while all(len(path) > common and path[common] is paths[0][common] for path in paths):
        common += 1
    numbers = [path[common].number for path in paths if len(path) > common]
    names = heading_path(paths[0][:common], language)
    if not numbers:
        return names
    return (*names, numbers[0] if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}")
