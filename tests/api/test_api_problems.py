"""Problems: the one table of statuses, every class of the error tree, and what a 500 keeps to itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.errors import RETRY_AFTER, STATUS, edge_problem, problem_of, status_of
from api.services import Services
from notices import errors

DOCS = Path(__file__).resolve().parents[2] / "docs"
MEMBERS = {"type", "title", "status", "detail", "code", "hint", "request_id"}
UNAVAILABLE = {
    errors.IndexNotReady,
    errors.BackendUnavailable,
    errors.BackendRefused,
    errors.BackendBusy,
    errors.StoreUnavailable,
}
EXPECTED = {errors.QueryInvalid: 400, errors.NotFound: 404, errors.RevisionConflict: 409} | dict.fromkeys(
    UNAVAILABLE, 503
)


def tree(base=errors.TongboError):
    yield base
    for child in base.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from tree(child)


@pytest.mark.parametrize("kind", list(tree()), ids=lambda kind: kind.__name__)
def test_every_error_has_its_status_by_its_nearest_ancestor(kind):
    problem = problem_of(kind("something happened"), "request-1")
    assert problem.status == status_of(kind) == EXPECTED.get(kind, 500)
    assert set(problem.body()) >= MEMBERS
    assert (problem.retry_after is not None) == (problem.status == 503)
    if problem.status == 500:
        assert "something happened" not in json.dumps(problem.body())
        assert problem.code == "server.error"
    else:
        assert (problem.code, problem.detail) == (kind.code, "something happened")


def test_a_subclass_that_nobody_listed_takes_its_parents_status():
    class Odd(errors.BackendBusy):
        code = "search.odd"

    assert status_of(Odd) == 503
    assert problem_of(Odd("x"), "r").retry_after == RETRY_AFTER[errors.BackendBusy]


def test_the_table_names_only_errors_of_the_tree():
    assert all(issubclass(kind, errors.TongboError) for kind in STATUS)


class Broken:
    """A part that fails in the given way at every use; it stands in for a store or an engine that is down."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name):
        def fail(*_args, **_options):
            raise self.error

        return fail


@pytest.mark.parametrize("kind", sorted(UNAVAILABLE, key=lambda kind: kind.__name__))
def test_an_engine_or_store_that_is_down_is_a_503_never_an_empty_result(world, kind):
    broken = Broken(kind("the reason in words"))
    part = "store" if kind is errors.StoreUnavailable else "backend"
    client = world.serve(**{part: broken})
    path = "/v1/sources" if part == "store" else "/v1/search?q=lithium"
    answer = client.get(path)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == kind.code
    assert answer.json()["detail"] == "the reason in words"
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_a_500_says_only_its_request_id(world, caplog):
    client = world.serve(backend=Broken(RuntimeError("the secret is swordfish")))
    answer = client.get("/v1/search", headers={"x-request-id": "look-me-up-1"})
    assert answer.status_code == 500
    assert "swordfish" not in answer.text
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == "look-me-up-1"
    assert "look-me-up-1" in caplog.text
    assert "swordfish" in caplog.text


def test_unknown_routes_and_methods_are_problems(client):
    missing = client.get("/v1/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "request.no_such_route")
    posted = client.post("/v1/search", json={})
    assert (posted.status_code, posted.json()["code"]) == (405, "request.method_not_allowed")
    assert posted.headers["allow"] == "GET"


def test_every_problem_type_leads_to_its_description(client):
    page = client.get("/docs").text
    codes = {kind.code for kind in tree() if status_of(kind) != 500}
    codes |= {edge_problem(status, "r").code for status in (400, 404, 405, 413, 414, 422, 500)}
    assert all(f'id="{code}"' in page for code in codes)
    assert problem_of(errors.NotFound("x"), "r").body()["type"] == "/docs#store.not_found"


def test_every_error_code_is_documented_with_status_and_exit_code():
    from cli_output import exit_code

    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    for kind in tree():
        row = f"| `{kind.code}` | {status_of(kind)} | {int(exit_code(kind('x')))} |"
        assert row in text, row
    for status in (400, 404, 405, 413, 414, 422, 500):
        assert f"`{edge_problem(status, 'r').code}`" in text


def test_services_can_be_made_without_any_source(world):
    bare = Services(store=world.store, backend=world.backend, clock=world.services.clock)
    assert bare.feeds_of("wto") == ()
