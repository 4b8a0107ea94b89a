"""All that was fetched about one act, as one capture: a zip of the raw files beside what the endpoint said. Pure.

An act is one SPARQL record, up to two languages and, in Formex, many files; no single answer can be read alone. The zip
is made the same way every time (sorted names, no times), so the same answers are the same capture.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notices.errors import FetchError, LayoutChanged

MEDIA_TYPE = "application/zip"
RECORD = "record.json"
LIMIT = 200_000_000
"""Bytes that a dossier, or a Formex archive, may unpack to."""
MAX_FILES = 2_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Text:
    """The files of one language: an HTML page, or all files of a Formex edition, as (name, bytes)."""

    language: str  # ISO 639-1
    media_type: str
    url: str
    files: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One act as collected. ``missing`` names languages that were asked for and are not there."""

    celex: str
    facts: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str]
    texts: tuple[Text, ...] = ()
    missing: tuple[str, ...] = ()


def pack_dossier(dossier: Dossier) -> bytes:
    """The dossier as bytes; equal dossiers give equal bytes."""
    record = {
        "celex": dossier.celex,
        "facts": {name: sorted(values) for name, values in dossier.facts.items()},
        "titles": dict(dossier.titles),
        "texts": [
            {
                "language": text.language,
                "media_type": text.media_type,
                "url": text.url,
                "files": [name for name, _ in text.files],
            }
            for text in dossier.texts
        ],
        "missing": sorted(dossier.missing),
    }
    files = [(RECORD, json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).encode())]
    files += [(f"{text.language}/{name}", body) for text in dossier.texts for name, body in text.files]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), body, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def unpack_dossier(body: bytes) -> Dossier:
    """The dossier out of :func:`pack_dossier`. Raises LayoutChanged for other bytes."""
    files = dict(unpack_files(body))
    try:
        record = json.loads(files[RECORD])
        return Dossier(
            record["celex"],
            {name: tuple(values) for name, values in record["facts"].items()},
            record["titles"],
            tuple(
                Text(
                    text["language"],
                    text["media_type"],
                    text["url"],
                    tuple((name, files[f"{text['language']}/{name}"]) for name in text["files"]),
                )
                for text in record["texts"]
            ),
            tuple(record["missing"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise LayoutChanged(f"The capture is no dossier of an act ({error}).") from error


def unpack_files(body: bytes) -> Sequence[tuple[str, bytes]]:
    """The files of a zip in order of their names. Raises FetchError for a broken, huge or crowded one."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = sorted((item for item in archive.infolist() if not item.is_dir()), key=lambda item: item.filename)
            if len(members) > MAX_FILES or sum(item.file_size for item in members) > LIMIT:
                raise FetchError(f"The archive holds {len(members):,} files, more than an act has.")
            return [(item.filename, archive.read(item)) for item in members]
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise FetchError(f"The archive is broken ({error}).") from error
