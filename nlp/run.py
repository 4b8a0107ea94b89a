"""Follow the change log and work out what new and changed notices mean.

Each component keeps a cursor of its own, named with its version: when a version rises, that component alone reads the
log again from the start. Findings and cursors are written in one transaction, so a run that is killed anywhere and
started again ends in the same place, and a notice revision is looked at once per component and version.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nlp.components import COMPONENTS
from nlp.documents import Component
from nlp.pipeline import Analysis, Pipeline
from notices.errors import ComponentFailed
from notices.model import Change, ChangeKind, Finding, Notice
from notices.ports import Store

log = logging.getLogger(__name__)

CONSUMER = "enrich"
PAGE = 500
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class EnrichReport:
    """What one run did: notice revisions looked at, findings written, failures by component, place in the log."""

    notices: int
    findings: int
    failures: Mapping[str, int] = field(default_factory=dict)
    change_seq: int = 0

    @property
    def ok(self) -> bool:
        """True when no component failed on any notice."""
        return not self.failures


def cursor_name(component: Component) -> str:
    """The cursor of one component in one version."""
    return f"{CONSUMER}:{component.name}:{component.version}"


def enrich(
    store: Store,
    *,
    limit: int | None = None,
    progress: Callable[[int], None] | None = None,
    components: Sequence[Component] = COMPONENTS,
) -> EnrichReport:
    """Bring findings up to the end of the change log, at most ``limit`` changes; ``progress`` gets running totals.

    Idempotent per (notice, revision, component, version). A component that fails on a notice is logged and counted
    there; it looks again when its version rises.
    """
    run = _Run(store, components)
    if not run.behind():
        return EnrichReport(0, 0, {}, store.cursor(CONSUMER))
    for page in _pages(store, run.start, limit):
        run.work(page)
        if progress:
            progress(run.notices)
    return EnrichReport(run.notices, run.findings, dict(run.failures), run.reached)


def _pages(store: Store, after: int, limit: int | None) -> Iterator[Sequence[Change]]:
    left = limit
    while left is None or left > 0:
        page = store.changes(after, PAGE if left is None else min(PAGE, left))
        if not page:
            return
        yield page
        after = page[-1].seq
        left = None if left is None else left - len(page)


class _Run:
    """One pass over the log; the pipeline is built when there is something to do."""

    def __init__(self, store: Store, components: Sequence[Component]) -> None:
        self._store = store
        self._components = components
        self._versions = {component.name: component.version for component in components}
        self._cursors = {component.name: store.cursor(cursor_name(component)) for component in components}
        self._pipeline: Pipeline | None = None
        self.start = min(self._cursors.values(), default=0)
        self.reached = self.start
        self.notices = 0
        self.findings = 0
        self.failures: dict[str, int] = {}

    def behind(self) -> bool:
        """True when the log goes on after a component's cursor."""
        return self._store.last_seq() > self.start

    def work(self, page: Sequence[Change]) -> None:
        """Look at every revision of a page that some component has not seen, then commit findings with cursors."""
        batch: list[tuple[str, int, str, int, Sequence[Finding]]] = []
        for notice, missing, known in self._missing(page):
            self._pipeline = self._pipeline or Pipeline(self._components)
            analysis = self._pipeline.analyse(notice, missing, known)
            self.notices += 1
            self._count_failures(notice, analysis)
            for name, findings in analysis.findings.items():
                batch.append((notice.id, notice.revision, name, self._versions[name], findings))
                self.findings += len(findings)
        self._commit(batch, page[-1].seq)

    def _commit(self, batch: list[tuple[str, int, str, int, Sequence[Finding]]], seq: int) -> None:
        with self._store.transaction():
            if batch:
                self._store.put_findings_batch(batch)
            for component in self._components:
                if self._cursors[component.name] < seq:
                    self._store.set_cursor(cursor_name(component), seq)
                    self._cursors[component.name] = seq
            if self._store.cursor(CONSUMER) < seq:
                self._store.set_cursor(CONSUMER, seq)
        self.reached = seq

    def _missing(self, page: Sequence[Change]) -> Iterator[tuple[Notice, list[str], Mapping[str, Sequence[Finding]]]]:
        """(notice in that revision, components to run, findings of the others) for what is not yet enriched."""
        keys = dict.fromkeys((c.notice_id, c.revision) for c in page if c.kind is not ChangeKind.WITHDRAWN)
        ids = list(dict.fromkeys(notice_id for notice_id, _ in keys))
        looked = self._store.enriched(ids)
        wanted: dict[Key, list[str]] = {}
        for key in keys:
            have = looked.get(key, {})
            missing = [each.name for each in self._components if have.get(each.name, -1) < each.version]
            if missing:
                wanted[key] = missing
        partial = [key[0] for key, missing in wanted.items() if len(missing) < len(self._components)]
        stored = self._store.findings(list(dict.fromkeys(partial))) if partial else {}
        current = self._store.notices([notice_id for notice_id, _ in wanted])
        for key, missing in wanted.items():
            notice = current.get(key[0])
            if notice is None or notice.revision != key[1]:
                notice = self._store.notice(key[0], revision=key[1])
            yield notice, missing, _by_component(stored.get(key, ()))

    def _count_failures(self, notice: Notice, analysis: Analysis) -> None:
        for name, error in analysis.failures:
            self.failures[name] = self.failures.get(name, 0) + 1
            failure = ComponentFailed(f"{name} failed on {notice.id} revision {notice.revision}: {error!r}")
            log.error("%s", failure.detail, exc_info=error)


def _by_component(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.component, []).append(finding)
    return found
