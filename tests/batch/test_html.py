"""The report for people: what it shows, and that nothing a seller writes can do anything to it."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.batch.highlights import Highlights
from counterfoil.batch.html import page
from tests.batch.jobs import body, lines, read, report, score

HOSTILE = [
    "<script>alert(1)</script> giày",
    "</style></title><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x=\'',
    "{{ 7 * 7 }} {% raw %} &lt;b&gt; &#60;i&#62;",
    "giày \u202eEKIN\u202c \u2066chính\u2069 \u200bhãng super fake",
    "<!-- <![CDATA[ ]]> -->",
]


class Seen(HTMLParser):
    """What a browser would find: tags with their attributes, and the text outside of styles."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.styles: list[str] = []
        self.marks: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in {"meta", "input", "br", "rect", "line"}:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        {"style": self.styles, "mark": self.marks}.get(inside, self.texts).append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts + self.marks)

    @property
    def closed(self) -> bool:
        return not self._open


def html(out: Path) -> str:
    return (out / "report.html").read_text(encoding="utf-8")


def shown(tmp_path: Path, *bodies: object, reasons: str = "all") -> tuple[str, Seen]:
    tmp_path.mkdir(exist_ok=True)
    score(tmp_path / "out", lines(tmp_path / "a.jsonl", *bodies), reasons=reasons)  # type: ignore[arg-type]
    text = html(tmp_path / "out")
    return text, Seen(text)


def test_hostile_titles_are_text_and_nothing_else(tmp_path: Path) -> None:
    plain = [body(i, title=f"Giày số {i}") for i in range(len(HOSTILE))]
    hostile = [
        body(i, title=title, brand=title, description=title, url=f"javascript:alert({i})//{title}")
        for i, title in enumerate(HOSTILE)
    ]
    _, calm = shown(tmp_path / "calm", *plain)
    text, seen = shown(tmp_path / "hostile", *hostile)
    assert {tag for tag, _ in seen.tags} <= {tag for tag, _ in calm.tags} | {"mark"}
    assert not {"script", "img", "iframe", "object", "link", "form"} & {tag for tag, _ in seen.tags}
    assert not [attributes for _, attributes in seen.tags if any(name.startswith("on") for name in attributes)]
    assert "<script>alert(1)</script> giày" in seen.text
    assert "{{ 7 * 7 }}" in seen.text
    assert "javascript:" not in text
    assert seen.closed


def test_what_hides_or_turns_the_writing_is_shown_by_its_code(tmp_path: Path) -> None:
    text, seen = shown(tmp_path, body(1, title=HOSTILE[4]))
    assert not [char for char in text if unicodedata.category(char) in {"Cf", "Co", "Cs"}]
    assert {"U+202E", "U+202C", "U+2066", "U+2069", "U+200B"} <= set(seen.texts + seen.marks)
    assert "EKIN" in seen.text


