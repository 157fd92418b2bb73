"""Text to vector: the mean of subword vectors, read from a folder of sentence-transformers without torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from counterfoil.errors import BundleMismatch, NotFound

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

# Titles are far shorter, what lies beyond in a description is boilerplate, and no hostile text may stall a batch.
MAX_CHARACTERS = 2_000

_BATCH = 1_024
_DECIDING = ("modules.json", "model.safetensors", "tokenizer.json")
_STATIC = {*_DECIDING, "README.md", "config.json", "config_sentence_transformers.json"}
# What can only hold data (`.model` is a SentencePiece protobuf); code and pickles (.py, .bin, .pt) are not among them.
_PLAIN = {".json", ".jsonl", ".md", ".model", ".safetensors", ".txt"}


class Encoder(Protocol):
    """What the feature pipeline asks of an encoder."""

    @property
    def dim(self) -> int:
        """Columns of a vector."""

    @property
    def fingerprint(self) -> str:
        """The sha256 of the files that decide the vectors."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text, shape (n, dim); only the first `MAX_CHARACTERS` of a text are read."""

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `encode`, with zeros for a text that the encoder has not learnt to read, e.g. one of another script."""


class StaticEncoder:
    """The mean of a text's subword vectors, as `StaticEmbedding` of sentence-transformers takes it.

    No special tokens, no padding, no scaling to unit length; a text without any token is a row of zeros. A row is
    summed on its own, so it is bitwise the same in every batch. Raises NotFound or BundleMismatch.
    """

    def __init__(self, folder: Path) -> None:
        if not _is_static(folder):
            raise BundleMismatch(
                f"got the modules {_module_types(folder)} in {folder}, expected one StaticEmbedding; use load_encoder"
            )
        _refuse(folder, [name for name in _names(folder) if name not in _STATIC], f"only {sorted(_STATIC)}")
        self._tokenizer = _read_tokenizer(folder / "tokenizer.json")
        self._vectors = _read_vectors(folder / "model.safetensors")
        highest = max(self._tokenizer.get_vocab().values(), default=-1)
        if highest >= len(self._vectors):
            raise BundleMismatch(
                f"got token ids up to {highest} in {folder / 'tokenizer.json'}, expected them below the "
                f"{len(self._vectors)} rows of model.safetensors; restore both files from one training"
            )
        self._raw = _raw_bytes(self._tokenizer.get_vocab(), len(self._vectors))
        self._fingerprint = _sha256(folder, _DECIDING)

    @property
    def dim(self) -> int:
        """Columns of a vector."""
        return int(self._vectors.shape[1])

    @property
    def fingerprint(self) -> str:
        """The sha256 of the module list, the tokenizer and the table."""
        return self._fingerprint

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text, shape (n, dim); only the first `MAX_CHARACTERS` of a text are read."""
        return self._rows(texts, 1.0)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `encode`, with zeros for a text of which more than half is single bytes: its pieces were never learnt."""
        return self._rows(texts, 0.5)

    def _rows(self, texts: Sequence[str], most_raw: float) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = [readable(text) for text in texts[start : start + _BATCH]]
            encodings = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            for row, encoding in enumerate(encodings, start):
                ids = encoding.ids
                if ids and (most_raw == 1.0 or self._raw.take(ids).mean() <= most_raw):
                    np.add.reduce(self._vectors.take(ids, axis=0), axis=0, out=rows[row])
                    rows[row] /= np.float32(len(ids))
        return rows


class SentenceEncoder:
    """Any other local sentence-transformers model; its rows may differ in the last bits from batch to batch."""

    def __init__(self, folder: Path) -> None:
        foreign = [name for name in _names(folder) if PurePosixPath(name).suffix not in _PLAIN]
        _refuse(folder, foreign, f"plain files only ({', '.join(sorted(_PLAIN))})")
        outside = [kind for kind in _module_types(folder) if not kind.startswith("sentence_transformers.")]
        _refuse(folder, outside, "modules of sentence_transformers only")
        self._model = _load_with_torch(folder)
        self._fingerprint = _sha256(folder, [name for name in _names(folder) if not name.endswith(".md")])

    @property
    def dim(self) -> int:
        """Columns of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def fingerprint(self) -> str:
        """The sha256 of every file but the documentation."""
        return self._fingerprint

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text, shape (n, dim); only the first `MAX_CHARACTERS` of a text are read."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        rows = self._model.encode([readable(text) for text in texts], show_progress_bar=False)
        return np.asarray(rows, dtype=np.float32)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `encode`: what such a model has learnt to read is not known."""
        return self.encode(texts)


def load_encoder(folder: Path) -> Encoder:
    """The encoder in a folder: a single `StaticEmbedding` is read with numpy, others need the extra `encoder`."""
    return StaticEncoder(folder) if _is_static(folder) else SentenceEncoder(folder)


def readable(text: str) -> str:
    """What an encoder reads of a text: its first `MAX_CHARACTERS`, each lone surrogate as a question mark.

    A lone surrogate has no UTF-8 form, and tokenizers refuse it.
    """
    return text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def _refuse(folder: Path, found: Sequence[str], expected: str) -> None:
    if found:
        raise BundleMismatch(
            f"got {list(found)} in the encoder {folder}, expected {expected}; nothing was loaded, remove them"
        )


def _is_static(folder: Path) -> bool:
    kinds = _module_types(folder)
    return len(kinds) == 1 and kinds[0].startswith("sentence_transformers.") and kinds[0].endswith(".StaticEmbedding")


def _module_types(folder: Path) -> list[str]:
    path = folder / "modules.json"
    if not path.is_file():
        raise NotFound(f"got no {path}, expected an encoder's folder; make one with `counterfoil encoder train`")
    try:
        kinds = [module["type"] for module in json.loads(path.read_bytes())]
    except (ValueError, TypeError, KeyError) as error:
        raise BundleMismatch(f"got {error!r} reading {path}, expected a list of modules; restore the file") from error
    if not kinds or not all(isinstance(kind, str) for kind in kinds):
        raise BundleMismatch(f"got the modules {kinds} in {path}, expected names of classes; restore the file")
    return kinds


def _read_tokenizer(path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except Exception as error:  # the library raises bare Exception for any fault in the file
        raise BundleMismatch(f"got {error} reading {path}, expected a tokenizer's JSON; restore the file") from error
    tokenizer.no_padding()
    return tokenizer


def _raw_bytes(vocabulary: dict[str, int], size: int) -> NDArray[np.bool_]:
    """Which token ids stand for one byte beyond ASCII, in the alphabet of a byte-level tokenizer."""
    raw = np.zeros(size, dtype=np.bool_)
    raw[[number for piece, number in vocabulary.items() if len(piece) == 1 and ord(piece) > 0x7E]] = True
    return raw


def _read_vectors(path: Path) -> NDArray[np.float32]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors = load(path.read_bytes())
    except (OSError, SafetensorError) as error:
        raise BundleMismatch(f"got {error} reading {path}, expected a safetensors file; restore the file") from error
    shapes = {name: tensor.shape for name, tensor in tensors.items()}
    if set(tensors) != {"embedding.weight"} or tensors["embedding.weight"].ndim != 2:
        raise BundleMismatch(f"got {shapes} in {path}, expected one matrix, embedding.weight; restore the file")
    vectors = np.ascontiguousarray(tensors["embedding.weight"], dtype=np.float32)
    if not np.isfinite(vectors).all():
        raise BundleMismatch(f"got values in {path} that are not finite, expected finite ones; train the encoder again")
    return vectors


def _load_with_torch(folder: Path) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise BundleMismatch(
            f"got {folder}, which only sentence-transformers can read, expected the extra `encoder` to be installed; "
            'run `pip install "counterfoil[encoder]"`, or use an encoder made by `counterfoil encoder train`'
        ) from error
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True, trust_remote_code=False)


def _sha256(folder: Path, names: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        content = (folder / name).read_bytes()
        digest.update(f"{name}:{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
