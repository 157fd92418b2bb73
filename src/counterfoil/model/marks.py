"""Marks that rows can have in common, such as a contact or an image, as hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from counterfoil.history.views import About

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks of one kind: `keys` (distinct,) are hashes in order; row i has those at `codes[starts[i] : starts[i + 1]]`."""

    keys: NDArray[np.uint64]
    starts: Rows
    codes: Rows

    @classmethod
    def of(cls, rows: Sequence[Iterable[int]]) -> Marks:
        """From the hashes of each row."""
        each = [sorted(set(row)) for row in rows]
        keys, codes = np.unique(np.array([key for row in each for key in row], dtype=np.uint64), return_inverse=True)
        return cls(keys, _starts(np.array([*map(len, each)], dtype=np.int64)), codes.astype(np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def owners(self) -> Rows:
        """The row of each entry of `codes`."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def subset(self, rows: Rows) -> Marks:
        """The same marks for some of the rows."""
        sizes = np.diff(self.starts)[rows]
        starts = _starts(sizes)
        inside = np.repeat(self.starts[rows] - starts[:-1], sizes) + np.arange(starts[-1])
        return replace(self, starts=starts, codes=self.codes[inside])

    def without(self, dropped: NDArray[np.bool_]) -> Marks:
        """Every row without the marks that `dropped` (distinct,) says."""
        kept = ~dropped[self.codes]
        return replace(
            self, starts=_starts(np.bincount(self.owners[kept], minlength=len(self))), codes=self.codes[kept]
        )

    def parted(self, groups: Rows) -> NDArray[np.bool_]:
        """Which marks (distinct,) rows of more than one group have."""
        least = np.full(len(self.keys), np.iinfo(np.int64).max)
        most = np.full(len(self.keys), -1)
        of = groups[self.owners]
        np.minimum.at(least, self.codes, of)
        np.maximum.at(most, self.codes, of)
        return least < most

    def shared(self, some: Rows, others: Rows) -> Rows:
        """The rows among `others` that have a mark which a row of `some` has."""
        met = np.zeros(len(self.keys), dtype=np.bool_)
        met[self.subset(some).codes] = True
        picked = self.subset(others)
        return others[np.unique(picked.owners[met[picked.codes]])]

    def present(self) -> NDArray[np.uint64]:
        """The distinct marks that rows have, in order."""
        return self.keys[np.unique(self.codes)]


def _starts(sizes: Rows) -> Rows:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])


def hashed(text: str) -> int:
    """The first 8 bytes of the SHA-256 of a text."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def seller_of(about: About) -> set[int]:
    """The hash of the seller's id; empty without a seller."""
    seller = about.subject.seller
    return {hashed(seller.seller_id)} if seller is not None else set()


def contacts_of(about: About) -> set[int]:
    """Hashes of the contacts in profile and texts, each a keyed hash already."""
    seller = about.subject.seller
    shown = {*(seller.contact_hashes if seller is not None else ()), *(one.hash for one in about.findings)}
    return {hashed(one) for one in shown}


def images_of(about: About) -> set[int]:
    """Hashes of the SHA-256 of the images; an image without one links nobody."""
    return {hashed(image.sha256.lower()) for image in about.listing.images if image.sha256}
