from __future__ import annotations

from itertools import pairwise

import pytest

from counterfoil.language.lexicon import Term, read_lexicon, terms

FASHION = "shoes"


def _category(term: Term) -> str:
    return term.categories[0] if term.categories else FASHION


def _cases(field: str) -> list[tuple[Term, str]]:
    return [(term, text) for term in terms() for text in getattr(term, field)]


@pytest.mark.parametrize(("term", "text"), _cases("examples"), ids=lambda value: getattr(value, "id", value))
def test_each_example_of_a_term_is_a_claim_of_it(term: Term, text: str) -> None:
    hits = read_lexicon(text, _category(term))
    assert term.id in {hit.term for hit in hits if hit.scope == "claim"}, hits


@pytest.mark.parametrize(("term", "text"), _cases("counter_examples"), ids=lambda value: getattr(value, "id", value))
def test_no_counter_example_of_a_term_is_a_claim(term: Term, text: str) -> None:
    assert not [hit for hit in read_lexicon(text, _category(term)) if hit.scope == "claim"]


@pytest.mark.parametrize(
    "text",
    [
        "Túi giả da cao cấp", "Giày giả da mềm", "bảo hành 1 đổi 1", "Maison Margiela REPLICA", "không bán hàng nhái",
        "Nói không với hàng giả", "rep inbox chậm", "Do gia dung gia dinh", "Ảnh thật 1:1", "HÀNG LOẠI 1 đẹp",
        "Vans UA Authentic", "Ví da AAA Jeans", "Nike SF Air Force 1", "Túi in chữ Fake Love", "giày fake dây",
        "Hoàn tiền 100% nếu phát hiện hàng giả, hàng nhái.", "Fake 1 đền 10", "", "   ", "👟🔥",
    ],
)  # fmt: skip
@pytest.mark.parametrize("category", [None, "shoes", "bags", "clothing", "perfume", "household"])
def test_honest_texts_claim_nothing(text: str, category: str | None) -> None:
    assert not [hit for hit in read_lexicon(text, category) if hit.scope == "claim"]


def test_spans_quote_the_raw_text() -> None:
    text = "Giày  đẹp — HÀNG   NHÁI loại tốt"
    (hit,) = read_lexicon(text, "shoes")
    assert (text[hit.start : hit.end], hit.scope, hit.term, hit.grade) == ("HÀNG   NHÁI", "claim", "copy_goods", "S")


def test_the_longest_of_overlapping_terms_is_the_one_reported() -> None:
    assert [hit.term for hit in read_lexicon("giày hàng fake 1 đẹp", "shoes")] == ["copy_goods"]


def test_a_denial_reaches_no_further_than_its_sentence() -> None:
    scopes = [hit.scope for hit in read_lexicon("Không đổi trả. Giày hàng nhái đẹp", "shoes")]
    assert scopes == ["claim"]


def test_a_denial_reaches_six_words() -> None:
    far = "không một hai ba bốn năm sáu hàng nhái"
    near = "không một hai ba bốn năm hàng nhái"
    assert [read_lexicon(text, "shoes")[0].scope for text in (far, near)] == ["claim", "guarantee"]


def test_a_price_in_thousands_denies_nothing() -> None:
    assert [hit.scope for hit in read_lexicon("chỉ 350 k hàng nhái", "shoes")] == ["claim"]
    assert [hit.scope for hit in read_lexicon("shop k hàng nhái", "shoes")] == ["guarantee"]


def test_goods_without_a_box_are_not_a_denial() -> None:
    assert [hit.scope for hit in read_lexicon("No box, hàng rep 1:1", "shoes")] == ["claim"]


def test_the_category_decides_where_a_word_is_ambiguous() -> None:
    assert read_lexicon("Giày hàng SF", "shoes")
    assert not read_lexicon("Truyện hàng SF", "books")
    assert not read_lexicon("Truyện hàng SF", None)


def test_invisible_characters_and_odd_accents_do_not_hide_a_term() -> None:
    assert [hit.term for hit in read_lexicon("su\u200bper fâké", "shoes")] == ["super_fake"]
    assert [hit.term for hit in read_lexicon("ｓｕｐｅｒ ｆａｋｅ", "shoes")] == ["super_fake"]


def test_hits_never_overlap_and_hostile_texts_are_read() -> None:
    hits = read_lexicon("hàng fake 1 đền rep 1:1 " * 4000, "shoes")
    assert len(hits) >= 4000
    assert all(one.end <= other.start for one, other in pairwise(hits))
    assert read_lexicon("\ud800 hàng nhái", "shoes")


def test_each_form_belongs_to_one_term() -> None:
    forms = [(form, term.id) for term in terms() for form in {*term.forms, *term.accented_only}]
    owners = dict(forms)
    assert [(form, owner) for form, owner in forms if owners[form] != owner] == []
    assert all(term.source and term.examples and term.counter_examples for term in terms())
