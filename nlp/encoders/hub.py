"""Fetches a pinned revision from the model hub through huggingface_hub; gives up quickly without a way to it."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

from nlp.encoders.folder import digest
from nlp.encoders.specs import HubSource, PinnedFile
from notices.errors import ModelUnavailable

_CONNECT_SECONDS = 5
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def fetch_from_hub(source: HubSource, folder: Path) -> None:
    """Download the files into the folder, going on where an earlier attempt ended.

    Raises ModelUnavailable when the hub can't be reached or gives another content, OSError when the disk is full.
    """
    from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url  # noqa: PLC0415 - only who installs
    from huggingface_hub.utils.tqdm import disable_progress_bars  # noqa: PLC0415 - likewise

    if not sys.stderr.isatty():
        disable_progress_bars()
    try:
        # One try without the library's own five: with no network that takes 0.1 s instead of 24.
        url = hf_hub_url(source.repository, source.files[0].name, revision=source.revision, endpoint=source.endpoint)
        get_hf_file_metadata(url, token=False, timeout=_CONNECT_SECONDS)
        for file in source.files:
            hf_hub_download(
                source.repository,
                file.name,
                revision=source.revision,
                local_dir=folder,
                token=False,
                etag_timeout=_CONNECT_SECONDS,
                endpoint=source.endpoint,
            )
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise
        raise ModelUnavailable(f"the model hub can't be read: {_first_line(error)}") from error
    for file in source.files:
        check_own(folder / file.name, file)


def check_file(path: Path, wanted: PinnedFile) -> None:
    """Compare size and sha256. Raises ModelUnavailable."""
    found = digest(path) if path.is_file() else None
    if found is None or (found.size, found.sha256) != (wanted.size, wanted.sha256):
        state = f"{found.size} bytes, sha256 {found.sha256[:12]}…" if found else "missing"
        raise ModelUnavailable(
            f"{path.name} is not the pinned file: {state} instead of {wanted.size} bytes, {wanted.sha256[:12]}…"
        )


def check_own(path: Path, wanted: PinnedFile) -> None:
    """As :func:`check_file`, for a download of ours: what differs is removed, so that it is fetched anew next time."""
    try:
        check_file(path, wanted)
    except ModelUnavailable:
        path.unlink(missing_ok=True)
        raise


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
