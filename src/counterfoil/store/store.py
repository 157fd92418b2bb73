"""The store: one writer appends to the log and folds it; readers see a snapshot of the fold and where the log ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from counterfoil.errors import KnowledgeMismatch
from counterfoil.history.fold import Fold
from counterfoil.ingest.entry import Entry
from counterfoil.ingest.register import NO_REGISTER, CodeRegister
from counterfoil.knowledge.files import knowledge_hash
from counterfoil.store.codec import decode_entry
from counterfoil.store.engine import open_engine
from counterfoil.store.shelf import ReadShelf, RecordCache, WriteShelf
from counterfoil.store.tables import HEAD, JOURNAL, LOG, METADATA, RECORDS
from counterfoil.store.writer import Appended, Head, Writer

_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The fold as one read transaction sees it, and where its log ends."""

    history: Fold
    head: Head


class Store:
    """One database: `append` writes, `snapshot` reads, `record` journals. Safe for several processes on one file."""

    def __init__(self, url: str, register: CodeRegister = NO_REGISTER) -> None:
        self.url = url
        self.register = register
        self._engine = open_engine(url)
        self._writer = self._engine.execution_options(write=True)
        self._cache = RecordCache()
        with self._writer.begin() as connection:
            METADATA.create_all(connection)
            if connection.execute(select(HEAD.c.id)).first() is None:
                connection.execute(
                    insert(HEAD).values(id=1, seq=0, known_at=-1, verdict_at=-1, knowledge=knowledge_hash())
                )

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    # ---- the log ----

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One write transaction: what is appended is folded at once, and both are there for others when it ends."""
        with self._writer.begin() as connection:
            writer = Writer(connection, self._head(connection), self.register)
            yield writer
            writer.finish()

    def append(self, entries: Sequence[Entry], *, not_before_head: bool = False) -> Appended:
        """Append events in their order and fold them, in transactions of 5,000; see `Writer.append`."""
        total = Appended()
        for start in range(0, len(entries), _CHUNK):
            with self.writing() as writer:
                done = writer.append(entries[start : start + _CHUNK], not_before_head=not_before_head)
            total = total.plus(done, start)
        return total

    def entries(self) -> Iterator[Entry]:
        """The log from its beginning, in order."""
        with self._engine.connect() as connection:
            query = select(LOG.c.body, LOG.c.known_at).order_by(LOG.c.seq)
            for row in connection.execution_options(yield_per=2_000).execute(query):
                yield decode_entry(row.body, row.known_at)

    def rebuild(self) -> int:
        """Fold the whole log again under the installed knowledge; returns how many events were folded."""
        with self._writer.begin() as connection:
            connection.execute(delete(RECORDS))
            shelf = WriteShelf(connection)
            fold, seq = Fold(shelf), 0
            query = select(LOG.c.seq, LOG.c.body, LOG.c.known_at).order_by(LOG.c.seq)
            for rows in connection.execute(query.execution_options(yield_per=_CHUNK)).partitions(_CHUNK):
                for row in rows:
                    fold.observe(decode_entry(row.body, row.known_at))
                    seq = row.seq
                shelf.flush(seq)
            connection.execute(update(HEAD).values(knowledge=knowledge_hash()))
        self._cache = RecordCache()
        return seq

    # ---- reading ----

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """What was known, as of one read transaction; raises `KnowledgeMismatch`."""
        with self._engine.connect() as connection:
            head = self._head(connection)
            yield Snapshot(Fold(ReadShelf(connection, self._cache), head.known_at, self.register), head)

    def _head(self, connection: Connection) -> Head:
        row = connection.execute(select(HEAD.c.seq, HEAD.c.known_at, HEAD.c.verdict_at, HEAD.c.knowledge)).one()
        if row.knowledge != knowledge_hash():
            raise KnowledgeMismatch(
                f"got a store folded under the knowledge files {row.knowledge[:12]}, expected {knowledge_hash()[:12]}: "
                f"run `counterfoil db rebuild --store {self.url}`"
            )
        return Head(row.seq, row.known_at, row.verdict_at)

    # ---- the journal ----

    def record(self, rows: Sequence[dict[str, Any]]) -> None:
        """Journal decisions that were served; keys as the columns of `journal`."""
        if rows:
            with self._writer.begin() as connection:
                connection.execute(insert(JOURNAL), list(rows))

    def journalled(self, score_id: str) -> dict[str, Any] | None:
        """One journalled decision, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(select(JOURNAL).where(JOURNAL.c.score_id == score_id)).mappings().first()
            return dict(row) if row is not None else None
