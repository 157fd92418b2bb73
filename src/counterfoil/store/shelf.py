"""Records in SQL: a read snapshot with a cache, and a writer that puts back what it changed at commit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import cast

from sqlalchemy import Connection, bindparam, case, null, select
from sqlalchemy.dialects.sqlite import insert

from counterfoil.history.shelf import KINDS, R, Record
from counterfoil.store.codec import decode_record, encode_record
from counterfoil.store.tables import RECORDS

# A record's body is fetched only when the cached one was folded up to another event.
_READ = select(
    RECORDS.c.seq,
    case((RECORDS.c.seq == bindparam("cached"), null()), else_=RECORDS.c.body).label("body"),
).where(RECORDS.c.kind == bindparam("kind"), RECORDS.c.key == bindparam("key"))

_insert = insert(RECORDS)
_UPSERT = _insert.on_conflict_do_update(
    index_elements=["kind", "key"], set_={"seq": _insert.excluded.seq, "body": _insert.excluded.body}
)


class RecordCache:
    """Decoded records with the event up to which they were folded; the least lately used go first."""

    def __init__(self, size: int = 50_000) -> None:
        self._size = size
        self._records: OrderedDict[tuple[type[Record], str], tuple[int, Record]] = OrderedDict()

    def get(self, kind: type[Record], key: str) -> tuple[int, Record] | None:
        """The cached record and its `seq`."""
        found = self._records.get((kind, key))
        if found is not None:
            self._records.move_to_end((kind, key))
        return found

    def put(self, key: str, seq: int, record: Record) -> None:
        """Keep a record that nobody will change any more."""
        self._records[type(record), key] = seq, record
        if len(self._records) > self._size:
            self._records.popitem(last=False)


class ReadShelf:
    """Records as one read transaction sees them."""

    def __init__(self, connection: Connection, cache: RecordCache) -> None:
        self._connection = connection
        self._cache = cache

    def get(self, kind: type[R], key: str) -> R | None:
        """The record, or None."""
        cached = self._cache.get(kind, key)
        parameters = {"kind": KINDS[kind], "key": key, "cached": cached[0] if cached is not None else -1}
        row = self._connection.execute(_READ, parameters).first()
        if row is None:
            return None
        if row.body is None and cached is not None:
            return cast("R", cached[1])
        record = decode_record(kind, row.body)
        self._cache.put(key, row.seq, record)
        return record

    def put(self, key: str, record: Record) -> None:
        """Refused: a reader changes nothing."""
        raise TypeError(f"got a change of {type(record).__name__} {key!r} in a read transaction, expected none")


class WriteShelf:
    """Records as one write transaction changes them; they are private to it until `flush`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._records: dict[tuple[type[Record], str], Record | None] = {}
        self._changed: set[tuple[type[Record], str]] = set()

    def get(self, kind: type[R], key: str) -> R | None:
        """The record, or None."""
        place = (kind, key)
        if place not in self._records:
            row = self._connection.execute(_READ, {"kind": KINDS[kind], "key": key, "cached": -1}).first()
            self._records[place] = decode_record(kind, row.body) if row is not None else None
        return cast("R | None", self._records[place])

    def put(self, key: str, record: Record) -> None:
        """Keep a new or changed record until `flush`."""
        place = (type(record), key)
        self._records[place] = record
        self._changed.add(place)

    def flush(self, seq: int) -> None:
        """Write what changed, as folded up to the event `seq`."""
        rows = [
            {"kind": KINDS[kind], "key": key, "seq": seq, "body": encode_record(record)}
            for (kind, key), record in self._changed_records()
        ]
        if rows:
            self._connection.execute(_UPSERT, rows)
        self._changed.clear()

    def _changed_records(self) -> Iterable[tuple[tuple[type[Record], str], Record]]:
        for place in self._changed:
            record = self._records[place]
            if record is not None:
                yield place, record
