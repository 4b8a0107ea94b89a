"""No encoder: search is lexical only, and every answer says so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from notices.errors import ModelUnavailable
from notices.ports import TextKind


class NoEncoder:
    """Stands where no model is installed or none may be used; ``reason`` says why, ``hint`` what to do."""

    name = "none"
    dimensions = 0
    sentinel = ""

    def __init__(self, reason: str = "no encoder is configured", hint: str | None = None) -> None:
        self.reason = reason
        self.hint = hint or ModelUnavailable.hint

    def encode(self, texts: Sequence[str], *, kind: TextKind) -> NDArray[np.float32]:
        """Raises ModelUnavailable: an empty vector would look like an answer. Look at ``dimensions`` first."""
        raise ModelUnavailable(self.reason, hint=self.hint)

    def close(self) -> None:
        """Nothing to give back."""
