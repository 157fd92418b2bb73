"""`counterfoil lexicon`: whether the lexicon is sound, and how a title is read by it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterfoil.cli.propose import propose, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterfoil.knowledge.lexicon_file import Fault
    from counterfoil.language.brands import BrandMention
    from counterfoil.language.lexicon import Lexicon, Sighting
    from counterfoil.language.lexicon_check import Problem
    from counterfoil.language.views import Views

app = typer.Typer(help="The words by which sellers say that goods are copies: check them, and see how a title is read.")


@app.callback()
def _lexicon() -> None:
    """The words by which sellers say that goods are copies: check them, and see how a title is read."""


@app.command("check")
def check(
    *,
    file: Annotated[Path | None, typer.Option(help="A TOML file of your own, checked beside the shipped ones.")] = None,
    overlaps: Annotated[bool, typer.Option(help="Also list weaker forms that hide a stronger term.")] = False,
) -> None:
    """Check every file, form and example of the lexicon; exit code 1 where something is wrong."""
    from rich.console import Console

    from counterfoil.knowledge.lexicon import context, shipped_files, term_of, terms, trap_of, traps
    from counterfoil.knowledge.lexicon_file import entries, faults_of
    from counterfoil.language.lexicon import Lexicon
    from counterfoil.language.lexicon_check import check_lexicon

    console = Console()
    files = shipped_files()
    own = {} if file is None else {file.name: _read(file)}
    faults = [fault for name, data in [*files.items(), *own.items()] for fault in faults_of(name, data)]
    if faults:
        console.print(_faults(faults))
        raise typer.Exit(1)
    all_terms, all_traps = list(terms()), list(traps())
    for data in own.values():
        all_terms += map(term_of, entries(data, "term"))
        all_traps += map(trap_of, entries(data, "trap"))
    lexicon = Lexicon(all_terms, all_traps, context())
    problems = check_lexicon(lexicon, all_traps)
    wrong = [one for one in problems if one.kind != "overlap"]
    shown = problems if overlaps else wrong
    if shown:
        console.print(_problems(shown))
    typer.echo(f"{_account(lexicon)}, {len(all_traps):,} traps: {len(wrong) or 'no'} problem{'s' * (len(wrong) != 1)}")
    if wrong:
        raise typer.Exit(1)


@app.command("explain")
def explain(
    title: Annotated[str, typer.Argument(help="The title of a listing, as it was written.")],
    *,
    category: Annotated[str | None, typer.Option(help="The category's id, e.g. shoes or perfume.")] = None,
    brand: Annotated[str | None, typer.Option(help="The brand field of the listing.")] = None,
) -> None:
    """Show what is seen in a title, in which view and where, and why it counts or not."""
    from rich.console import Console

    from counterfoil.knowledge.brands import known_brand
    from counterfoil.knowledge.categories import category as known_category
    from counterfoil.language.brands import brand_key, find_brands
    from counterfoil.language.lexicon import is_accessory, is_used, lexicon
    from counterfoil.language.views import views

    if category is not None:
        known_category(category)
    text = views(title)
    fits, had_owner = is_accessory(text), is_used(text)
    mentions = find_brands(text, category)
    # A brand that the goods only fit is not the one that is claimed.
    claimed = [one.brand for one in mentions if fits is None or not fits[0] <= one.start < fits[1]]
    stated = brand_key(brand)
    claimed += [stated] if stated is not None else []
    known = [found for found in map(known_brand, claimed) if found is not None]
    branded = any(category is None or category in one.categories for one in known)
    console = Console()
    if text.mended is not None:
        typer.echo(f"put right: {text.mended.text}")
    sightings = lexicon().explain(text, category, branded)
    console.print(_sightings(title, sightings) if sightings else "No term of the lexicon stands in this title.")
    for mention in mentions:
        typer.echo(_mention(text, mention, fits))
    for name, span in (("made for a brand's goods", fits), ("had an owner before", had_owner)):
        if span is not None:
            typer.echo(f"{name}: {title[slice(*span)]!r}")
    typer.echo(f"read in the category {category or 'unknown'}, {'beside' if branded else 'without'} a protected brand")


app.command("propose")(propose)


def _read(path: Path) -> dict[str, Any]:
    import tomllib

    from counterfoil.errors import UnreadableFile

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableFile(f"got {error} reading {path}, expected a TOML file in UTF-8") from error


def _account(lexicon: Lexicon) -> str:
    from collections import Counter

    grades = Counter(term.grade for term in lexicon.terms)
    forms = sum(len(term.forms) + len(term.accented_only) for term in lexicon.terms)
    parts = ", ".join(
        f"{count} {grade}" for grade, count in sorted(grades.items(), key=lambda one: "SABC".index(one[0]))
    )
    return f"{len(lexicon.terms):,} terms ({parts}), {forms:,} forms"


def _faults(faults: Sequence[Fault]) -> Any:
    return table(("file", "entry", "what is wrong"), [(one.file, one.entry, one.detail) for one in faults])


def _problems(problems: Sequence[Problem]) -> Any:
    return table(("entry", "problem", "what happens"), [(one.entry, one.kind, one.detail) for one in problems])


def _sightings(title: str, sightings: Sequence[Sighting]) -> Any:
    rows = []
    for one in sightings:
        hit = one.hit
        rows.append((
            title[one.start : one.end], f"{one.start}-{one.end}", one.view, (hit and hit.disguise) or "",
            one.term.id, hit.grade if hit else one.term.grade, hit.scope if hit else "not counted", one.why,
        ))  # fmt: skip
    return table(("as written", "span", "view", "hidden by", "term", "grade", "scope", "why"), rows)


def _mention(text: Views, mention: BrandMention, fits: tuple[int, int] | None) -> str:
    quoted = text.raw[mention.start : mention.end]
    hidden = f", hidden by: {mention.disguise}" if mention.disguise else ""
    only_fits = ", only what the goods fit" if fits is not None and fits[0] <= mention.start < fits[1] else ""
    return f"brand {mention.brand}: {quoted!r} at {mention.start}-{mention.end}{hidden}{only_fits}"
