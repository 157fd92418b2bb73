"""The answers that the README prints, as the demo model gives them: `python -m tests.contracts.printed` writes them again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from counterfoil.decide.policy import load_policy
from counterfoil.ingest.intake import ContactKey
from counterfoil.ingest.schema import ScoreRequest
from counterfoil.model.bundle import Bundle
from counterfoil.serve.instance import Instance
from counterfoil.store.store import Store
from tests.contracts.reference import ROOT

README = ROOT / "README.md"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_BODY = re.compile(r"/v1/score .*?-d '(.*?)'(?: \||$)", re.DOTALL)
_MOST_REASONS = 4


def command_blocks(path: Path) -> list[str]:
    """The blocks of a page that are commands: those that name no language."""
    return [text for language, text in _FENCE.findall(path.read_text(encoding="utf-8")) if not language]


def score_bodies(path: Path) -> list[dict[str, Any]]:
    """The bodies that a page's curl commands send to the score route."""
    found = (_BODY.search(text) for text in command_blocks(path))
    return [json.loads(match.group(1)) for match in found if match is not None]


def demo(folder: Path) -> Instance:
    """The demo model on an empty store in a folder."""
    store = Store(f"sqlite:///{folder / 'empty.db'}")
    return Instance(Bundle.load(ROOT / "models" / "demo"), load_policy(), store, ContactKey("k1", bytes(16)))


def shortened(answer: dict[str, Any]) -> str:
    """An answer as the README prints it: every reason with a sentence, evidence where it marks a place in a text."""
    lines = [f'  "{name}": {_json(answer[name])}' for name in ("score", "percentile", "recommended_action")]
    reasons = []
    for reason in answer["reasons"][:_MOST_REASONS]:
        shown = {name: reason[name] for name in ("code", "direction", "log_odds")}
        parts = [_json({**shown, "log_odds": round(shown["log_odds"], 2)})[1:-1], f'"text": {_json(reason["text"])}']
        if "span" in reason["evidence"]:
            parts.append(f'"evidence": {_json(reason["evidence"])}')
        reasons.append("    {" + ",\n     ".join(parts) + "}")
    lines.append('  "reasons": [\n' + ",\n".join(reasons) + "\n  ]" if reasons else '  "reasons": []')
    lines.append(f'  "rules": {_json(answer["rules"])}')
    lines.append(f'  "degraded": {_json(answer["degraded"])}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def readme(instance: Instance) -> str:
    """The README with every printed answer made again; the nth JSON block answers the nth curl."""
    answers = [shortened(instance.score(ScoreRequest.model_validate(body))) for body in score_bodies(README)]
    left = iter(answers)

    def again(match: re.Match[str]) -> str:
        return f"```json\n{next(left)}```" if match.group(1) == "json" else match.group(0)

    return _FENCE.sub(again, README.read_text(encoding="utf-8"))


def main() -> None:
    """Write the README again."""
    with TemporaryDirectory() as folder:
        instance = demo(Path(folder))
        README.write_text(readme(instance), encoding="utf-8")
        instance.store.close()


if __name__ == "__main__":
    main()
