from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from counterfoil.cli.lexicon import app
from counterfoil.errors import UnreadableFile
from counterfoil.ingest.intake import ContactKey
from counterfoil.ingest.source import read_log
from counterfoil.knowledge.lexicon_file import faults_of
from counterfoil.language.normalise import fold_text
from counterfoil.language.propose import propose
from counterfoil.model.propose import said_by_verdict
from counterfoil.store.store import Store
from counterfoil.synth.spoken import phrases
from counterfoil.synth.write import write_market
from tests.language.test_propose import market
from tests.worlds import at

SLANG = "bản g7"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("COUNTERFOIL_VAR", str(tmp_path / "var"))

    def invoke(*words: object) -> Any:
        done = CliRunner().invoke(app, ["propose", *map(str, words)], env={"COLUMNS": "220"})
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return invoke


def bodies() -> list[tuple[dict[str, Any], bool]]:
    """Listings with their seller and whether they are suspect; the slang stands in suspect titles alone."""
    return [
        (
            {
                "type": "listed",
                "event_id": f"e{number}",
                "happened_at": at(number).isoformat(),
                "known_at": at(number).isoformat(),
                "seller_id": one.seller,
                "listing": {
                    "listing_id": f"l{number}",
                    "title": one.title.raw,
                    "platform": "shopee",
                    "brand": one.brand,
                    "category_path": ["Giày Dép Nam"],
                },
            },
            one.suspect,
        )
        for number, one in enumerate(market(SLANG))
    ]


def log(folder: Path, labels: tuple[str, ...] = ("counterfeit",)) -> Path:
    """An events file in which the suspect listings got the verdicts of `labels`, one after the other."""
    events = []
    for number, (event, suspect) in enumerate(bodies()):
        events.append(event)
        for turn, label in enumerate(labels if suspect else ()):
            when = at(10_000 + turn).isoformat()
            events.append(
                {
                    "type": "verdict",
                    "label_id": f"v{number}-{turn}",
                    "target": {"type": "listing", "id": f"l{number}"},
                    "label": label,
                    "source": "moderator_review",
                    "labelled_at": when,
                    "known_at": when,
                }
            )
    path = folder / "events.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, events)) + b"\n")
    return path


def entries(path: Path) -> list[Any]:
    key = ContactKey("k1", b"a key for tests!")
    return read_log(path, key=key, now=datetime.now(UTC))


def test_a_log_with_verdicts_proposes_its_slang_with_an_interval_and_an_example(run: Any, tmp_path: Path) -> None:
    done = run(log(tmp_path))
    assert done.exit_code == 0, done.output
    assert SLANG in done.output
    assert " to " in done.output
    assert "600 listings of 300 sellers read" in done.output
    assert "1 to propose" in done.output


def test_verdicts_that_were_overturned_propose_nothing(run: Any, tmp_path: Path) -> None:
    done = run(log(tmp_path, ("counterfeit", "genuine")))
    assert "0 sellers with a suspect one: nothing to propose" in done.output
    assert SLANG not in done.output
    assert "Nothing is proposed" in run(log(tmp_path, ("counterfeit", "genuine")), "--toml").output


def test_a_store_says_the_same_as_its_log(run: Any, tmp_path: Path) -> None:
    path = log(tmp_path)
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = Store(url)
    store.append(entries(path))
    store.close()
    assert run("--store", url).output == run(path).output


def test_the_entries_are_ready_for_the_lexicon(run: Any, tmp_path: Path) -> None:
    done = run(log(tmp_path), "--toml")
    data = tomllib.loads(done.output)
    (term,) = data["term"]
    assert term["forms"] == [SLANG]
    assert (term["id"], term["grade"], term["needs"]) == ("proposed_ban_g7", "B", "brand")
    assert "sellers suspect where" in term["source"]
    assert term["examples"]
    assert all(SLANG in title for title in term["examples"])
    assert faults_of("own.toml", data) == []
    own = tmp_path / "own.toml"
    own.write_text(done.output, encoding="utf-8")
    checked = CliRunner().invoke(app, ["check", "--file", str(own)], env={"COLUMNS": "220"})
    assert "proposed_" not in checked.output  # its form is alive, its examples are read as they should be


def test_scored_listings_propose_by_their_highest_scores(run: Any, tmp_path: Path) -> None:
    listings, scored = tmp_path / "listings.jsonl", tmp_path / "out"
    scored.mkdir()
    rows = bodies()
    shown = [{"listing": event["listing"], "seller": {"seller_id": event["seller_id"]}} for event, _ in rows]
    listings.write_bytes(b"\n".join(map(orjson.dumps, shown)) + b"\n")
    answers = [
        {"listing_id": event["listing"]["listing_id"], "probability": 0.9 if suspect else 0.01}
        for event, suspect in rows
    ]
    (scored / "decisions.jsonl").write_bytes(b"\n".join(map(orjson.dumps, answers)) + b"\n")
    share = sum(suspect for _, suspect in rows) / len(rows)
    done = run(scored, "--listings", listings, "--top", share)
    assert SLANG in done.output
    assert "1 to propose" in done.output
    assert run(scored).exit_code == 2  # decisions hold no titles
    (scored / "decisions.jsonl").unlink()
    with pytest.raises(UnreadableFile, match=r"decisions\.jsonl"):
        run(scored, "--listings", listings)


def test_one_source_must_be_named(run: Any, tmp_path: Path) -> None:
    assert run().exit_code == 2
    assert run(log(tmp_path), "--store", "sqlite://").exit_code == 2


@pytest.mark.slow
def test_slang_that_no_list_holds_is_among_the_first_proposals_of_a_simulated_market(tmp_path: Path) -> None:
    write_market(24_000, 7, tmp_path / "market")
    found = propose(said_by_verdict(entries(tmp_path / "market" / "events.jsonl")))
    assert len(found) <= 20
    assert all(one.low > 1 for one in found)
    planted = {fold_text(phrase) for phrase in phrases()["slang"]}
    met = {phrase for phrase in planted for one in found if f" {fold_text(one.form)} " in f" {phrase} "}
    assert len(met) >= 3, [one.form for one in found]
