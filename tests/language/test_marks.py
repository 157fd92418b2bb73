from __future__ import annotations

import csv
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.knowledge.marks import GAP, marks
from counterfoil.language.brands import brand_key, find_brands
from counterfoil.language.marks import described
from counterfoil.language.normalise import fold_text
from counterfoil.language.views import views

# Motifs that anybody may sell: each stands in a mark's phrases, and none of these titles means the mark.
_HONEST = {
    "clothing": (
        "Áo 3 sọc kẻ ngang tay dài nữ form rộng", "Áo thun ba sọc tay phối màu học sinh",
        "Quần thể thao nam 3 sọc bên hông vải thun lạnh",
        "Bộ đồ bóng đá không logo 3 sọc vai", "Vòng tay hoa cỏ 4 lá mạ vàng nữ tính", "Dây chuyền cỏ bốn lá bạc 925 tặng hộp",
        "Thắt lưng nữ khóa chữ H bản nhỏ", "Thắt lưng nam mặt chữ H khóa tự động", "Áo thun in hình quả táo cắn dở vui nhộn",
        "Áo polo cá sấu nam vải cotton 4 chiều", "Áo thun nam vải cá sấu poly co giãn", "Dây nịt da cá sấu khóa kim",
        "Áo sơ mi kẻ caro nam tay dài", "Khăn choàng cổ kẻ caro len dày", "Váy caro nữ sinh phong cách nước Anh",
        "Áo hoodie in hình con hổ Nhật Bản", "Áo bé trai in hình cá mập", "Áo thun in con khỉ 12 con giáp",
        "Áo len cổ chữ V trơn",
        "Áo thun in chữ N cho cặp đôi", "Áo bé gái thêu ngựa pony", "Mũ bóng chày nam trơn che nắng",
        "Hoa tai thiên nga pha lê lấp lánh",
        "Dây chuyền mặt chữ D bạc nữ", "Vòng cổ thánh giá bạc công giáo", "Nhẫn hình con rắn cá tính",
        "Trâm cài vương miện cô dâu",
        "Áo thun in Medusa phong cách Hy Lạp", "Áo gió la bàn hướng đạo sinh", "Áo in hình bộ xương halloween",
        "Áo khoác nữ kiểu nhà mốt phong cách Pháp cổ điển", "Đầm dự tiệc phong cách quý bà sang trọng",
    ),
    "bags": (
        "Túi in hình cỏ bốn lá may mắn vải canvas", "Túi xách khóa chữ H công sở sang trọng",
        "Ví nam da cá sấu thật nguyên con",
        "Balo hình con cáo cho bé mẫu giáo", "Túi đan cói đi biển", "Túi xách quai tre handmade",
        "Túi trám quai xích mini nữ Hàn Quốc",
        "Túi đeo chéo hình tam giác", "Túi tote in chữ D theo tên", "Túi xách nữ phong cách Paris quý cô",
    ),
    "shoes": (
        "Dép quai chữ H nữ đế mềm", "Giày trẻ em đế đỏ chống trơn", "Giày bóng đá đế đỏ sân cỏ nhân tạo",
        "Giày bảo hộ đế đỏ chống đinh",
        "Giày cao gót mũi nhọn đế đỏ 7cm công sở", "Dép sục cá sấu nam nữ siêu nhẹ tặng sticker",
        "Giày thể thao nữ chữ N đế êm",
        "Giày sục đế mây siêu nhẹ", "Giày tabi ninja lao động", "Giày vải cổ cao ngôi sao nam nữ",
    ),
    "watches": ("Đồng hồ trẻ em hình vương miện công chúa", "Đồng hồ nữ mặt bát giác dây thép trẻ trung",
        "Đồng hồ nam 6 ốc vít dây cao su"),
    "electronics": ("Máy ép táo chậm 200W", "Máy sấy tóc đầu rỗng ion âm", "Loa bluetooth chữ viết tay cá nhân hóa"),
    "food": ("Táo tươi New Zealand 1kg", "Táo đỏ sấy dẻo 500g"),
    "household": ("Ly giữ nhiệt hình con gấu cho bé", "Khóa chữ H cửa nhôm", "Vợt muỗi điện nhà C",
        "Bông tuyết trang trí noel 20 cái"),
    "perfume": ("Nước hoa ô tô hình quả táo", "Chai chiết hình thân người"),
    "cosmetics": ("Son vỏ đen viền vàng giá học sinh", "Serum chai nâu vitamin C", "Nước thần gạo căng bóng da"),
    "alcohol": ("Rượu vang chai nhân mã Chile",),
    "motor_parts": ("Tem dán đôi cánh thiên thần xe máy", "Khóa chữ U chống trộm"),
    "toys": ("Đồ chơi cá sấu cắn tay vui nhộn", "Gấu bông thỏ tai dài 40cm", "Mô hình Medusa thần thoại Hy Lạp"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("category", "title", "brand", "quote"),
    [
        ("bags", "Túi nhỏ hai chữ C úp lưng, xích vàng", "chanel", "hai chữ C úp lưng"),
        ("bags", "Ví nhà L hoa nâu, bao soi", "louis-vuitton", "nhà L"),
        ("bags", "Túi hãng G*, da mềm", "gucci", "hãng G*"),
        ("bags", "Túi quai tre nước Ý da bò", "gucci", "quai tre"),
        ("bags", "Túi da đan lưới ngang bản mấy chục triệu", "bottega-veneta", "da đan lưới"),
        ("shoes", "Cao gót đế đỏ mẫu minh tinh 10 phân", "christian-louboutin", "đế đỏ"),
        ("shoes", "Dép chữ H như hàng store", "hermes", "chữ H"),
        ("shoes", "Giày hãng ba sọc trắng xanh", "adidas", "hãng ba sọc"),
        ("shoes", "Giày chữ N xám bản đẹp nhất", "new-balance", "chữ N"),
        ("clothing", "Thắt lưng mặt chữ H kèm hộp cam", "hermes", "chữ H"),
        ("clothing", "Áo thun đầu nữ thần tóc rắn", "versace", "nữ thần tóc rắn"),
        ("clothing", "Polo thêu cá sấu Pháp", "lacoste", "thêu cá sấu"),
        ("clothing", "Khăn kẻ caro y hệt bản ở London", "burberry", "kẻ caro"),
        ("clothing", "Vòng cỏ bốn lá giống bản gốc, khắc số", "van-cleef", "cỏ bốn lá"),
        ("clothing", "Áo len người cưỡi ngựa đánh polo", "ralph-lauren", "cưỡi ngựa đánh polo"),
        ("watches", "Đồng hồ logo vương miện máy cơ", "rolex", "logo vương miện"),
        ("phone_accessories", "Tai nghe trái táo bản trung, đổi tên như thật", "apple", "trái táo"),
        ("household", "Ly gấu có cánh 1.2 lít", "stanley", "gấu có cánh"),
    ],
)  # fmt: skip
def test_a_described_mark_is_its_brand_and_quotes_the_title(category: str, title: str, brand: str, quote: str) -> None:
    found = described(views(title), category)
    assert found is not None
    assert (found.brand, title[found.start : found.end]) == (brand, quote)


@pytest.mark.parametrize(
    "title", ["tui hai chu c quay lung da hat", "TÚI HAI CHỮ C QUAY LƯNG DA HẠT", "Túi hai cái chữ C quay nhau"]
)
def test_a_mark_is_seen_without_accents_in_capitals_and_with_words_between(title: str) -> None:
    found = described(views(title), "bags")
    assert found is not None
    assert found.brand == "chanel"


@pytest.mark.parametrize(("category", "title"), [(name, title) for name, titles in _HONEST.items() for title in titles])
def test_an_everyday_motif_means_no_brand(category: str, title: str) -> None:
    assert [one for one in find_brands(title, category) if one.disguise == "described"] == []


@pytest.mark.parametrize(
    ("motif", "clue"),
    [
        ("Dép quai chữ H", ", nhìn như hàng hiệu"), ("Khăn choàng kẻ caro", " giống bản gốc"),
        ("Vòng cỏ bốn lá", ", y chang bản ở boutique"),
    ],
)  # fmt: skip
def test_it_is_the_clue_that_makes_a_motif_a_mark(motif: str, clue: str) -> None:
    category = "shoes" if "Dép" in motif else "clothing"
    assert described(views(motif), category) is None
    assert described(views(motif + clue), category) is not None
    assert described(views(motif + " đẹp, giao nhanh"), category) is None


def test_a_denied_clue_and_a_style_are_none() -> None:
    assert described(views("Dép quai chữ H, không phải hàng hiệu"), "shoes") is None
    assert described(views("Túi quai tre phong cách nước Ý"), "bags") is None


def test_a_mark_of_another_category_and_one_of_an_unknown_category_say_nothing() -> None:
    title = "Túi hai chữ C quay lưng"
    assert described(views(title), "bags") is not None
    assert described(views(title), "food") is None
    assert described(views(title), None) is None


def test_a_title_that_names_a_brand_describes_none() -> None:
    (mention,) = find_brands("Túi Gucci hai chữ C quay lưng", "bags")
    assert (mention.brand, mention.disguise) == ("gucci", None)


@given(st.sampled_from(marks()), st.data())
def test_a_telling_phrase_is_found_wherever_it_stands_in_its_category(mark: object, data: st.DataObject) -> None:
    one = next(known for known in marks() if known == mark)
    phrase = data.draw(st.sampled_from(one.telling))
    spelled = " ".join(phrase.replace(GAP, " ").split())
    if any(fold_text(word) in fold_text(spelled) for word in one.unless):
        return
    title = f"Hàng mới {spelled} , đủ size"
    found = described(views(title), one.categories[0])
    assert found is not None
    assert fold_text(title[found.start : found.end]).strip() != ""


@given(st.text(max_size=120), st.sampled_from(["bags", "shoes", "clothing", "watches", None]))
def test_a_span_lies_inside_the_title_and_is_not_empty(title: str, category: str | None) -> None:
    found = described(views(title), category)
    assert found is None or 0 <= found.start < found.end <= len(title)


@pytest.mark.parametrize("title", ["Ví lờ-vờ da nâu", "Ví lờ.vờ da nâu", "Ví lờ vờ da nâu"])
def test_a_nickname_is_found_whatever_joins_its_syllables(title: str) -> None:
    assert [(one.brand, one.disguise) for one in find_brands(title, "bags")] == [("louis-vuitton", "nickname")]


@pytest.mark.parametrize(
    ("category", "title", "brand", "quote"),
    [
        ("shoes", "Bốt da 8 lỗ đốc tờ mác tân cổ thấp", "dr-martens", "đốc tờ mác"),
        ("cosmetics", "Phấn hộp IN-NI-SI-PHỜ-RI mịn", "innisfree", "IN-NI-SI-PHỜ-RI"),
        ("alcohol", "Chai si vạc 18 năm", "chivas", "si vạc"),
        ("electronics", "Máy sấy đai sờn màu tím", "dyson", "đai sờn"),
        ("watches", "Đồng hồ pờ-răng... phờ ranh mu lờ mặt cong", "franck-muller", "phờ ranh mu lờ"),
        ("perfume", "Lọ hồng D*or 50ml", "dior", "D*or"),
        ("bags", "Ví Cha*el da sần", "chanel", "Cha*el"),
        ("bags", "Túi Versa** dây xích", "versace", "Versa**"),
    ],
)  # fmt: skip
def test_a_name_read_out_or_with_letters_left_out_is_its_brand(
    category: str, title: str, brand: str, quote: str
) -> None:
    mentions = find_brands(title, category)
    assert [one.brand for one in mentions] == [brand]
    assert mentions[0].disguise is not None
    assert quote in title[mentions[0].start : mentions[0].end]


@pytest.mark.parametrize(
    ("category", "title"),
    [
        ("shoes", "Giày da lộn sang trọng"), ("toys", "Bộ xếp lê gỗ cho bé"), ("shoes", "Dép hình con vật đi trong nhà"),
        ("shoes", "Giày... tây nam công sở"), ("bags", "Túi mới có khóa kéo"), ("clothing", "Áo mẹ may, cô đi chợ mặc"),
        ("clothing", "Áo in chữ A di đà"), ("electronics", "Đèn dây xanh, dây sáng"), ("clothing", "Áo be.. be sữa"),
        ("cosmetics", "Son lần này mà k ưng đổi"), ("clothing", "Áo dài.. sale!! size S/M/L*"), ("bags", "Túi tra..ng sức"),
        ("household", "Giá đi bộ gấp gọn"), ("perfume", "Nước hoa *mới* cho nam"),
    ],
)  # fmt: skip
def test_everyday_words_that_sound_like_a_name_or_break_off_mean_none(category: str, title: str) -> None:
    assert find_brands(title, category) == ()


@pytest.mark.parametrize("title", ["Lọ đai, sơn móng", "Lọ đai (sơn) móng", "Lọ đai + sơn"])
def test_a_reading_does_not_go_on_across_a_sign_between_words(title: str) -> None:
    assert described(views(title), "electronics") is None


def test_a_read_out_name_counts_in_the_goods_of_its_brand_only() -> None:
    title = "Bộ mô hình sạc lót tiu xinh"
    assert described(views(title), "cosmetics") is not None
    assert described(views(title), "toys") is None


def test_the_marks_of_a_title_are_read_within_60_microseconds() -> None:
    titles = [title for listed in _HONEST.values() for title in listed]
    texts = [views(title) for title in titles]

    def median() -> float:
        took = []
        for text in texts:
            begun = time.perf_counter()
            described(text, "clothing")
            took.append(time.perf_counter() - begun)
        return sorted(took)[len(took) // 2]

    assert min(median() for _ in range(7)) <= 60e-6


@pytest.mark.slow
def test_hardly_a_real_title_of_unbranded_goods_describes_a_mark() -> None:
    folder = os.environ.get("COUNTERFOIL_DATA")
    if not folder:
        pytest.skip("COUNTERFOIL_DATA does not name the folder of real listings")
    rows = told = 0
    for path in sorted(Path(folder, "tiki").glob("*.csv")):
        category = "shoes" if "shoes" in path.name else "bags"
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                rows += 1
                mentions = find_brands(row["name"], category)
                told += any(one.disguise == "described" for one in mentions) and brand_key(row["brand"]) is None
    assert rows > 10_000
    assert told <= rows / 1_000


@pytest.mark.parametrize(
    "piece", ["đế đỏ trẻ em ", "chữ h nước ý ", "hai chữ c hai chữ ", "cờ rô ", "a*b..c", "d*or ", "l..v"]
)
def test_a_hostile_title_costs_no_more_than_its_length(piece: str) -> None:
    def cost(size: int) -> float:
        text = views(piece * (size // len(piece)))
        took = []
        for _ in range(3):
            begun = time.perf_counter()
            described(text, "shoes")
            took.append(time.perf_counter() - begun)
        return min(took)

    cost(400)
    assert cost(40_000) < 40 * max(cost(4_000), 1e-4)
