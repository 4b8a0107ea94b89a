"""EU acts: SPARQL says which there are, content negotiation gives their texts, EUR-Lex RSS is a second signal.

Key acts come first, whatever days are asked for; then the acts of each slice of publication dates. One act is one
capture (``crawlers.eu.dossier``). An act whose text fails for a while is left for the next run, never stored without.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

from crawlers.eu import sparql
from crawlers.eu.dossier import MEDIA_TYPE, Dossier, Text, pack_dossier
from crawlers.eu.negotiation import text_url
from crawlers.eu.records import Record, gather_records, is_celex, newest_versions
from crawlers.eu.scope import Scope, load_scope
from crawlers.facts import SourceFacts
from crawlers.fetching import with_retries
from crawlers.pages.eu_rss import FEEDS, URL, Announced, read_feed
from crawlers.refusals import refusal
from crawlers.slices import Slice, calendar_slices
from crawlers.spiders.base import FeedSpider, Page
from crawlers.spiders.eu_texts import TextFetcher
from notices.errors import Blocked, CountMismatch, CrawlError, ExpectationFailed, Gone, RateLimited
from notices.identity import eu_id
from notices.runs import Issue

T = TypeVar("T")

BATCH = 50
"""Acts per question to the endpoint."""
GIVE_UP_AFTER = 5
"""Failures in a row after which the rest is left for the next run."""
MAX_GONE = 3
"""So many texts may vanish without it being a fault of the source."""
RSS_DAYS = 14
"""How old an announced act may be to be missed."""


class EuCellarSpider(FeedSpider):
    """Walks key acts, then slices; what the RSS feed announces and SPARQL does not know is an issue."""

    name = "eu-cellar"

    async def walk(self) -> None:
        """Everything that the job asks for."""
        self.scope: Scope = load_scope()
        self.texts = TextFetcher(self.run, self.fetcher)
        self.labels: dict[str, str] = {}
        self.bodies_left = self.scope.max_bodies_per_run
        self.failed_in_a_row = 0
        self.done: set[str] = set()
        self.gone = 0
        self.newest: frozenset[str] = frozenset()
        parts = [part for since, until in self.run.spans for part in calendar_slices(since, until)]
        self.run.begin(len(parts) + 2)
        try:
            family = await self._family()
            lists = await self._lists(parts)
        except CrawlError as error:
            self.failed("SPARQL", error)
            return
        listed = {celex for celexes in lists.values() for celex in celexes}
        extra = [celex for celex in family if celex not in listed]
        self.run.tally.expected = len(listed) + len(extra)
        await self._key_acts(extra)
        for part, celexes in lists.items():
            if self._given_up:
                return
            await self._slice(part, celexes)
        await self._second_signal(listed | set(family))
        if self.gone > max(MAX_GONE, self.run.facts.expect.max_dead_share * len(self.done)):
            self.failed("texts", ExpectationFailed(f"Cellar no longer has {self.gone} texts that it had before"))

    async def _family(self) -> list[str]:
        """Key acts, their versions and corrigenda; the newest version of each is noted."""
        keys = self.scope.celexes
        rows = [row for part in _batches(keys) for row in await self._ask(sparql.family_query(part))]
        related = sorted({row["celex"] for row in rows if is_celex(row["celex"])})
        self.newest = newest_versions(related, self.run.clock.today())
        return [*keys, *(celex for celex in related if celex not in keys)]

    async def _lists(self, parts: list[Slice]) -> dict[Slice, list[str]]:
        """The CELEX numbers of each slice, newest slice first, counted and reconciled."""
        found: dict[Slice, list[str]] = {}
        queue = list(parts)
        while queue:
            part = queue.pop(0)
            try:
                smaller = await self._list(part, found)
            except CrawlError as error:
                self.failed(str(part), error)
                if isinstance(error, Blocked | RateLimited) or len(self.run.tally.failures) >= GIVE_UP_AFTER:
                    raise
                continue
            queue[:0] = smaller
            self.run.step(str(part), added=len(smaller), done=0)
        return found

    async def _list(self, part: Slice, found: dict[Slice, list[str]]) -> list[Slice]:
        paging, types = self.run.facts.required_paging(), self.run.facts.types
        total = sparql.read_count(await self._ask(sparql.count_query(part, types)))
        if total >= paging.split_at:
            if smaller := part.smaller():
                return smaller
            raise CountMismatch(f"{part} holds {total:,} acts, more than can be listed", slice=str(part))
        celexes: dict[str, None] = {}
        for offset in range(0, total, paging.size):
            rows = await self._ask(sparql.list_query(part, types, paging.size, offset))
            celexes.update(dict.fromkeys(row["celex"] for row in rows))
        if len(celexes) != total:
            raise CountMismatch(f"The endpoint counts {total:,} acts in {part} but lists {len(celexes):,}")
        found[part] = [celex for celex in celexes if is_celex(celex)]
        odd = [celex for celex in celexes if not is_celex(celex)]
        await self.on_writer(self.run.store.note_skipped, self.run.facts.id, odd, "no CELEX number of an act")
        return []

    async def _key_acts(self, celexes: Sequence[str]) -> None:
        """Key acts outside the days asked for."""
        known: set[str] = set()
        for part in _batches(celexes):
            pages, whole = await self._collect(part, known)
            await self.on_writer(self.run.keep_unsettled, pages, len(pages))
            if not whole and self._given_up:
                return
        absent = [celex for celex in self.scope.celexes if celex in celexes and celex not in known]
        self.run.tally.expected = (self.run.tally.expected or 0) - len(absent)
        if absent and not self.run.tally.failures:
            detail = f"Cellar does not know these key acts: {', '.join(absent)}."
            self.run.tally.note(Issue("warning", Gone.code, detail, "key acts"))
        self.run.step("key acts", added=0)

    async def _slice(self, part: Slice, celexes: Sequence[str]) -> None:
        pages: list[Page] = []
        known: set[str] = set()
        whole = True
        for batch in _batches(celexes):
            collected, complete = await self._collect(batch, known)
            pages, whole = pages + collected, whole and complete
            if self._given_up:
                break
        if whole and len(known) == len(celexes):
            await self.on_writer(self.run.settle, part, pages, len(celexes))
            self.run.step(str(part), added=0)
            return
        await self.on_writer(self.run.keep_unsettled, pages, len(pages))
        if whole:
            self.failed(str(part), CountMismatch(f"{part}: {len(celexes)} acts listed, {len(known)} described"))

    @property
    def _given_up(self) -> bool:
        return self.failed_in_a_row >= GIVE_UP_AFTER

    async def _collect(self, celexes: Sequence[str], known: set[str]) -> tuple[list[Page], bool]:
        """A batch of acts, each as a stored and parsed dossier; False when some could not be had this time."""
        pages: list[Page] = []
        whole = True
        try:
            records = await self._records(celexes)
        except CrawlError as error:
            self._note_failure(f"facts of {celexes[0]} and {len(celexes) - 1} more", error)
            return pages, False
        known.update(records)
        held = await self._held(records)
        for celex, record in records.items():
            if celex in self.done:
                continue
            try:
                page = await self._act(record, held=celex in held)
            except CrawlError as error:
                whole = False
                self._note_failure(celex, error)
                if isinstance(error, Blocked | RateLimited) or self._given_up:
                    self.failed_in_a_row = GIVE_UP_AFTER
                    break
                continue
            self.failed_in_a_row = 0
            self.done.add(celex)
            pages += [page] if page else []
        return pages, whole

    def _note_failure(self, where: str, error: CrawlError) -> None:
        self.failed_in_a_row += 1
        self.failed(where, error)

    async def _held(self, records: Iterable[str]) -> set[str]:
        """Acts whose text we have already: they are read again with it, or not at all."""
        ids = {eu_id(celex): celex for celex in records}
        notices = await self.on_writer(self.run.store.notices, ids)
        return {ids[notice_id] for notice_id, notice in notices.items() if notice.facts.body is not None}

    async def _records(self, celexes: Sequence[str]) -> dict[str, Record]:
        facts = await self._ask(sparql.facts_query(celexes))
        titles = await self._ask(sparql.titles_query(celexes))
        records = gather_records(celexes, facts, titles)
        concepts = {uri for record in records.values() for uri in record.facts.get("eurovoc", ())}
        for part in _batches(sorted(concepts - self.labels.keys())):
            rows = await self._ask(sparql.labels_query(part))
            self.labels |= {row["concept"]: row["label"] for row in rows if row.get("label")}
        return records

    async def _act(self, record: Record, *, held: bool) -> Page | None:
        """Fetch what is wanted of one act, store it as one capture and parse it. Raises CrawlError.

        None when the text that we hold is no longer there: the stored one stays, and the run says so.
        """
        dossier = record.dossier(self.labels)
        languages = self._languages(dossier, held=held)
        texts: list[Text] = []
        missing: list[str] = []
        for language in languages:
            if texts and not self.scope.is_key(record.celex):
                break  # one language is enough
            text = await self.texts.get(record.celex, language)
            if text is None:
                missing.append(language)
            else:
                texts.append(text)
        if held and not texts:
            self.gone += 1
            detail = f"Cellar no longer has the text of {record.celex}; the stored one stays."
            self.run.tally.note(Issue("warning", Gone.code, detail, record.celex))
            return None
        whole = Dossier(dossier.celex, dossier.facts, dossier.titles, tuple(texts), tuple(missing))
        url = text_url(record.celex)
        body = pack_dossier(whole)
        return await self.on_writer(self._keep, url, body)

    def _keep(self, url: str, body: bytes) -> Page:
        capture = self.run.intake.keep(url, url, 200, {"content-type": MEDIA_TYPE}, body)
        return capture, self.run.intake.read(capture)

    def _languages(self, dossier: Dossier, *, held: bool) -> tuple[str, ...]:
        """In which languages the text is wanted; () for title and metadata alone."""
        celex = dossier.celex
        version = celex.startswith("0")
        if self.scope.is_key(celex) and (not version or celex in self.newest or held):
            return ("en", "fr")
        if held:
            return ("en", "fr")
        title = dossier.titles.get("en", "")
        if version or not self.scope.is_relevant(dossier.facts.get("eurovoc", ()), title) or self.bodies_left <= 0:
            return ()
        self.bodies_left -= 1
        return ("en", "fr")

    async def _ask(self, query: str) -> list[sparql.Row]:
        """The rows of a question, repeated politely when the endpoint fails. Raises CrawlError."""
        headers = {"Accept": "application/sparql-results+json", "Content-Type": "application/sparql-query"}

        async def attempt() -> list[sparql.Row]:
            answer = await self.fetcher.get(self.run.facts.url, headers, self.run.timeout, post=query.encode())
            return sparql.read_rows(answer.body)

        return await self._retried(attempt)

    async def _second_signal(self, known: set[str]) -> None:
        """Acts that EUR-Lex announces: those that SPARQL did not list are asked for, or named in an issue."""
        for number, title in FEEDS.items():
            try:
                announced = await self._retried(partial(self._feed, number))
            except CrawlError as error:
                detail = f"The RSS feed {title} could not be read: {error.detail.rstrip('.')}."
                self.run.tally.note(Issue("warning", error.code, detail, f"rss {number}"))
                continue
            await self._reconcile(announced, known, title)
        self.run.step("RSS", added=0)

    async def _feed(self, number: str) -> tuple[Announced, ...]:
        answer = await self.fetcher.get(
            URL.format(number), {"Accept": "application/rss+xml"}, self.run.timeout, judge=_rss_refusal
        )
        return read_feed(answer.body)

    async def _reconcile(self, announced: Sequence[Announced], known: set[str], title: str) -> None:
        since = self.run.clock.today() - timedelta(days=RSS_DAYS)
        fresh = [item for item in announced if item.published_on is None or item.published_on >= since]
        unseen = [item.celex for item in fresh if item.celex not in known | self.done and is_celex(item.celex)]
        described: set[str] = set()
        for part in _batches(unseen):
            pages, _ = await self._collect(part, described)
            self.run.tally.expected = (self.run.tally.expected or 0) + len(pages)
            await self.on_writer(self.run.keep_unsettled, pages, len(pages))
        for celex in unseen:
            if celex not in described:
                detail = f"{title} announces {celex}, but Cellar's endpoint does not know it yet."
                self.run.tally.note(Issue("warning", CountMismatch.code, detail, celex))

    async def _retried(self, attempt: Callable[[], Awaitable[T]]) -> T:
        return await with_retries(attempt, self.run.job.retry_policy, self.run.stop)


def _rss_refusal(facts: SourceFacts, status: int, body: bytes, headers: Mapping[str, str]) -> CrawlError | None:
    """RSS begins with "<" like a web page, but is data."""
    if status == 200 and b"<rss" in body[:2_000]:
        return None
    return refusal(facts, status, body, headers)


def _batches(celexes: Sequence[str]) -> Iterable[list[str]]:
    waiting = iter(celexes)
    while part := list(islice(waiting, BATCH)):
        yield part
