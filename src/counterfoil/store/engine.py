"""How the database is opened: SQLite in WAL mode, with transactions that begin when we say so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from counterfoil.errors import SettingsError


def open_engine(url: str) -> Engine:
    """An engine for a URL such as `sqlite:///var/counterfoil.db`; the folder of the file is made when it is missing."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError(f"got store {url!r}, expected a URL such as sqlite:///var/counterfoil.db") from None
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise SettingsError(
            f"got store {url!r}, expected sqlite:/// and a file name: other databases are not supported yet"
        )
    Path(parsed.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30, "check_same_thread": False})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: Any, _record: Any) -> None:
    # The driver's own transactions begin too late for a snapshot and too weak for a single writer: we begin ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA cache_size=-65536")
    cursor.close()


def _begin(connection: Any) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
