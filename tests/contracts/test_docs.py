from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.features.reference import markdown

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "counterfoil"
PAGES = sorted(
    page for folder, pattern in ((".", "*.md"), ("docs", "**/*.md"), ("data", "*.md"), ("models", "**/*.md"))
    for page in (ROOT / folder).glob(pattern)
)  # fmt: skip
MODULES = sorted(SRC.rglob("*.py"))
# A finding of guilt has no place in what the product says; what it must not say may be quoted in a negation.
GUILT = re.compile(r"(?i)(?<!whether it )(?<!says )\bthis (?:listing|seller|product) is (?:a )?(?:counterfeit|fake)\b")


def test_the_reference_of_features_is_what_the_code_says() -> None:
    page = (ROOT / "docs" / "reference" / "features.md").read_text(encoding="utf-8")
    assert page == markdown(), "run: counterfoil features --format markdown > docs/reference/features.md"


def public(tree: ast.Module) -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Public classes and functions of a module, and the public methods of its public classes."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    for node in tree.body:
        if isinstance(node, (*kinds, ast.ClassDef)) and not node.name.startswith("_"):
            yield node.name, node
            for part in node.body if isinstance(node, ast.ClassDef) else []:
                if isinstance(part, kinds) and not part.name.startswith("_"):
                    yield f"{node.name}.{part.name}", part


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SRC).as_posix())
def test_everything_public_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = ["the module"] if tree.body and ast.get_docstring(tree) is None else []
    silent += [name for name, node in public(tree) if ast.get_docstring(node) is None]
    assert not silent


@pytest.mark.parametrize("path", [*PAGES, *MODULES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nobody_is_said_to_be_guilty(path: Path) -> None:
    assert not GUILT.search(path.read_text(encoding="utf-8"))
