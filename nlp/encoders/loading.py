"""Opens the installed encoder, or the one that has none and says why."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Literal

from nlp.encoders import golden
from nlp.encoders.folder import open_folder
from nlp.encoders.none import NoEncoder
from nlp.encoders.sentences import SentenceEncoder
from nlp.encoders.specs import E5_SMALL
from notices.errors import ModelUnavailable
from notices.ports import Encoder

RuntimeName = Literal["onnx", "torch"]

_log = logging.getLogger(__name__)


def load_encoder(
    models: Path, *, name: str = E5_SMALL.name, runtime: RuntimeName = "onnx", threads: int = 1
) -> SentenceEncoder:
    """The encoder installed under ``models / name``, after it gave the golden vectors (1.5 s with tokenizer).

    ``threads``: 1 while serving. Raises ModelUnavailable.
    """
    folder = open_folder(models / name)
    if runtime == "torch":
        from nlp.encoders.torch import open_torch  # noqa: PLC0415 - only who has the extra

        encoder = open_torch(folder, threads=threads)
    else:
        from nlp.encoders.onnx import open_onnx  # noqa: PLC0415 - likewise

        encoder = open_onnx(folder, threads=threads)
    try:
        golden.check(encoder, golden.recorded(folder.path))
    except ModelUnavailable:
        encoder.close()
        raise
    return encoder


def open_encoder(
    models: Path, *, name: str = E5_SMALL.name, runtime: RuntimeName = "onnx", threads: int = 1
) -> Encoder:
    """As :func:`load_encoder`, but where that is impossible a NoEncoder that carries the reason, which is logged."""
    try:
        return load_encoder(models, name=name, runtime=runtime, threads=threads)
    except ModelUnavailable as error:
        _log.warning("search by words only: %s (%s)", error.detail, error.hint)
        return NoEncoder(error.detail, error.hint)
