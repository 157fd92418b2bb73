"""counterfoil: calibrated, explained risk scores for counterfeit listings."""

from importlib.metadata import version

__version__ = version("counterfoil")
