"""Writes `docs/reference/cli.md` from the commands themselves: `python -m tests.contracts.reference`."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import typer.main

from counterfoil.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
CLI_PAGE = ROOT / "docs" / "reference" / "cli.md"
_HEAD = """# Command line

Written from the commands by `python -m tests.contracts.reference`. `counterfoil VERB --help` says the same.
"""


def verbs(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every verb, by its full name, in the order of the help."""
    command = command if command is not None else typer.main.get_command(app)
    if not hasattr(command, "commands"):
        yield " ".join(path), command
        return
    for name, below in command.commands.items():
        yield from verbs(below, (*path, name))


def cli_page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_verb(name, command) for name, command in verbs())])


def _verb(name: str, command: Any) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and one.name != "help"]
    shown = "".join(f" {_argument(one)}" for one in arguments)
    lines = [f"## `counterfoil {name}{shown}`", "", command.help.strip(), ""]
    lines += [f"- {_argument(one)}: {one.help}" for one in arguments if one.help]
    lines += [""] if arguments and options else []
    if options:
        lines += ["| option | default | what |", "|---|---|---|", *(_option(one) for one in options), ""]
    return "\n".join(lines)


def _argument(argument: Any) -> str:
    name = str(argument.metavar or argument.name.upper())
    several = "..." if argument.nargs == -1 and not name.endswith("...") else ""
    return f"{name}{several}" if argument.required else f"[{name}{several}]"


def _option(option: Any) -> str:
    annotation = option.type_descriptor.annotation
    kinds = [kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type) and issubclass(kind, Enum)]
    values = ", ".join(f"`{choice.value}`" for kind in kinds for choice in kind)
    default = option.default.value if isinstance(option.default, Enum) else option.default
    told = "required" if option.required else "" if default in (None, "") else f"`{default}`"
    what = " ".join(part for part in (option.help or "", f"One of {values}." if values else "") if part)
    return f"| `{option.opts[-1]}` | {told} | {what} |"


if __name__ == "__main__":
    CLI_PAGE.write_text(cli_page(), encoding="utf-8")
