"""Pop-then-audit reading of one record, and the grammars of values that several pages share."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

import orjson

from crawlers.markup import plain_text
from notices.errors import CrawlError, FetchError, LayoutChanged, UnexpectedValue
from notices.runs import Issue

_EXCEL_EPOCH = date(1899, 12, 30)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_WORDED = ("%d %B %Y", "%d %b %Y", "%B %d, %Y")
_ONLY_MARKS = re.compile(r"[\W_]+")


class Reader:
    """Pops fields from a record; what is left at the end is a signal (``leftovers``)."""

    def __init__(self, record: Mapping[str, object]) -> None:
        self._left = dict(record)

    def required(self, key: str) -> object:
        """The value of a key that every record has. Raises LayoutChanged."""
        if key not in self._left:
            raise LayoutChanged(f"The record has no field {key!r}.", key=key)
        return self._left.pop(key)

    def value(self, key: str) -> object:
        """The value, or None when the key is missing."""
        return self._left.pop(key, None)

    def text(self, *keys: str) -> str | None:
        """Plain text of the first of the keys that holds any; all are consumed."""
        found = [plain_text(_string(key, self.value(key))) for key in keys]
        return next((text for text in found if text), None)

    def said(self, key: str) -> str | None:
        """Like ``text``, but marks alone ("-") say nothing."""
        text = self.text(key)
        return None if text is None or _ONLY_MARKS.fullmatch(text) else text

    def day(self, key: str) -> date | None:
        """The date of the key, or None. Raises UnexpectedValue for what is no date."""
        return read_date(self.value(key), key)

    def soft_day(self, key: str) -> tuple[date | None, str | None]:
        """The date of a key that may hold words instead ("60 days from notification"): (date, words)."""
        value = self.value(key)
        try:
            return read_date(value, key), None
        except UnexpectedValue:
            words = plain_text(str(value))
            return None, None if words is None or _ONLY_MARKS.fullmatch(words) else words

    def items(self, key: str) -> list[object]:
        """A list, empty when absent or null. Raises LayoutChanged for anything else."""
        value = self.value(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise LayoutChanged(f"Field {key!r} is no list.", key=key)
        return value

    def parts(self, key: str, part: str) -> tuple[str, ...]:
        """One text of every object of a list ([{"code": "8507"}, …]), each once, sorted: such lists have no order."""
        found = [
            plain_text(_string(key, entry.get(part) if isinstance(entry, dict) else entry)) for entry in self.items(key)
        ]
        return tuple(sorted({text for text in found if text}))

    def leftovers(self, ignored: Collection[str]) -> list[str]:
        """Names of fields that nobody read and nobody ignores on purpose."""
        return sorted(key for key in self._left if key not in ignored)


def _string(key: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise LayoutChanged(f"Field {key!r} is no text but {type(value).__name__}.", key=key)


def read_date(value: object, what: str) -> date | None:
    """A date out of an ISO text or instant, an Excel serial, "20 June 2026" or dd/mm/yyyy; None for nothing.

    Raises UnexpectedValue for anything else, and for years that no notification can have.
    """
    found = _date(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if found is not None and found.year == 1:  # .NET writes a missing date as 0001-01-01
        return None
    if found is None or not 1900 <= found.year <= 2199:
        raise UnexpectedValue(f"{what}: {str(value)[:80]!r} is not a date.", value=str(value)[:200])
    return found


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _EXCEL_EPOCH + timedelta(days=int(value)) if 0 < value < 200_000 else None
    return _worded_date(value.strip()) if isinstance(value, str) else None


def _worded_date(text: str) -> date | None:
    try:
        if match := _ISO_DATE.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DAY_FIRST.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if _SERIAL.fullmatch(text):
            return _EXCEL_EPOCH + timedelta(days=int(float(text)))
    except (ValueError, OverflowError):
        return None
    for form in _WORDED:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def read_json(body: bytes) -> dict[str, object]:
    """The JSON object of an answer. Raises FetchError for what is no JSON, LayoutChanged for what is no object."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        head = body[:200].lstrip().lower()
        if head.startswith(b"<"):
            raise LayoutChanged("An HTML page came where JSON was expected.") from error
        raise FetchError(f"It is no JSON: {error}.") from error
    if not isinstance(value, dict):
        raise LayoutChanged(f"The answer is no JSON object but {type(value).__name__}.")
    return value


def count_of(envelope: Mapping[str, object], key: str) -> int:
    """The count that an answer declares. Raises LayoutChanged."""
    value = envelope.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise LayoutChanged(f"The answer has no count {key!r}.", key=key)
    return value


def unknown_fields(parser: str, names: Collection[str]) -> tuple[Issue, ...]:
    """One warning that names the fields nobody knows."""
    if not names:
        return ()
    return (Issue("warning", UnexpectedValue.code, f"Unknown fields: {', '.join(sorted(names)[:20])}.", parser),)


def check_enough_read(dead: int, total: int, errors: Collection[CrawlError]) -> None:
    """Raise LayoutChanged when fields are missing in most records of a page: then it is the page that changed."""
    broken = [error for error in errors if isinstance(error, LayoutChanged)]
    if total and len(broken) * 2 > total:
        raise LayoutChanged(f"{len(broken)} of {total} records no longer have the fields we know: {broken[0].detail}")
