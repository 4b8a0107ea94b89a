"""The default runtime: ONNX Runtime on the CPU."""

from __future__ import annotations

from nlp.encoders.folder import ModelFolder
from nlp.encoders.sentences import Floats, Ids, SentenceEncoder
from nlp.encoders.specs import GRAPH
from nlp.encoders.tokens import Tokens
from notices.errors import ModelUnavailable


class OnnxRuntime:
    """One session. ``threads`` is 1 while serving: a query needs 10 ms anyway, and other requests need the cores."""

    def __init__(self, folder: ModelFolder, *, threads: int) -> None:
        import onnxruntime  # noqa: PLC0415 - .3 s; only who encodes pays

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # patterns are kept for every shape of batch ever seen
        options.log_severity_level = 4  # its errors come as exceptions as well
        # Idle worker threads otherwise spin for a while after every run and take the cores from everybody else.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # The arena is given back after a run: 210 MB instead of 310 after 2,048 tokens; without one, twice the time.
        self._shrink = onnxruntime.RunOptions()
        self._shrink.log_severity_level = 4
        self._shrink.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder.path / GRAPH), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise ModelUnavailable(f"ONNX Runtime can't load {folder.path / GRAPH}: {error}") from error

    def hidden(self, ids: Ids, mask: Ids) -> Floats:
        """Last hidden states. Raises ModelUnavailable."""
        try:
            found: Floats = self._session.run(["hidden"], {"ids": ids, "mask": mask}, self._shrink)[0]
        except Exception as error:
            raise ModelUnavailable(f"ONNX Runtime failed on {ids.shape} tokens: {error}") from error
        return found

    def close(self) -> None:
        """Give back the session; the encoder can't be used afterwards."""
        self.__dict__.pop("_session", None)


def open_onnx(folder: ModelFolder, *, threads: int) -> SentenceEncoder:
    """An encoder on ONNX Runtime. Raises ModelUnavailable."""
    tokens = Tokens(folder.path, max_tokens=folder.manifest.profile.max_tokens)
    return SentenceEncoder(folder.manifest, tokens, OnnxRuntime(folder, threads=threads))
