from __future__ import annotations

from pathlib import Path

import pytest

from counterfoil.synth.write import write_market
from tests.benchmarks.weak import compare

pytestmark = pytest.mark.slow


def test_without_a_label_later_copies_rank_a_quarter_better_than_by_the_policy_s_rules(tmp_path: Path) -> None:
    write_market(24_000, 7, tmp_path / "market")
    found = compare(tmp_path / "market", threads=1)
    ratio = found.ratio("trees")
    assert ratio.value >= 1.25, ratio
    assert ratio.low > 1.0, ratio
    assert found.ratio("votes").value > 1.0
    # What the trees add to the votes is what they found besides them.
    assert found.figure("trees").value > found.figure("votes").value
