"""Sentences for reasons, in Vietnamese and English: with the evidence for a reviewer, without it for a seller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from counterfoil.knowledge.files import read_toml

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


def sentence(code: str, language: Language, evidence: Mapping[str, Any]) -> str:
    """The plain sentence for a reason, its evidence filled in."""
    template: str = read_toml("reasons.toml")[code][language]
    words = read_toml("reasons.toml")["words"][language]
    shown = {name: words.get(value, value) if isinstance(value, str) else value for name, value in evidence.items()}
    return template.format_map(shown)


def seller_sentence(code: str, language: Language) -> str:
    """What a seller may be told of a reason: what to put right or to prove, and nothing of what was found or how."""
    text: str = read_toml("reasons_for_sellers.toml")[code][language]
    return text
