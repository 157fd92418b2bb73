from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.language.evasion import ATTACKS, attacked, evade, evade_pair, pairs
from counterfoil.language.evasion.letters import CYRILLIC, FLAGS, FULL_WIDTH, GREEK, MATH, SMALL_CAPS, SQUARED
from counterfoil.language.evasion.patch import Edit, patched
from counterfoil.language.normalise import fold_text

TITLE = "Giày Nike Air Force rep 1:1 siêu cấp full box"
NAMED = [
    "zero_width", "bidi", "cyrillic", "greek", "math_alphabet", "full_width", "small_caps", "squared", "regional_flags",
    "keycap", "separators", "spacing", "letter_spacing", "leet", "teencode", "accents_dropped", "accents_misplaced",
    "mixed_script", "emoji_for_word", "repeated_letters", "misspelling", "nfd",
]  # fmt: skip
LOCAL = sorted(name for name, attack in ATTACKS.items() if attack.local)
FOLDED = ["zero_width", "bidi", "math_alphabet", "full_width"]
# Look-alike, styled and invisible attacks are all that a word of one or two letters can take.
RESPELLING = sorted(name for name, attack in ATTACKS.items() if attack.kind in ("spelling", "layout"))
TONED = "áàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵăâêôơưđ"
WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz" + TONED, min_size=1, max_size=9)
CASED = st.builds(lambda word, how: how(word), WORDS, st.sampled_from([str, str.upper, str.capitalize]))
SEEDS = st.integers(0, 2**32)
# Words of which every attack on spelling, layout and alphabets can change a letter.
OPEN = ["Nike", "Adidas", "Balenciaga", "replica", "Lacoste", "Hermitage"]


