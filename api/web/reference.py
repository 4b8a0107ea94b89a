"""The API's own documentation page, made from its OpenAPI schema and the error tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.errors import EDGE_CODES, status_of
from notices.errors import TongboError


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a route."""

    name: str
    place: str
    form: str
    description: str


@dataclass(frozen=True, slots=True)
class Route:
    """One route."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One error code."""

    code: str
    status: int
    meaning: str
    hint: str


def routes(schema: dict[str, Any]) -> tuple[Route, ...]:
    """Every route of an OpenAPI schema, in its order."""
    return tuple(
        Route(
            method=method.upper(),
            path=path,
            summary=operation.get("summary", ""),
            description=operation.get("description", ""),
            parameters=tuple(
                Parameter(item["name"], item["in"], _form(item["schema"]), item.get("description", ""))
                for item in operation.get("parameters", ())
            ),
        )
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    )


def _form(schema: dict[str, Any]) -> str:
    """A parameter's type and bounds in a few words."""
    options = [_form(option) for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if options:
        return " | ".join(options)
    form = str(schema.get("format") or schema.get("type") or "")
    if "$ref" in schema:
        form = str(schema["$ref"]).rpartition("/")[2].lower()
    if form == "array":
        form = "text, repeatable"
    bounds = [f"{word} {schema[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema]
    return " ".join([form.replace("string", "text"), *bounds])


def _classes(base: type[TongboError]) -> Iterator[type[TongboError]]:
    yield base
    for child in base.__subclasses__():
        yield from _classes(child)


def error_table() -> tuple[ErrorRow, ...]:
    """Every code that a problem may carry: the edge's own, then the error tree's that are not hidden behind a 500."""
    edge = [ErrorRow(code, status, sentence, "") for status, (code, sentence) in EDGE_CODES.items()]
    tree = [
        ErrorRow(kind.code, status_of(kind), (kind.__doc__ or "").split("\n")[0], kind.hint)
        for kind in _classes(TongboError)
        if status_of(kind) != 500
    ]
    return (*tree, *edge)
