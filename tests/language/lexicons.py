"""Lexicons of a few terms, made up for a test."""

from __future__ import annotations

from datetime import date
from typing import Any

from counterfoil.knowledge.lexicon import Term, context, traps
from counterfoil.language.lexicon import Lexicon


def term(**changes: Any) -> Term:
    fields: dict[str, Any] = {
        "id": "own", "grade": "A", "source": "made for this test", "added": date(2026, 11, 24), "forms": ("hàng xịt",),
        "examples": ("Giày hàng xịt",), "counter_examples": ("Giày mới",),
    }  # fmt: skip
    return Term(**{**fields, **changes})


def own(*made: Term) -> Lexicon:
    return Lexicon(made, traps(), context())
