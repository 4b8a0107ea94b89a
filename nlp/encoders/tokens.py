"""Texts to token ids through transformers, from the installed tokenizer.json and nothing else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from nlp.encoders.specs import TOKENIZER
from notices.errors import ModelUnavailable

# No token of this vocabulary has more than 16 characters; beyond, a text is cut before it is tokenised (bounded work).
_CHARACTERS_PER_TOKEN = 16
_MAX_FILE = 100_000_000


class Tokens:
    """A tokenizer that cuts at ``max_tokens``, special tokens included."""

    def __init__(self, folder: Path, *, max_tokens: int) -> None:
        os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")  # else it says at import that torch is missing
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # threads are the caller's to give
        from transformers import PreTrainedTokenizerFast  # noqa: PLC0415 - 1 s; only who encodes pays

        path = folder / TOKENIZER
        try:
            if path.stat().st_size > _MAX_FILE:
                raise ValueError("it is too large")
            self._tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(path))  # type: ignore[no-untyped-call]
        except Exception as error:
            raise ModelUnavailable(f"{path} can't be read: {error}") from error
        self.max_tokens = max_tokens
        self.ids([""])  # sets the cut once: to set it later would clash with a call from another thread

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text, begin and end tokens included, at most ``max_tokens``."""
        cut = [text[: self.max_tokens * _CHARACTERS_PER_TOKEN] for text in texts]
        encoded = self._tokenizer(
            cut,
            truncation=True,
            max_length=self.max_tokens,
            padding=False,
            return_attention_mask=False,
            return_token_type_ids=False,
        )
        found: list[list[int]] = encoded["input_ids"]
        return found
