"""GTINs, ISBNs and registration numbers.

A prefix shows which GS1 office licensed the number, never where the goods come from. A number that stands on file is no
proof that the goods are what they seem, since real numbers are copied; so none of these lowers a risk by a rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from counterfoil.features.feature import MISSING, Reason, feature, reason
from counterfoil.features.stated import (
    book_numbers,
    first,
    looked_up,
    missing_kind,
    needs_number,
    past_validity,
    registrations,
    shared_codes,
    unlike_share,
    where,
)
from counterfoil.history.views import About
from counterfoil.ingest.schema import Listing
from counterfoil.language.codes import GtinReading, StatedCode
from counterfoil.language.registration import year_ahead

# Prefixes that no product on public sale carries: for use inside a company or region, coupons, examples, not handed out.
_ODD = frozenset({"restricted", "coupon", "demo", "unassigned"})


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


@feature("identifiers", monotone=+1)
def gtin_is_placeholder(gtins: tuple[GtinReading, ...]) -> float:
    """1 when a GTIN is one typed to fill the field (one digit repeated, 1234567890128), 0 when none is, NaN without one."""
    return float(any(code.placeholder for code in gtins)) if gtins else MISSING


@gtin_is_placeholder.because
def _(gtins: tuple[GtinReading, ...]) -> Reason | None:
    made_up = next((code for code in gtins if code.placeholder), None)
    return reason("GTIN_PLACEHOLDER", gtin=made_up.code) if made_up is not None else None


@feature("identifiers", monotone=+1)
def isbn_check_fails(about: About) -> float:
    """1 when a book states an ISBN of a wrong length or check digit, 0 when all pass, NaN for other goods or without one."""
    stated = book_numbers(about)
    return float(any(code.check_fails for code in stated)) if stated else MISSING


@isbn_check_fails.because
def _(about: About) -> Reason | None:
    wrong = next((code for code in book_numbers(about) if code.check_fails), None)
    return reason("ISBN_CHECK_FAILS", **where(wrong)) if wrong is not None else None


def _malformed(about: About) -> Iterator[tuple[str, StatedCode]]:
    """The registration numbers that cannot be real, each with the code of its reason."""
    day = about.observed_at.date()
    for code in registrations(about):
        if code.fault == "placeholder":
            yield "REGISTRATION_PLACEHOLDER", code
        elif code.fault == "malformed":
            yield "REGISTRATION_MALFORMED", code
        elif year_ahead(code, day):
            yield "REGISTRATION_YEAR_AHEAD", code


@feature("identifiers")
def registration_given(about: About) -> float:
    """1 when a registration number is shown, sound or not, else 0; a number shown is slight comfort, as it may be copied."""
    return float(bool(registrations(about)))


@registration_given.because
def _(about: About) -> Reason | None:
    wrong = {code.code for _, code in _malformed(about)}
    sound = next((code for code in registrations(about) if code.code not in wrong), None)
    return reason("REGISTRATION_GIVEN", **where(sound)) if sound is not None else None


@feature("identifiers", monotone=+1)
def registration_malformed(about: About) -> float:
    """1 when a registration number is a placeholder, has a form that none has or a year to come; NaN when none is shown."""
    return float(next(_malformed(about), None) is not None) if registrations(about) else MISSING


@registration_malformed.because
def _(about: About) -> Reason | None:
    name, wrong = next(_malformed(about), (None, None))
    return reason(name, **where(wrong), year=wrong.year) if name is not None and wrong is not None else None


@feature("identifiers", monotone=+1)
def registration_expired(about: About) -> float:
    """1 when a number is older than its kind holds, or a register says it has ended, 0 when none is, NaN without one."""
    return float(past_validity(about) is not None) if registrations(about) else MISSING


@registration_expired.because
def _(about: About) -> Reason | None:
    one = past_validity(about) if registrations(about) else None
    if one is None:
        return None
    kind = one.stated.kind
    return reason("REGISTRATION_EXPIRED", **where(one.stated), kind=kind, year=one.stated.year)


@feature("identifiers", monotone=+1)
def registration_missing(about: About) -> float:
    """1 when goods of this category need a number and the texts show none, 0 when they do; a mild sign.

    NaN when the category needs none, or when there is neither a description nor an attribute in which to look.
    """
    return float(missing_kind(about) is not None) if needs_number(about) else MISSING


@registration_missing.because
def _(about: About) -> Reason | None:
    kind = missing_kind(about) if needs_number(about) else None
    return reason("REGISTRATION_MISSING", kind=kind) if kind is not None else None


@feature("identifiers", monotone=+1)
def code_on_other_brands(about: About) -> float:
    """The share of listings with the same code that are of another brand, or of another category where one has no brand.

    Of the listing's codes the one with the largest share counts; the listing itself is among the rest. NaN without a code.
    """
    codes = shared_codes(about)
    return max(map(unlike_share, codes)) if codes else MISSING


@code_on_other_brands.because
def _(about: About) -> Reason | None:
    worst = max(shared_codes(about), key=unlike_share, default=None)
    if worst is None or worst.unlike <= worst.alike:
        return None
    counts = {"unlike": worst.unlike, "alike": worst.alike, "sellers": worst.other_sellers}
    return reason("CODE_ON_OTHER_BRANDS", **where(worst.stated), kind=worst.stated.kind, **counts)


@feature("identifiers", monotone=+1)
def code_revoked(about: About) -> float:
    """1 when the code register says that a code was revoked, 0 when of none, NaN when it was asked about none."""
    return looked_up(about, "revoked")


@code_revoked.because
def _(about: About) -> Reason | None:
    one = first(about, "revoked")
    return reason("CODE_REVOKED", **where(one.stated), kind=one.stated.kind) if one is not None else None


@feature("identifiers", monotone=+1)
def code_mismatch(about: About) -> float:
    """1 when the code register has a code for other goods than the listing's, 0 when none, NaN when it was asked about none."""
    return looked_up(about, "mismatch")


@code_mismatch.because
def _(about: About) -> Reason | None:
    one = first(about, "mismatch")
    if one is None:
        return None
    entry = one.entries[-1]
    on_file = " ".join(part for part in (entry.brand, entry.product) if part)
    return reason("CODE_MISMATCH", **where(one.stated), kind=one.stated.kind, on_file=on_file)
