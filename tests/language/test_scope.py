from __future__ import annotations

import pytest

from counterfoil.language.lexicon import is_accessory, is_used, read_lexicon
from counterfoil.language.views import views


def scopes(text: str, category: str = "shoes", branded: bool = True) -> list[str]:
    """The scopes of the strong terms."""
    return [hit.scope for hit in read_lexicon(views(text), category, branded) if hit.grade in ("S", "A")]


@pytest.mark.parametrize(
    "text",
    [
        "Shop không bán hàng nhái", "Nói không với hàng fake", "phát hiện hàng fake 1 đền ngay",
        "Tránh mua phải hàng nhái", "Phân biệt rep 1:1 và chính hãng",
        "Nếu là hàng nhái hoàn tiền", "shop k bán super fake", "Cảnh báo super fake", "hàng nhái trôi nổi", "no fake",
        "Hàng nhái đền gấp 10",
        "We don't sell replica shoes", "Nếu không chính hãng shop hoàn tiền",
    ],
)  # fmt: skip
def test_a_denial_a_warning_or_a_promise_is_a_guarantee(text: str) -> None:
    found = scopes(text)
    assert "claim" not in found
    assert set(found) <= {"guarantee"}


def test_a_denial_reaches_no_further_than_its_sentence() -> None:
    assert scopes("Không đổi trả. Giày hàng nhái đẹp") == ["claim"]
    assert scopes("Không đổi trả\nGiày hàng nhái đẹp") == ["claim"]


def test_a_denial_reaches_six_words() -> None:
    far = "không một hai ba bốn năm sáu hàng nhái"
    near = "không một hai ba bốn năm hàng nhái"
    assert [scopes(text) for text in (far, near)] == [["claim"], ["guarantee"]]


def test_a_bare_no_ends_at_the_comma_and_a_refusal_to_sell_does_not() -> None:
    assert scopes("Đế không mềm, hàng rep 1:1") == ["claim"]
    assert scopes("Không bán đồ dởm, hàng rep 1:1") == ["guarantee"]


def test_a_price_in_thousands_denies_nothing() -> None:
    assert scopes("chỉ 350 k hàng nhái") == ["claim"]
    assert scopes("shop k hàng nhái") == ["guarantee"]


@pytest.mark.parametrize(
    "text",
    ["No box hàng rep 1:1", "không phai màu hàng rep 1:1", "rẻ nhất thị trường hàng rep 1:1", "không hộp hàng nhái"],
)
def test_a_trigger_that_denies_something_else_is_harmless(text: str) -> None:
    assert set(scopes(text)) == {"claim"}


@pytest.mark.parametrize(
    "text",
    [
        "Giày này có phải rep 1:1",
        "Nike fake hay auth",
        "auth hay rep 1:1",
        "Giày super fake phải không",
        "rep 1:1 là gì",
    ],
)
def test_a_question_is_no_claim(text: str) -> None:
    assert set(scopes(text)) == {"question"}


@pytest.mark.parametrize(
    ("text", "category", "scope"),
    [
        ("Áo Nike fake 2 lớp", "clothing", "material"),
        ("Áo lông fake fur Zara", "clothing", "material"),
        ("Nước hoa Replica Jazz Club", "perfume", "name"),
        ("Giày Vans UA Authentic", "shoes", "name"),
        ("Nike bảo hành lỗi đổi 1:1", "shoes", "guarantee"),
        ("Adidas ảnh thật 1:1", "shoes", "trap"),
        ("Giày Nike, shop rep chậm", "shoes", "trap"),
    ],
)
def test_a_phrase_that_means_another_thing_says_which(text: str, category: str, scope: str) -> None:
    assert set(scopes(text, category)) == {scope}


def test_a_hint_on_what_only_fits_a_brand_says_nothing_of_the_brand() -> None:
    assert scopes("Ốp lưng siêu cấp cho iPhone 14", "phone_accessories") == ["compatibility"]
    assert scopes("Dây giày loại 1 Nike", "shoes") == ["compatibility"]
    assert scopes("Giày Nike loại 1", "shoes") == ["claim"]
    assert scopes("Củ sạc rep 1:1 cho iPhone", "phone_accessories") == ["claim"]


@pytest.mark.parametrize(
    ("title", "quote"),
    [
        ("Ốp lưng cho iPhone 14", "cho iPhone"),
        ("Sạc Samsung dùng cho điện thoại iPhone", "dùng cho điện thoại iPhone"),
        ("Kính cường lực iPhone 14 Pro", "Kính cường lực iPhone"),
        ("Dây giày Nike oval", "Dây giày Nike"),
        ("Lõi lọc tương thích Philips", "tương thích Philips"),
        ("Watch strap for Casio 20mm", "for Casio"),
        ("Op lung danh cho iphone", "danh cho iphone"),
    ],
)
def test_what_fits_a_brand_is_an_accessory(title: str, quote: str) -> None:
    span = is_accessory(views(title))
    assert span is not None
    assert title[slice(*span)] == quote


@pytest.mark.parametrize(
    "title",
    [
        "Giày Nike Air full hộp", "Túi Gucci kèm hộp và túi giấy", "Áo thun cho bé", "Nước hoa Chanel cho nữ",
        "Giày Adidas dành cho nam", "", "Cho thuê xe",
        "Đồng hồ Casio dây đeo da",
    ],
)  # fmt: skip
def test_the_goods_of_a_brand_are_no_accessory(title: str) -> None:
    assert is_accessory(views(title)) is None


@pytest.mark.parametrize(
    ("title", "quote"),
    [
        ("Giày Nike 2hand", "2hand"),
        ("Áo đã qua sử dụng", "đã qua sử dụng"),
        ("Pass lại túi Gucci", "Pass lại"),
        ("iPhone like new", "like new"),
        ("Túi si tuyển Nhật", "si tuyển"),
        ("Loa cũ 95%", "cũ 95%"),
        ("giay second-hand", "second-hand"),
    ],
)
def test_goods_that_had_an_owner_are_told_by_their_words(title: str, quote: str) -> None:
    span = is_used(views(title))
    assert span is not None
    assert title[slice(*span)] == quote


@pytest.mark.parametrize(
    "title",
    [
        "Giày New Balance mới",
        "Áo phong cách vintage",
        "Thu cũ đổi mới",
        "Chưa qua sử dụng",
        "Kem dưỡng da",
        "Ấm siêu tốc",
    ],
)
def test_new_goods_are_not_used(title: str) -> None:
    assert is_used(views(title)) is None
