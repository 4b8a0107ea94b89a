"""What the connection to Elasticsearch accepts, and how it puts every refusal: against a server that says just that."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from index.backends.elastic_client import Connection
from index.backends.elastic_errors import from_shards, translated
from notices.errors import (
    BackendBusy,
    BackendRefused,
    BackendUnavailable,
    ConfigError,
    IndexNotReady,
    QueryInvalid,
    SearchError,
)

Answer = tuple[int, dict[str, str], bytes]
PRODUCT = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}


def said(status: int, body: Any, headers: dict[str, str] = PRODUCT) -> Answer:
    return status, headers, json.dumps(body).encode()


def greeting(version: str) -> Answer:
    return said(200, {"version": {"number": version}, "tagline": "You Know, for Search"})


def failure(status: int, kind: str, reason: str, **more: Any) -> Answer:
    cause = {"type": kind, "reason": reason}
    return said(status, {"error": {"root_cause": [cause], **cause, **more}, "status": status})


@pytest.fixture
def engine() -> Iterator[Callable[..., str]]:
    """Start a server that gives the first answer to ``GET /`` and the second to all else; returns its URL."""
    servers: list[ThreadingHTTPServer] = []

    def start(root: Answer, rest: Answer | None = None) -> str:
        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                status, headers, body = root if self.path == "/" or rest is None else rest
                self.rfile.read(int(self.headers.get("content-length") or 0))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def ask(url: str) -> SearchError:
    connection = Connection(url)
    try:
        with pytest.raises(SearchError) as caught, translated(connection.address):
            connection.search().search(index="tongbo-notices")
    finally:
        connection.close()
    return caught.value


@pytest.mark.parametrize("version", ["7.17.28", "8.18.9", "10.0.0", "2.4.6"])
def test_an_unsupported_version_is_refused_by_name(engine, version):
    error = ask(engine(greeting(version), said(200, {})))
    assert type(error) is BackendRefused
    assert version in error.detail
    assert "8.19" in error.hint


@pytest.mark.parametrize("version", ["8.19.0", "8.19.6", "9.0.0", "9.4.1", "9.1.0-SNAPSHOT"])
def test_a_supported_version_is_taken(engine, version):
    connection = Connection(engine(greeting(version), said(200, {"hits": {"hits": []}})))
    connection.search().search(index="tongbo-notices")
    connection.close()


def test_a_server_that_only_claims_a_version_is_not_elasticsearch(engine):
    error = ask(engine(said(200, {"version": {"number": "8.19.6"}}, {"Content-Type": "application/json"})))
    assert type(error) is BackendRefused
    assert "not Elasticsearch" in error.detail


def test_a_web_page_is_no_search_engine(engine):
    error = ask(engine((200, {"Content-Type": "text/html"}, b"<html>It works</html>")))
    assert isinstance(error, (BackendRefused, BackendUnavailable))
    assert "not Elasticsearch" in error.detail


def test_a_key_that_may_not_ask_for_the_version_still_searches(engine):
    denied = failure(403, "security_exception", "action [cluster:monitor/main] is unauthorized")
    connection = Connection(engine(denied, said(200, {"hits": {"hits": []}})))
    connection.search().search(index="tongbo-notices")
    connection.close()


REFUSALS = [
    (failure(401, "security_exception", "unable to authenticate"), BackendRefused, "API key"),
    (failure(403, "security_exception", "action [indices:data/read/search] is unauthorized"), BackendRefused, "read/"),
    (
        failure(403, "cluster_block_exception", "index [i] blocked by: [FORBIDDEN/8/index write (api)];"),
        BackendRefused,
        "blocked",
    ),
    (
        failure(
            429,
            "cluster_block_exception",
            "index [i] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, "
            "index has read-only-allow-delete block];",
        ),
        BackendRefused,
        "disk",
    ),
    (
        failure(
            503,
            "cluster_block_exception",
            "blocked by: [SERVICE_UNAVAILABLE/1/state not recovered / initialized];",
        ),
        BackendUnavailable,
        "starting",
    ),
    (failure(429, "es_rejected_execution_exception", "rejected execution of task"), BackendBusy, "overloaded"),
    (failure(429, "circuit_breaking_exception", "[parent] Data too large"), BackendBusy, "Data too large"),
    (failure(500, "circuit_breaking_exception", "[parent] Data too large"), BackendBusy, "Data too large"),
    (failure(404, "index_not_found_exception", "no such index [tongbo-notices]"), IndexNotReady, "no finished index"),
    (
        failure(503, "search_phase_execution_exception", "all shards failed", phase="query"),
        BackendUnavailable,
        "all shards failed",
    ),
    (
        failure(
            400,
            "search_phase_execution_exception",
            "all shards failed",
            failed_shards=[{"reason": {"type": "too_many_nested_clauses", "reason": "maxClauseCount is 1024"}}],
        ),
        QueryInvalid,
        "too large",
    ),
    (failure(400, "media_type_header_exception", "compatible-with=8 is not supported"), BackendRefused, "version"),
    ((502, {"Content-Type": "text/html"}, b"<html>Bad Gateway</html>"), BackendUnavailable, ""),
    ((504, {"Content-Type": "text/plain"}, b"upstream timed out"), BackendUnavailable, "504"),
]


@pytest.mark.parametrize(("answer", "kind", "words"), REFUSALS)
def test_each_refusal_of_the_cluster_is_one_plain_error_with_a_hint(engine, answer, kind, words):
    error = ask(engine(greeting("8.19.6"), answer))
    assert type(error) is kind
    assert words in error.detail
    assert error.hint


def test_nobody_listening_is_unavailable():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = ask(f"http://127.0.0.1:{unused.getsockname()[1]}")
    assert type(error) is BackendUnavailable


def test_a_connection_that_is_reset_is_unavailable():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            for _ in range(2):
                listener.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        error = ask(f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()
    assert type(error) is BackendUnavailable


def test_a_server_that_never_answers_is_given_up_within_five_seconds(monkeypatch):
    monkeypatch.setattr("index.backends.elastic_client.SEARCH_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        error = ask(f"http://127.0.0.1:{listener.getsockname()[1]}")
    assert type(error) is BackendUnavailable
    assert "in time" in error.detail


def test_an_answer_without_all_shards_is_an_error():
    whole = {"timed_out": False, "_shards": {"total": 1, "successful": 1, "failed": 0}}
    assert from_shards("es", whole) is None
    assert type(from_shards("es", whole | {"timed_out": True})) is BackendBusy
    assert type(from_shards("es", {"_shards": {"total": 2, "successful": 1, "failed": 1}})) is BackendUnavailable
    broken = {"status": 429, "reason": {"type": "es_rejected_execution_exception", "reason": "queue full"}}
    assert type(from_shards("es", {"_shards": {"total": 2, "failed": 1, "failures": [broken]}})) is BackendBusy


@pytest.mark.parametrize("url", ["http://", "ftp://host:9200", "nonsense", "http://host:port"])
def test_a_malformed_url_is_a_setting_to_mend(url):
    with pytest.raises(ConfigError) as caught:
        Connection(url)
    assert "TONGBO_ELASTICSEARCH_URL" in caught.value.detail


def test_messages_name_the_address_without_its_password(engine):
    url = engine(greeting("7.0.0")).replace("http://", "http://elastic:secret@")
    error = ask(url)
    assert "secret" not in error.detail
    assert "127.0.0.1" in error.detail


def test_a_certificate_file_that_is_none_is_a_setting_to_mend(tmp_path: Path):
    (tmp_path / "ca.pem").write_text("not a certificate")
    for path in (tmp_path / "ca.pem", tmp_path / "absent.pem"):
        with pytest.raises(ConfigError) as caught:
            Connection("https://localhost:9250", ca=path)
        assert "TONGBO_ELASTICSEARCH_CA" in caught.value.detail


def test_a_key_with_blanks_is_a_setting_to_mend():
    with pytest.raises(ConfigError) as caught:
        Connection("http://localhost:9200", api_key="abc def")
    assert "abc" not in caught.value.detail


def test_tls_asked_of_a_plain_server_is_said(engine):
    error = ask(engine(greeting("8.19.6")).replace("http://", "https://"))
    assert type(error) is BackendRefused
    assert "http://" in error.hint
