"""What surrounds every route: request ids, logs without queries, size limits, headers, documentation, light imports."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATHS = [
    "/v1/search",
    "/v1/ask",
    "/v1/notices/{id}/family",
    "/v1/notices/{id}/revisions",
    "/v1/notices/{id}",
    "/v1/changes",
    "/v1/sources",
    "/healthz",
    "/readyz",
]


def test_a_well_formed_request_id_is_kept_and_any_other_replaced(client):
    assert client.get("/healthz", headers={"x-request-id": "abc-12345"}).headers["x-request-id"] == "abc-12345"
    for bad in ("short", "x" * 65, "with blank in it", "semi;colon=123", 'quote"quote"x'):
        given = client.get("/healthz", headers={"x-request-id": bad}).headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{32}", given)


def test_a_request_id_can_not_carry_a_line_break_into_the_answer(client):
    answer = client.get("/healthz", headers={b"x-request-id": b"abc12345\xe2\x80\xa8set-cookie: a=b"})
    assert "set-cookie" not in answer.headers
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])


def test_the_access_log_has_no_query_and_no_forged_lines(client, caplog):
    with caplog.at_level(logging.INFO, logger="tongbo.access"):
        client.get("/v1/search", params={"q": "our secret product"})
        client.get("/nothing%0aFORGED 200 line")
    logged = [record.getMessage() for record in caplog.records if record.name == "tongbo.access"]
    assert len(logged) == 2
    assert "secret" not in caplog.text
    assert logged[0].startswith("GET /v1/search 200 ")
    assert all("\n" not in line for line in logged)


def test_an_address_that_is_too_long_is_refused(client):
    answer = client.get("/v1/search?q=" + "x" * 9000)
    assert (answer.status_code, answer.json()["code"]) == (414, "request.uri_too_long")
    assert client.get("/notices/" + "x" * 9000).status_code == 414


def test_bodies_are_bounded_whether_they_say_their_size_or_not(client):
    declared = client.request("POST", "/v1/search", content=b"x" * 70_000)
    assert (declared.status_code, declared.json()["code"]) == (413, "request.too_large")

    def stream():
        for _ in range(100):
            yield b"x" * 1_000

    assert client.request("POST", "/v1/search", content=stream()).status_code == 413
    odd = client.request("POST", "/v1/search", content=b"x", headers={"content-length": "-5"})
    assert odd.status_code == 413


@pytest.mark.parametrize(
    "path", ["/", "/v1/search", "/sources", "/docs", "/nothing", "/v1/nothing", "/static/tongbo.css"]
)
def test_every_answer_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy  # so none at all, by default-src
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in policy


def test_head_is_answered_like_get_without_a_body(client):
    for path in ("/", "/v1/search", "/healthz"):
        answer = client.head(path)
        assert answer.status_code == 200
        assert answer.content == b""


def test_the_routes_are_these(client):
    assert list(client.get("/openapi.json").json()["paths"]) == PATHS


def test_every_route_and_parameter_is_documented(client):
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        assert f"`{path}`" in text or f"`GET {path}" in text, path
        for parameter in operations["get"].get("parameters", ()):
            assert f"`{parameter['name']}`" in text, parameter["name"]


def test_importing_the_application_loads_no_crawler_and_no_model():
    code = (
        "import sys, api.app\n"
        "heavy = {'scrapy', 'twisted', 'spacy', 'torch', 'transformers', 'crawlers', 'kiwipiepy', 'onnxruntime'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