def test_the_page_asks_nobody_for_anything_and_runs_nothing(tmp_path: Path) -> None:
    text, seen = shown(tmp_path, body(1, url="https://example.com/a?b=1&c=2"), body(2, title="Giày super fake"))
    (policy,) = [a["content"] for tag, a in seen.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    (style,) = seen.styles
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy
    assert "url(" not in style
    assert "@import" not in style
    assert not [a for _, a in seen.tags if "src" in a or "style" in a or "srcset" in a]
    links = [a for _, a in seen.tags if "href" in a]
    assert [a["href"] for a in links] == ["https://example.com/a?b=1&c=2"]
    assert all("noopener" in a["rel"] and "noreferrer" in a["rel"] for a in links)
    assert "prefers-color-scheme: dark" in text


def test_the_words_a_reason_points_to_are_marked_in_the_raw_title(tmp_path: Path) -> None:
    title = "Giày\u200b thể thao ＳＵＰＥＲ fake 1:1 đẹp"
    _, seen = shown(tmp_path, body(1, title=title))
    (answer,) = read(tmp_path / "out" / "decisions.jsonl")
    spans = [one["evidence"]["span"] for one in answer["reasons"] if one["evidence"].get("field") == "title"]
    assert spans
    marked = "".join(seen.marks)
    for start, end in spans:
        assert title[start:end].replace("\u200b", "U+200B") in marked
    assert "đẹp" not in marked


def test_both_languages_of_every_reason_are_on_the_page(tmp_path: Path) -> None:
    _, seen = shown(tmp_path, body(1, title="Giày super fake"), *[body(i) for i in range(2, 9)])
    answers = read(tmp_path / "out" / "decisions.jsonl")
    sentences = [one["text"][language] for a in answers for one in a["reasons"] for language in ("en", "vi")]
    assert sentences
    assert all(sentence in seen.text for sentence in sentences)
    ids = {a.get("id") for tag, a in seen.tags if tag == "input"}
    assert ids == {"in-english", "in-vietnamese"}


def test_rows_stand_by_action_and_probability_and_never_more_than_fifty(tmp_path: Path) -> None:
    bodies = [body(i, title=f"Giày super fake {i}" if i % 3 == 0 else f"Giày {i}") for i in range(70)]
    text, _ = shown(tmp_path, *bodies, reasons="flagged")
    answers = read(tmp_path / "out" / "decisions.jsonl")
    rank = {"allow": 0, "review": 1, "block": 2}
    answers.sort(key=lambda one: (-rank[one["recommended_action"]], -one["probability"]))
    found = re.findall(r'<li class="row (\w+)">\s*<div class="score"><b>([\d.]+) %', text)
    assert found == [(a["recommended_action"], f"{100 * a['probability']:.1f}") for a in answers[:50]]


def test_the_figures_are_those_of_the_report(tmp_path: Path) -> None:
    broken = [b"{", {"listing": {"title": ""}}, body(1)]
    _, seen = shown(tmp_path, *[body(i, title="Giày super fake") for i in range(6)], *broken, reasons="flagged")
    found = report(tmp_path / "out")
    assert found["flagged"] > 0
    assert sum(one["flagged"] for one in found["flagged_by"]["seller"]) == found["flagged"]
    assert sum(one["flagged"] for one in found["flagged_by"]["category"]) == found["flagged"]
    tiles = re.findall(r'class="tile[^"]*"><b>(\d+)', html(tmp_path / "out"))
    assert tiles == [str(found[name]) for name in ("rows_read", "accepted", "flagged", "duplicates", "rejected")]
    for cause in found["rejected_by"]:
        assert cause in seen.text
    assert found["label_meaning"] in seen.text
    assert found["reasons_raising"]
    assert set(found["reasons_raising"]) <= set(re.findall(r"[A-Z_]{6,}", seen.text))


def test_the_bars_of_the_histogram_count_every_row_once(tmp_path: Path) -> None:
    score(tmp_path / "out", lines(tmp_path / "a.jsonl", *[body(i) for i in range(30)]))
    titles = re.findall(r"<title>[\d.]+–[\d.]+: ([\d\u202f]+), ([\d\u202f]+) flagged</title>", html(tmp_path / "out"))
    found = report(tmp_path / "out")
    assert sum(int(rows) for rows, _ in titles) == found["accepted"] == 30
    assert sum(int(hits) for _, hits in titles) == found["flagged"]


def test_a_page_of_the_longest_texts_stays_small(tmp_path: Path) -> None:
    long = "<&'\">" * 2_000
    row = {
        "title": f"super fake {long}"[:1_000],
        "description": f"{long} super fake {long}"[:20_000],
        "brand": long[:500],
    }
    bodies = [body(i, **row, category_path=[long[:500]]) for i in range(60)]
    for i, one in enumerate(bodies):
        one["seller"]["seller_id"] = f"{i}{long}"[:300]
    text, seen = shown(tmp_path, *bodies)
    assert report(tmp_path / "out")["accepted"] == 60
    assert len(text.encode()) < 1_000_000
    assert seen.closed


def test_a_run_without_rows_is_a_page_too(tmp_path: Path) -> None:
    _, seen = shown(tmp_path)
    assert "No listing was flagged." in seen.text
    assert seen.closed


def test_the_page_speaks_of_signs_and_says_that_a_person_decides(tmp_path: Path) -> None:
    _, seen = shown(tmp_path, body(1, title="Giày super fake"))
    assert "These are risk signs, not findings." in seen.text
    assert "dấu hiệu rủi ro" in seen.text
    assert not re.search(r"(?i)\bis (?:a )?counterfeit\b|là hàng giả", seen.text)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("empty")
    score(folder / "out", lines(folder / "a.jsonl"))
    return report(folder / "out")


@given(st.text(alphabet=st.characters(), max_size=60))
@settings(max_examples=40)
def test_no_name_of_a_path_or_a_cause_opens_a_tag(empty: dict[str, object], text: str) -> None:

    def seen(told: str) -> Seen:
        names = {"label_meaning": told, "unmapped_paths": {told: 1}, "rejected_by": {told: 1}, "mapping": told or "x"}
        return Seen(page({**empty, **names}, Highlights()))

    found = seen(text)
    assert {tag for tag, _ in found.tags} == {tag for tag, _ in seen("x").tags}
    assert found.closed
