from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.language.normalise import accented, fold
from counterfoil.language.pack import Pack, read_pack


def read(text: str) -> Pack | None:
    return read_pack(fold(text), accented(text))


@pytest.mark.parametrize(
    ("text", "quantity", "free", "quoted"),
    [
        ("combo 3", 3, 0, "combo 3"), ("set 5", 5, 0, "set 5"), ("bộ 3", 3, 0, "bộ 3"),
        ("Trà gừng hộp 10 gói", 10, 0, "hộp 10 gói"), ("lốc 6", 6, 0, "lốc 6"), ("Sữa tươi thùng 24", 24, 0, "thùng 24"),
        ("2 tặng 1", 2, 1, "2 tặng 1"), ("[Mua 1 tặng 1] Son dưỡng", 1, 1, "Mua 1 tặng 1"),
        ("Mua 2 tặng 1 - sữa tắm", 2, 1, "Mua 2 tặng 1"), ("combo 2 tặng 1", 2, 1, "combo 2 tặng 1"),
        ("Khăn mặt (x3)", 3, 0, "(x3)"), ("5 đôi tất nam", 5, 0, "5 đôi"), ("1 cặp tạ tay", 1, 0, "1 cặp"),
        ("bút bi 10 cái", 10, 0, "10 cái"), ("3 chiếc khăn", 3, 0, "3 chiếc"), ("sỉ 50 cái", 50, 0, "sỉ 50 cái"),
        ("bộ 3 cây son lì", 3, 0, "bộ 3 cây"), ("Set 5 đôi tất nữ", 5, 0, "Set 5 đôi"),
        ("combo 2 hộp 10 gói", 20, 0, "combo 2 hộp 10 gói"),
        ("bộ 5 quần lót nam", 5, 0, "bộ 5"), ("Lố 10 đôi tất", 10, 0, "Lố 10 đôi"), ("gói 30 miếng khăn", 30, 0, "gói 30 miếng"),
        ("1 set 5 đôi tất", 5, 0, "set 5 đôi"), ("Combo 5 đôi tất (5 đôi)", 5, 0, "Combo 5 đôi"),
        ("co\u200bmbo 3 áo", 3, 0, "co\u200bmbo 3"),
    ],
)  # fmt: skip
def test_the_number_of_pieces_is_read(text: str, quantity: int, free: int, quoted: str) -> None:
    pack = read(text)
    assert pack is not None
    assert (pack.quantity, pack.free, pack.content) == (quantity, free, None)
    assert text[pack.start : pack.end] == quoted


@pytest.mark.parametrize(
    ("text", "quantity", "content", "unit"),
    [
        ("100ml x 2", 2, "100", "ml"), ("2 x 100ml", 2, "100", "ml"), ("Serum 2 chai x 30 ml", 2, "30", "ml"),
        ("hộp 30 viên", 1, "30", "viên"), ("Vitamin C lọ 60 viên", 1, "60", "viên"), ("Nước hoa 50ml", 1, "50", "ml"),
        ("dầu ăn chai 1,5l", 1, "1500", "ml"), ("gói 1kg", 1, "1000", "g"), ("Combo 2 chai dầu gội 650g", 2, "650", "g"),
        ("lốc 4 hộp sữa 180ml", 4, "180", "ml"), ("khăn giấy gói 30 tờ", 1, "30", "tờ"), ("Combo 2 hộp 30 viên", 2, "30", "viên"),
    ],
)  # fmt: skip
def test_what_each_piece_holds_is_no_number_of_pieces(text: str, quantity: int, content: str, unit: str) -> None:
    pack = read(text)
    assert pack is not None
    assert (pack.quantity, pack.free, pack.content, pack.unit) == (quantity, 0, Decimal(content), unit)


