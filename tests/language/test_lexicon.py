from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.knowledge.lexicon import Term
from counterfoil.language.lexicon import Hit, lexicon, read_lexicon, terms
from counterfoil.language.lexicon_check import read_as
from counterfoil.language.views import views
from tests.language.lexicons import own, term

TITLE = "Giày Thể Thao Nam Biti's Hunter Core Đế Êm Nhẹ Màu Trắng Kem"
CLAIMING = "Giày Nike Air Force 1 rep 1:1 full box hàng chính hãng"


def read(text: str, category: str | None = "shoes", branded: bool = False) -> tuple[Hit, ...]:
    return read_lexicon(views(text), category, branded)


def strong(text: str, category: str | None = "shoes", branded: bool = True) -> list[tuple[str, str]]:
    """Grade and raw quote of each strong claim."""
    return [
        (hit.grade, text[hit.start : hit.end]) for hit in read(text, category, branded)
        if hit.scope == "claim" and hit.grade in ("S", "A")
    ]  # fmt: skip


def cases(field: str) -> list[tuple[Term, str]]:
    return [(one, text) for one in terms() for text in getattr(one, field)]


@pytest.mark.parametrize(("one", "text"), cases("examples"), ids=lambda value: getattr(value, "id", value))
def test_each_example_of_a_term_is_a_claim_of_it(one: Term, text: str) -> None:
    hits = read(text, *read_as(one))
    assert one.id in {hit.term for hit in hits if hit.scope == "claim"}, hits


@pytest.mark.parametrize(("one", "text"), cases("counter_examples"), ids=lambda value: getattr(value, "id", value))
def test_no_counter_example_of_a_term_is_a_claim_of_it(one: Term, text: str) -> None:
    assert one.id not in {hit.term for hit in read(text, *read_as(one)) if hit.scope == "claim"}


HONEST = [
    "Túi giả da cao cấp", "Giày giả da mềm", "bảo hành 1 đổi 1", "Maison Margiela REPLICA", "không bán hàng nhái",
    "Nói không với hàng giả",
    "rep inbox chậm", "Do gia dung gia dinh", "Ảnh thật 1:1", "Vans UA Authentic", "Nike SF Air Force 1",
    "Túi in chữ Fake Love", "giày fake dây", "Hoàn tiền 100% nếu phát hiện hàng giả, hàng nhái.", "Fake 1 đền 10", "",
    "   ", "👟🔥",
    "Áo fake 2 lớp", "Gạo loại 1", "Da bò loại 1", "Hạt giống F1", "Áo khoác Puma F1 Racing", "Giày siêu cấp êm",
    "Serum siêu cấp nước",
    "mô hình tỉ lệ 1:1", "Pin AAA", "Áo đấu Replica mùa mới", "Shop chỉ bán auth không rep", "Không auth đền 10 lần",
    "máy copy", "Under Armour UA HOVR",
    "Nike Pegasus 11", "iPhone 11 đổi 1:1", "mồi nhái hơi", "Hàng nhái tràn lan, hãy cẩn thận",
]  # fmt: skip


@pytest.mark.parametrize("text", HONEST)
@pytest.mark.parametrize("category", [None, "shoes", "bags", "clothing", "perfume", "household"])
def test_honest_texts_claim_nothing_strong(text: str, category: str | None) -> None:
    assert strong(text, category, branded=True) == []
    assert strong(text, category, branded=False) == []


@pytest.mark.parametrize(
    ("text", "quote", "disguise"),
    [
        ("su\u200bper fâké", "su\u200bper fâké", "invisible"),
        ("ｓｕｐｅｒ ｆａｋｅ", "ｓｕｐｅｒ ｆａｋｅ", None),
        ("dép r3p 1️⃣:1️⃣", "dép r3p 1️⃣:1️⃣", "leet"),
        ("túi f\u0430ke 1", "túi f\u0430ke 1", "lookalike"),
        ("Giày f a k e 1 đẹp", "Giày f a k e 1", "joined"),
        ("hàng nhaí loại 1", "hàng nhaí loại 1", None),
        ("giay hang nhai", "hang nhai", None),
        ("giày rẻp 1:1", "giày rẻp 1:1", None),
        ("Giày Super-Fake", "Super-Fake", None),
        ("dép REP_1:1", "dép REP_1:1", None),
    ],
)
def test_a_hidden_claim_is_found_and_quoted_as_the_seller_wrote_it(text: str, quote: str, disguise: str | None) -> None:
    hits = [hit for hit in read(text) if hit.grade == "S"]
    assert [text[hit.start : hit.end] for hit in hits] == [quote]
    if disguise is not None:
        assert hits[0].disguise is not None


def test_the_view_says_where_a_term_was_seen() -> None:
    shown = {text: read(text)[0].view for text in ("hàng nhái", "hang nhai", "giày f a k e 1")}
    assert shown == {"hàng nhái": "written", "hang nhai": "plain", "giày f a k e 1": "mended"}


def test_a_claim_without_accents_is_no_disguise() -> None:
    (hit,) = read("giay hang nhai")
    assert (hit.grade, hit.scope, hit.disguise) == ("S", "claim", None)


def test_other_words_with_the_same_letters_are_no_term() -> None:
    assert strong("Giày hạng nhài") == []
    assert strong("Tinh dầu hoa nhài cho Nike", "perfume") == []


