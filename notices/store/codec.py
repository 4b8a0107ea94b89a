"""Facts, findings and run reports to and from JSON; ``decode_x(encode_x(value)) == value`` for every value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

import orjson

from notices.canonical import canonical_json, facts_document
from notices.model import Facts, Finding, Kind, Provenance
from notices.runs import Issue, RunReport, Verdict

_HINTS = get_type_hints(Facts)
_DATES = frozenset(name for name, hint in _HINTS.items() if hint is date or date in get_args(hint))
_ELEMENTS: dict[str, type[Any]] = {
    name: get_args(hint)[0]
    for name, hint in _HINTS.items()
    if get_origin(hint) is tuple and is_dataclass(get_args(hint)[0])
}
_ENUMS: dict[type[Any], dict[str, type[StrEnum]]] = {
    build: {
        name: hint
        for name, hint in get_type_hints(build).items()
        if isinstance(hint, type) and issubclass(hint, StrEnum)
    }
    for build in _ELEMENTS.values()
}
_FINDING_FIELDS = (
    "label",
    "value",
    "field",
    "start",
    "end",
    "confidence",
    "rule",
)


def load_json(text: str) -> Any:  # noqa: ANN401
    """Parse JSON; escaped lone surrogates, which orjson refuses, come back as they went in."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def encode_facts(facts: Facts) -> str:
    """Canonical JSON: the content hash is the sha256 of this text when the facts are normalised."""
    return canonical_json(facts_document(facts))


def decode_facts(text: str) -> Facts:
    """The facts out of :func:`encode_facts`."""
    document = load_json(text)
    for name, value in document.items():
        if isinstance(value, list):
            build = _ELEMENTS.get(name)
            document[name] = tuple(value) if build is None else tuple(_element(build, item) for item in value)
        elif name in _DATES:
            document[name] = date.fromisoformat(value)
    document["kind"] = Kind(document["kind"])
    return Facts(**document)


def _element(build: type[Any], document: dict[str, Any]) -> Any:  # noqa: ANN401  # an instance of build
    for name, enum in _ENUMS[build].items():
        document[name] = enum(document[name])
    return build(**document)


def encode_findings(findings: Sequence[Finding]) -> str:
    """One component's findings on one revision, as rows of plain values."""
    rows = [[*(getattr(finding, name) for name in _FINDING_FIELDS), finding.provenance] for finding in findings]
    return canonical_json(rows)


def decode_findings(text: str, notice_id: str, revision: int, component: str, version: int) -> list[Finding]:
    """The findings out of :func:`encode_findings`."""
    head = (notice_id, revision, component, version)
    return [Finding(*(*head, *values, Provenance(provenance))) for *values, provenance in load_json(text)]


def encode_run(report: RunReport) -> str:
    """A run report as JSON."""
    document = asdict(report)
    for name in ("started_at", "finished_at", "since", "until"):
        value = document[name]
        document[name] = None if value is None else value.isoformat()
    return canonical_json(document)


def decode_run(text: str) -> RunReport:
    """The report out of :func:`encode_run`."""
    document = load_json(text)
    for name, parse in (("started_at", datetime), ("finished_at", datetime), ("since", date), ("until", date)):
        if document[name] is not None:
            document[name] = parse.fromisoformat(document[name])
    document["verdict"] = Verdict(document["verdict"])
    document["issues"] = tuple(Issue(**issue) for issue in document["issues"])
    return RunReport(**document)
