"""The knowledge files shipped in the wheel: how they are read, and the hash that names their state."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

_ROOT = files("counterfoil.knowledge")

# What decides the keys under which an event is folded into history, beside the lexicon; a policy or a mapping decides none of them.
_FOLDED = ("brands.toml", "categories.toml", "codes.toml", "marks.toml")


def knowledge_file(name: str) -> Traversable:
    """The shipped file of that name, e.g. `mappings/tiki.toml`."""
    return _ROOT.joinpath(*name.split("/"))


@cache
def read_toml(name: str) -> dict[str, Any]:
    """The parsed contents of a shipped TOML file; callers must not change them."""
    return tomllib.loads(knowledge_file(name).read_text(encoding="utf-8"))


def names_in(folder: str) -> list[str]:
    """The stems of the TOML files in a folder of knowledge, sorted."""
    return sorted(
        entry.name.removesuffix(".toml") for entry in knowledge_file(folder).iterdir() if entry.name.endswith(".toml")
    )


@cache
def knowledge_hash() -> str:
    """The sha256 of the files that decide how events are folded; a store keeps it beside its state."""
    digest = hashlib.sha256()
    for name in (*_FOLDED, *(f"lexicon/{theme}.toml" for theme in names_in("lexicon"))):
        digest.update(name.encode())
        digest.update(knowledge_file(name).read_bytes())
    return digest.hexdigest()