def test_spans_quote_the_raw_text() -> None:
    text = "Giày  đẹp — HÀNG   NHÁI giá mềm"
    (hit,) = [hit for hit in read(text) if hit.grade == "S"]
    assert (text[hit.start : hit.end], hit.scope, hit.term) == ("HÀNG   NHÁI", "claim", "copy_goods")


def test_the_longest_of_overlapping_terms_is_the_one_reported() -> None:
    assert [hit.term for hit in read("giày hàng fake 1 đẹp")] == ["copy_goods"]


def test_terms_that_reach_beyond_each_other_are_one_claim_named_by_the_stronger() -> None:
    assert strong("Giày rep 1:1 da") == [("S", "Giày rep 1:1")]
    text = "Áo hàng siêu cấp 1:1"
    (hit,) = read(text, branded=True)
    assert (hit.grade, hit.term, text[hit.start : hit.end]) == ("S", "one_to_one", "hàng siêu cấp 1:1")


def test_a_term_that_a_trap_reaches_into_gives_way_to_a_shorter_one_outside() -> None:
    assert strong("Giày fake 1:1 bảo hành 6 tháng") == [("S", "Giày fake")]
    assert strong("Mũ fake 1:1 bảo hành 6 tháng") == [("S", "fake")]
    assert strong("Giày rep inbox") == []


def test_a_brand_decides_where_a_word_is_ambiguous() -> None:
    for word in ("rep", "sf", "f1", "ua", "aaa", "1:1", "siêu cấp", "loại 1", "qccc", "vnxk"):
        text = f"Giày nam {word} mới"
        assert strong(text, branded=True), word
        assert strong(text, branded=False) == [], word


def test_a_brand_word_without_a_brand_says_less() -> None:
    grades = [read("Áo vnxk mới về", "clothing", branded)[0].grade for branded in (True, False)]
    assert grades == ["A", "C"]


def test_the_category_decides_where_a_word_is_ambiguous() -> None:
    assert strong("Giày hàng SF", branded=False)
    assert strong("Truyện hàng SF", "books") == []
    assert strong("Truyện hàng SF", None, branded=False) == []
    assert strong("Giày hàng SF", None, branded=True)


def test_every_grade_is_read() -> None:
    assert [hit.term for hit in read_lexicon(views("hàng nhái chính hãng"), "shoes")] == ["copy_goods", "genuine_claim"]


@pytest.mark.parametrize(
    "text",
    [
        "không phải auth nhé",
        "ko auth",
        "hàng không chính hãng",
        "k phải chính hãng",
        "not authentic",
        "túi khong phai hang chinh hang",
    ],
)
def test_an_assurance_that_is_denied_is_a_claim(text: str) -> None:
    assert [grade for grade, _ in strong(text, "bags")] == ["S"]


@pytest.mark.parametrize("text", ["túi khó phân biệt thật giả", "fake nhưng đẹp", "giày check không ra", "soi ko ra"])
def test_a_boast_with_words_of_warning_is_a_claim(text: str) -> None:
    assert "S" in {grade for grade, _ in strong(text, "bags")}


def test_a_word_that_must_stand_near_is_asked_for() -> None:
    made = own(term(near=("giày", "túi da")))
    read_as_shoes = [
        made.read(views(text), "shoes")
        for text in ("Giày hàng xịt", "hàng xịt loại túi da", "Áo hàng xịt", "Giày một hai ba bốn năm hàng xịt")
    ]
    assert [len(hits) for hits in read_as_shoes] == [1, 1, 0, 0]


def test_a_form_that_is_exact_is_not_found_without_its_accents() -> None:
    made = own(term(forms=(), accented_only=("xịt",)))
    assert [len(made.read(views(text))) for text in ("giày xịt", "giay xit")] == [1, 0]


def test_an_explanation_says_why_a_term_does_not_count() -> None:
    why = {
        one.term.id: (one.hit and one.hit.scope, one.why)
        for one in lexicon().explain(views("Mũ rep nha, không bán hàng nhái"), "shoes", branded=False)
    }
    assert why["rep_bare"] == (None, "counts only beside a protected brand of that kind of goods")
    assert why["copy_goods"] == ("guarantee", "beside: không")
    books = lexicon().explain(views("truyện hàng sf"), "books")
    assert "does not count in the category books" in {one.why for one in books}


@given(st.text(max_size=120), st.booleans())
def test_hits_lie_in_the_text_sorted_and_apart(text: str, branded: bool) -> None:
    hits = read(f"{text} rep 1:1 {text}", "shoes", branded)
    assert all(0 <= hit.start < hit.end <= 2 * len(text) + 9 for hit in hits)
    assert all(one.end <= other.start for one, other in pairwise(hits))


@given(
    st.sampled_from(["rep 1:1", "super fake", "like auth", "hàng nhái", "fake loại 1"]),
    st.sampled_from([" ", "  ", "\t", "\u00a0"]),
)
def test_the_width_of_a_space_changes_nothing(form: str, space: str) -> None:
    assert strong(f"Mẫu {form.replace(' ', space)} da") == [("S", form.replace(" ", space))]


def test_hostile_texts_are_read() -> None:
    hits = read("hàng fake 1 đền rep 1:1 " * 4000)
    assert len(hits) >= 4000
    assert all(one.end <= other.start for one, other in pairwise(hits))
    assert read("\ud800 hàng nhái")
