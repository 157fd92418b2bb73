"""The brands that are copied, as `brands.toml` lists them: their names, their nicknames, what their goods cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from counterfoil.knowledge.files import read_toml

Tier = Literal["luxury", "premium", "mass"]


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand; `list_price` is a typical genuine price in VND by category, an order of magnitude.

    `nicknames` are names by which sellers of copies avoid the brand's own; `nicknames_in_category` mean it in its
    categories only, `nicknames_accented` with their accents only. Both are words elsewhere. They are kept as written,
    with accents: in a title that has accents, other accents on the same letters are other words (`lẻ ví` is not `lệ vi`).
    """

    id: str
    name: str
    source: str
    tier: Tier
    forms: tuple[str, ...] = ()
    field_forms: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    nicknames_in_category: tuple[str, ...] = ()
    nicknames_accented: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    ordinary_word: bool = False
    list_price: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def all_nicknames(self) -> tuple[str, ...]:
        """Every nickname, wherever and however it counts."""
        return (*self.nicknames, *self.nicknames_in_category, *self.nicknames_accented)

    @property
    def names_alone(self) -> tuple[str, ...]:
        """The names that mean the brand with nothing beside them: a name that is an ordinary word does not."""
        return (*(() if self.ordinary_word else (self.name,)), *self.forms)


@dataclass(frozen=True, slots=True)
class Goods:
    """A kind of goods beside a brand's core ones: it costs about `factor` of their price, in `categories`.

    `accented_only` are words that mean it with their accents only; to `except_brands` it is a core thing.
    """

    id: str
    factor: float
    categories: tuple[str, ...]
    words: tuple[str, ...]
    accented_only: tuple[str, ...] = ()
    except_brands: tuple[str, ...] = ()


@cache
def brands() -> tuple[Brand, ...]:
    """Every brand, in the order of the file."""
    return tuple(_brand(entry) for entry in read_toml("brands.toml")["brand"])


def known_brand(key: str | None) -> Brand | None:
    """The brand with that id, if it is one of ours."""
    return None if key is None else _by_id().get(key)


@cache
def small_goods() -> tuple[Goods, ...]:
    """The kinds of goods that cost a share of what a brand's core goods do."""
    return tuple(_goods(entry) for entry in read_toml("brands.toml")["goods"])


def list_price(brand: Brand, category: str, goods: str | None = None) -> int | None:
    """What the brand's goods typically cost in a category, in VND: its own figure, else the low one of its tier, if any.

    A tier's figure holds in every category, also where the brand is not known to sell: a Dior charger is no bargain.
    `goods`, the id of one of `small_goods`, takes the share that such a thing costs; None stands for the core goods.
    """
    own = brand.list_price.get(category)
    core = tier_price(brand.tier, category) if own is None else own
    kind = None if goods is None else _goods_by_id()[goods]
    if core is None or kind is None or category not in kind.categories or brand.id in kind.except_brands:
        return core
    return round(core * kind.factor)


def tier_price(tier: Tier, category: str) -> int | None:
    """What the cheapest core goods of a tier cost in a category, in VND; None for mass brands and where nobody can say."""
    price: int | None = read_toml("brands.toml")["tier"].get(tier, {}).get(category)
    return price


@cache
def no_brand_values() -> tuple[str, ...]:
    """What stands in a brand field when there is no brand, as platforms write it."""
    return tuple(read_toml("brands.toml")["none"]["values"])


@cache
def not_misspelt() -> frozenset[str]:
    """Folded words and names that are one edit away from a brand's and yet no slip: `channel`, `mongo`, `guest`."""
    return frozenset(read_toml("brands.toml")["misspelling"]["stop"])


@cache
def not_split() -> frozenset[str]:
    """Folded names of brands that two neighbouring words make by chance: `honda` from `hơn đa`, `balen` from `ba lên`."""
    return frozenset(read_toml("brands.toml")["splitting"]["stop"])


@cache
def _by_id() -> dict[str, Brand]:
    return {brand.id: brand for brand in brands()}


@cache
def _goods_by_id() -> dict[str, Goods]:
    return {goods.id: goods for goods in small_goods()}


def _goods(entry: dict[str, Any]) -> Goods:
    words = {key: tuple(entry.get(key, ())) for key in ("categories", "words", "accented_only", "except_brands")}
    return Goods(id=entry["id"], factor=entry["factor"], **words)


def _brand(entry: dict[str, Any]) -> Brand:
    names = {
        key: tuple(entry.get(key, ()))
        for key in ("forms", "field_forms", "nicknames", "nicknames_in_category", "nicknames_accented")
    }
    return Brand(
        id=entry["id"],
        name=entry["name"],
        source=entry["source"],
        tier=entry["tier"],
        categories=tuple(entry["categories"]),
        ordinary_word=entry.get("ordinary_word", False),
        list_price=MappingProxyType(entry.get("list_price", {})),
        **names,
    )
