"""One text of an act in one language: form after form, until Cellar has one."""

from __future__ import annotations

import asyncio
from functools import partial

from crawlers.eu.acts import check_complete
from crawlers.eu.dossier import Text
from crawlers.eu.negotiation import (
    FORMS,
    archive_files,
    cellar_refusal,
    check_form,
    part_addresses,
    text_headers,
    text_url,
)
from crawlers.fetching import Answer, Fetcher, with_retries
from crawlers.run import CrawlRun
from notices.errors import Gone


class TextFetcher:
    """Asks for texts; bytes that are cut off or garbled are asked for again before anything is stored."""

    def __init__(self, run: CrawlRun, fetcher: Fetcher) -> None:
        self._run, self._fetcher = run, fetcher

    async def get(self, celex: str, language: str) -> Text | None:
        """The first form that Cellar has in this language; None when it has none. Raises CrawlError."""
        for form in FORMS:
            attempt = partial(self._form, celex, language, form)
            try:
                return await with_retries(attempt, self._run.job.retry_policy, self._run.stop)
            except Gone:
                continue
        return None

    async def _form(self, celex: str, language: str, form: str) -> Text:
        headers = text_headers(form, language)
        answer = await self._ask(text_url(celex), headers)
        media, ending = form.partition(";")[0], "xml" if "fmx4" in form else "html"
        if answer.status == 300:
            parts = part_addresses(answer.body, answer.final_url)
            files = [(f"{at:03d}.{ending}", (await self._ask(url, headers)).body) for at, url in enumerate(parts, 1)]
        else:
            check_form(form, answer.headers)
            if "zip" in form:
                files, media = list(archive_files(answer.body)), "application/xml"
            else:
                files = [(f"001.{ending}", answer.body)]
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._run.writer, check_complete, [(media, body) for _, body in files])
        return Text(language, media, answer.final_url, tuple(files))

    async def _ask(self, url: str, headers: dict[str, str]) -> Answer:
        return await self._fetcher.get(url, headers, self._run.timeout, judge=cellar_refusal)
