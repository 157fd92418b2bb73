"""What the texts say: terms of the lexicon by grade, contacts, the shape of title and description, title families."""

from __future__ import annotations

from math import log1p

from counterfoil.features.feature import MISSING, Reason, feature, reason
from counterfoil.features.reading import Text, TextHit, title_quote
from counterfoil.history.keys import Keys
from counterfoil.history.views import WordingView
from counterfoil.ingest.schema import Listing


def _terms(hits: list[TextHit]) -> float:
    return float(len({found.hit.term for found in hits}))


def _quoted(code: str, listing: Listing, hits: list[TextHit]) -> Reason | None:
    """A reason that quotes the first of the hits as the seller wrote it."""
    if not hits:
        return None
    first = hits[0]
    body = listing.title if first.field == "title" else listing.description or ""
    span = [first.hit.start, first.hit.end]
    quote = body[first.hit.start : first.hit.end]
    return reason(code, field=first.field, span=span, quote=quote, term=first.hit.term, disguise=first.hit.disguise)


@feature("text", monotone=+1, version=2)
def claim_terms(text: Text) -> float:
    """Distinct grade-S terms in offer scope, title and description: the seller says that the goods are a copy."""
    return _terms(text.claims("S"))


@claim_terms.because
def _(listing: Listing, text: Text) -> Reason | None:
    return _quoted("COPY_CLAIMED", listing, text.claims("S"))


@feature("text", monotone=+1)
def likely_terms(text: Text) -> float:
    """Distinct grade-A terms in offer scope: beside a protected brand they mostly mean a copy."""
    return _terms(text.claims("A"))


@likely_terms.because
def _(listing: Listing, text: Text) -> Reason | None:
    return _quoted("COPY_HINTED", listing, text.claims("A"))


@feature("text", monotone=+1)
def disguised_terms(text: Text) -> float:
    """Distinct terms of grade S or A in offer scope that are typed so as not to be found."""
    return _terms(text.disguised())


@disguised_terms.because
def _(listing: Listing, text: Text) -> Reason | None:
    return _quoted("CLAIM_DISGUISED", listing, text.disguised())


@feature("text")
def grey_terms(text: Text) -> float:
    """Distinct grade-B terms in offer scope: words about origin and condition, such as export surplus or a cut label."""
    return _terms(text.claims("B"))


@grey_terms.because
def _(listing: Listing, text: Text) -> Reason | None:
    return _quoted("GREY_ORIGIN", listing, text.claims("B"))


@feature("text")
def assurance_terms(text: Text) -> float:
    """Distinct grade-C terms in offer scope: assurances of being genuine, which honest sellers give too."""
    return _terms(text.claims("C"))


@feature("text")
def guarded_terms(text: Text) -> float:
    """Terms of grade S or A inside a guarantee, a negation or a known innocent phrase, in title and description."""
    return float(len(text.guarded()))


@feature("text")
def used_goods(listing: Listing, keys: Keys) -> float:
    """1 when the title or the condition says that the goods are used or refurbished, else 0."""
    return float(keys.used is not None or listing.condition in {"used", "refurbished"})


@used_goods.because
def _(listing: Listing, keys: Keys) -> Reason | None:
    return None if keys.used is None else reason("USED_GOODS", **title_quote(listing, keys.used))


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
    upper = sum(map(str.isupper, listing.title))
    lower = sum(map(str.islower, listing.title))
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