@pytest.mark.parametrize(
    "text",
    [
        "bộ đồ 3 món", "set 2 món áo quần", "set 2 áo khoác", "combo 3 món", "bộ 3 nồi inox", "bảo hành 1 đổi 1", "1 đổi 1",
        "bao hanh 1 doi 1", "size 3", "combo siêu hời", "iPhone 12", "pin 2 viên", "mua 2 giảm 10%", "từ 2 đôi",
        "freeship từ 2 đôi",
        "mua 2 tặng 1 dây sạc", "tặng 1 đôi tất", "tặng bộ 3 chai", "còn 2 cái", "combo 2-3 cái", "combo 3 hoặc 5",
        "combo 1 áo + 1 quần",
        "máy lọc 9 cấp", "kệ giày 12 đôi", "hộp đựng 12 cái", "đôi gồm 2 chiếc", "2 miếng lót", "bộ 2 miếng lót giày", "set 3in1",
        "ví gấp 3 thời trang", "túi 2 hợp", "bộ chăn ga 2 gối", "áo 3 màu", "hộp 3 ngăn", "thùng 50 lít", "thịt bò 3 kg", "sim 5g",
        "usb 64g", "bmw x3", "30x40", "2x3m", "giá 100 cái", "balo 20l", "bình 500ml", "AF1 07", "giày size 39", "3.5 đôi",
        "đôi", "",
        "combo 3 áo, tặng 2 cặp và set 5 đôi tất",
    ],
)  # fmt: skip
def test_offers_sizes_suits_and_levels_are_no_packs(text: str) -> None:
    assert read(text) is None


def test_two_numbers_of_pieces_that_differ_are_none() -> None:
    assert read("combo 3 áo, set 5 tất") is None
    assert read("combo 3 áo, bộ 3 cái") is not None


def test_two_contents_that_differ_leave_the_number_of_pieces() -> None:
    pack = read("combo 2 chai 100ml 200ml")
    assert pack is not None
    assert (pack.quantity, pack.content, pack.unit) == (2, None, None)


@given(
    st.integers(2, 999),
    st.sampled_from(["combo {}", "Set {} cái", "bộ {} chiếc", "lốc {} hộp", "thùng {} lon", "{} đôi", "hộp {} gói"]),
    st.sampled_from(["", " hàng đẹp", " - giao nhanh", ", chọn màu"]),
    st.sampled_from(["", "Hàng tốt ", "[MỚI] "]),
)
def test_a_number_of_pieces_written_is_read_back(quantity: int, how: str, after: str, before: str) -> None:
    written = how.format(quantity)
    text = before + written + after
    pack = read(text)
    assert pack is not None
    assert (pack.quantity, pack.free, text[pack.start : pack.end]) == (quantity, 0, written)


@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(1, 999),
    st.sampled_from(["ml", "g", "viên"]),
    st.sampled_from("x*×"),
)
def test_a_product_written_is_read_back(quantity: int, free: int, content: int, unit: str, sign: str) -> None:
    product = read(f"{content}{unit} {sign} {quantity}")
    assert product is not None
    assert (product.quantity, product.content, product.unit) == (quantity, Decimal(content), unit)
    offer = read(f"mua {quantity} tặng {free}")
    assert offer is not None
    assert (offer.quantity, offer.free) == (quantity, free)


PIECES = st.sampled_from(
    [
        "combo",
        "set",
        "bộ",
        "hộp",
        "1",
        "2",
        "30",
        "tặng",
        "đôi",
        "viên",
        "ml",
        "x",
        "(",
        ")",
        "[x3]",
        " ",
        "kg",
        ".",
        ",",
        "-",
        "0",
        "cặp",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES).map("".join)))
def test_any_text_is_read_and_its_span_lies_inside(text: str) -> None:
    pack = read(text)
    if pack is not None:
        assert 0 <= pack.start < pack.end <= len(text)
        assert pack.quantity >= 1
        assert pack.free >= 0
        assert (pack.content is None) == (pack.unit is None)
        assert pack.content is None or pack.content > 0


@pytest.mark.parametrize("unit", ["1", "1 ", "combo 3 ", "2 cai ", "1 tang 1 ", "100ml x 2 ", "3ml ", "(x3)", "hop 1 "])
def test_hostile_texts_cost_no_more_than_their_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = fold(unit * (length // len(unit)))
        start = time.process_time()
        read_pack(text)
        return time.process_time() - start

    seconds(1000)
    short = min(seconds(4_000) for _ in range(3))
    assert min(seconds(40_000) for _ in range(3)) < 40 * short + 0.02
