"""The manifest of a bundle: what it is, what it may be used for, and the hash of every file beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from difflib import unified_diff
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from counterfoil.errors import BundleMismatch

MANIFEST = "manifest.json"
# What can run code when it is loaded has no place in a bundle, whatever the manifest says.
_UNSAFE = {".pkl", ".pickle", ".joblib", ".skops", ".pt", ".pth", ".bin", ".py", ".so", ".npy"}


class Label(BaseModel):
    """What the target of the training rows meant; `weak`: no label was read, rules voted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    meaning: str
    source: Literal["file", "log", "weak"]


class Manifest(BaseModel):
    """Everything about a bundle that is not numbers in its files; `features` are all columns, in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    name: str
    version: int
    created_at: datetime
    run_id: str | None
    features: tuple[str, ...]
    feature_schema: str
    encoder: str
    label: Label
    training: dict[str, Any]
    metrics: dict[str, Any]
    parameters: dict[str, Any]
    libraries: dict[str, str]
    files: dict[str, str]

    @property
    def no_guarantee(self) -> Literal["weak_labels", "not_calibrated"]:
        """Why an uncalibrated bundle states no rate: `weak_labels` until verdicts calibrate such a model, else `not_calibrated`."""
        return "weak_labels" if self.label.source == "weak" else "not_calibrated"


def sha256_of(path: Path) -> str:
    """sha256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_below(folder: Path) -> list[str]:
    """The files below a folder except the manifest, as sorted POSIX paths."""
    paths = (path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
    return sorted(name for path in paths if (name := path.relative_to(folder).as_posix()) != MANIFEST)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest and hold every file against it; raises `BundleMismatch` and has loaded nothing else then."""
    path = folder / MANIFEST
    if not path.is_file():
        raise BundleMismatch(f"got no {MANIFEST} in {folder}, expected a bundle: make one with `counterfoil train`")
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BundleMismatch(f"got a manifest whose {where or 'text'} is wrong in {folder}: {first['msg']}") from None
    found = files_below(folder)
    unsafe = [name for name in found if Path(name).suffix in _UNSAFE or (folder / name).is_symlink()]
    if unsafe:
        raise BundleMismatch(
            f"got {', '.join(unsafe)} in {folder}, expected plain data only: remove it, nothing was loaded"
        )
    if diff := difference(sorted(manifest.files), found, "manifest", "folder"):
        raise BundleMismatch(f"the files of {folder} are not those of its manifest:\n{diff}")
    for name, expected in manifest.files.items():
        got = sha256_of(folder / name)
        if got != expected:
            raise BundleMismatch(f"got sha256 {got} for {name} in {folder}, expected {expected}: the file was changed")
    return manifest


def difference(expected: Sequence[str], got: Sequence[str], expected_name: str, got_name: str) -> str:
    """A unified diff of two lists of names; empty when they are equal, order included."""
    return "\n".join(unified_diff(expected, got, expected_name, got_name, lineterm="", n=1))
