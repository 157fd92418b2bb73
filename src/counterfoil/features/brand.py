"""The brand that a listing names: in its field, in its title, in disguise, and against what the brand sells."""

from __future__ import annotations

from counterfoil.features.feature import MISSING, Reason, feature, reason
from counterfoil.features.reading import Text, title_quote
from counterfoil.history.keys import Keys
from counterfoil.ingest.schema import Listing
from counterfoil.knowledge.brands import Brand
from counterfoil.language.brands import BrandMention

_TIERS = ("mass", "premium", "luxury")
# A slip of the finger and a missing or odd accent happen to the honest too.
_SLIPS = frozenset({"misspelt", "accents"})


def _hidden(text: Text) -> BrandMention | None:
    return next((one for one in text.brands if one.disguise is not None and one.disguise not in _SLIPS), None)


def _misspelt(text: Text) -> BrandMention | None:
    return next((one for one in text.brands if one.disguise in _SLIPS), None)


def _quoted(code: str, listing: Listing, mention: BrandMention) -> Reason:
    quote = title_quote(listing, (mention.start, mention.end))
    return reason(code, **quote, brand=mention.brand, disguise=mention.disguise)


@feature("identifiers")
def brand_missing(brand_field: str | None) -> float:
    """1 when the brand field is empty or says that there is none (OEM, No Brand), else 0."""
    return float(brand_field is None)


@feature("identifiers")
def brand_only_in_title(brand_field: str | None, text: Text) -> float:
    """1 when the title names a protected brand and the brand field names none, else 0."""
    return float(brand_field is None and any(one.disguise != "described" for one in text.brands))


@brand_only_in_title.because
def _(listing: Listing, brand_field: str | None, text: Text) -> Reason | None:
    mention = next((one for one in text.brands if one.disguise != "described"), None)
    if brand_field is not None or mention is None:
        return None
    return reason("BRAND_ONLY_IN_TITLE", **title_quote(listing, (mention.start, mention.end)), brand=mention.brand)


@feature("identifiers")
def brand_title_differs(brand_field: str | None, text: Text) -> float:
    """1 when the title names protected brands and none of them is the brand field's, else 0."""
    return float(brand_field is not None and bool(text.brands) and brand_field not in {m.brand for m in text.brands})


@feature("identifiers", monotone=+1)
def brand_disguised(text: Text) -> float:
    """1 when the title hides a protected brand, else 0.

    Its name is taken apart, set in other letters or digits, replaced by one that only such sellers use, or left out while
    its mark is described (two letters back to back, the red sole of a French house).
    """
    return float(_hidden(text) is not None)


@brand_disguised.because
def _(listing: Listing, text: Text) -> Reason | None:
    mention = _hidden(text)
    if mention is None:
        return None
    return _quoted("BRAND_DESCRIBED" if mention.disguise == "described" else "BRAND_DISGUISED", listing, mention)


@feature("identifiers", monotone=+1)
def brand_misspelt(text: Text) -> float:
    """1 when the title has a protected brand with one letter wrong, or with accents it does not have, else 0."""
    return float(_misspelt(text) is not None)


@brand_misspelt.because
def _(listing: Listing, text: Text) -> Reason | None:
    mention = _misspelt(text)
    return None if mention is None else _quoted("BRAND_MISSPELT", listing, mention)


@feature("identifiers")
def brand_tier(brand: Brand | None) -> float:
    """The price class of the protected brand that is sold: 1 mass, 2 premium, 3 luxury; 0 when none is known."""
    return 0.0 if brand is None else 1.0 + _TIERS.index(brand.tier)


@feature("identifiers")
def brand_elsewhere(brand: Brand | None, keys: Keys) -> float:
    """1 when the brand does not sell goods of the listing's category, 0 when it does, NaN when either is unknown."""
    if brand is None or keys.category is None:
        return MISSING
    return float(keys.category not in brand.categories)


@feature("identifiers")
def brand_owner_part(keys: Keys) -> float:
    """1 when the goods are a part, a case, a decant or another small thing for a brand's goods, else 0."""
    return float(keys.accessory is not None)


@brand_owner_part.because
def _(listing: Listing, keys: Keys) -> Reason | None:
    return None if keys.accessory is None else reason("ACCESSORY", **title_quote(listing, keys.accessory))
