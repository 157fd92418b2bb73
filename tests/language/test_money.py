from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from counterfoil.language.money import MoneyMention, find_money, hidden_price
from counterfoil.language.normalise import accented, fold, fold_text


def found(text: str) -> tuple[MoneyMention, ...]:
    return find_money(fold(text), accented(text))


def one(text: str) -> MoneyMention:
    (mention,) = found(text)
    return mention


EXACT = {
    "350k": 350_000, "350K": 350_000, "350 nghìn": 350_000, "350 ngàn": 350_000, "350.000đ": 350_000,
    "350,000 VND": 350_000, "₫350000": 350_000, "1tr2": 1_200_000, "1tr250": 1_250_000, "1tr05": 1_050_000,
    "1.2tr": 1_200_000, "1,2 triệu": 1_200_000, "1m2": 1_200_000, "2 củ": 2_000_000, "2 chai": 2_000_000,
    "2M": 2_000_000, "2 mê": 2_000_000, "2 củ rưỡi": 2_500_000, "2 củ 5": 2_500_000, "5 lít": 500_000,
    "5 lốp": 500_000, "5 sọi": 500_000, "1 tỏi": 1_000_000_000, "99k": 99_000,
}  # fmt: skip


@pytest.mark.parametrize(("text", "amount"), EXACT.items())
def test_the_usual_spellings_of_a_price_are_read(text: str, amount: int) -> None:
    assert one(text) == MoneyMention(Decimal(amount), Decimal(amount), "VND", 0, len(text), "exact")


@pytest.mark.parametrize(("text", "amount"), EXACT.items())
def test_they_are_read_after_a_price_word_without_accents_too(text: str, amount: int) -> None:
    (mention,) = find_money(fold("Tui dep gia chi " + fold_text(text)))
    assert (mention.low, mention.kind) == (Decimal(amount), "exact")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Giày AF1 350K/đôi", 350_000), ("Túi xinh chỉ 1tr2", 1_200_000), ("Đồng hồ 1.250.000đ", 1_250_000),
        ("Áo sale còn 99k", 99_000), ("1 triệu 250 nghìn", 1_250_000), ("1tr250k", 1_250_000), ("1tr50k", 1_050_000),
        ("1 triệu rưỡi", 1_500_000), ("0,5 triệu", 500_000), ("1.250k", 1_250_000), ("99,5k", 99_500),
        ("350.000 đồng", 350_000), ("350 nghìn đồng", 350_000), ("350 000đ", 350_000), ("vnd 350.000", 350_000),
        ("giá 350.000", 350_000), ("giá:350k", 350_000), ("(350k)", 350_000), ("Túi LV 2 củ", 2_000_000),
        ("2 tỷ 5", 2_500_000_000), ("đồng giá 9k", 9_000), ("giá 2 nghìn rưỡi", 2_500), ("iPhone 12 - 350k", 350_000),
        ("giày size 39-350k", 350_000), ("giá 1 triệu 2 đôi", 1_000_000), ("giá 5 lít", 500_000),
        ("pass 2 chai nhanh", 2_000_000), ("giá ３５０ｋ", 350_000), ("gi\u200bá 35\u200b0k", 350_000),
        ("sale chỉ 24k", 24_000), ("350k bao ship", 350_000), ("áo 350k đen", 350_000), ("túi đen 350k", 350_000),
        ("kệ 3 tầng 350k", 350_000), ("tủ 350k", 350_000), ("12tr5 fix nhẹ", 12_500_000),
    ],
)  # fmt: skip
def test_a_price_is_read_inside_a_title(text: str, amount: int) -> None:
    mention = one(text)
    assert (mention.low, mention.high, mention.currency, mention.kind) == (
        Decimal(amount),
        Decimal(amount),
        "VND",
        "exact",
    )


