"""A cluster over TLS with keys: what a key limited to our prefix may do, and how every refusal reads."""

from __future__ import annotations

import base64
import json
import ssl
import subprocess
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.backends.elastic import ElasticBackend
from index.fields import document_fingerprint
from index.query_text import parse_query
from notices.errors import BackendRefused, BackendUnavailable
from notices.model import Kind, Passage
from notices.search import IndexDocument, Query

pytestmark = pytest.mark.external("elasticsearch-secure")

PRIVILEGES = ["manage", "read", "write"]  # what the README tells people to give the key
Connect = Callable[..., ElasticBackend]


def document(number: int, title: str = "Battery safety") -> IndexDocument:
    name, day = f"us-fr:2024-01-02/2024-{number:05d}", date(2024, 1, 2)
    passages = (Passage(name, 1, "title", 0, 0, len(title), (), title),)
    return IndexDocument(
        name, 1, name, "us-fr", Kind.FINAL_RULE, title, ("US",), (), (), (), (), (), day, None, day, None, passages
    )


def battery() -> Query:
    return parse_query("battery", today=date(2024, 2, 1), facets=("market",))


class Cluster:
    """The node as its administrator reaches it."""

    def __init__(self, node: dict[str, str]) -> None:
        self.url, self.ca, self._auth = node["url"], node["ca"], node["auth"]
        self.prefix = f"tongbo-t{uuid.uuid4().hex[:12]}"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        basic = base64.b64encode(self._auth.encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {basic}"}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30, context=ssl.create_default_context(cafile=self.ca)) as answer:
            return json.loads(answer.read())

    def key(self, privileges: list[str], names: str = "tongbo-*") -> dict[str, str]:
        """A new API key that may do this much and nothing cluster-wide."""
        role = {"cluster": [], "indices": [{"names": [names], "privileges": privileges}]}
        found: dict[str, str] = self.call(
            "POST", "_security/api_key", {"name": self.prefix, "expiration": "1h", "role_descriptors": {"tongbo": role}}
        )
        return found

    def sweep(self) -> None:
        for index in self.call("GET", f"{self.prefix}-*/_alias"):
            self.call("DELETE", index)
        self.call("DELETE", "_security/api_key", {"name": self.prefix})


@pytest.fixture
def cluster(es_secure: dict[str, str]) -> Iterator[Cluster]:
    found = Cluster(es_secure)
    yield found
    found.sweep()


@pytest.fixture
def connect(cluster: Cluster) -> Iterator[Connect]:
    opened: list[ElasticBackend] = []

    def connect(api_key: str | None, *, ca: str | Path | None = cluster.ca, url: str = cluster.url) -> ElasticBackend:
        opened.append(ElasticBackend(url, api_key=api_key, ca=ca, prefix=cluster.prefix))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def test_everything_works_with_a_key_limited_to_our_indices(cluster, connect):
    backend = connect(cluster.key(PRIVILEGES)["encoded"])
    assert backend.generation() is None
    first = backend.build([document(number) for number in range(20)], change_seq=1)
    second = backend.build([document(number) for number in range(30)], change_seq=2)
    assert second.name != first.name
    generation = backend.update([document(3, "Toy safety")], [document(4).notice_id], change_seq=3)
    assert (generation.notices, generation.change_seq) == (29, 3)
    page = backend.search(battery())
    assert (page.total, page.facets["market"][0].count) == (28, 28)
    assert backend.matching(battery(), [document(number).notice_id for number in (3, 4, 5)]) == {document(5).notice_id}
    held = [document(3, "Toy safety"), *(document(number) for number in range(30) if number not in (3, 4))]
    assert backend.verify((each.notice_id, 1, document_fingerprint(each)) for each in held).ok
    assert list(cluster.call("GET", f"{cluster.prefix}-*/_alias")) == [f"{cluster.prefix}-notices-{second.name}"]


def test_a_key_as_id_and_secret_is_the_same_key(cluster, connect):
    key = cluster.key(PRIVILEGES)
    assert connect(f"{key['id']}:{key['api_key']}").generation() is None


@pytest.mark.parametrize("wrong", ["bm90OmFrZXk=", "never:was", "nonsense", None])
def test_a_wrong_or_missing_key_is_refused_by_name(connect, wrong):
    with pytest.raises(BackendRefused) as caught:
        connect(wrong).search(battery())
    assert "API key" in caught.value.detail
    assert "TONGBO_ELASTICSEARCH_API_KEY" in caught.value.hint
    assert wrong is None or wrong not in caught.value.detail


def test_a_revoked_key_is_refused(cluster, connect):
    key = cluster.key(PRIVILEGES)
    backend = connect(key["encoded"])
    backend.build([document(1)], change_seq=1)
    cluster.call("DELETE", "_security/api_key", {"ids": [key["id"]]})
    for act in (lambda: backend.search(battery()), lambda: backend.update([document(2)], [], change_seq=2)):
        with pytest.raises(BackendRefused) as caught:
            act()
        assert "API key" in caught.value.detail


def test_a_key_that_may_only_read_searches_and_is_told_what_it_lacks(cluster, connect):
    connect(cluster.key(PRIVILEGES)["encoded"]).build([document(1)], change_seq=1)
    reader = connect(cluster.key(["read", "view_index_metadata"])["encoded"])
    assert reader.search(battery()).total == 1
    for act in (
        lambda: reader.update([document(2)], [], change_seq=2),
        lambda: reader.build([document(2)], change_seq=2),
    ):
        with pytest.raises(BackendRefused) as caught:
            act()
        assert "manage" in caught.value.hint


def test_a_key_for_other_indices_is_refused_and_never_finds_nothing(cluster, connect):
    connect(cluster.key(PRIVILEGES)["encoded"]).build([document(1)], change_seq=1)
    stranger = connect(cluster.key(PRIVILEGES, names="other-*")["encoded"])
    for act in (lambda: stranger.search(battery()), stranger.generation):
        with pytest.raises(BackendRefused):
            act()


def test_a_certificate_nobody_vouches_for_is_refused(connect):
    with pytest.raises(BackendRefused) as caught:
        connect("bm90OmFrZXk=", ca=None).search(battery())
    assert "certificate" in caught.value.detail
    assert "TONGBO_ELASTICSEARCH_CA" in caught.value.hint


def test_the_certificate_of_somebody_else_is_refused(connect, tmp_path):
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run(
        [*made, "-keyout", tmp_path / "key.pem", "-out", tmp_path / "ca.pem"], check=True, capture_output=True
    )
    with pytest.raises(BackendRefused) as caught:
        connect("bm90OmFrZXk=", ca=tmp_path / "ca.pem").search(battery())
    assert "certificate" in caught.value.detail


def test_plain_http_to_a_tls_port_is_an_error(cluster, connect):
    with pytest.raises((BackendUnavailable, BackendRefused)):
        connect(None, url=cluster.url.replace("https://", "http://"), ca=None).search(battery())
