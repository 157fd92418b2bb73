"""The tables: an append-only log, the records folded from it, its head, and the journal."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

METADATA = MetaData()

LOG = Table(
    "log",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("event_id", String(300), nullable=False, unique=True),
    Column("type", String(20), nullable=False),
    Column("known_at", BigInteger, nullable=False),  # microseconds since 1970
    Column("body", LargeBinary, nullable=False),  # JSON: the event, contacts hashed and masked, and the findings
    Column("body_hash", LargeBinary(32), nullable=False),
    Index("log_by_known_at", "known_at"),
)

RECORDS = Table(
    "records",
    METADATA,
    Column("kind", String(10), primary_key=True),
    Column("key", String(700), primary_key=True),
    Column("seq", BigInteger, nullable=False),  # the last event that changed it
    Column("body", LargeBinary, nullable=False),
)

# One row: where the log ends, and the knowledge files under which it was folded.
HEAD = Table(
    "head",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("known_at", BigInteger, nullable=False),
    Column("verdict_at", BigInteger, nullable=False),
    Column("knowledge", String(64), nullable=False),
)

JOURNAL = Table(
    "journal",
    METADATA,
    Column("score_id", String(40), primary_key=True),
    Column("evaluated_at", BigInteger, nullable=False),
    Column("log_seq", BigInteger, nullable=False),
    Column("listing_id", String(300)),
    Column("seller_id", String(300)),
    Column("request", Text, nullable=False),
    Column("features", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Index("journal_by_listing", "listing_id"),
    Index("journal_by_seller", "seller_id"),
)
