"""The one composition root: settings in, ready parts out. Heavy parts are made when first asked for."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from notices.clock import SystemClock
from notices.errors import StoreUnavailable
from notices.ports import IndexBackend, Store
from settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.services import Services, SourceInfo
    from crawlers.job import CrawlParams


class Wiring:
    """Builds each part once. Use as a context manager, or call :meth:`close`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __enter__(self) -> Wiring:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def clock(self) -> SystemClock:
        """The system's time, or the ticking clock that TONGBO_CLOCK starts."""
        return SystemClock(self.settings.clock)

    @cached_property
    def data_dir(self) -> Path:
        """The data folder, made when missing. Raises StoreUnavailable when that fails."""
        folder = self.settings.data_dir
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"the data folder {folder} can't be made: {error.strerror}") from error
        return folder

    @cached_property
    def store(self) -> Store:
        """The durable store."""
        from notices.store import open_store  # noqa: PLC0415 - SQLAlchemy takes .3 s to load; --help need not wait

        store = open_store(self.data_dir, self.database_url, self.clock)
        if self.settings.clock is not None:
            self.clock.resume(store.latest_instant())
        return store

    @property
    def database_url(self) -> str | None:
        """SQLAlchemy URL of PostgreSQL, or None for SQLite in the data folder."""
        url = self.settings.database_url
        return url.get_secret_value() if url else None

    @property
    def crawl_params(self) -> CrawlParams:
        """What a crawl needs of the settings."""
        from crawlers.job import CrawlParams  # noqa: PLC0415 - only who crawls needs it

        settings = self.settings
        return CrawlParams(
            data_dir=str(self.data_dir),
            database_url=self.database_url,
            mirror=settings.mirror,
            contact=settings.contact,
            wto_api_key=settings.wto_api_key.get_secret_value() if settings.wto_api_key else "",
            backfill_since=settings.backfill_since,
        )

    @cached_property
    def backend(self) -> IndexBackend:
        """The search engine that the settings choose."""
        settings = self.settings
        if settings.backend == "elasticsearch":
            from index.backends.elastic import ElasticBackend  # noqa: PLC0415 - only who uses it pays for it

            key = settings.elasticsearch_api_key
            return ElasticBackend(
                settings.elasticsearch_url or "",
                api_key=key.get_secret_value() if key else None,
                ca=settings.elasticsearch_ca,
                prefix=settings.elasticsearch_prefix,
            )
        from index.backends.embedded import EmbeddedBackend  # noqa: PLC0415 - likewise

        return EmbeddedBackend(self.data_dir / "index")

    @cached_property
    def services(self) -> Services:
        """What the API and the pages need."""
        from api.services import Services  # noqa: PLC0415 - the command line can do without the web

        return Services(
            store=self.store,
            backend=self.backend,
            clock=self.clock,
            replayed=self.settings.replayed,
            public_url=self.settings.address,
            sources=self.sources,
        )

    @cached_property
    def sources(self) -> tuple[SourceInfo, ...]:
        """Every feed as people should see it, in the order in which a crawl asks them."""
        from api.services import SourceInfo  # noqa: PLC0415 - likewise
        from crawlers.facts import all_facts  # noqa: PLC0415 - likewise

        return tuple(
            SourceInfo(
                feed=facts.id,
                publisher=facts.publisher,
                title=facts.title.en,
                title_ko=facts.title.ko,
                publisher_name=facts.publisher_name.en,
                publisher_name_ko=facts.publisher_name.ko,
                licence=facts.licence.name,
                licence_url=facts.licence.url,
                markets={"us-fr": ("US",), "eu": ("EU",)}.get(facts.publisher, ()),
                cadence_hours=facts.cadence_hours,
            )
            for facts in all_facts()
        )

    def app(self) -> FastAPI:
        """The web application."""
        from api.app import create_app  # noqa: PLC0415 - likewise

        return create_app(self.services)

    def close(self) -> None:
        """Give back what was opened."""
        for name in ("backend", "store"):
            part = self.__dict__.pop(name, None)
            if part is not None:
                part.close()
