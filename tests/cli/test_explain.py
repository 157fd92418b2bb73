from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from counterfoil.cli.main import app
from counterfoil.decide.policy import load_policy
from counterfoil.errors import BadInput
from counterfoil.features.catalogue import catalogue
from tests.instances import DEMO

COPY = {
    "listing": {
        "listing_id": "shopee:1.1",
        "title": "Túi xách Gucci super fake full box",
        "category_path": ["Túi ví nữ"],
        "price": {"amount": "450000", "currency": "VND"},
    },
    "seller": {"seller_id": "shopee:1"},
}
HONEST = {
    "listing": {
        "listing_id": "shopee:2.1",
        "title": "Dép đi trong nhà",
        "price": {"amount": "25000", "currency": "VND"},
    }
}


def run(*words: str, stdin: str | None = None) -> str:
    done = CliRunner().invoke(app, ["explain", "--bundle", str(DEMO), *words], input=stdin)
    if done.exception is not None:
        raise done.exception
    return done.output


@pytest.fixture
def bodies(tmp_path: Path) -> Path:
    path = tmp_path / "bodies.jsonl"
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in (COPY, HONEST)), encoding="utf-8")
    return path


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_reviewer_reads_the_decision_the_reasons_how_they_add_up_and_what_would_change_it(bodies: Path) -> None:
    copy, honest = run(str(bodies)).split("\n\n")[:2]
    assert "review, probability" in copy
    assert "R-001 seller_says_copy" in copy
    assert "COPY_CLAIMED (text, R-001" in copy
    assert "'super fake" in copy
    assert "log-odds" in copy
    assert "what would change it:" in copy
    assert "R-001 no longer hits when one of these fails: claim_terms >= 1" in copy
    assert "allow, probability" in honest


def test_json_closes_to_the_log_odds_and_names_the_line(bodies: Path) -> None:
    copy, honest = lines(run(str(bodies), "--json"))
    assert (copy["line"], honest["line"]) == (1, 2)
    account = copy["account"]
    total = account["base"] + account["calibration"] + sum(one["total"] for one in account["families"].values())
    assert total == pytest.approx(account["log_odds"], abs=1e-6)
    assert {one["code"] for one in copy["reasons"]} >= {"COPY_CLAIMED"}
    assert honest["recommended_action"] == "allow"
    assert honest["what_would_change"]["alternatives"]


@pytest.mark.parametrize(
    ("language", "there", "not_there"), [("vi", "dấu hiệu rủi ro", "risk signs"), ("en", "risk signs", "dấu hiệu")]
)
def test_a_seller_reads_what_to_prove_and_nothing_of_what_was_found(
    bodies: Path, language: str, there: str, not_there: str
) -> None:
    told = run(str(bodies), "--for", "seller", "--language", language)
    assert there in told
    assert not_there not in told
    listing: Any = COPY["listing"]
    secrets = ["super fake", listing["title"], "R-001", "probability", "COPY_CLAIMED", "log-odds"]
    secrets += [name for name in catalogue().names if "_" in name]
    secrets += [str(load_policy().review.probability)]
    assert [one for one in secrets if one in told] == []


def test_a_seller_is_told_each_thing_once_and_of_a_listing_that_passes_nothing(bodies: Path) -> None:
    copy, honest = lines(run(str(bodies), "--for", "seller", "--json"))
    assert set(copy) == {"line", "listing_id", "under_review", "texts"}
    assert copy["texts"]
    assert len(copy["texts"]) == len({text["en"] for text in copy["texts"]})
    assert (honest["under_review"], honest["texts"]) == (False, [])


def test_standard_input_is_read_too_and_the_limit_holds(bodies: Path) -> None:
    text = bodies.read_text(encoding="utf-8")
    from_file, from_stdin = run(str(bodies), "--json"), run("--stdin", "--json", stdin=text)
    assert from_file == from_stdin
    assert len(lines(run("--stdin", "--json", "--limit", "1", stdin=text))) == 1


def test_a_store_is_read_and_not_written(bodies: Path, tmp_path: Path) -> None:
    from counterfoil.store.store import Store

    url = f"sqlite:///{tmp_path / 'kept.db'}"
    assert lines(run(str(bodies), "--json", "--store", url))[0]["recommended_action"] == "review"
    store = Store(url)
    with store.snapshot() as snapshot:
        assert snapshot.head.seq == 0
    store.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1: got text that is not a JSON object"),
        ("[1]", "line 1: got text that is not a JSON object"),
        ('{"listing": {"title": "x", "colour": 1}}', "line 1, #/listing/colour"),
        (json.dumps(HONEST) + '\n\n{"listing": {}}', "line 3, #/listing/title"),
    ],
)
def test_a_wrong_line_is_refused_by_its_number_and_place(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text(text, encoding="utf-8")
    for words, stdin in (([str(path)], None), (["--stdin"], text)):
        with pytest.raises(BadInput) as refused:
            run(*words, stdin=stdin)
        assert said in refused.value.detail


def test_one_source_must_be_named_and_only_one(bodies: Path) -> None:
    for words in ([], [str(bodies), "--stdin"]):
        done = CliRunner().invoke(app, ["explain", *words])
        assert done.exit_code == 2
        assert "either a FILE or --stdin" in done.output
