from __future__ import annotations

import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "counterfoil"
KNOWLEDGE = sorted((SRC / "knowledge").rglob("*.toml"))
# Built from parts, so that this file does not hold what it forbids.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.~-])/(?:work|home|root|tmp|Users)/" + r"[\w.]+/"),
    "the address of a package index": re.compile(r"(?i)(?:--|\b)(?:extra-)?index-url[ =]+https?" + r"://|/simple/?[\s\"']"),
    "a mirror": re.compile(r"(?i)\b(?:artifactory|nexus|devpi|pypi-proxy)\." + r"[a-z]"),
    "how the work is organised": re.compile(r"(?i)\b(?:sub-?ag" + r"ent|AI ag" + r"ent|issues? #?" + r"\d+\b|this ses" + r"sion)"),
}  # fmt: skip
PICKLES = {".pkl", ".pickle", ".joblib", ".skops", ".pt", ".pth", ".bin", ".npy", ".so", ".dll"}


def tracked() -> list[Path]:
    """What a commit would hold: tracked files, and new ones that are not ignored."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: there is no list of tracked files")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        try:
            found.append((path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    found = [
        f"{name}: {match.group()!r}"
        for name, text in texts()
        if (match := FORBIDDEN[what].search(text)) is not None and not name.endswith("tokenizer.json")
    ]
    assert not found, f"{what}: {found}"


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a path of one machine", "see /work" + "/main/x"),
        ("a path of one machine", "'/home" + "/somebody/x'"),
        ("the address of a package index", "--index-url " + "https://host/"),
        ("a mirror", "https://nexus." + "example"),
        ("how the work is organised", "as issue " + "12 says"),
    ],
)
def test_what_is_forbidden_would_be_found(what: str, text: str) -> None:
    assert FORBIDDEN[what].search(text)


def test_nothing_that_runs_code_when_it_is_loaded_is_tracked() -> None:
    assert not [path for path in tracked() if path.suffix in PICKLES]
    head = {path: path.read_bytes()[:2] for path in tracked() if path.suffix not in {".py", ".toml", ".md"}}
    assert not [path for path, start in head.items() if start[:1] == b"\x80" and start[1:2] in b"\x02\x03\x04\x05"]


def test_no_file_is_larger_than_a_repository_should_hold() -> None:
    assert not [(path, path.stat().st_size) for path in tracked() if path.stat().st_size > 8_000_000]


@pytest.mark.parametrize("name", sorted(path.name for path in SRC.iterdir() if (path / "__init__.py").is_file()))
def test_every_package_has_tests(name: str) -> None:
    assert list((ROOT / "tests" / name).glob("test_*.py")), f"no tests of counterfoil.{name}"


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    # The schema is one list of the contract's fields, and reads best in one place.
    long = {path.name: count for path in SRC.rglob("*.py") if (count := len(path.read_text().splitlines())) > 260}
    assert set(long) <= {"schema.py"}


def dates(value: Any) -> list[date]:
    if isinstance(value, dict):
        return [found for part in value.values() for found in dates(part)]
    if isinstance(value, list):
        return [found for part in value for found in dates(part)]
    return [value] if isinstance(value, date) else []


@pytest.mark.parametrize("path", KNOWLEDGE, ids=lambda path: path.relative_to(SRC).as_posix())
def test_knowledge_parses_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert tomllib.loads(text)
    assert text.startswith("#") or "about" in tomllib.loads(text)


@pytest.mark.parametrize("name", ["brands.toml", "categories.toml", "lexicon/claims.toml"])
def test_facts_about_the_world_are_dated(name: str) -> None:
    text = (SRC / "knowledge" / name).read_text(encoding="utf-8")
    found = dates(tomllib.loads(text)) or re.findall(r"\b20\d\d(?:-\d\d(?:-\d\d)?)?\b", text)
    assert found, f"{name} does not say as of when it holds"


def test_the_wheel_ships_the_knowledge_files() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    shipped = project["tool"]["setuptools"]["package-data"]["counterfoil"]
    assert "knowledge/**/*.toml" in shipped
    assert "py.typed" in shipped


def test_no_real_phone_number_is_written_anywhere() -> None:
    mobile = re.compile(r"(?<![\d.])(?:\+?84|0)(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])\d{7}(?!\d)")
    allowed = re.compile(r"0{4,}|(\d)\1{5}|1234567")
    found = [
        (name, match.group())
        for name, text in texts()
        if not name.endswith((".json", ".txt", ".jsonl", ".svg", ".ipynb"))
        for match in mobile.finditer(text)
        if not allowed.search(match.group())
    ]
    assert not found
