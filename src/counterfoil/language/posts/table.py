"""Tables in posts: rows whose cells stand between bars or tabs, and which cells of a row are the name and the price asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from counterfoil.language.normalise import fold
from counterfoil.language.posts.price import prices_in

_BAR = re.compile(r"\s*\|\s*|\t+")
_RULE = re.compile(r"[\s|:+=\-–—_]*")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
# How much a heading speaks for its column holding what one piece costs a buyer now; only what is written stands for it.
_HEADINGS = (
    (re.compile(r"(?<!\w)(?:gia|don gia|price|thanh tien)(?!\w)"), 2),
    (re.compile(r"(?<!\w)(?:le|moi|sale|ban|km|uu dai|pass|con|thanh ly|hien tai|live|retail)(?!\w)"), 2),
    (
        re.compile(
            r"(?<!\w)(?:si|ctv|buon|dai ly|cu|goc|niem yet|hang|nhap|truoc|thi truong|web|coc|ship|wholesale)(?!\w)"
        ),
        -3,
    ),
)
_MONEY_CELL = re.compile(
    r"\D{0,6}\d[\d.,]*(?: ?(?:k|d|đ|vnd|vnđ|nghin|ngan|tr\d*|trieu))?(?: ?/ ?\w+)?\W*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: spans in the post of its name and of the cell with its price; a heading has neither."""

    start: int
    end: int
    name: tuple[int, int] | None
    price: tuple[int, int] | None


def rows_of(post: str) -> dict[int, Row]:
    """The rows of the tables of a post, by where their line begins; a table has at least two rows of as many cells."""
    lines: list[tuple[int, int, list[tuple[int, int]]]] = []
    at = 0
    for physical in post.splitlines(keepends=True):
        end = at + len(physical.rstrip())
        lines.append((at, end, _cells(post, at, end)))
        at += len(physical)
    found: dict[int, Row] = {}
    run: list[tuple[int, int, list[tuple[int, int]]]] = []
    for line in [*lines, (at, at, [])]:
        if run and len(line[2]) == len(run[0][2]):
            run.append(line)
            continue
        if len(run) >= 2:
            found.update((row.start, row) for row in _table(post, run))
        # A rule under the headings belongs to the table.
        if run and line[0] < line[1] and _RULE.fullmatch(post, line[0], line[1]):
            continue
        run = [line] if len(line[2]) >= 2 else []
    return found


def _cells(post: str, start: int, end: int) -> list[tuple[int, int]]:
    text = post[start:end]
    if _RULE.fullmatch(text):
        return []
    edges = [(0, 0), *(match.span() for match in _BAR.finditer(text)), (len(text), len(text))]
    cells = [(start + one[1], start + other[0]) for one, other in pairwise(edges)]
    # Bars at both ends frame the row.
    if cells and cells[0][0] >= cells[0][1]:
        cells = cells[1:]
    if cells and cells[-1][0] >= cells[-1][1]:
        cells = cells[:-1]
    return cells


def _table(post: str, run: list[tuple[int, int, list[tuple[int, int]]]]) -> list[Row]:
    heads = [fold(post[a:b]).text for a, b in run[0][2]]
    named = not any(prices_in(post[a:b]) for a, b in run[0][2]) and any(_HEADINGS[0][0].search(head) for head in heads)
    body = run[1:] if named else run
    columns = range(len(heads))
    money = [sum(_is_money(post[slice(*cells[column])]) for *_, cells in body) for column in columns]
    weights = [sum(weight for pattern, weight in _HEADINGS if named and pattern.search(head)) for head in heads]
    priced = [column for column in columns if 2 * money[column] >= len(body) and (not named or weights[column] > 0)]
    if not priced or (not named and len(priced) > 1):
        return []
    price = max(priced, key=lambda column: (weights[column], money[column], column))
    letters = [
        0 if column == price else sum(len(_LETTERS.findall(post[slice(*cells[column])])) for *_, cells in body)
        for column in columns
    ]
    name = max(columns, key=lambda column: letters[column])
    if letters[name] < len(body):
        return []
    rows = [Row(run[0][0], run[0][1], None, None)] if named else []
    return [*rows, *(Row(start, end, cells[name], cells[price]) for start, end, cells in body)]


def _is_money(cell: str) -> bool:
    return bool(prices_in(cell)) or _MONEY_CELL.fullmatch(cell) is not None
