"""counterfoil: calibrated, explained risk scores for counterfeit listings."""

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

try:
    __version__ = version("counterfoil")
except PackageNotFoundError:
    # A Bento holds the sources beside their pyproject.toml, and is run without being installed.
    __version__ = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]["version"]
