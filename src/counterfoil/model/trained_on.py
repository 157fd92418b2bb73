"""What a bundle keeps of the rows it was trained on: hashes by which they are known again, no names and no texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from counterfoil.errors import BundleMismatch
from counterfoil.history.views import About
from counterfoil.model.marks import Marks, contacts_of, images_of, seller_of
from counterfoil.model.titles import BUCKETS, near, table, words_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_ARRAYS = sorted(["seller", "contact", "image", "vocabulary", "words", "sizes", "near"])


@dataclass(frozen=True, slots=True)
class TrainedOn:
    """The distinct sellers, contacts and images as hashes in order, and the titles as sets of hashed words.

    `words` are the titles as `titles.table` tells them. Where `near` (titles,) is false only the very same words count: so many
    sellers write nearly that.
    """

    seller: NDArray[np.uint64]
    contact: NDArray[np.uint64]
    image: NDArray[np.uint64]
    words: csr_matrix
    near: NDArray[np.bool_]

    def overlap(self, about: Sequence[About]) -> dict[str, NDArray[np.bool_]]:
        """Which rows the bundle was trained on, by kind: their `seller`, a `contact`, an `image` or nearly their `title`."""
        ways = {"seller": seller_of, "contact": contacts_of, "image": images_of}
        return {
            kind: _any(Marks.of([way(one) for one in about]), getattr(self, kind)) for kind, way in ways.items()
        } | {"title": self._told(about)}

    def _told(self, about: Sequence[About]) -> NDArray[np.bool_]:
        titles = [words_of(one.listing.title) for one in about]
        distinct = list(dict.fromkeys(titles))
        pairs = near(table(distinct), self.words)
        met = set(pairs.left[self.near[pairs.right] | (pairs.alike == 1)].tolist())
        place = {title: number for number, title in enumerate(distinct)}
        return np.array([place[title] in met for title in titles], dtype=np.bool_)

    def save(self, path: Path) -> None:
        """Write as npz without objects; frequent words get small numbers, which pack better."""
        counts = np.bincount(self.words.indices, minlength=BUCKETS)
        frequent = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
        number = np.zeros(BUCKETS, dtype=np.int64)
        number[frequent] = np.arange(len(frequent))
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                allow_pickle=False,
                seller=self.seller,
                contact=self.contact,
                image=self.image,
                vocabulary=frequent.astype(np.uint16),
                words=_small(number[self.words.indices]),
                sizes=_small(np.diff(self.words.indptr)),
                near=np.packbits(self.near),
            )

    @classmethod
    def load(cls, path: Path) -> TrainedOn:
        """Read; raises `BundleMismatch` for anything but the arrays expected."""
        from scipy.sparse import csr_matrix

        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                if sorted(arrays.files) != _ARRAYS:
                    raise BundleMismatch(f"got arrays {sorted(arrays.files)} in {path.name}, expected {_ARRAYS}")
                sizes, columns = arrays["sizes"].astype(np.int64), arrays["vocabulary"][arrays["words"]]
                starts = np.concatenate([[0], np.cumsum(sizes)])
                if starts[-1] != len(columns):
                    raise BundleMismatch(
                        f"got {len(columns)} words in {path.name}, expected {starts[-1]}, as many as its titles have"
                    )
                words = csr_matrix(
                    (np.ones(len(columns), dtype=np.int32), columns, starts), shape=(len(sizes), BUCKETS)
                )
                words.sort_indices()
                told = np.unpackbits(arrays["near"], count=len(sizes)).astype(np.bool_)
                return cls(arrays["seller"], arrays["contact"], arrays["image"], words, told)
        except (OSError, ValueError, IndexError, TypeError, EOFError, BadZipFile) as error:
            # Not an archive of plain arrays that fit together; objects are never unpickled.
            raise BundleMismatch(f"got {error} in {path.name}, expected the arrays {_ARRAYS}") from None


def _any(marks: Marks, known: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """The rows of which a mark is known."""
    return np.bincount(marks.owners[np.isin(marks.keys, known)[marks.codes]], minlength=len(marks)) > 0


def _small(numbers: NDArray[np.integer]) -> NDArray[np.integer]:
    """The same numbers in as few bytes as they need."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))
