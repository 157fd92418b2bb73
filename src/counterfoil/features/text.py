"""What the texts say: grade-S terms in offer scope, contacts, the shape of title and description, title families."""

from __future__ import annotations

from math import log1p

from counterfoil.features.feature import MISSING, Reason, feature, reason
from counterfoil.features.reading import Text
from counterfoil.history.views import WordingView
from counterfoil.ingest.schema import Listing


@feature("text", monotone=+1)
def claim_terms(text: Text) -> float:
    """Distinct lexicon terms by which the seller says that the goods are a copy, in offer scope, in title and description."""
    return float(len({found.hit.term for found in text.claims()}))


@claim_terms.because
def _(listing: Listing, text: Text) -> Reason | None:
    claims = text.claims()
    if not claims:
        return None
    first = claims[0]
    body = listing.title if first.field == "title" else listing.description or ""
    span = [first.hit.start, first.hit.end]
    quote = body[first.hit.start : first.hit.end]
    return reason("COPY_CLAIMED", field=first.field, span=span, quote=quote, term=first.hit.term)


@feature("text")
def guarded_terms(text: Text) -> float:
    """Lexicon terms inside a guarantee, a negation or a known innocent phrase, in title and description."""
    return float(len(text.guarded()))


@feature("text")
def contacts_in_text(text: Text) -> float:
    """Phone numbers, e-mails and other contacts that stood in title or description."""
    return float(len(text.findings))


@contacts_in_text.because
def _(text: Text) -> Reason | None:
    if not text.findings:
        return None
    first = text.findings[0]
    return reason(
        "CONTACT_IN_TEXT", field=first.field, span=[first.start, first.end], kind=first.kind, count=len(text.findings)
    )


@feature("text")
def title_words(listing: Listing) -> float:
    """Words in the title, separated by white space."""
    return float(len(listing.title.split()))


@feature("text")
def title_capitals(listing: Listing) -> float:
    """The share of letters of the title that are capitals; NaN without letters that have a case."""
    upper = sum(c.isupper() for c in listing.title)
    lower = sum(c.islower() for c in listing.title)
    return upper / (upper + lower) if upper + lower else MISSING


@feature("text")
def description_length(listing: Listing) -> float:
    """Code points of the description, as log(1 + n); NaN when there is none."""
    return log1p(len(listing.description)) if listing.description else MISSING


@feature("text")
def wording_other_sellers(wording: WordingView) -> float:
    """Other sellers with a listing of the same words, as log(1 + n)."""
    return log1p(wording.other_sellers)


@wording_other_sellers.because
def _(wording: WordingView) -> Reason | None:
    return reason("TITLE_SHARED", sellers=wording.other_sellers) if wording.other_sellers >= 2 else None


@feature("text", monotone=+1)
def wording_counterfeit(wording: WordingView) -> float:
    """Counterfeit verdicts known on other listings of the same words, as log(1 + n)."""
    return log1p(wording.verdicts.counterfeit)


@wording_counterfeit.because
def _(wording: WordingView) -> Reason | None:
    count = wording.verdicts.counterfeit
    return reason("TITLE_HAS_VERDICTS", counterfeit=count) if count else None
