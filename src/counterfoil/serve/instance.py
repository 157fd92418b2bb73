"""One running instance: a bundle, its policies, a store, a clock. Routes call it; tests build it with another clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
from pydantic import ValidationError

from counterfoil.answer import Served, answer
from counterfoil.decide.policy import Policy, load_policy
from counterfoil.errors import BadInput, CounterfoilError, Fault
from counterfoil.history.instants import micros
from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import EVENT, Verdict
from counterfoil.ingest.faults import faults_of, readable
from counterfoil.ingest.intake import TOLERANCE, ContactKey, admit, admit_event
from counterfoil.ingest.register import load_register
from counterfoil.ingest.schema import Listing, Price, ScoreRequest
from counterfoil.knowledge.files import names_in
from counterfoil.model.bundle import Bundle
from counterfoil.scorer import Decision, Reasons, Scorer
from counterfoil.serve.problems import problem_body
from counterfoil.settings import Settings
from counterfoil.store.store import Store


def utc_now() -> datetime:
    """The clock of the edge."""
    return datetime.now(UTC)


class Instance:
    """Scores and observes against one store."""

    def __init__(
        self, bundle: Bundle, policy: Policy, store: Store, key: ContactKey, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.bundle = bundle
        self.policy = policy
        self.store = store
        self.key = key
        self.clock = clock
        self.ready = False
        self._scorer = cache(self._make_scorer)

    @classmethod
    def open(cls, settings: Settings) -> Instance:
        """Load everything the settings name, then score once so that the first caller does not wait."""
        store = Store(settings.store_url, load_register(settings.registers))
        instance = cls(Bundle.load(settings.bundle_path), load_policy(settings.policy), store, settings.key())
        instance.warm_up()
        return instance

    def warm_up(self) -> None:
        """Score a listing that is not recorded; only then is the instance ready."""
        listing = Listing(title="Dép đi trong nhà", price=Price(amount="25000", currency="VND"))
        self.score(ScoreRequest.model_validate({"listing": listing, "options": {"record": False}}))
        self.ready = True

    def score(self, request: ScoreRequest) -> dict[str, Any]:
        """The answer to one request, journalled before it is given."""
        clock, now, options = time.perf_counter(), self.clock(), request.options
        scorer = self._scorer(options.policy)
        subject = admit(request.listing, request.seller, key=self.key, now=now)
        with self.store.snapshot() as snapshot:
            as_of = self._as_of(options.as_of, snapshot.head.as_of(now), now)
            about = snapshot.history.about(subject, as_of)
        reasons: Reasons = "all" if {"reasons:all", "contributions"} & set(options.include) else "flagged"
        decision = scorer.decide([about], reasons)[0]
        what_if = scorer.what_would_change(decision) if "what_would_change" in options.include else None
        elapsed = (time.perf_counter() - clock) * 1000
        body = answer(decision, self.bundle, Served(as_of, snapshot.head.seq, now, elapsed), options.include, what_if)
        if options.record:
            self.store.record([_journal_row(decision, body, now)])
        return body

    def observe(self, events: Sequence[object]) -> dict[str, Any]:
        """Append events, stamped with the time at which they became known here; each stands or falls by itself."""
        now = self.clock()
        entries: list[tuple[int, Entry]] = []
        rejected: list[tuple[int, CounterfoilError]] = []
        for index, event in enumerate(events):
            try:
                entries.append((index, self._entry(event, now)))
            except BadInput as error:
                rejected.append((index, error))
        done = self.store.append([entry for _, entry in entries], not_before_head=True)
        rejected += [(entries[place][0], error) for place, error in done.rejected]
        return {
            "accepted": done.accepted,
            "duplicates": len(done.duplicates),
            "rejected": [
                {"index": index, "problem": problem_body(error)} for index, error in sorted(rejected, key=_first)
            ],
        }

    def _entry(self, event: object, now: datetime) -> Entry:
        try:
            valid = EVENT.validate_python(event)
        except ValidationError as error:
            faults = faults_of(error)
            raise BadInput(faults[0].detail, faults) from None
        if isinstance(valid, Verdict):
            detail = "got a verdict, expected an event; verdicts come with `counterfoil ingest`"
            raise BadInput(detail, [Fault(detail, "#/type")])
        return admit_event(valid, now, key=self.key, now=now)

    def _as_of(self, asked: datetime | None, head: datetime, now: datetime) -> datetime:
        if asked is None:
            return head
        if asked > now + TOLERANCE:
            detail = f"got as_of {asked.isoformat()}, expected a time up to {now.isoformat()}"
            raise BadInput(detail, [Fault(detail, "#/options/as_of", "future_time")])
        if micros(asked) < micros(head):
            detail = (
                f"got as_of {asked.isoformat()}, expected {head.isoformat()} or later: the past is not rebuilt yet, "
                "and the log has been read up to there"
            )
            raise BadInput(detail, [Fault(detail, "#/options/as_of", "past_time")])
        return asked

    def _make_scorer(self, policy: str) -> Scorer:
        if policy == self.policy.name:
            return Scorer(self.bundle, self.policy)
        # A caller names a shipped policy; only the operator may name a file.
        if policy not in names_in("policy"):
            known = ", ".join(sorted({self.policy.name, *names_in("policy")}))
            detail = f"got policy {readable(policy, 100)!r}, expected one of {known}"
            raise BadInput(detail, [Fault(detail, "#/options/policy")])
        return Scorer(self.bundle, load_policy(policy))


def _first(pair: tuple[int, CounterfoilError]) -> int:
    return pair[0]


def _journal_row(decision: Decision, body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    subject = decision.about.subject
    request = {
        "listing": subject.listing.model_dump(mode="json", exclude_defaults=True),
        "seller": subject.seller and subject.seller.model_dump(mode="json", exclude_defaults=True),
        "findings": subject.findings,
    }
    return {
        "score_id": body["score_id"],
        "evaluated_at": micros(now),
        "log_seq": body["log_seq"],
        "listing_id": body["listing_id"],
        "seller_id": body["seller_id"],
        "request": orjson.dumps(request).decode(),
        "features": orjson.dumps(decision.row.tolist()).decode(),
        "answer": orjson.dumps(body).decode(),
    }
