"""Whether words of a post name goods: known kinds and brands, or at least something that is no size, price or delivery."""

from __future__ import annotations

import re
import unicodedata

from counterfoil.language.brands import find_brands
from counterfoil.language.normalise import Folded, fold
from counterfoil.language.posts import words

# `1kg nem nướng`: so much of something that is named after it.
_QUANTITY = re.compile(
    r"^\d+ ?(?:kg|ky|ki|lang|hop|goi|bich|chai|hu|lo|cai|chiec|doi|bo|cay|con|tui|thung|phan|suat|ly"
    r"|to) (?=[a-z]{2,} [a-z]{2,})"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
# How a word is spelled when it names goods: `quận` is a district, `vai` a shoulder.
_SPELLED = {
    "quan": "quần", "tra": "trà", "son": "son", "ta": "tã tạ", "xe": "xe", "phan": "phấn", "tat": "tất",
    "cap": "cáp cặp", "may": "máy", "op": "ốp", "sac": "sạc", "loa": "loa", "kinh": "kính", "mu": "mũ", "non": "nón",
    "khan": "khăn", "vo": "vỏ vớ", "bo": "bộ", "nhan": "nhẫn", "vong": "vòng", "lac": "lắc", "noi": "nôi nồi",
    "chao": "chảo", "quat": "quạt", "vai": "vải", "den": "đèn", "keo": "keo kẹo", "banh": "bánh", "yen": "yến",
    "tao": "táo", "nho": "nho", "ao": "áo", "dep": "dép", "tui": "túi", "vi": "ví", "dam": "đầm", "vay": "váy",
    "giay": "giày giầy", "kem": "kem", "sua": "sữa", "ly": "ly", "coc": "cốc", "binh": "bình", "chan": "chăn",
    "ga": "ga gà", "goi": "gối", "nem": "nệm nem", "rem": "rèm", "sach": "sách", "truyen": "truyện", "ruou": "rượu",
    "bia": "bia", "gay": "gậy", "bop": "bóp", "xit": "xịt", "thuoc": "thuốc", "chuot": "chuột", "bim": "bỉm",
    "short": "short", "ban": "bàn", "ghe": "ghế ghẹ", "tu": "tủ", "ke": "kệ", "giuong": "giường", "tham": "thảm", "co": "cọ",
    "ca": "cá cà", "tom": "tôm", "muc": "mực", "thit": "thịt", "com": "cơm", "bun": "bún", "pho": "phở", "che": "chè",
    "xoi": "xôi", "cua": "cua", "oc": "ốc", "hat": "hạt", "gao": "gạo", "trung": "trứng", "dua": "dừa dưa dứa",
    "buoi": "bưởi", "xoai": "xoài", "chuoi": "chuối", "guong": "gương", "tranh": "tranh", "rau": "rau", "hoa": "hoa",
}  # fmt: skip
# Typed without accents these are more often another word.
_UNSURE = frozenset(
    {"tra", "ta", "may", "bo", "noi", "den", "tao", "goi", "ga", "nho", "vo", "non", "chan", "vai"}
) | frozenset(
    [
        "ban",
        "ghe",
        "tu",
        "ke",
        "giuong",
        "tham",
        "co",
        "ca",
        "muc",
        "hat",
        "hoa",
        "che",
        "cua",
        "oc",
        "trung",
        "dua",
        "pho",
        "bun",
        "com",
        "tranh",
        "guong",
        "buoi",
    ]
)


def goods_in(text: str) -> str | None:
    """The first folded word of a text that names goods, or the brand it names; None when it names neither."""
    seen = fold(text)
    plain = seen.text
    typed_plain = all(char.isascii() or not char.isalpha() for char in text)
    cleaned = words.NOT_GOODS.sub(lambda found: "." * len(found[0]), plain)
    # Accents tell apart what the folded words leave open: `quận` is no `quần`.
    for found in words.GOODS.finditer(cleaned):
        if not _is_another(seen, text, found, typed_plain=typed_plain):
            return found[0]
    brands = find_brands(text)
    return fold(text[brands[0].start : brands[0].end]).text if brands else None


def _is_another(seen: Folded, text: str, found: re.Match[str], *, typed_plain: bool) -> bool:
    """Whether the word, as its accents show it, is another than the one that names goods."""
    meant = _SPELLED.get(found[0])
    if meant is None:
        return False
    start, end = seen.span(*found.span())
    shown = unicodedata.normalize("NFC", text[start:end]).casefold().strip()
    return found[0] in _UNSURE if typed_plain else shown not in meant.split()


def names_goods(text: str) -> bool:
    """Whether a part of a line names something: known goods, or other words than those of sizes, prices and delivery."""
    if goods_in(text) is not None:
        return True
    plain = _QUANTITY.sub("", fold(text).text.strip(" .,;:-|/+"))
    patterns = (words.VARIANT, words.DETAIL, words.WHOLESALE, words.MANY)
    # `nam` is also a mushroom (`nấm`), `cap` a pair and a cable: with more words after them they open a name.
    opens = plain.split(" ", 1)[0] in {"nam", "nu", "lon", "nho", "mini", "cap", "bo"} and len(other_words(plain)) >= 1
    if (
        (not opens and any(pattern.match(plain) for pattern in patterns))
        or words.REACH.search(plain)
        or words.DELIVERY.search(plain)
    ):
        return False
    return any(len(word) > 2 for word in other_words(plain))


def other_words(plain: str) -> list[str]:
    """The folded words that are neither of prices nor of sizes, pieces or lists."""
    for pattern in (words.PRICE_WORDS, words.VARIANT, words.SHARED):
        plain = pattern.sub(" ", plain)
    return [match[0] for match in _WORD.finditer(plain)]


def head_of(text: str) -> str | None:
    """The word that names the goods, a leading number of pieces left out."""
    plain = fold(text).text
    found = words.GOODS.search(re.sub(words.MANY, "", plain, count=1) if words.MANY.match(plain) else plain)
    return found[0] if found else None
