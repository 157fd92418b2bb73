"""The small bundle with made-up calibration sets, so that a false-alert rate can be stated of its rows."""

from __future__ import annotations

import shutil
import tempfile
from atexit import register
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from counterfoil.features.embed import load_encoder
from counterfoil.model.conformal import Conformal
from counterfoil.model.manifest import Label
from counterfoil.model.pvalue import Void
from counterfoil.model.save import save
from tests.model import small

SEGMENT = "shopee/unknown/shoes/unknown"


def conformal(sellers: int = 700, void: Void | None = None) -> Conformal:
    """Sets of so many genuine sellers of one segment, with the margins that the small model gives its own genuine rows."""
    fitted = small.fitted()
    data = fitted.data
    matrix = np.column_stack([data.values, fitted.views.columns(data.vectors, data.ngrams)])
    margins = fitted.booster.predict(matrix, raw_score=True, num_threads=1)[data.target == 0]
    drawn = np.random.default_rng(5).choice(margins, sellers)
    made = Conformal.fit(
        drawn, np.ones(sellers, dtype=np.bool_), np.arange(sellers), [SEGMENT] * sellers,
        seed=0, kind="split_conformal", void=void,
    )  # fmt: skip
    assert made is not None
    return made


@cache
def bundle_folder(sellers: int = 700, void: Void | None = None) -> Path:
    """The bundle on disk; whoever wants to change it copies it first."""
    folder = Path(tempfile.mkdtemp(prefix="counterfoil-tests-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    fitted = replace(small.fitted(), conformal=conformal(sellers, void))
    encoder = load_encoder(small.encoder_folder())
    label = Label(meaning=small.MEANING, source="file")
    save(fitted, encoder, small.encoder_folder(), folder / "b", created_at=small.MADE, label=label, run_id=None)
    return folder / "b"