@pytest.mark.parametrize(
    ("text", "low", "high", "kind", "quoted"),
    [
        ("3xx", 300_000, 399_000, "masked", "3xx"),
        ("3**k", 300_000, 399_000, "masked", "3**k"),
        ("3xxk", 300_000, 399_000, "masked", "3xxk"),
        ("giày 35xk nhé", 350_000, 359_000, "masked", "35xk"),
        ("4xx.000", 400_000, 499_000, "masked", "4xx.000"),
        ("3x.000đ", 30_000, 39_000, "masked", "3x.000đ"),
        ("1.xxx.000đ", 1_000_000, 1_999_000, "masked", "1.xxx.000đ"),
        ("***k", 100_000, 999_000, "masked", "***k"),
        ("1tr2xx", 1_200_000, 1_299_000, "masked", "1tr2xx"),
        ("1trxxx", 1_000_000, 1_999_000, "masked", "1trxxx"),
        ("2xx-3xx", 200_000, 399_000, "masked", "2xx-3xx"),
        ("Áo từ 199k đến 250k", 199_000, 250_000, "range", "199k đến 250k"),
        ("199-250k", 199_000, 250_000, "range", "199-250k"),
        ("1tr5-1tr8", 1_500_000, 1_800_000, "range", "1tr5-1tr8"),
        ("giá 2-3 củ", 2_000_000, 3_000_000, "range", "2-3 củ"),
        ("199.000đ ~ 250.000đ", 199_000, 250_000, "range", "199.000đ ~ 250.000đ"),
        ("chỉ từ 99k", 99_000, 99_000, "range", "99k"),
        ("dưới 200k", 200_000, 200_000, "range", "200k"),
    ],
)
def test_a_range_and_a_masked_price_keep_both_ends(text: str, low: int, high: int, kind: str, quoted: str) -> None:
    mention = one(text)
    assert (mention.low, mention.high, mention.kind) == (Decimal(low), Decimal(high), kind)
    assert text[mention.start : mention.end] == quoted


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [("$35", 35, "USD"), ("35 USD", 35, "USD"), ("us$ 1,250", 1250, "USD"), ("€35", 35, "EUR"), ("NT$350", 350, "TWD"),
     ("$12.50", "12.50", "USD"), ("giá 35 tệ", 35, "CNY")],
)  # fmt: skip
def test_other_currencies_are_named(text: str, amount: int | str, currency: str) -> None:
    mention = one(text)
    assert (mention.low, mention.currency, mention.kind) == (Decimal(amount), currency, "exact")


@pytest.mark.parametrize(
    ("text", "share"),
    [("giá chỉ 1/10", "0.1"), ("rẻ bằng 1/5 giá hãng", "0.2"), ("chỉ 10% giá auth", "0.1"), ("1/4 giá store", "0.25")],
)
def test_a_share_of_the_genuine_price_has_no_currency(text: str, share: str) -> None:
    mention = one(text)
    assert (mention.low, mention.currency, mention.kind) == (Decimal(share), None, "share")


NOT_MONEY = [
    "gấu bông cao 1m2", "váy dài 1m2", "rèm 1m2 x 2m", "giá 1m2 gạch men", "khổ 1m5", "nặng 1m", "cáp 100m", "size 38",
    "size 38 k lỗi", "fullbox k box", "năm 2024", "20xx", "1:1", "rep 1:1", "500g", "1kg", "dầu nhớt 5 lít",
    "nồi 5 lít giá rẻ", "balo giá rẻ 20 lít", "bình nước giá 5 lít", "2 chai nước hoa", "giá 2 chai nước hoa 50ml",
    "combo 2 chai dầu gội", "tivi 4k", "video 4K nét", "vàng 24k", "nhẫn vàng 18k", "mặt nạ 24k", "pin 10k mah",
    "tr ơi đẹp", "2 xị", "giá 2 xị", "áo giả 2 lớp", "váy 2 lớp", "ví 3 ngăn", "tủ 5 ngăn", "iPhone 12 cũ", "iphone 12 cu",
    "2 củ sạc", "giá 2 củ tỏi", "5 sợi", "i9-13900k", "đèn led 6500k", "bảo hành 1 đổi 1", "vải 1680D", "3D", "size 3xl", "2xxl",
    "09xx xxx xxx", "0900 xxx 001", "10k follow", "đã bán 10k", "1.000.000 lượt", "10.000 mAh", "1/10", "tỉ lệ 1/10",
    "mô hình 1/64 giá rẻ", "tay 1/2", "sale 70%", "giảm 20% giá trị", "khách sạn 5**", "sinh năm 2k5", "35-42", "12.12",
    "size 17.5x 12", "giá 100 cái", "sách 300 tr", "0đ", "000đ", "1tr2k", "thu 2023 đông", "còn 2 cũ",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_MONEY)
