"""The same network through transformers and PyTorch (extra ``torch``), for machines that have it anyway."""

from __future__ import annotations

from typing import Any

from nlp.encoders.folder import ModelFolder
from nlp.encoders.graph import read_config
from nlp.encoders.sentences import Floats, Ids, SentenceEncoder
from nlp.encoders.tokens import Tokens
from notices.errors import ModelUnavailable


class TorchRuntime:
    """A transformers model in evaluation mode. ``threads`` bounds PyTorch for the whole process: that is its switch."""

    def __init__(self, folder: ModelFolder, *, threads: int, device: str = "cpu") -> None:
        read_config(folder.path)  # the same architectures as the other runtime, nothing else; no remote code ever
        try:
            import torch  # noqa: PLC0415 - an extra, and seconds to load
            from transformers import AutoModel  # noqa: PLC0415 - likewise
            from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415 - likewise
        except ImportError as error:
            raise ModelUnavailable(
                "PyTorch is not installed", hint="pip install 'tongbo[torch]', or use the default runtime."
            ) from error
        disable_progress_bar()  # type: ignore[no-untyped-call]  # loading takes a second; the bar would stand in our logs
        torch.set_num_threads(threads)
        self._torch: Any = torch
        try:
            model = AutoModel.from_pretrained(
                str(folder.path),
                local_files_only=True,
                use_safetensors=True,
                trust_remote_code=False,
                add_pooling_layer=False,
                dtype=torch.float32,
            )
            self._model: Any = model.eval().to(device)
        except Exception as error:
            raise ModelUnavailable(f"transformers can't load {folder.path}: {error}") from error
        self._device = device

    def hidden(self, ids: Ids, mask: Ids) -> Floats:
        """Last hidden states. Raises ModelUnavailable."""
        torch = self._torch
        try:
            with torch.inference_mode():
                given = torch.from_numpy(ids).to(self._device), torch.from_numpy(mask).to(self._device)
                states = self._model(input_ids=given[0], attention_mask=given[1]).last_hidden_state
                found: Floats = states.float().cpu().numpy()
        except RuntimeError as error:
            raise ModelUnavailable(f"PyTorch failed on {ids.shape} tokens: {error}") from error
        return found

    def close(self) -> None:
        """Give back the model; the encoder can't be used afterwards."""
        self.__dict__.pop("_model", None)


def open_torch(folder: ModelFolder, *, threads: int, device: str = "cpu") -> SentenceEncoder:
    """An encoder on PyTorch. Raises ModelUnavailable, also when PyTorch is not installed."""
    tokens = Tokens(folder.path, max_tokens=folder.manifest.profile.max_tokens)
    return SentenceEncoder(folder.manifest, tokens, TorchRuntime(folder, threads=threads, device=device))
