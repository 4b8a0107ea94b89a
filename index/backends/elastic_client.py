"""The connection to Elasticsearch: what we accept as one, how long we wait for it."""

from __future__ import annotations

import logging
import re
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from elastic_transport import TransportError
from elasticsearch import ApiError, AuthorizationException, Elasticsearch, OrjsonSerializer

from index.backends.elastic_errors import VERSION_HINT, from_api, from_transport
from notices.errors import BackendRefused, ConfigError

# The transport logs a traceback for each lost connection that it tries again; what it gives up on, we raise ourselves.
for _name in ("elastic_transport.transport", "elastic_transport.node_pool"):
    logging.getLogger(_name).setLevel(logging.ERROR)

SEARCH_SECONDS = 4.0
"""One try of a search; a lost connection is tried once more at once, a timeout is not."""
WRITE_SECONDS = 60.0
"""Bulk, refresh, alias and mapping calls: a busy cluster may take its time."""
OLDEST = (8, 19)
NEWEST_MAJOR = 9


class Connection:
    """A client and the address to name in messages (no user, no password). Checks the version once, on first use."""

    def __init__(self, url: str, *, api_key: str | None = None, ca: Path | str | None = None) -> None:
        self.address = _public_address(url)
        self._client = _client(url, api_key, ca)
        self._reader = self._client.options(request_timeout=SEARCH_SECONDS, max_retries=1)
        self._writer = self._client.options(request_timeout=WRITE_SECONDS, max_retries=1)
        self._checked = False

    def search(self, within: float | None = None) -> Elasticsearch:
        """The client for reading, which gives up after SEARCH_SECONDS, or sooner. Raises as :meth:`check`."""
        self.check()
        return self._reader if within is None else self._reader.options(request_timeout=min(within, SEARCH_SECONDS))

    def write(self) -> Elasticsearch:
        """The client for writing. Raises as :meth:`check`."""
        self.check()
        return self._writer

    def check(self) -> None:
        """Ask for the version, once. A key without the `monitor` privilege may not ask: then the first call decides.

        Raises BackendUnavailable, BackendRefused.
        """
        if self._checked:
            return
        try:
            answer = self._reader.info()
        except AuthorizationException:
            self._checked = True
            return
        except ApiError as error:
            raise from_api(self.address, error) from error
        except TransportError as error:
            raise from_transport(self.address, error) from error
        self._judge(str((answer.body.get("version") or {}).get("number", "")))
        self._checked = True

    def _judge(self, version: str) -> None:
        match = re.match(r"(\d+)\.(\d+)", version)
        if match is None:
            raise BackendRefused(f"What answers at {self.address} names no version.", hint=VERSION_HINT)
        number = (int(match[1]), int(match[2]))
        if number < OLDEST or number[0] > NEWEST_MAJOR:
            raise BackendRefused(
                f"Elasticsearch at {self.address} is version {version}, which is not supported.", hint=VERSION_HINT
            )

    def close(self) -> None:
        """Give the sockets back."""
        self._client.close()


def _client(url: str, api_key: str | None, ca: Path | str | None) -> Elasticsearch:
    options: dict[str, Any] = {}
    if api_key:
        options["api_key"] = _key(api_key)
    if url.startswith("https://"):
        options["ssl_context"] = _trust(ca)
    try:
        return Elasticsearch(
            _with_port(url),
            serializer=OrjsonSerializer(),
            retry_on_timeout=False,
            retry_on_status=(),
            **options,
        )
    except ValueError as error:
        raise ConfigError(f"TONGBO_ELASTICSEARCH_URL can't be used: {error}") from error


def _trust(ca: Path | str | None) -> ssl.SSLContext:
    """The system's authorities, or only the given one."""
    if ca is None:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=str(ca))
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"TONGBO_ELASTICSEARCH_CA: {ca} can't be read as a certificate file.",
            hint="Give the CA certificate in PEM form.",
        ) from error


def _key(api_key: str) -> str | tuple[str, str]:
    """Elasticsearch shows a key as ``encoded`` or as ``id`` and ``api_key``; both spellings are taken."""
    text = api_key.strip()
    if not text.isascii() or any(character.isspace() for character in text):
        raise ConfigError("TONGBO_ELASTICSEARCH_API_KEY holds characters that no API key has.")
    identity, colon, secret = text.partition(":")
    return (identity, secret) if colon else text


def _with_port(url: str) -> str:
    """The client wants a port in every URL; ours may leave out the scheme's own. Raises ConfigError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigError("TONGBO_ELASTICSEARCH_URL is not a URL.") from error
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ConfigError("TONGBO_ELASTICSEARCH_URL must look like https://host:9200.")
    if port is not None:
        return url
    return parts._replace(netloc=f"{parts.netloc}:{443 if parts.scheme == 'https' else 80}").geturl()


def _public_address(url: str) -> str:
    parts = urlsplit(_with_port(url))
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
