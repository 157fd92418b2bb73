from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.batch.marks import Piece, clipped, excerpt, pieces, plain

SPANS = st.lists(
    st.tuples(st.integers(-5, 60), st.integers(-5, 60), st.sampled_from(["A raises", "B lowers"])), max_size=5
)


def raw(found: list[Piece]) -> str:
    """The text that the pieces came from."""
    return "".join(chr(int(p.text[2:], 16)) if p.kind == "hidden" else p.text for p in found if p.kind != "cut")


@given(st.text(max_size=50), SPANS)
def test_pieces_put_together_are_the_text_whatever_the_spans(text: str, spans: list[tuple[int, int, str]]) -> None:
    assert raw(pieces(text, spans, 100)) == "".join(" " if char in "\n\t\r" else char for char in text)


@given(st.text(alphabet="abcđ ", min_size=1, max_size=50), SPANS)
def test_exactly_the_characters_in_a_span_are_marked(text: str, spans: list[tuple[int, int, str]]) -> None:
    marked: list[bool] = []
    for piece in pieces(text, spans, 100):
        marked += [piece.kind == "mark"] * len(piece.text)
    assert marked == [any(start <= i < end for start, end, _ in spans) for i in range(len(text))]


def test_overlapping_spans_say_both_what_points_there() -> None:
    found = pieces("abcdef", [(1, 4, "A raises"), (3, 6, "B lowers")], 10)
    assert [(p.text, p.why) for p in found] == [
        ("a", ""), ("bc", "A raises"), ("d", "A raises, B lowers"), ("ef", "B lowers"),
    ]  # fmt: skip


def test_a_long_text_is_cut_and_says_by_how_much() -> None:
    found = pieces("x" * 30, [(5, 40, "A raises")], 10)
    assert [(p.kind, p.text) for p in found] == [("text", "xxxxx"), ("mark", "xxxxx"), ("cut", "20")]


def test_a_joiner_is_hidden_between_letters_and_left_alone_in_an_emoji() -> None:
    assert plain("fa\u200dke") == "fa⟨U+200D⟩ke"
    assert plain("👩\u200d🚀") == "👩\u200d🚀"


def test_a_lone_surrogate_can_be_written() -> None:
    assert plain("a\ud800b").encode() == "a⟨U+D800⟩b".encode()


def test_an_excerpt_shows_the_span_with_what_stands_around_it() -> None:
    text = "a" * 200 + "FAKE" + "b" * 200
    ((before, mark, after),) = excerpt(text, [(200, 204, "A raises")])
    assert (before.text, mark.text, after.text) == ("a" * 60, "FAKE", "b" * 60)


def test_spans_beyond_the_text_give_no_excerpt() -> None:
    assert excerpt("short", [(3, 9, "A raises"), (-1, 2, "A raises"), (2, 2, "A raises")]) == []


def test_a_text_is_clipped_only_when_it_is_longer() -> None:
    assert clipped("abc", 3) == "abc"
    assert clipped("abcd", 3) == "ab…"
