"""The brands that are copied, as `brands.toml` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from counterfoil.knowledge.files import read_toml


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand; `list_price` is a typical genuine price in VND by category, an order of magnitude."""

    id: str
    name: str
    source: str
    forms: tuple[str, ...] = ()
    field_forms: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    ordinary_word: bool = False
    list_price: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@cache
def brands() -> tuple[Brand, ...]:
    """Every brand, in the order of the file."""
    return tuple(_brand(entry) for entry in read_toml("brands.toml")["brand"])


def known_brand(key: str | None) -> Brand | None:
    """The brand with that id, if it is one of ours."""
    return None if key is None else _by_id().get(key)


@cache
def no_brand_values() -> tuple[str, ...]:
    """What stands in a brand field when there is no brand, as platforms write it."""
    return tuple(read_toml("brands.toml")["none"]["values"])


@cache
def _by_id() -> dict[str, Brand]:
    return {brand.id: brand for brand in brands()}


def _brand(entry: dict[str, Any]) -> Brand:
    return Brand(
        id=entry["id"],
        name=entry["name"],
        source=entry["source"],
        forms=tuple(entry.get("forms", ())),
        field_forms=tuple(entry.get("field_forms", ())),
        categories=tuple(entry["categories"]),
        ordinary_word=entry.get("ordinary_word", False),
        list_price=MappingProxyType(entry.get("list_price", {})),
    )
