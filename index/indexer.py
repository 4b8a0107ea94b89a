"""From store to index: whole builds, updates that follow the change log and the findings, and a comparison of both.

How far a *generation* has read the change log stands in the generation itself, so the engine decides. How far it has
taken in each component's findings stands in the store, one cursor for each component, version and engine: when a
component's version rises, its findings of old notices are taken in again as it works them out. The index never runs
ahead of enrichment once that has begun; a notice is not indexed twice for want of its findings. Killed anywhere and run
again, it converges, because the same documents replace themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.documents import INHERITING, documents_of
from index.fields import document_fingerprint
from nlp.components import COMPONENTS
from nlp.run import cursor_name
from notices.errors import IndexNotReady
from notices.model import Finding, Notice
from notices.ports import IndexBackend, Store
from notices.search import Generation, IndexDocument, VerifyReport

PAGE = 500
BATCH = 2_000
"""Changes that one update of the engine takes in."""
_FAMILIES = ("wto", "eu")
"""Publishers whose follow-ups take codes or sectors over from the first of the family."""
REBUILD_SHARE = 0.5
"""A backlog of more than this share of the index is built anew, which is faster."""


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a build or an update did: notices written, and what serves now."""

    notices: int
    rebuilt: bool
    generation: Generation


def build_index(store: Store, backend: IndexBackend, progress: Callable[[int], None] | None = None) -> IndexReport:
    """Build a generation of everything and swap it in; ``progress`` gets the number of documents done."""
    taken_in = _components_done(store)
    generation = backend.build(_all_documents(store), change_seq=_end(store), progress=progress)
    _note(store, backend, taken_in)
    return IndexReport(generation.notices, True, generation)


def update_index(store: Store, backend: IndexBackend, progress: Callable[[int], None] | None = None) -> IndexReport:
    """Take in what changed since; gives how many notices were written. Raises IndexNotReady before the first build."""
    generation = backend.generation()
    if generation is None:
        raise IndexNotReady("there is no index to update", hint="Run `tongbo index --rebuild`.")
    end = _end(store)
    start = min((generation.change_seq, end, *_behind(store, backend)))
    if end - start > max(REBUILD_SHARE * generation.notices, BATCH):
        return build_index(store, backend, progress)
    written = 0
    for changed, reached in _changed(store, start, end):
        documents, removed = _documents_of(store, changed)
        seq = max(reached, generation.change_seq)
        generation = backend.update(documents, removed, change_seq=seq)
        _note(store, backend, {name: min(done, reached) for name, done in _components_done(store).items()})
        written += len(changed)
        if progress is not None:
            progress(written)
    return IndexReport(written, False, generation)


def verify_index(store: Store, backend: IndexBackend) -> VerifyReport:
    """Compare every document that the store gives with what the index holds; run an update first."""
    return backend.verify(
        (document.notice_id, document.revision, document_fingerprint(document)) for document in _all_documents(store)
    )


def _cursors() -> dict[str, str]:
    """Component with version → the cursor that enrichment keeps for it."""
    return {f"{component.name}:{component.version}": cursor_name(component) for component in COMPONENTS}


def _components_done(store: Store) -> dict[str, int]:
    return {name: store.cursor(cursor) for name, cursor in _cursors().items()}


def _end(store: Store) -> int:
    """Where to stop: the end of the log, or where the slowest component stands once enrichment has begun."""
    done = _components_done(store).values()
    return min(done) if any(done) else store.last_seq()


def _taken_in(store: Store, backend: IndexBackend, name: str) -> int:
    return store.cursor(f"index:{backend.name}:{name}")


def _behind(store: Store, backend: IndexBackend) -> list[int]:
    """Where to go on with each component whose findings are not all taken in yet."""
    taken_in = {name: _taken_in(store, backend, name) for name in _cursors()}
    return [taken_in[name] for name, done in _components_done(store).items() if taken_in[name] < done]


def _note(store: Store, backend: IndexBackend, taken_in: dict[str, int]) -> None:
    with store.transaction():
        for name, seq in taken_in.items():
            if _taken_in(store, backend, name) < seq:
                store.set_cursor(f"index:{backend.name}:{name}", seq)


def _changed(store: Store, start: int, end: int) -> Iterator[tuple[list[str], int]]:
    """Notices that changed, in batches, each with the place in the log that it reaches."""
    ids: dict[str, None] = {}
    after, taken = start, 0
    while after < end:
        page = [change for change in store.changes(after, PAGE) if change.seq <= end]
        if not page:
            break
        ids |= dict.fromkeys(change.notice_id for change in page)
        after = page[-1].seq
        taken += len(page)
        if taken >= BATCH:
            yield list(ids), after
            ids, taken = {}, 0
    if ids:
        yield list(ids), after


def _documents_of(store: Store, changed: Collection[str]) -> tuple[Iterable[IndexDocument], list[str]]:
    """Documents of the changed notices and of their families, whose codes may be theirs; and what is gone."""
    found: dict[str, Notice] = {}
    ids = list(changed)
    for start in range(0, len(ids), PAGE):
        found |= store.notices(ids[start : start + PAGE])
    for family in {notice.family for notice in found.values() if notice.source in _FAMILIES}:
        found |= {relative.id: relative for relative in store.family(family)}
    listed = list(found.values())
    pages = (listed[start : start + PAGE] for start in range(0, len(listed), PAGE))
    return (document for page in pages for document in _page_documents(store, page)), [
        each for each in ids if each not in found
    ]


def _all_documents(store: Store) -> Iterator[IndexDocument]:
    after: str | None = None
    while page := store.notice_page(after=after, limit=PAGE):
        yield from _page_documents(store, page)
        after = page[-1].id


def _page_documents(store: Store, page: Sequence[Notice]) -> Iterator[IndexDocument]:
    families = {notice.family for notice in page if notice.facts.kind in INHERITING and notice.family != notice.id}
    relatives = {family: store.family(family) for family in families}
    ids = {notice.id for notice in page} | {each.id for family in relatives.values() for each in family}
    findings = _findings(store, sorted(ids))
    revisions = store.revisions_of([notice.id for notice in page])
    for notice in page:
        if notice.id in revisions:  # else gone since the page was read: the change log tells
            yield from documents_of(notice, revisions[notice.id], findings, relatives.get(notice.family, ()))


def _findings(store: Store, ids: list[str]) -> dict[tuple[str, int], list[Finding]]:
    found: dict[tuple[str, int], list[Finding]] = {}
    for start in range(0, len(ids), PAGE):
        found |= store.findings(ids[start : start + PAGE])
    return found