def test_sizes_years_weights_and_other_words_are_no_prices(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(
    "text",
    ["giảm 50k", "giảm ngay 50k cho đơn", "voucher 100k", "phí ship 30k", "freeship từ 99k", "đặt cọc 200k", "giá gốc 500k",
     "giá hãng 3tr", "(149k giá cũ)", "thêm 20k lấy hộp", "có hộp +10k", "đền ngay 500k", "đơn từ 99k"],
)  # fmt: skip
def test_discounts_fees_and_old_prices_are_not_what_is_asked(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(
    "text", ["giá gốc 500k sale 350k", "500k còn 350k", "500k -> 350k", "500k giảm còn 350k", "giảm 150k giá 350k"]
)
def test_of_a_lowered_price_the_new_one_is_kept(text: str) -> None:
    assert one(text).low == 350_000


def test_accents_tell_slang_from_other_words() -> None:
    assert [m.low for m in found("giá 5 lốp")] == [500_000]
    assert found("giá 5 lớp") == ()
    assert [m.low for m in found("giá 100 ngàn")] == [100_000]
    assert found("giá 3 ngăn") == ()


# ---- written in every spelling, and read back ----

SPELLINGS = ["k", "K", " nghìn", "đ", " VND", "₫", ".k"]


def write(thousands: int, how: str) -> str:
    """An amount of whole thousands as a shop spells it."""
    dotted = f"{thousands * 1000:,}"
    return {
        "k": f"{thousands}k",
        "K": f"{thousands} K",
        " nghìn": f"{thousands} nghìn",
        "đ": dotted.replace(",", ".") + "đ",
        " VND": dotted + " VND",
        "₫": f"₫{thousands * 1000}",
        ".k": f"{thousands}.000 đồng",
    }[how]


@given(
    st.integers(25, 999), st.sampled_from(SPELLINGS), st.sampled_from(["", "Giày đẹp giá ", "Áo thun, "]), st.booleans()
)
def test_what_is_written_in_thousands_is_read_back(thousands: int, how: str, lead: str, bare: bool) -> None:
    text = lead + write(thousands, how)
    mention = find_money(fold(text))[0] if bare else one(text)
    amount = Decimal(thousands * 1000)
    assert (mention.low, mention.high, mention.kind) == (amount, amount, "exact")
    assert text[mention.start : mention.end] == write(thousands, how)


@given(st.integers(1, 99), st.integers(0, 999), st.sampled_from(["tr{:03}", "{}tr", " triệu {:03}", "dots"]))
def test_what_is_written_in_millions_is_read_back(millions: int, rest: int, how: str) -> None:
    if how == "dots":
        text = f"{millions}.{rest:03}.000đ"
    elif how == "{}tr":
        rest -= rest % 10
        text = f"{millions},{rest // 10:02}tr"
    else:
        text = f"{millions}{how.format(rest)}"
    assert one("giá " + text).low == millions * 1_000_000 + rest * 1000


@given(st.integers(1, 9), st.sampled_from(["x", "*"]), st.integers(1, 2))
def test_a_masked_price_spans_what_its_mask_may_hide(first: int, mask: str, hidden: int) -> None:
    mention = one(f"giá {first}{mask * hidden}k")
    assert (mention.low, mention.high) == (first * 10**hidden * 1000, ((first + 1) * 10**hidden - 1) * 1000)


@given(
    st.one_of(
        st.integers(16, 60).map("size {}".format),
        st.integers(1950, 2035).map("mẫu năm {}".format),
        st.integers(0, 999_999).map("sđt 0900{:06}".format),
        st.integers(0, 999).map("0900 000 {:03}".format),
        st.integers(1, 999).map("{}g".format),
        st.integers(1, 999).map("{}ml".format),
        st.tuples(st.integers(1, 99), st.integers(1, 99)).map("{0[0]}x{0[1]}cm".format),
        st.tuples(st.integers(35, 39), st.integers(40, 45)).map("size {0[0]}-{0[1]}".format),
        st.tuples(st.integers(1, 28), st.integers(1, 12)).map("sale {0[0]}/{0[1]} nhé".format),
        st.integers(1, 99).map("{}%".format),
    )
)
def test_sizes_phones_and_years_are_never_money(text: str) -> None:
    assert found("Giày đẹp " + text) == ()


PIECES = st.sampled_from(
    ["1", "2", "350", "k", "tr", "củ", "xx", "*", ".", ",", "-", " ", "đ", "$", "giá", "từ", "đến", "1/10", "%", "ib", "０",
     "\u0301", "\u200b", "x", "còn", "lít", "m", "\n", "٣"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=16).map("".join)))
@example("giá 1.000.000.000.000k")
@example("00,5 triệu 250")
def test_any_text_is_read_and_spans_are_sorted_and_apart(text: str) -> None:
    end = 0
    for mention in found(text):
        assert end <= mention.start < mention.end <= len(text)
        assert 0 < mention.low <= mention.high
        end = mention.end
    span = hidden_price(fold(text))
    assert span is None or 0 <= span[0] < span[1] <= len(text)


# ---- speed ----


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "1k ", "1tr2 ", "350k-", "xxk ", "* ", "1% gia ", "1.000.", "giá ib ", "12 cu "]
)
def test_hostile_texts_cost_no_more_than_their_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = fold(unit * (length // len(unit)))
        start = time.process_time()
        find_money(text)
        hidden_price(text)
        return time.process_time() - start

    seconds(1000)
    short = min(seconds(4_000) for _ in range(3))
    assert min(seconds(40_000) for _ in range(3)) < 40 * short + 0.02


def test_a_title_without_digits_is_left_at_once() -> None:
    title = fold("Giày thể thao nam nữ dáng thấp màu trắng phối đen dễ thương")
    start = time.process_time()
    for _ in range(1000):
        assert find_money(title) == ()
    assert time.process_time() - start < 0.03


@pytest.mark.slow
def test_ten_million_digits_are_read_in_linear_time() -> None:
    text = fold("1" * 10_000_000)
    start = time.process_time()
    assert find_money(text) == ()
    assert hidden_price(text) is None
    assert time.process_time() - start < 10
