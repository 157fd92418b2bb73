"""Emoji in place of words: for the goods, for digits, and glued to the words that are to be overlooked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

from counterfoil.language.evasion.letters import keycap
from counterfoil.language.evasion.patch import WORD, Edit, Span, is_ratio

# What sellers put for the goods and their praise, outside the targets.
_GOODS: Mapping[str, str] = {
    "giày": "👟", "dép": "🩴", "túi": "👜", "ví": "👛", "balo": "🎒", "ba lô": "🎒", "đồng hồ": "⌚", "áo": "👕", "quần": "👖",
    "váy": "👗", "đầm": "👗", "mũ": "🧢", "nón": "🧢", "mắt kính": "🕶️", "kính mát": "🕶️", "son": "💄", "tai nghe": "🎧",
    "điện thoại": "📱", "nhẫn": "💍", "bia": "🍺", "rượu": "🍷", "sữa": "🍼", "thuốc": "💊", "quà": "🎁", "hot": "🔥",
    "đẹp": "😍", "vip": "👑", "ship": "🚚", "sale": "💥", "gọi": "📞", "nam": "👨", "nữ": "👩", "bé": "👶",
}  # fmt: skip
# Emoji that stand for the word itself: nothing of it need be left.
_ESTABLISHED: Mapping[str, str] = {
    "apple": "🍎", "100%": "💯", "quảng châu": "🇨🇳", "trung quốc": "🇨🇳", "china": "🇨🇳", "việt nam": "🇻🇳", "nhật bản": "🇯🇵",
    "hàn quốc": "🇰🇷", "thái lan": "🇹🇭", "mỹ": "🇺🇸",
}  # fmt: skip
_HOOKS = ("🔥", "✨", "💥", "✅", "👑", "💯")


def _any_of(phrases: Mapping[str, str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


_GOODS_PATTERN = _any_of(_GOODS)
_ESTABLISHED_PATTERN = _any_of(_ESTABLISHED)


def emoji_edits(text: str, targets: Sequence[Span], rng: Random) -> list[Edit]:
    """Goods as emoji outside the targets; inside them digits, and words that an emoji stands for; hooks at their borders."""
    out = [
        edit
        for edit in _replaced(_GOODS_PATTERN, _GOODS, text, (0, len(text)))
        if not any(edit.start < end and start < edit.end for start, end in targets) and rng.random() < 0.8
    ]
    for start, end in targets:
        inside = _replaced(_ESTABLISHED_PATTERN, _ESTABLISHED, text, (start, end))
        taken = [(edit.start, edit.end) for edit in inside]
        inside += [
            Edit(word.start(), word.end(), keycap(word.group(), rng))
            for word in WORD.finditer(text, start, end)
            if (is_ratio(word.group()) or (len(word.group()) == 1 and word.group() in "0123456789"))
            and not any(word.start() < last and first < word.end() for first, last in taken)
        ]
        out += inside
        before = rng.random() < 0.5
        if start < end and (before or not inside):
            out.append(Edit(start, start, rng.choice(_HOOKS)))
        if start < end and rng.random() < 0.5:
            out.append(Edit(end, end, rng.choice(_HOOKS)))
    return out


def _replaced(pattern: re.Pattern[str], emoji: Mapping[str, str], text: str, within: Span) -> list[Edit]:
    """Each phrase as its emoji; letters that match in another case only (a long s) are left alone."""
    found = ((match, emoji.get(match.group().lower())) for match in pattern.finditer(text, *within))
    return [Edit(match.start(), match.end(), new) for match, new in found if new]
