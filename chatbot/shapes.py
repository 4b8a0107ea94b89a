"""An answer as plain JSON values, the same for the API, the command line and receipts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from notices.answers import Answer


def answer_json(answer: Answer) -> dict[str, Any]:
    """Every field of the answer, with ``citations`` listed once; days and instants in ISO form."""
    values: dict[str, Any] = _plain(asdict(answer))
    values["citations"] = [_plain(asdict(citation)) for citation in answer.citations]
    return values


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON values
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