@st.composite
def titles(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """A title of words, ratios and numbers, and spans of some runs of its words."""
    words = draw(st.lists(st.one_of(CASED, st.sampled_from(["1:1", "100%", "2", "350k", "-", "👟"])), min_size=1))
    ends = [len(" ".join(words[: count + 1])) for count in range(len(words))]
    starts = [end - len(word) for end, word in zip(ends, words, strict=True)]
    chosen = draw(st.lists(st.integers(0, len(words) - 1), unique=True, max_size=3))
    return " ".join(words), [(starts[one], ends[min(one + draw(st.integers(0, 1)), len(words) - 1)]) for one in chosen]


def span(word: str, text: str = TITLE) -> tuple[int, int]:
    return text.index(word), text.index(word) + len(word)


def edits_between(one: str, other: str) -> int:
    """The Damerau-Levenshtein distance in which two neighbours change places by one edit."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        rows.append([i])
        for j, b in enumerate(other, 1):
            cost = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            rows[i].append(cost)
    return rows[-1][-1]


def bare(text: str) -> str:
    """Letters and digits without marks, in small letters."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in apart if char.isalnum())


def test_every_named_attack_is_there_with_what_it_does() -> None:
    assert set(NAMED) == set(ATTACKS)
    assert all(ATTACKS[name].name == name and ATTACKS[name].about.endswith(".") for name in ATTACKS)


@pytest.mark.parametrize(
    ("attack", "target", "wanted"),
    [
        ("separators", "Nike", r"N([.\-_*·/])i\1k\1e|Ni[.\-_*·/]ke"),
        ("separators", "1:1", r"1[.\-/_]1"),
        ("spacing", "Force", r"Fo rce|For ce"),
        ("spacing", "1:1", r"1(?: :|: | : )1"),
        ("letter_spacing", "rep", "r e p"),
        ("keycap", "1:1", "1\ufe0f\u20e3:1\ufe0f\u20e3"),
        ("emoji_for_word", "1:1", "1\ufe0f\u20e3:1\ufe0f\u20e3"),
        ("full_width", "1:1", "１：１"),
        ("full_width", "rep", "ｒｅｐ"),
        ("small_caps", "Nike", "ɴɪᴋᴇ"),
        ("regional_flags", "cấp", "🇨🇦🇵"),
        ("squared", "rep", "🅁🄴🄿|🆁🅴🅿|ⓇⒺⓅ|🅡🅔🅟"),
        ("repeated_letters", "rep", "re{3,5}p|rep{3,5}"),
        ("teencode", "siêu", "siu|xiu"),
        ("accents_misplaced", "Nike", r"N\w\W?k\w\W?"),
        ("nfd", "siêu", "sie\u0302u"),
        ("accents_dropped", "siêu cấp", "sieu cap"),
        ("leet", "rep", "r3p"),
    ],
)
def test_a_target_is_written_as_sellers_write_it(attack: str, target: str, wanted: str) -> None:
    for seed in range(12):
        out = attacked(TITLE, (attack,), seed, [span(target)])
        (start, end) = out.targets[0]
        assert re.fullmatch(wanted, out.text[start:end]), out.text[start:end]


def test_the_word_for_the_goods_becomes_an_emoji_and_the_target_stays() -> None:
    out = {evade(TITLE, "emoji_for_word", seed, [span("Nike")]) for seed in range(30)}
    assert any(text.startswith("👟") for text in out)
    assert all("Nike" in text and "rep 1:1 siêu cấp" in text for text in out)
    hidden = "Tai nghe Apple rep 100%"
    assert "🍎" in evade(hidden, "emoji_for_word", 1, [span("Apple", hidden)])
    assert "Apple" in evade(hidden, "emoji_for_word", 1, [span("rep", hidden)])


def test_a_letter_that_only_folds_to_a_known_word_breaks_nothing() -> None:
    assert evade("ſhip áo", "emoji_for_word", 2, []) in ("ſhip áo", "ſhip 👕")


@given(titles(), st.sampled_from(NAMED), SEEDS)
def test_the_same_seed_gives_the_same_text(title: tuple[str, list[tuple[int, int]]], attack: str, seed: int) -> None:
    text, targets = title
    assert evade(text, attack, seed, targets) == evade(text, attack, Random(seed), targets)


@pytest.mark.parametrize("attack", [name for name in NAMED if name not in ("accents_dropped", "nfd")])
def test_another_seed_gives_other_texts_where_there_is_a_choice(attack: str) -> None:
    text = "Giày Balenciaga Adidas Lacoste replica 1:1 2 3"
    assert len({evade(text, attack, seed) for seed in range(40)}) > 1


@given(titles(), st.sampled_from(LOCAL), SEEDS)
def test_a_local_attack_leaves_what_is_outside_the_targets(
    title: tuple[str, list[tuple[int, int]]], attack: str, seed: int
) -> None:
    text, targets = title
    out = attacked(text, (attack,), seed, targets)
    assert len(out.targets) <= len(targets)
    at, was_at, before = 0, 0, merged_spans(targets)
    for (start, end), (was_start, was_end) in zip(out.targets, before, strict=True):
        assert out.text[at:start] == text[was_at:was_start]
        at, was_at = end, was_end
    assert out.text[at:] == text[was_at:]


def merged_spans(targets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(targets):
        if out and start < out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((start, end))
    return out


@pytest.mark.parametrize("attack", LOCAL)
def test_without_targets_nothing_local_happens_and_without_a_list_everything_may(attack: str) -> None:
    assert evade(TITLE, attack, 3, []) == TITLE
    assert evade(TITLE, attack, 3) != TITLE


@given(st.sampled_from([name for name in NAMED if name not in ("keycap", "accents_dropped", "nfd")]), SEEDS)
def test_a_word_that_can_be_attacked_is_changed(attack: str, seed: int) -> None:
    for word in OPEN:
        text = f"hàng {word} đẹp"
        assert evade(text, attack, seed, [span(word, text)]) != text


@given(st.sampled_from([name for name in LOCAL if name != "keycap"]), SEEDS)
def test_of_a_target_of_many_words_one_at_least_is_changed(attack: str, seed: int) -> None:
    assert evade("Adidas of by replica", attack, seed, [(0, 20)]) != "Adidas of by replica"


@given(titles(), st.sampled_from(NAMED), SEEDS)
def test_a_text_does_not_grow_beyond_bounds(title: tuple[str, list[tuple[int, int]]], attack: str, seed: int) -> None:
    text, targets = title
    out = evade(text, attack, seed, targets)
    assert len(text) * 0.4 - 3 <= len(out) <= 3 * len(text) + 4 * len(text.split()) + 4 * len(targets)


@given(titles(), st.sampled_from(FOLDED), SEEDS)
def test_what_the_standard_forms_undo_folds_to_the_same_text(
    title: tuple[str, list[tuple[int, int]]], attack: str, seed: int
) -> None:
    text, targets = title
    assert fold_text(evade(text, attack, seed, targets)) == fold_text(text)


def back(tables: tuple[Mapping[str, str], ...]) -> dict[str, str]:
    return {new: old.lower() for table in tables for old, new in table.items()}


@pytest.mark.parametrize(
    ("attack", "tables"),
    [
        ("cyrillic", (CYRILLIC,)),
        ("greek", (GREEK,)),
        ("small_caps", (SMALL_CAPS,)),
        ("squared", SQUARED),
        ("regional_flags", (FLAGS,)),
        ("math_alphabet", MATH),
        ("mixed_script", (CYRILLIC, SMALL_CAPS, FULL_WIDTH, *MATH)),
    ],
)
@given(word=CASED, seed=SEEDS)
def test_letters_are_put_one_for_one(attack: str, tables: tuple[Mapping[str, str], ...], word: str, seed: int) -> None:
    if attack == "mixed_script":
        tables = (GREEK, *tables)
    undo = back(tables)
    out = evade(word, attack, seed)
    # What reads as two letters in two alphabets (`ν` is v and n) is compared by place, not by letter.
    if attack == "mixed_script":
        assert len(bare(out)) == len(bare(word))
    else:
        assert bare("".join(undo.get(char, char) for char in out)) == bare(word)


@given(word=WORDS, seed=SEEDS)
def test_a_word_of_mixed_script_takes_letters_of_two_other_alphabets(word: str, seed: int) -> None:
    out = evade(word, "mixed_script", seed)
    foreign = {char for char in out if char.isalpha() and char not in word}
    # Their names begin `CYRILLIC`, `GREEK`, `FULLWIDTH`, `MATHEMATICAL`, or `LATIN LETTER SMALL CAPITAL`.
    kinds = {unicodedata.name(char).replace("LATIN SMALL", "SMALL").split()[0] for char in foreign}
    assert len(kinds) >= 2 if len(word) - word.count("đ") >= 2 else out == word


@given(word=WORDS, seed=SEEDS)
def test_a_misspelling_is_one_edit_and_keeps_the_first_letter(word: str, seed: int) -> None:
    out = evade(f"áo {word}", "misspelling", seed, [(3, 3 + len(word))])[3:]
    if len(word) < 4:
        assert out == word
    else:
        assert edits_between(word, out) == 1
        assert out[0] == word[0]


@given(st.lists(WORDS, min_size=1, max_size=5), SEEDS)
def test_a_misspelling_changes_one_word_of_a_target(words: list[str], seed: int) -> None:
    out = evade(" ".join(words), "misspelling", seed).split(" ")
    changed = [old != new for old, new in zip(words, out, strict=True)]
    assert sum(changed) == any(len(word) >= 4 for word in words)


@given(word=CASED, seed=SEEDS)
def test_leet_keeps_a_letter_and_the_length(word: str, seed: int) -> None:
    out = evade(word, "leet", seed)
    assert len(out) == len(word)
    assert any(char.isalpha() for char in out)


@pytest.mark.parametrize("attack", ["separators", "spacing", "letter_spacing"])
@given(text=titles(), seed=SEEDS)
def test_what_is_put_between_letters_is_all_that_changes(
    attack: str, text: tuple[str, list[tuple[int, int]]], seed: int
) -> None:
    assert bare(evade(text[0], attack, seed, text[1])) == bare(text[0])


@given(word=CASED, seed=SEEDS)
def test_misplaced_accents_are_the_only_change_to_a_word(word: str, seed: int) -> None:
    out = evade(word, "accents_misplaced", seed)
    assert bare(out) == bare(word)
    assert unicodedata.normalize("NFC", out) == out


@given(word=CASED, seed=SEEDS)
def test_repeated_letters_stand_in_one_run(word: str, seed: int) -> None:
    out = evade(word, "repeated_letters", seed)
    assert len(out) - len(word) in ((2, 3, 4) if len(word) >= 3 else (0,))
    assert any(word == out[:at] + out[at + len(out) - len(word) :] for at in range(len(out)))


@pytest.mark.parametrize("attack", RESPELLING)
@given(word=st.text(alphabet="abcdefghijklmnopqrstuvwxyzáệđ", min_size=1, max_size=2), seed=SEEDS)
def test_a_word_too_short_to_be_told_is_not_respelled(attack: str, word: str, seed: int) -> None:
    assert evade(f"{word} {word}", attack, seed) == f"{word} {word}"


def test_capitals_stay_capitals() -> None:
    for attack in ("teencode", "misspelling", "repeated_letters"):
        assert all(evade("REPLICA NIKE", attack, seed).isupper() for seed in range(20))


@given(titles(), SEEDS)
def test_the_whole_text_loses_its_accents_or_takes_them_apart(
    title: tuple[str, list[tuple[int, int]]], seed: int
) -> None:
    text, targets = title
    dropped = evade(text, "accents_dropped", seed, targets)
    assert not set(dropped.lower()) & set(TONED)
    assert evade(text, "nfd", seed, targets) == unicodedata.normalize("NFD", text)


def test_only_accents_are_dropped() -> None:
    assert evade("Ví Đỏ 한국 ひが é 1️⃣", "accents_dropped", 0) == "Vi Do 한국 ひが e 1️⃣"


def test_pairs_are_in_order_and_each_once() -> None:
    order = list(ATTACKS)
    assert len(pairs()) == len(set(pairs())) == 190
    assert all(order.index(first) < order.index(second) for first, second in pairs())
    kinds = {(ATTACKS[first].kind, ATTACKS[second].kind) for first, second in pairs()}
    assert ("alphabet", "alphabet") not in kinds
    assert ("layout", "layout") not in kinds


@pytest.mark.parametrize("pair", pairs())
def test_a_pair_does_what_both_do_in_turn(pair: tuple[str, str]) -> None:
    for seed in range(3):
        text = "túi Adidas rep 1:1 siêu cấp"
        targets = [span("Adidas", text), span("rep 1:1 siêu cấp", text)]
        both, first = evade_pair(text, pair, seed, targets), evade(text, pair[0], seed, targets)
        assert first != text
        assert both not in (text, first)


@given(titles(), st.sampled_from(pairs()), SEEDS)
def test_targets_are_followed_through_a_pair(
    title: tuple[str, list[tuple[int, int]]], pair: tuple[str, str], seed: int
) -> None:
    text, targets = title
    out = attacked(text, pair, seed, targets)
    assert all(0 <= start <= end <= len(out.text) for start, end in out.targets)
    assert all(one[1] <= other[0] for one, other in zip(out.targets, out.targets[1:], strict=False))
    if all(ATTACKS[name].local for name in pair) and len(out.targets) == 1:
        (start, end), (was_start, was_end) = out.targets[0], merged_spans(targets)[0]
        assert (out.text[:start], out.text[end:]) == (text[:was_start], text[was_end:])


def test_an_unknown_attack_and_a_target_outside_are_named() -> None:
    with pytest.raises(ValueError, match="got the attack 'rot13', expected one of emoji_for_word"):
        evade(TITLE, "rot13", 0)
    with pytest.raises(ValueError, match="expected a span within a text of length 3"):
        evade("abc", "leet", 0, [(1, 4)])


def test_edits_move_the_targets_after_them_and_stay_outside_at_their_borders() -> None:
    out = patched("ab cd ef", [Edit(0, 2, "xyz"), Edit(3, 3, "*"), Edit(5, 5, "!"), Edit(6, 8, "")], [(3, 5), (6, 8)])
    assert out.text == "xyz *cd! "
    assert [out.text[start:end] for start, end in out.targets] == ["cd", ""]
    cut = patched("abcdef", [Edit(1, 4, "-")], [(2, 6), (0, 3)])
    assert [cut.text[start:end] for start, end in cut.targets] == ["-ef", "a-"]


def test_a_word_of_four_letters_loses_none_to_a_slip() -> None:
    assert all(len(evade("Nike", "misspelling", seed)) >= 4 for seed in range(200))


def test_flags_spell_no_run_of_one_or_two_letters() -> None:
    assert evade("r3p", "regional_flags", 1) == "r3p"
    assert evade("Gucc1", "regional_flags", 1) == "🇬🇺🇨🇨1"


def test_an_accentless_vietnamese_word_gets_no_tone_that_makes_another() -> None:
    tones = set("\u0300\u0301\u0303\u0309\u0323")
    for seed in range(100):
        out = unicodedata.normalize("NFD", evade("nhai", "accents_misplaced", seed))
        assert not tones & set(out)
        assert out != "nhai"
