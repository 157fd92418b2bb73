from __future__ import annotations

import pytest

from counterfoil.language.money import hidden_price
from counterfoil.language.normalise import fold


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Giày đẹp ib giá nhé", "ib giá"), ("inbox giá", "inbox giá"), ("túi xinh check ib", "check ib"),
        ("Túi LV giá ib ạ", "giá ib"), ("giá cmt", "giá cmt"), ("ib em báo giá", "ib em báo giá"), ("liên hệ giá", "liên hệ giá"),
        ("giá inbox", "giá inbox"), ("ib nhận giá", "ib nhận giá"), ("Giá: ib", "Giá: ib"), ("giá liên hệ", "giá liên hệ"),
        ("ib shop để biết giá", "ib shop để biết giá"), ("chấm để nhận giá", "chấm để nhận giá"), ("gia ib", "gia ib"),
        ("check giá ib", "check giá ib"), ("giá rẻ ib ngay", "giá rẻ ib"), ("DM for price", "DM for price"),
        ("giá thỏa thuận", "giá thỏa thuận"), ("zalo báo giá", "zalo báo giá"), ("g\u200biá ib", "g\u200biá ib"),
    ],
)  # fmt: skip
def test_words_that_hide_the_price_are_quoted(text: str, quoted: str) -> None:
    span = hidden_price(fold(text))
    assert span is not None
    assert text[slice(*span)] == quoted


@pytest.mark.parametrize(
    "text",
    ["ib giá sỉ", "form chất giá 199k", "liên hệ gia đình", "ib giá 350k", "giá rẻ lh", "ib size", "inbox chọn mẫu, giá 350k",
     "đồ gia dụng", "check mã vạch", "giá tốt nhất", "inbox giả da", "zalo giá rẻ", "Giày da", ""],
)  # fmt: skip
def test_a_shown_price_is_not_hidden(text: str) -> None:
    assert hidden_price(fold(text)) is None
