"""Brand field and GTINs. A prefix shows which GS1 office licensed the number, never where the goods come from."""

from __future__ import annotations

from counterfoil.features.feature import MISSING, Reason, feature, reason
from counterfoil.features.reading import Text
from counterfoil.ingest.schema import Listing
from counterfoil.language.codes import GtinReading

# Prefixes that no product on public sale carries: for use inside a company or region, coupons, examples, not handed out.
_ODD = frozenset({"restricted", "coupon", "demo", "unassigned"})


@feature("identifiers")
def brand_missing(brand_field: str | None) -> float:
    """1 when the brand field is empty or says that there is none (OEM, No Brand), else 0."""
    return float(brand_field is None)


@feature("identifiers")
def brand_only_in_title(brand_field: str | None, text: Text) -> float:
    """1 when the title names a protected brand and the brand field names none, else 0."""
    return float(brand_field is None and bool(text.brands))


@brand_only_in_title.because
def _(listing: Listing, brand_field: str | None, text: Text) -> Reason | None:
    if brand_field is not None or not text.brands:
        return None
    mention = text.brands[0]
    span = [mention.start, mention.end]
    quote = listing.title[mention.start : mention.end]
    return reason("BRAND_ONLY_IN_TITLE", field="title", span=span, quote=quote, brand=mention.brand)


@feature("identifiers")
def brand_title_differs(brand_field: str | None, text: Text) -> float:
    """1 when the title names protected brands and none of them is the brand field's, else 0."""
    return float(brand_field is not None and bool(text.brands) and brand_field not in {m.brand for m in text.brands})


@feature("identifiers")
def gtin_given(listing: Listing) -> float:
    """1 when at least one GTIN is given, else 0."""
    return float(bool(listing.gtins))


@feature("identifiers", monotone=+1)
def gtin_check_fails(gtins: tuple[GtinReading, ...]) -> float:
    """1 when a GTIN has a wrong length or check digit, 0 when all pass, NaN when none is given."""
    return float(any(not code.valid for code in gtins)) if gtins else MISSING


@gtin_check_fails.because
def _(gtins: tuple[GtinReading, ...]) -> Reason | None:
    wrong = next((code for code in gtins if not code.valid), None)
    return reason("GTIN_CHECK_FAILS", gtin=wrong.code) if wrong is not None else None


@feature("identifiers", monotone=+1)
def gtin_prefix_odd(gtins: tuple[GtinReading, ...]) -> float:
    """1 when a valid GTIN has a prefix that no product on public sale carries, 0 when none has, NaN without a valid GTIN."""
    valid = [code for code in gtins if code.valid]
    return float(any(code.prefix_class in _ODD for code in valid)) if valid else MISSING


@gtin_prefix_odd.because
def _(gtins: tuple[GtinReading, ...]) -> Reason | None:
    odd = next((code for code in gtins if code.valid and code.prefix_class in _ODD), None)
    return reason("GTIN_PREFIX_ODD", gtin=odd.code, prefix_class=odd.prefix_class) if odd is not None else None
