"""From index documents to what Elasticsearch stores of a family."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from index.backends.elastic_mapping import DAY_SPAN, PATH
from index.fields import code_prefixes, document_fingerprint, streams
from index.records import dump_document
from notices.model import Provenance
from notices.search import CodeTag, IndexDocument


def family_source(family: str, documents: Iterable[IndexDocument]) -> dict[str, Any]:
    """The root document of one family."""
    ordered = sorted(documents, key=lambda each: (each.notice_id, each.revision))
    nested = [_nested(each) for each in ordered]
    seen: set[str] = set()
    for each in nested:
        each["first"] = each["notice_id"] not in seen
        seen.add(each["notice_id"])
    return {"family": family, PATH: nested}


def _nested(document: IndexDocument) -> dict[str, Any]:
    source: dict[str, Any] = {
        "notice_id": document.notice_id,
        "revision": document.revision,
        "source": document.source,
        "kind": document.kind.value,
        "market": list(document.markets),
        "sector": list(document.sectors),
        "identifiers": list(document.identifiers),
        "year": f"{document.published_on.year:04d}",
        "fingerprint": document_fingerprint(document),
        "published_on": document.published_on.isoformat(),
        "published_day": document.published_on.toordinal(),
        "valid_from": document.valid_from.isoformat(),
        "passages": len(document.passages),
        "stored": dump_document(document).decode(),
    }
    if document.comment_until is not None:
        day = document.comment_until.toordinal()
        source |= {"comment_until": document.comment_until.isoformat(), "deadline_day": day}
        source["deadline_rest"] = DAY_SPAN - day
    if document.valid_until is not None:
        source["valid_until"] = document.valid_until.isoformat()
    source |= _codes("hs", document.hs) | _codes("ics", document.ics)
    source["text"] = []
    for name, parts in streams(document).items():
        texts = [" ".join(tokens) for tokens in parts if tokens]
        source[f"text_{name}"] = texts
        source["text"] += texts
    return source


def _codes(system: str, tags: Iterable[CodeTag]) -> dict[str, list[str]]:
    declared = [tag.code for tag in tags if tag.provenance is not Provenance.INFERRED]
    inferred = [tag.code for tag in tags if tag.provenance is Provenance.INFERRED]
    return {
        system: declared,
        f"{system}_under": _all_prefixes(system, declared),
        f"{system}_inferred": inferred,
        f"{system}_inferred_under": _all_prefixes(system, inferred),
        f"{system}_group": sorted({code_prefixes(system, code)[0] for code in declared}),
    }


def _all_prefixes(system: str, codes: Iterable[str]) -> list[str]:
    return sorted({prefix for code in codes for prefix in code_prefixes(system, code)})
