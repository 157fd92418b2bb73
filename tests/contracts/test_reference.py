"""The documentation keeps up with the product: every verb, setting, route and problem, and commands that work as printed."""

from __future__ import annotations

import re
import shlex
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.errors import CounterfoilError
from counterfoil.ingest.events import EVENT
from counterfoil.ingest.schema import ScoreOptions, ScoreRequest
from counterfoil.model.bundle import Bundle
from counterfoil.serve.app import create_app
from counterfoil.serve.instance import Instance
from counterfoil.serve.responses import ScoreOut
from counterfoil.settings import Settings
from tests.contracts.printed import README, command_blocks, demo, readme, score_bodies
from tests.contracts.reference import CLI_PAGE, ROOT, cli_page, verbs

PAGES = sorted([README, *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def page(name: str) -> str:
    """A page of the reference."""
    return (ROOT / "docs" / "reference" / f"{name}.md").read_text(encoding="utf-8")


def commands(path: Path) -> Iterator[list[str]]:
    """Every `counterfoil …` line of the command blocks of a page, in words."""
    for text in command_blocks(path):
        for line in text.splitlines():
            if line.startswith("counterfoil "):
                yield shlex.split(line, comments=True)[1:]


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The demo model on an empty store."""
    opened = demo(tmp_path_factory.mktemp("docs"))
    yield opened
    opened.store.close()


def test_the_page_of_the_command_line_is_what_the_commands_say() -> None:
    written = CLI_PAGE.read_text(encoding="utf-8")
    assert written == cli_page(), "write it again: python -m tests.contracts.reference"
    assert all(f"`counterfoil {name}" in written for name, _ in verbs())


@pytest.mark.parametrize("name", [f"COUNTERFOIL_{field.upper()}" for field in Settings.model_fields])
def test_every_setting_is_explained(name: str) -> None:
    assert f"| `{name}` |" in page("settings")


def test_no_setting_is_explained_that_does_not_exist() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
    known = {f"COUNTERFOIL_{field.upper()}" for field in Settings.model_fields}
    assert set(re.findall(r"COUNTERFOIL_[A-Z_]+", text)) <= known


def test_every_route_is_listed_and_no_other() -> None:
    document = create_app().openapi()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in document.items() for method in methods}
    listed = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`\s]*)`", page("api")))
    assert routes <= listed
    assert listed - routes == {"GET /docs", "GET /openapi.json"}


def test_every_option_field_and_event_of_the_api_is_named() -> None:
    text = page("api")
    kinds = {
        one["properties"]["type"]["const"]
        for one in EVENT.json_schema()["$defs"].values()
        if "const" in one["properties"].get("type", {})
    }
    assert len(kinds) == 6
    names = {*ScoreOptions.model_fields, *ScoreOut.model_fields, *kinds} - {"seller"}
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []


def test_every_problem_type_is_listed_with_its_status() -> None:
    def below(kind: type[CounterfoilError]) -> Iterator[type[CounterfoilError]]:
        yield kind
        for one in kind.__subclasses__():
            yield from below(one)

    text = page("errors")
    missing = [
        kind.slug for kind in below(CounterfoilError) if f"| `/problems/{kind.slug}` | {kind.status} |" not in text
    ]
    assert missing == []


def test_every_file_of_a_bundle_is_explained() -> None:
    text = page("bundle")
    names = {"manifest.json", *Bundle.load(ROOT / "models" / "demo").manifest.files}
    shown = {name if "/" not in name else name.partition("/")[0] + "/" for name in names}
    assert [name for name in sorted(shown) if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    local = [link for link in _LINK.findall(path.read_text(encoding="utf-8")) if "://" not in link]
    dead = [link for link in local if link.partition("#")[0] and not (path.parent / link.partition("#")[0]).exists()]
    assert dead == []


def test_every_page_can_be_found_from_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")} - {"README.md"}
    assert [name for name in sorted(pages) if f"({name})" not in index] == []


@pytest.mark.parametrize("path", [path for path in PAGES if path != CLI_PAGE], ids=lambda path: path.name)
def test_the_options_of_printed_commands_exist(path: Path) -> None:
    known = dict(verbs())
    for words in commands(path):
        name = " ".join(words[:2]) if " ".join(words[:2]) in known else words[0]
        assert name in known, words
        options = {option for one in known[name].params for option in one.opts}
        assert {word for word in words if word.startswith("--")} <= options, words


def test_the_readme_s_copy_is_flagged_with_its_reasons_and_its_honest_example_is_not(instance: Instance) -> None:
    copy, honest = (instance.score(ScoreRequest.model_validate(body)) for body in score_bodies(README))
    assert copy["recommended_action"] == "review"
    title = score_bodies(README)[0]["listing"]["title"]
    claim = next(reason for reason in copy["reasons"] if reason["code"] == "COPY_CLAIMED")
    assert title[slice(*claim["evidence"]["span"])].startswith("rep 1:1")
    assert honest["recommended_action"] == "allow"
    assert honest["probability"] < copy["probability"]


def test_the_readme_prints_what_the_demo_model_really_answers(instance: Instance) -> None:
    written = README.read_text(encoding="utf-8")
    assert len(score_bodies(README)) == written.count("```json") == 2
    assert written == readme(instance), "the demo model changed; write it again: python -m tests.contracts.printed"


def test_the_tutorial_s_listing_gets_an_answer(instance: Instance) -> None:
    (body,) = score_bodies(ROOT / "docs" / "tutorial.md")
    answer = instance.score(ScoreRequest.model_validate(body))
    assert answer["status"] == "evaluated"
    assert "seller_unknown" in answer["degraded"]


def test_the_picture_is_well_formed_and_says_what_it_shows() -> None:
    root = ET.parse(ROOT / "docs" / "data-path.svg").getroot()
    words = " ".join(root.itertext())
    assert all(part in words for part in ("intake", "history", "features", "decision", "verdicts come back"))
