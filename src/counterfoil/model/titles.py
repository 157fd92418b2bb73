"""Titles of nearly the same words: every pair of them, found exactly, and the families that they make."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from counterfoil.language.normalise import fold_text

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Rows = NDArray[np.int64]
# Near titles have four fifths of all their words in common: of nine words one may be another, to four one may be added.
NEAR = 0.8
# Thai, Lao, Burmese, Khmer, kana and ideographs are written without spaces.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"(?P<run>[{_UNSPACED}]+)|[^\\W_{_UNSPACED}]+")
# Two words in one bucket make two titles that differ in these alone the same: once in 65,536.
BUCKETS = 2**16
# A word that is among the rarest of more titles than this (a template with a running number) finds no pairs: they would be all.
CROWD = 2_000
_AT_ONCE = 1_000


class Pairs(NamedTuple):
    """Row numbers on either side, and how alike they are."""

    left: Rows
    right: Rows
    alike: NDArray[np.float64]


def words_of(title: str) -> frozenset[str]:
    """The folded words of a title; where none are told apart by spaces, the pairs of neighbouring characters."""
    folded = fold_text(title)
    found: set[str] = set()
    for match in _WORD.finditer(folded):
        word = match[0]
        pairs = match["run"] is not None and len(word) > 1
        found.update(word[i : i + 2] for i in range(len(word) - 1)) if pairs else found.add(word)
    return frozenset(found or {folded.strip()})


def table(titles: Iterable[frozenset[str]]) -> csr_matrix:
    """Ones where a title (rows) has a word, hashed into `BUCKETS` columns."""
    from scipy.sparse import csr_matrix

    each = [sorted({zlib.crc32(word.encode("utf-8", "surrogatepass")) % BUCKETS for word in title}) for title in titles]
    starts = np.cumsum([0, *map(len, each)])
    columns = np.array([column for title in each for column in title], dtype=np.int64)
    return csr_matrix((np.ones(len(columns), dtype=np.int32), columns, starts), shape=(len(each), BUCKETS))


def families(titles: csr_matrix) -> Rows:
    """A family number for each title: titles near each other, or linked by others, are one family."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    pairs, count = near(titles, titles), titles.shape[0]
    links = coo_matrix((np.ones(len(pairs.left), dtype=np.int8), (pairs.left, pairs.right)), shape=(count, count))
    numbers: Rows = connected_components(links, directed=False)[1].astype(np.int64)
    return numbers


def near(one: csr_matrix, other: csr_matrix) -> Pairs:
    """All pairs of a row of `one` and a row of `other` with a Jaccard similarity of at least `NEAR`, both as `table`s.

    Source: prefix and length filters of Chaudhuri, Ganti and Kaushik, "A primitive operator for similarity joins in data
    cleaning" (2006): of two sets that alike, each has one of its rarest words in the other's rarest words.
    """
    rarity = np.bincount(one.indices, minlength=one.shape[1]) + np.bincount(other.indices, minlength=one.shape[1])
    place = np.argsort(np.argsort(rarity, kind="stable"))
    heads, tails = _rarest(one, place), _rarest(other, place).tocsc()
    telling = np.flatnonzero(np.diff(tails.indptr) <= CROWD)
    heads, tails = heads[:, telling], tails[:, telling].T
    sizes, others = np.diff(one.indptr), np.diff(other.indptr)
    found = [Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    for start in range(0, one.shape[0], _AT_ONCE):
        pairs = (heads[start : start + _AT_ONCE] @ tails).tocoo()
        left, right = pairs.row.astype(np.int64) + start, pairs.col.astype(np.int64)
        small, large = np.minimum(sizes[left], others[right]), np.maximum(sizes[left], others[right])
        fit = small >= NEAR * large - 1e-9
        left, right = left[fit], right[fit]
        common = np.asarray(one[left].multiply(other[right]).sum(axis=1), dtype=np.float64).ravel()
        alike = common / (sizes[left] + others[right] - common)
        close = alike >= NEAR - 1e-9
        found.append(Pairs(left[close], right[close], alike[close]))
    return Pairs(*(np.concatenate(part) for part in zip(*found, strict=True)))


def _rarest(titles: csr_matrix, place: Rows) -> csr_matrix:
    """Each title with only so many of its rarest words that one near it must have one of them too."""
    from scipy.sparse import csr_matrix

    sizes = np.diff(titles.indptr).astype(np.int64)
    rows = np.repeat(np.arange(len(sizes)), sizes)
    order = np.lexsort((place[titles.indices], rows))
    kept = sizes - np.ceil(NEAR * sizes - 1e-9).astype(np.int64) + 1
    rare = np.arange(len(rows)) - np.repeat(titles.indptr[:-1], sizes) < np.repeat(kept, sizes)
    columns = titles.indices[order][rare]
    return csr_matrix((np.ones(len(columns), dtype=np.int32), (rows[rare], columns)), shape=titles.shape)
