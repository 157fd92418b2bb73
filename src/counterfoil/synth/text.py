"""What sellers write: titles by slots, and short descriptions; phones appear only as `09xx xxx xxx`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from counterfoil.synth.actors import Style
from counterfoil.synth.calendar import START
from counterfoil.synth.dice import Dice
from counterfoil.synth.goods import Good
from counterfoil.synth.habits import HABITS, Habits
from counterfoil.synth.levels import LEVELS, Level
from counterfoil.synth.spoken import phrases, spoken
from counterfoil.synth.typed import Typing, typed

# How many texts an official shop has for one good; who copies them copies one of these.
_OFFICIAL_TEXTS = 3


@dataclass(frozen=True, slots=True)
class Pitch:
    """What there is to say of an offer, and how; `level` matters for copies only."""

    good: Good
    style: Style
    at: float = START
    amount: int = 199_000
    pack: int = 1
    level: Level = LEVELS[0]
    euphemism: bool = False
    hidden_price: bool = False
    cleared: bool = False
    signature: int | None = None  # what an operator's own phrases are drawn by, where it repeats itself


def title(pitch: Pitch, dice: Dice) -> str:
    """A title of at most 120 characters, as a seller of that style writes it."""
    habits, lists, good = HABITS[pitch.style], phrases(), pitch.good
    english = (good.brand is not None or good.host is not None) and dice.chance(habits.english)
    name, marks = _name(pitch, english, dice)
    parts = [name]
    if english:
        parts += dice.some(lists["english"], 2)
    else:
        # A shelf's traits are those of its main goods, so little is said of a small thing.
        parts += dice.some(good.shelf.traits, 0 if good.small else dice.pick((0, 1, 1, 2, 2, 3)))
        if good.shelf.colours and dice.chance(0.55):
            parts.append(dice.pick(("màu ", "", "")) + dice.pick(lists["colours"]))
        if not good.small and dice.chance(0.45):
            parts.append(dice.pick(good.shelf.sizes))
    said, hide = _said(pitch, habits, english, dice)
    for word in said:
        parts.insert(0 if dice.chance(0.08) else len(parts), word if dice.chance(0.85) else word.upper())
    if pitch.hidden_price and dice.chance(0.6):
        parts.append(dice.pick(lists["hidden_price"]))
    if pitch.pack > 1:
        parts.insert(0, dice.pick((f"Combo {pitch.pack}", f"Set {pitch.pack}", f"Bộ {pitch.pack}")))
    if pitch.cleared and dice.chance(0.7):
        parts.insert(0, _hook(lists["hooks_clearance"], dice))
    elif dice.chance(habits.hook):
        own = _own(pitch, dice)
        parts.insert(0, _hook(lists["hooks_official" if pitch.style == "official" else "hooks"], own))
    typing = Typing(
        emoji=0.25 if pitch.style == "overt" else 0.06,
        teencode=habits.teencode,
        accentless=habits.accentless,
        hides=pitch.level.hides if pitch.style in ("overt", "grey copy", "deceptive") else 0.0,
    )
    return typed(parts, [*marks, *hide], typing, lists, dice)


def _own(pitch: Pitch, dice: Dice) -> Dice:
    """The dice of a seller who words all listings alike, else those of the listing."""
    return Dice(np.random.SeedSequence(pitch.signature)) if pitch.signature is not None else dice


def official_text(good: Good, paper: str | None, dice: Dice) -> tuple[str, str]:
    """A title and a description that official shops use for a good, and others copy."""
    head, body = _official(good, dice.whole(0, _OFFICIAL_TEXTS - 1))
    return head, f"{body} Số công bố: {paper}" if paper is not None else body


@lru_cache(maxsize=4096)
def _official(good: Good, which: int) -> tuple[str, str]:
    name = f"{good.shelf.name}/{good.brand}/{good.model}/{which}".encode()
    dice = Dice(np.random.SeedSequence(int.from_bytes(name)))
    kind = dice.pick(good.types)
    head = " ".join([*(word for word in (kind, good.brand, good.model) if word), *dice.some(good.shelf.traits, 2)])
    sentences = phrases()["sentences"]
    lines = [*dice.some(sentences["about"], 2), dice.pick(sentences["assured"]), dice.pick(sentences["service"])]
    return head[:120], _filled(" ".join(lines), good, dice)


def edited(text: str, dice: Dice) -> str:
    """A text with one to three of its words left out or swapped, or one of assurance added: 2-10 % of a description."""
    words = text.split(" ")
    for _ in range(dice.whole(1, max(1, min(3, len(words) // 12)))):
        at = dice.whole(0, len(words) - 1)
        kind = dice.pick(("drop", "swap", "add"))
        if kind == "drop" and len(words) > 4:
            del words[at]
        elif kind == "swap" and at:
            words[at - 1], words[at] = words[at], words[at - 1]
        else:
            words.append(dice.pick(phrases()["assurance"]))
    return " ".join(words)


def description(pitch: Pitch, paper: str | None, dice: Dice) -> str:
    """Two to seven sentences; `paper` is the registration number to quote, if any."""
    habits, sentences, style = HABITS[pitch.style], phrases()["sentences"], pitch.style
    own = _own(pitch, dice)
    lines = own.some(sentences["about"], own.whole(1, 3))
    if dice.chance(habits.assurance):
        lines.append(own.pick(sentences["assured"]))
    if dice.chance(0.02 if style == "overt" else 0.04):
        lines.append(dice.pick(sentences["guarantee"]))
    claims = dice.chance(habits.claim * 0.8 * pitch.level.says)
    if claims:
        lines.append(dice.pick(sentences["claimed"]))
    if dice.chance({"deceptive": 0.15, "overt": 0.08, "official copy": 0.15, "imported": 0.10}.get(style, 0.03)):
        lines.append(dice.pick(sentences["cover"]))
    if style == "used":
        lines += dice.some(sentences["used"], 2)
    if paper is not None:
        lines.append(dice.pick(("Số công bố: ", "SCB: ", "Số ĐK: ", "Giấy công bố ")) + paper)
    lines += own.some(sentences["service"], own.whole(0, 3))
    if dice.chance(habits.contact * 1.3):
        lines.append(dice.pick(sentences["contact"]))
    text = dice.pick(("\n", " ", " ", "\n- ")).join(lines)
    said = spoken(pitch.at).claim(dice) if claims else ""
    return _filled(text.replace("{claim}", said), pitch.good, dice, named=not pitch.euphemism)


def _filled(text: str, good: Good, dice: Dice, *, named: bool = True) -> str:
    thing = " ".join(word for word in (dice.pick(good.types) or good.model, good.brand if named else None) if word)
    return (
        text.replace("{thing}", thing)
        .replace("{trait}", dice.pick(good.shelf.traits))
        .replace("{size}", dice.pick(good.shelf.sizes))
    )


def _hook(hooks: Sequence[str], dice: Dice) -> str:
    hook = dice.pick(hooks)
    return dice.pick((f"[{hook}]", f"({hook})", hook, hook.upper(), f"[{hook.upper()}]"))


def _said(pitch: Pitch, habits: Habits, english: bool, dice: Dice) -> tuple[list[str], list[str]]:
    """The words of the slots that are filled, and those among them that a seller may disguise."""
    lists, good, now, says = phrases(), pitch.good, spoken(pitch.at), pitch.level.says
    said: list[str] = []
    hide: list[str] = []
    if dice.chance(habits.claim * says):
        if dice.chance(now.use):
            hide.append(dice.pick(lists["claims_en"]) if english else now.claim(dice))
        elif now.new and dice.chance(0.7):  # what is filtered is said in new words
            said.append(dice.pick(now.new))
    if dice.chance(habits.hint * says):
        hide.append(dice.pick(lists["hints"]))
    said += hide
    if dice.chance(habits.slang * says):
        said.append(dice.pick((*now.slang, *now.new)))
    traps = lists["traps"]
    thousands = f"{max(1, pitch.amount // 1000)}k"
    slots: tuple[tuple[float, Any], ...] = (
        (habits.grey, lists["grey"]),
        (habits.assurance, lists["assurance"]),
        (habits.origin, lists["origins"]),
        (habits.trap, traps[good.shelf.category] if dice.chance(0.55) else traps["any"]),
        (1.0 if pitch.style == "used" else 0.0, lists["used"]),
        (habits.price, (thousands, f"chỉ {thousands}", f"giá {pitch.amount:,}đ".replace(",", "."))),
        (habits.contact, lists["contacts"]),
    )
    for probability, options in slots:
        if dice.chance(probability):
            said.append(dice.pick(options))
    return said, hide


def _name(pitch: Pitch, english: bool, dice: Dice) -> tuple[str, list[str]]:
    """What the goods are called, and the marks in it that a seller may disguise."""
    good, lists = pitch.good, phrases()
    if good.host is not None:
        joined = "for" if english else good.join if good.join is not None else dice.pick(lists["compatible"])
        return " ".join(f"{good.model} {joined} {good.host}".split()), []
    if good.brand is None:
        return good.model, []
    brand, hide = good.brand, [good.brand]
    described = lists["described"].get(brand, ())
    nicknames = lists["nicknames"].get(brand, ())
    if pitch.euphemism:
        brand = dice.pick(described) if described and (not nicknames or dice.chance(0.6)) else dice.pick(nicknames)
        hide = [brand] if brand in nicknames else []
        return " ".join(f"{dice.pick(good.types)} {brand}".split()), hide
    if english:
        kinds = lists["english_things"].get(good.shelf.category, ("",))
        thing = "" if good.small else dice.pick(kinds)
        return " ".join(f"{brand} {good.model} {thing}".split()), hide
    if good.small:
        return dice.pick((f"{good.model} {brand}", f"{good.model} {brand}", f"{brand} {good.model}")), hide
    kind = dice.pick(good.types)
    model = good.model if not kind or dice.chance(0.9) else ""
    order = (
        f"{kind} {brand} {model}",
        f"{kind} {brand} {model}",
        f"{brand} {model}",
        f"{kind} {model} {brand}",
        f"{brand} {kind} {model}",
    )
    return " ".join(dice.pick(order).split()), hide
