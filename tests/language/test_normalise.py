from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.language.normalise import Folded, accented, fold, fold_text

VIETNAMESE = "aăâeêioôơuưyđ AĂÂEÊIOÔƠUƯYĐ\u0300\u0301\u0303\u0309\u0323"
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.sampled_from(VIETNAMESE), max_size=40),
    st.text(alphabet=st.characters(categories=["Mn", "Cf", "Cs", "Zs", "Lu", "Mc", "So"]), max_size=30),
    st.text(alphabet="한가ㄳ각ᆨㅏ ｶﾞがﬁ１①", max_size=20),
)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("GIÀY  Thể Thao", "giay the thao"),
        ("Ðồng hồ đẹp", "dong ho dep"),
        ("f\u200bak\u00ade", "fake"),
        ("ｆａｋｅ 𝐟𝐚𝐤𝐞 ⓕⓐⓚⓔ ¹:¹", "fake fake fake 1:1"),
        ("1\ufe0f\u20e3:1\ufe0f\u20e3", "1:1"),
        ("fâké nỉke", "fake nike"),
        ("a\t\n b\u00a0c", "a b c"),
        ("無品牌", "無品牌"),
        ("", ""),
    ],
)
def test_texts_fold_to_one_spelling(raw: str, plain: str) -> None:
    assert fold(raw).text == fold_text(raw) == plain


def test_accents_are_kept_where_they_are_asked_for() -> None:
    assert accented(unicodedata.normalize("NFD", "Hàng NHÁI  Ðẹp uỷ")).text == "hàng nhái đẹp uỷ"


def test_a_span_covers_marks_and_leads_back_to_the_raw_text() -> None:
    raw = unicodedata.normalize("NFD", "túi  Lệ\u200b Vi")
    folded = fold(raw)
    start = folded.text.index("le vi")
    begin, end = folded.span(start, start + len("le vi"))
    assert raw[begin:end] == unicodedata.normalize("NFD", "Lệ\u200b Vi")
    assert folded.span(0, 0) == (0, 0)
    assert fold("ﬁ").span(0, 1) == (0, 1)


@given(TEXTS)
def test_origins_rise_and_there_is_one_for_each_character(text: str) -> None:
    for view in (fold(text), accented(text)):
        assert isinstance(view, Folded)
        assert len(view.origin) == len(view.text)
        assert all(one <= other for one, other in pairwise(view.origin))
        assert all(0 <= at < len(text) for at in view.origin)
        if view.text:
            assert view.span(0, len(view.text)) == (view.origin[0], len(text))


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text).text).text == fold(text).text
    assert accented(accented(text).text).text == accented(text).text


@given(TEXTS)
def test_the_fast_path_says_the_same(text: str) -> None:
    assert fold_text(text) == fold(text).text


@given(TEXTS)
def test_composed_and_decomposed_texts_fold_alike(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fold(composed).text == fold(decomposed).text
    assert accented(composed).text == accented(decomposed).text


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126)))
def test_plain_ascii_only_loses_its_case(text: str) -> None:
    assert fold(text).text == text.lower()
    assert list(fold(text).origin) == list(range(len(text)))


@pytest.mark.parametrize(
    "hostile", ["a" + "\u0301\u0327" * 50_000, "\ud800" * 100_000, "\u200b" * 100_000, " " * 100_000]
)
def test_hostile_texts_are_folded(hostile: str) -> None:
    assert len(fold(hostile).text) == len(fold_text(hostile)) <= 100_000


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("f\u0430ke", "fake"), ("s\u0456êu", "sieu"), ("ƒake", "fake"), ("ΝΙΚΕ", "nike"),
        ("\u0421hanel", "chanel"), ("🅵🅰🅺🅴", "fake"),
        ("ꜰᴀᴋᴇ", "fake"),
        ("🇫🇦🇰🇪", "fake"), ("1️⃣:1️⃣", "1:1"), ("𝐟𝐚𝐤𝐞 ｆａｋｅ ⓕⓐⓚⓔ 🄵🄰🄺🄴 ¹:¹", "fake fake fake fake 1:1"), ("Ðồng hồ", "dong ho"),
        ("fâké", "fake"), ("nỉke", "nike"), ("\u202ef\u200bake", "fake"),
    ],
)  # fmt: skip
def test_letters_that_look_like_others_fold_to_them(written: str, read: str) -> None:
    assert fold(written).text == fold_text(written) == read


@pytest.mark.parametrize("text", ["🇻🇳 Nike🇺🇸", "Áo 🇰🇷", "👟🔥 giày"])
def test_flags_and_emoji_stay_as_they_are(text: str) -> None:
    assert fold_text(text) == unicodedata.normalize(
        "NFC", "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    )


@given(st.text(alphabet="aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệđoôơuưyỳỷỹýỵ 0123456789k:.,", max_size=80))
def test_accented_vietnamese_keeps_its_letters_in_either_normal_form(text: str) -> None:
    composed = accented(unicodedata.normalize("NFC", text)).text
    assert composed == accented(unicodedata.normalize("NFD", text)).text
    assert composed == re.sub(r"\s+", " ", text)
