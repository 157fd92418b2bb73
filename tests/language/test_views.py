from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.language.normalise import fold_text
from counterfoil.language.syllable import is_syllable
from counterfoil.language.views import views

HONEST = [
    "Áo thun nam size S M L XL XXL", "giày 350k", "combo 2 áo 1tr2", "Quần A B C", "iPhone 14 Pro Max 256GB", "Pin 18650 3.7V",
    "Giày Biti's Hunter Core", "Kem chống nắng L'Oreal Paris UV", "🔥Sale🔥 dép nữ 👟", "Túi vải canvas ✨ mềm hơn da",
    "máy lọc A4 B5 R3 S3",
    "Màn gỗ 4 cánh", "can on dinh", "Truyện tranh channel 5", "áo k cổ", "Tủ 3 ngăn cao 1m2", "hàng có sẵn, ship COD",
]  # fmt: skip

DISGUISED = [
    ("Túi D.I.O.R nữ", "D.I.O.R", "dior", "joined"),
    ("Giày N i k e nam", "N i k e", "nike", "joined"),
    ("túi g-u-c-c-i đẹp", "g-u-c-c-i", "gucci", "joined"),
    ("Nước hoa Cha nel số 5", "Cha nel", "chanel", "split"),
    ("giày ad1das chạy bộ", "ad1das", "adidas", "leet"),
    ("ví Gucc1 da", "Gucc1", "gucci", "leet"),
    ("giày r3p đẹp", "r3p", "rep", "leet"),
    ("Giày Nikeee xịn", "Nikeee", "nike", "repeated"),
    ("Túi Chanei mini", "Chanei", "chanel", "misspelt"),
    ("Áo Lacotse polo", "Lacotse", "lacoste", "misspelt"),
    ("hàng f a k e 1", "f a k e", "fake", "joined"),
]


@pytest.mark.parametrize("text", HONEST)
def test_honest_typing_is_left_alone(text: str) -> None:
    assert views(text).mended is None


@pytest.mark.parametrize(("text", "quote", "word", "how"), DISGUISED)
def test_a_disguised_word_is_put_right_and_quoted_as_the_seller_wrote_it(
    text: str, quote: str, word: str, how: str
) -> None:
    seen = views(text)
    (mending,) = seen.mendings
    assert (mending.word, mending.how, text[mending.start : mending.end]) == (word, how, quote)
    assert seen.mended is not None
    assert seen.mended.text == seen.plain.text.replace(fold_text(quote), word)
    assert seen.disguise(mending.start, mending.end) == how


@pytest.mark.parametrize(
    ("text", "quote", "how"),
    [
        ("giày ni\u200bke nam", "ni\u200bke", "invisible"),
        ("giày n\u0456ke nam", "n\u0456ke", "lookalike"),
        ("giày 🅽🅸🅺🅴 nam", "🅽🅸🅺🅴", "styled"),
        ("giày nỉke nam", "nỉke", "accents"),
        ("giày nike nam", "nike", None),
        ("giay hang nhai", "hang nhai", None),
        ("giày hàng nhái", "hàng nhái", None),
    ],
)
def test_letters_tell_how_a_word_is_disguised(text: str, quote: str, how: str | None) -> None:
    start = text.index(quote)
    assert views(text).disguise(start, start + len(quote)) == how


def test_a_whole_title_in_bold_letters_hides_nothing() -> None:
    text = "𝐆𝐢𝐚𝐲 𝐍𝐢𝐤𝐞 𝐧𝐚𝐦 𝐜𝐡𝐢𝐧𝐡 𝐡𝐚𝐧𝐠"
    assert views(text).disguise(*_span(text, "𝐍𝐢𝐤𝐞")) is None


def _span(text: str, part: str) -> tuple[int, int]:
    return text.index(part), text.index(part) + len(part)


@given(st.text(max_size=200))
def test_every_view_maps_each_letter_to_the_raw_text_in_order(text: str) -> None:
    seen = views(text)
    for view in (seen.written, seen.plain, seen.mended):
        if view is not None:
            assert len(view.text) == len(view.origin)
            assert list(view.origin) == sorted(view.origin)
            assert all(0 <= at < max(1, len(text)) for at in view.origin)


@given(
    st.lists(
        st.sampled_from(["f", "a", "k", "e", "d.i.o.r", "Cha", "nel", "r3p", "giày", "350k", "S", "M"]), max_size=30
    )
)
def test_mendings_are_sorted_and_do_not_overlap(words: list[str]) -> None:
    text = " ".join(words)
    spans = [(one.start, one.end) for one in views(text).mendings]
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))
    assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize("word", ["giay", "xuong", "nghia", "tuon", "qua", "an", "nhai", "loai", "khong", "y"])
def test_a_vietnamese_word_has_the_shape_of_a_syllable(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["nel", "nike", "fake", "dior", "gucci", "zara", "rolex", ""])
def test_a_foreign_name_has_not(word: str) -> None:
    assert not is_syllable(word)
