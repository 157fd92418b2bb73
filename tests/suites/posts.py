"""The suite of made-up selling posts, with contacts that belong to nobody put into their places at run time."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_WORDS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_HOLE = re.compile(r"\{([a-z]+)([1-9])\}")


def posts(part: str | None = None) -> list[dict[str, Any]]:
    """The posts: `mapping`, `text` with holes, `items` (price or null, brand or null); of one `part` or of all."""
    with (Path(__file__).parent / "posts.jsonl").open(encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    return [post for post in read if part in (None, post["part"])]


def contact(kind: str, number: int) -> str:
    """A contact in one of the spellings that the holes of the posts name; obviously nobody's."""
    digits = "0900" + f"{number:06d}"
    spaced = f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    letters = "ABCDEFGHI"[number - 1] * 2
    return {
        "phone": spaced,
        "joined": digits,
        "dots": spaced.replace(" ", "."),
        "words": " ".join(_WORDS[int(digit)] for digit in digits),
        "keycaps": "".join(f"{digit}\ufe0f\u20e3" for digit in digits),
        "leet": spaced.replace("0", "o"),
        "bank": "0011" + f"{number:09d}",
        "holder": f"NGUYEN VI DU {letters}",
        "fbname": f"Nguyễn Ví Dụ X{letters}",
        "zaloid": f"vidunhom{number}x",
        "line": f"vidu.shop{number}",
        "tele": f"vidu_kenh{number}",
        "hotline": f"1900 {number:04d}",
        "mail": f"vidu{number}@example.com",
    }[kind]


def filled(text: str) -> str:
    """The text with a contact in each of its holes."""
    return _HOLE.sub(lambda hole: contact(hole[1], int(hole[2])), text)


def contacts_in(text: str) -> list[str]:
    """The contacts that `filled` puts into a text."""
    return [contact(hole[1], int(hole[2])) for hole in _HOLE.finditer(text)]
