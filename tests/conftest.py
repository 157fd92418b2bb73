"""What holds for every test: no hub, no pickle, nothing written into the working tree, and no silent skip in CI."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] = "false"

# A machine that is busy must not fail a property; in CI the examples are the same each time.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(autouse=True)
def _own_var(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of a test point at a folder of its own."""
    folder = tmp_path_factory.mktemp("var")
    monkeypatch.setenv("COUNTERFOIL_VAR", str(folder))
    return folder


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI a skip is a failure, unless the test needs the real data that only some machines have."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr)
        if "COUNTERFOIL_DATA" not in reason:
            report.outcome, report.longrepr = "failed", f"skipped in CI: {reason}"
