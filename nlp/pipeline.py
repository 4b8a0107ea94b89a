"""The spaCy pipeline, built from the one table of components; nothing registers itself on import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components import COMPONENTS
from nlp.documents import Component, make_document, open_document, register_extensions, work_of
from notices.model import Finding, Notice

_PREFIX = "tongbo_"


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the components made of one notice; ``failures`` are (component, error)."""

    findings: Mapping[str, Sequence[Finding]]
    failures: Sequence[tuple[str, Exception]]


def _stage(name: str) -> Callable[[Doc], Doc]:
    """A pipe that lets the Doc's own component of that name look at it.

    spaCy's registry of components is global and keeps the first function of a name, so the function holds nothing of
    the table; the Doc brings it.
    """

    def run(doc: Doc) -> Doc:
        component = work_of(doc).wanted.get(name)
        if component is not None:
            component.run(doc)
        return doc

    return run


class Pipeline:
    """A blank multilingual spaCy pipeline with our tokenizer and components."""

    def __init__(self, components: Sequence[Component] = COMPONENTS) -> None:
        register_extensions()
        self._components = {component.name: component for component in components}
        self._spacy: Language = spacy.blank("xx")
        self._spacy.tokenizer = lambda text: make_document(self._spacy.vocab, text)
        for component in components:
            name = _PREFIX + component.name
            Language.component(
                name, assigns=list(component.assigns), requires=list(component.requires), func=_stage(component.name)
            )
            self._spacy.add_pipe(name)
        handler: Any = _note_failure  # spaCy's types want it to raise; its code does not
        self._spacy.set_error_handler(handler)

    @property
    def language(self) -> Language:
        """The spaCy object itself, for ``analyze_pipes`` and the curious."""
        return self._spacy

    def analyse(
        self, notice: Notice, only: Iterable[str] | None = None, known: Mapping[str, Sequence[Finding]] | None = None
    ) -> Analysis:
        """Run the components (``only`` these) on one notice; ``known`` are findings of those that need not run again.

        A component that fails loses its findings of this notice; the others go on.
        """
        chosen = None if only is None else set(only)
        wanted = {name: each for name, each in self._components.items() if chosen is None or name in chosen}
        doc = open_document(self._spacy.vocab, notice, wanted)
        for name, kept in (known or {}).items():
            if name not in wanted:
                work_of(doc).findings[name] = list(kept)
        doc = self._spacy(doc)
        work = work_of(doc)
        failed = {name for name, _ in work.failures}
        findings = {name: found for name, found in work.findings.items() if name in wanted and name not in failed}
        return Analysis(findings, tuple(work.failures))


def _note_failure(name: str, _stage: object, docs: list[Doc], error: Exception) -> None:
    """spaCy calls this instead of raising; the Doc goes on to the next component as it is."""
    for doc in docs:
        component = name.removeprefix(_PREFIX)
        work_of(doc).failures.append((component, error))
        work_of(doc).findings[component] = []
