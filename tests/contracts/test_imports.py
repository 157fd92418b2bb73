from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "counterfoil"
MODULES = sorted(SRC.rglob("*.py"))
# One foreign library, one door: where each may be imported, as files or whole folders.
DOORS = {
    "mlflow": ["model/registry.py", "model/pyfunc.py"],
    "bentoml": ["serve/service.py"],
    "sentence_transformers": ["features/embed.py", "model/encoder.py"],
    "torch": ["features/embed.py", "model/encoder.py"],
    "lightgbm": ["model/learn.py", "model/bundle.py"],
    "optuna": ["model/search.py"],
    "sqlalchemy": ["store"],
    "sqlite3": ["store"],
    "pandas": ["ingest/readers.py", "ingest/table.py", "model", "batch"],
    "sklearn": ["model"],
    "scipy": ["model"],
    "ahocorasick": ["language/match.py"],
    "rapidfuzz": ["language/watch.py"],
    "confusable_homoglyphs": ["language/letters.py"],
    "stdnum": ["language/codes.py"],
    "biip": ["language/codes.py", "language/gs1.py"],
    "fastapi": ["serve"],
    "starlette": ["serve"],
    "typer": ["cli"],
    "jinja2": ["batch/html.py"],
    "rich": ["cli"],
}
NEVER = [
    "pickle",
    "joblib",
    "cloudpickle",
    "dill",
    "requests",
    "urllib.request",
    "urllib3",
    "httpx",
    "aiohttp",
    "socket",
]
EDGE = ("cli", "serve", "settings.py")


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Every module a file imports at run time, wherever in it; what is for the type checker alone does not count."""
    return tuple(_imports(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module is not None:
            yield from (child.module, *(f"{child.module}.{alias.name}" for alias in child.names))
        yield from _imports(child)


def users(library: str) -> set[str]:
    return {
        path.relative_to(SRC).as_posix()
        for path in MODULES
        if any(name == library or name.startswith(f"{library}.") for name in imported(path))
    }


@pytest.mark.parametrize("library", DOORS)
def test_one_foreign_library_has_one_door(library: str) -> None:
    doors = DOORS[library]
    beyond = {name for name in users(library) if not any(name == door or name.startswith(f"{door}/") for door in doors)}
    assert not beyond


def test_the_doors_are_used_so_that_this_test_sees_something() -> None:
    for library in ("mlflow", "bentoml", "lightgbm", "sqlalchemy", "sklearn", "sentence_transformers"):
        assert users(library), library


@pytest.mark.parametrize("library", NEVER)
def test_nothing_unpickles_and_nothing_asks_the_network(library: str) -> None:
    assert users(library) == set()


def test_only_the_edge_reads_the_clock_and_the_environment() -> None:
    asking = {"datetime.now", "datetime.utcnow", "time.time", "date.today", "os.environ", "os.getenv"}
    inside = [path for path in MODULES if not path.relative_to(SRC).as_posix().startswith(EDGE)]
    found = [
        f"{path.name}:{node.lineno}"
        for path in inside
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in asking
    ]
    assert len(inside) > 20
    assert not found


def test_the_request_path_runs_without_pandas_mlflow_torch_and_fitting_code() -> None:
    code = (
        "import sys, counterfoil.serve.app, counterfoil.serve.instance;"
        "print(sorted({'pandas', 'mlflow', 'torch', 'sentence_transformers', 'bentoml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_simulator_is_called_from_the_command_line_alone() -> None:
    assert {name.split("/")[0] for name in users("counterfoil.synth")} <= {"cli", "synth"}


def test_imports_point_left_only() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
