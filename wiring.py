"""The one composition root: settings in, ready parts out. Heavy parts are made when first asked for."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from notices.clock import SystemClock
from notices.errors import StoreUnavailable
from notices.ports import Clock, IndexBackend, Store
from settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.services import Services


class Wiring:
    """Builds each part once. Use as a context manager, or call :meth:`close`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __enter__(self) -> Wiring:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def clock(self) -> Clock:
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

        url = self.settings.database_url
        return open_store(self.data_dir, url.get_secret_value() if url else None, self.clock)

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
            public_url=self.settings.public_url,
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
