from __future__ import annotations

from itertools import pairwise
from time import process_time

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
    "Áo len 4 mùa cho bé trai", "Giày hàng hải nam", "Mèo lai Âu", "Pin AAA vỉ 4 viên", "Ốp trong Z Flip6", "Soft ear pads",
        "Áo in chữ classic nhẹ", "mã dép RX245", "Thẻ cào 200K", "Deepfake là gì", "hàng QC tốt", "Khăn khen thưởng",
    "Ví simili 3 lớp", "super car mini", "đi chơi nhá!!!",
    "hàng k phải auth", "Nike Air Force 1", "CK Calvin Klein", "Áo siêu cao cổ", "Lỗi 1 đổi 1",
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
    ("Dép hà ng n hái đẹp", "hà ng n hái", "hang nhai", "split"),
    ("Túi siê u cấp đẹp", "siê u", "sieu", "split"),
    ("túi xiu cấp", "xiu", "sieu", "misspelt"),
    ("Giày N ew Balance 530", "N ew", "new", "split"),
    ("giày jo rsan 1 thấp", "jo rsan", "jordan", "split"),
    ("🔥B u r b e r r y🔥 áo", "B u r b e r r y", "burberry", "joined"),
    ("Túi Gu cic da", "Gu cic", "gucci", "split"),
    ("Giày Nikje chạy", "Nikje", "nike", "misspelt"),
    ("áo N·j·k·e nam", "N·j·k·e", "nike", "joined"),
    ("Giày Yizi 350", "Yizi", "yeezy", "misspelt"),
    ("nước hoa Mõntblsnc nam", "Mõntblsnc", "montblanc", "misspelt"),
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


def test_a_name_that_honest_sellers_write_in_two_is_read_but_is_no_disguise() -> None:
    text = "Giày Ni ke chạy bộ"
    seen = views(text)
    assert seen.mended is not None
    assert "nike" in seen.mended.text
    assert seen.disguise(*_span(text, "Ni ke")) is None


@given(
    st.lists(
        st.sampled_from(["giày", "nam", "đẹp", "siêu", "nhẹ", "hàng", "hải", "quân", "da", "bò", "cao", "cấp"]),
        max_size=25,
    )
)
def test_plain_vietnamese_words_are_never_mended(words: list[str]) -> None:
    assert views(" ".join(words)).mended is None


@pytest.mark.parametrize("piece", ["hàn g nhá i ", "n i k j e ", "r3p ", "fa ke ", "jo rsan 1 "])
def test_a_title_a_hundred_times_as_long_costs_no_more_for_its_length(piece: str) -> None:
    def cost(text: str) -> float:
        times = []
        for _ in range(3):
            start = process_time()
            views(text)
            times.append(process_time() - start)
        return min(times) / len(text)

    views(piece * 20)
    assert cost(piece * 2_000) < 8 * cost(piece * 20)
