"""Settings of one instance, read at the edge only; everything inside is handed values."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from counterfoil.errors import SettingsError
from counterfoil.ingest.intake import ContactKey

# Where a promoted bundle is kept, and the one that ships.
CURRENT, DEMO = Path("models/current"), Path("models/demo")


class Settings(BaseSettings):
    """Every name can be set in the environment with the prefix `COUNTERFOIL_`, e.g. `COUNTERFOIL_STORE`."""

    model_config = SettingsConfigDict(env_prefix="COUNTERFOIL_", extra="ignore")

    # The folder of what this instance writes for itself.
    var: Path = Path("var")
    # Where the log, the folded state and the journal are.
    store: str = ""
    # The bundle to load; empty means models/current, else models/demo.
    bundle: Path | None = None
    # A shipped policy's name, or a path to a policy file.
    policy: str = "default"
    # The secret under which contacts are hashed, at least 32 hex digits; empty means one kept in var/contact.key.
    contact_key: SecretStr = SecretStr("")
    # The name of that secret, written into each hash.
    contact_key_name: str = "k1"
    # Where MLflow keeps its runs; empty means a SQLite file in var/, `off` that no run is kept.
    mlflow: str = ""
    # Largest request body in bytes; beyond it a 413.
    max_body: int = 1_048_576

    @property
    def store_url(self) -> str:
        """The store's URL, with its default."""
        return self.store or f"sqlite:///{self.var / 'counterfoil.db'}"

    @property
    def registers(self) -> Path:
        """The folder of the code registers that were imported."""
        return self.var / "registers"

    @property
    def mlflow_uri(self) -> str:
        """MLflow's tracking URI, with its default."""
        return self.mlflow or f"sqlite:///{self.var / 'mlflow.db'}"

    @property
    def bundle_path(self) -> Path:
        """The bundle's folder, with its default."""
        if self.bundle is not None:
            return self.bundle
        return CURRENT if (CURRENT / "manifest.json").is_file() else DEMO

    def key(self) -> ContactKey:
        """The key for contact hashes; made and kept in `var/contact.key` on first use when none is set."""
        text = self.contact_key.get_secret_value() or _kept_secret(self.var / "contact.key")
        try:
            secret = bytes.fromhex(text)
        except ValueError:
            secret = b""
        if len(secret) < 16:
            raise SettingsError(
                "got a contact key that is not at least 32 hex digits; set COUNTERFOIL_CONTACT_KEY to such"
            )
        return ContactKey(self.contact_key_name, secret)


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        text = secrets.token_hex(32)
        file.write(text + "\n")
    return text
