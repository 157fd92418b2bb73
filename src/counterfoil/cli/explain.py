"""`counterfoil explain`: one decision in words, for a reviewer or for the seller."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterfoil.errors import BadInput

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from counterfoil.history.views import About
    from counterfoil.ingest.schema import ScoreRequest
    from counterfoil.scorer import Decision, Scorer
    from counterfoil.settings import Settings


class Audience(StrEnum):
    """Who reads it."""

    reviewer = "reviewer"
    seller = "seller"


class Language(StrEnum):
    """The language of the sentences."""

    vi = "vi"
    en = "en"
    both = "both"


def explain(
    file: Annotated[Path | None, typer.Argument(help="JSON Lines of /v1/score bodies.")] = None,
    *,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read the bodies from standard input instead.")] = False,
    audience: Annotated[
        Audience, typer.Option("--for", help="A reviewer sees all; a seller what to put right or to prove.")
    ] = Audience.reviewer,
    language: Annotated[Language, typer.Option(help="The language of the sentences.")] = Language.both,
    bundle: Annotated[
        Path | None, typer.Option(help="The model bundle; default models/current, else models/demo.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="A shipped policy's name or a TOML file.")] = None,
    store: Annotated[
        str | None, typer.Option(help="Read what is known from this store; default: nothing is known.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many listings.")] = 20,
    json: Annotated[bool, typer.Option("--json", help="JSON Lines instead of text.")] = False,
) -> None:
    """Explain decisions: the reasons for and against, how they add up, and what would change them. Nothing is observed."""
    from datetime import UTC, datetime
    from itertools import islice

    from counterfoil.cli.explain_text import reviewer_text, seller_text
    from counterfoil.decide.policy import load_policy
    from counterfoil.model.bundle import Bundle
    from counterfoil.scorer import Scorer
    from counterfoil.settings import Settings

    if (file is None) == (not stdin):
        raise typer.BadParameter("give either a FILE or --stdin")
    settings, now = Settings(), datetime.now(UTC)
    scorer = Scorer(Bundle.load(bundle or settings.bundle_path), load_policy(policy or settings.policy))
    with _known(store, settings, now) as look:
        for line, request in islice(_requests(file), limit):
            (decision,) = scorer.decide([look(request)], "all")
            found = _for_seller(decision) if audience is Audience.seller else _for_reviewer(decision, scorer)
            if json:
                import orjson

                typer.echo(orjson.dumps({"line": line, **found}).decode())
                continue
            languages = list(Language)[:2] if language is Language.both else [language]
            show = seller_text if audience is Audience.seller else reviewer_text
            typer.echo("\n".join(show(found, [one.value for one in languages])) + "\n")


def _requests(file: Path | None) -> Iterator[tuple[int, ScoreRequest]]:
    """The bodies with the number of their line; raises `BadInput` at the first that is none."""
    import orjson
    from pydantic import ValidationError

    from counterfoil.ingest.faults import faults_of
    from counterfoil.ingest.readers import format_of, read_rows
    from counterfoil.ingest.schema import ScoreRequest

    if file is not None:
        if (found := format_of(file)) != "jsonl":
            raise BadInput(f"got {file} as {found}, expected JSON Lines of /v1/score bodies")
        rows = ((raw.line, raw.values) for raw in read_rows(file, file_format="jsonl"))
    else:
        rows = ((i, _parsed(text, orjson.loads)) for i, text in enumerate(sys.stdin, 1) if text.strip())
    for line, values in rows:
        if values is None:
            raise BadInput(f"line {line}: got text that is not a JSON object, expected a /v1/score body")
        try:
            yield line, ScoreRequest.model_validate(values)
        except ValidationError as error:
            first = faults_of(error)[0]
            raise BadInput(f"line {line}, {first.pointer}: {first.detail}") from None


def _parsed(text: str, loads: Any) -> dict[str, Any] | None:
    try:
        values = loads(text)
    except ValueError:
        return None
    return values if isinstance(values, dict) else None


def _known(store: str | None, settings: Settings, now: datetime) -> AbstractContextManager[Any]:
    """Gives a function from a body to what is known about it, in a store or on an empty one."""
    from contextlib import contextmanager

    from counterfoil.history.fold import Fold
    from counterfoil.ingest.intake import TOLERANCE, admit
    from counterfoil.ingest.register import load_register
    from counterfoil.store.store import Store

    key, register = settings.key(), load_register(settings.registers)

    @contextmanager
    def opened() -> Iterator[Any]:
        if store is None:

            def alone(request: ScoreRequest) -> About:
                known_at = min(request.listing.observed_at or now, now + TOLERANCE)
                subject = admit(request.listing, request.seller, key=key, now=known_at)
                return Fold(register=register).about(subject, known_at)

            yield alone
            return
        with Store(store, register).snapshot() as snapshot:

            def in_store(request: ScoreRequest) -> About:
                subject = admit(request.listing, request.seller, key=key, now=now)
                return snapshot.history.about(subject, snapshot.head.as_of(now))

            yield in_store

    return opened()


def _for_reviewer(decision: Decision, scorer: Scorer) -> dict[str, Any]:
    from counterfoil.answer import account_body, reason_body
    from counterfoil.scorer import account_of

    account = account_of(decision, scorer.bundle)
    return {
        "listing_id": decision.about.listing.listing_id,
        "title": decision.about.listing.title,
        "recommended_action": decision.outcome.action,
        "risk_level": decision.outcome.level,
        "probability": decision.risk.probability,
        "rules": [{"id": rule.id, "name": rule.name} for rule in decision.outcome.hits],
        "reasons": [reason_body(one) for one in decision.reasons],
        "account": account_body(account) if account is not None else None,
        "what_would_change": scorer.what_would_change(decision).to_json(),
    }


def _for_seller(decision: Decision) -> dict[str, Any]:
    """Nothing of the score, the evidence or the rules; a sentence that several reasons share is said once."""
    from counterfoil.decide.wording import LANGUAGES, seller_sentence

    flagged = decision.outcome.flagged
    codes = [one.code for one in decision.reasons if one.direction == "raises" or one.rules] if flagged else []
    texts = [{language: seller_sentence(code, language) for language in LANGUAGES} for code in codes]
    return {
        "listing_id": decision.about.listing.listing_id,
        "under_review": flagged,
        "texts": [text for i, text in enumerate(texts) if text not in texts[:i]],
    }
