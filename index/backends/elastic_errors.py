"""What the Elasticsearch client raises, told in our own words.

Every call to the cluster runs inside :func:`translated`, so nothing of the vendor's leaves this room:

====================================================  =====================
no connection, reset, timeout, 5xx, cluster not ready  BackendUnavailable
key, privilege, certificate, version, read-only block  BackendRefused
429, circuit breaker, full thread pool                 BackendBusy
no such index or alias                                 IndexNotReady
====================================================  =====================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elastic_transport import ConnectionTimeout, SerializationError, TlsError, TransportError
from elasticsearch import ApiError, UnsupportedProductError

from notices.errors import (
    BackendBusy,
    BackendRefused,
    BackendUnavailable,
    IndexNotReady,
    QueryInvalid,
    SearchError,
)

VERSION_HINT = "Tongbo needs Elasticsearch 8.19 or newer, or 9.x; upgrade the cluster or use the embedded index."
_READ_ONLY_HINT = (
    "Somebody made the index read-only: set index.blocks.read_only and index.blocks.write to null "
    "(or free disk space, if the block is read_only_allow_delete), then run `tongbo index` again."
)
_DISK_HINT = "Free disk space on the nodes; Elasticsearch lifts the block by itself once enough is free."
_KEY_HINT = "Check TONGBO_ELASTICSEARCH_API_KEY: it may be mistyped, expired or revoked."
_PRIVILEGE_HINT = "Give the API key `manage`, `read` and `write` on the indices of its prefix (README, Elasticsearch)."
_TLS_HINT = "Set TONGBO_ELASTICSEARCH_CA to the CA certificate of the cluster, and use the host name it is made out to."

_BUSY_TYPES = frozenset(
    {"es_rejected_execution_exception", "rejected_execution_exception", "circuit_breaking_exception"}
)
_MISSING_TYPES = frozenset({"index_not_found_exception"})
_TOO_BIG_QUERY = ("too_many_clauses", "too_complex_to_determinize", "too_many_nested_clauses")


@contextmanager
def translated(address: str) -> Iterator[None]:
    """Run a call to the cluster at ``address``; raises SearchError's children in place of the client's errors."""
    try:
        yield
    except ApiError as error:
        raise from_api(address, error) from error
    except TransportError as error:
        raise from_transport(address, error) from error


def from_transport(address: str, error: TransportError) -> SearchError:
    """Failures below HTTP: connection, TLS, timeout, an answer that is no JSON."""
    if isinstance(error, TlsError):
        if "WRONG_VERSION_NUMBER" in str(error.message):
            return BackendRefused(f"Elasticsearch at {address} does not speak TLS.", hint="Use http:// in its URL.")
        return BackendRefused(
            f"The certificate of Elasticsearch at {address} is not trusted: {_short(error.message)}", hint=_TLS_HINT
        )
    if isinstance(error, ConnectionTimeout):
        return BackendUnavailable(f"Elasticsearch at {address} did not answer in time.")
    if isinstance(error, SerializationError):
        return BackendUnavailable(f"What answers at {address} broke off or is not Elasticsearch (no JSON came).")
    return BackendUnavailable(f"Elasticsearch at {address} can't be reached: {_short(error.message)}")


def from_api(address: str, error: ApiError) -> SearchError:
    """Failures that the cluster, or something in front of it, answered with."""
    if isinstance(error, UnsupportedProductError):
        return BackendRefused(f"What answers at {address} is not Elasticsearch.", hint=VERSION_HINT)
    return from_reason(address, error.meta.status, error.body)


def from_items(address: str, items: list[dict[str, Any]]) -> SearchError:
    """Failures of single documents in a bulk request; the first one speaks for all."""
    outcome: Mapping[str, Any] = next(iter(items[0].values())) if items else {}
    found = from_reason(address, int(outcome.get("status", 500)), {"error": outcome.get("error", {})})
    found.context["failed_documents"] = len(items)
    return found


def from_shards(address: str, response: Mapping[str, Any]) -> SearchError | None:
    """An answer that lacks shards or ran out of time is a failure, not a result; None when it is whole."""
    shards = response.get("_shards") or {}
    failures = shards.get("failures") or []
    if failures:
        return from_reason(address, int(failures[0].get("status", 503)), {"error": failures[0].get("reason", {})})
    if response.get("timed_out"):
        return BackendBusy(f"Elasticsearch at {address} ran out of time on this search.")
    if int(shards.get("failed", 0)) or int(shards.get("successful", 0)) < int(shards.get("total", 0)):
        return BackendUnavailable(f"Elasticsearch at {address} answered for only a part of the index.")
    return None


def from_reason(address: str, status: int, body: object) -> SearchError:
    """One error body ``{"error": {"type", "reason", "root_cause"}}`` with its HTTP status, as our error."""
    types, reason = _causes(body)
    if "media_type_header_exception" in types:
        return BackendRefused(
            f"Elasticsearch at {address} does not understand this client: its version is not supported ({reason}).",
            hint=VERSION_HINT,
        )
    if "cluster_block_exception" in types:
        return _blocked(address, reason)
    if status == 401:
        return BackendRefused(f"Elasticsearch at {address} does not accept our API key ({reason}).", hint=_KEY_HINT)
    if status == 403:
        return BackendRefused(f"Elasticsearch at {address} forbids this: {reason}", hint=_PRIVILEGE_HINT)
    if types & _MISSING_TYPES or (status == 404 and "require_alias" in reason):
        return IndexNotReady(f"There is no finished index on Elasticsearch at {address}.")
    if status == 429 or types & _BUSY_TYPES:
        return BackendBusy(f"Elasticsearch at {address} is overloaded: {reason}")
    if any(word in name for name in types for word in _TOO_BIG_QUERY):
        return QueryInvalid(f"The query is too large for Elasticsearch: {reason}", hint="Use fewer words or prefixes.")
    if status >= 500 or status in (404, 408):
        return BackendUnavailable(f"Elasticsearch at {address} is not ready (HTTP {status}): {reason}")
    return BackendRefused(f"Elasticsearch at {address} refuses the request (HTTP {status}): {reason}")


def _blocked(address: str, reason: str) -> SearchError:
    if "disk usage exceeded" in reason or "read-only-allow-delete" in reason:
        return BackendRefused(f"Elasticsearch at {address} is out of disk space: {reason}", hint=_DISK_HINT)
    if "SERVICE_UNAVAILABLE" in reason:
        return BackendUnavailable(f"Elasticsearch at {address} is still starting: {reason}")
    return BackendRefused(f"The index on Elasticsearch at {address} is blocked: {reason}", hint=_READ_ONLY_HINT)


def _causes(body: object) -> tuple[frozenset[str], str]:
    """Every error type named in the body, and the sentence of the innermost one."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return frozenset(), _short(error or body or "no reason given")
    seen: list[Mapping[str, Any]] = [error]
    seen += [cause for cause in error.get("root_cause") or [] if isinstance(cause, Mapping)]
    for shard in error.get("failed_shards") or []:
        if isinstance(shard, Mapping) and isinstance(shard.get("reason"), Mapping):
            seen.append(shard["reason"])
    for start in tuple(seen):
        deeper = start.get("caused_by")
        while isinstance(deeper, Mapping):
            seen.append(deeper)
            deeper = deeper.get("caused_by")
    reasons = [str(cause["reason"]) for cause in seen if cause.get("reason")]
    return frozenset(str(cause.get("type", "")) for cause in seen), _short(reasons[-1] if reasons else "no reason")


def _short(text: object) -> str:
    flat = " ".join(str(text).split())
    return flat if len(flat) <= 300 else flat[:297] + "..."
