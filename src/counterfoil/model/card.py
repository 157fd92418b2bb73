"""The model card: what a model was made of, how well it did, and what it must not be used for."""

from __future__ import annotations

from typing import Any

from counterfoil.model.card_sections import flagged_by_mistake, guarantee, labels, searched, stand_ins
from counterfoil.model.manifest import Manifest

MEASURES = {
    "auc": "AUC",
    "average_precision": "Average precision",
    "recall_at_precision_0.9": "Recall at precision 0.9",
    "recall_at_1pct_false_alerts": "Recall at 1 % false alerts",
    "recall_at_5pct_false_alerts": "Recall at 5 % false alerts",
    "precision_at_top_1pct": "Precision in the top 1 %",
}
_SPLITS = {
    "seller": "by seller only: the rows span less than 90 days, so nothing is known of how it holds later",
    "seller+time": "by seller, and by time for the figures on later rows",
}


def card(manifest: Manifest) -> str:
    """The card of a bundle as Markdown, written from its manifest alone; what an older one does not say is left out."""
    training, metrics = manifest.training, manifest.metrics
    share = training["positives"] / training["rows"]
    dropped = ", ".join(f"{cause} {count:,}" for cause, count in training["dropped"].items()) or "none"
    weak, look = training.get("weak"), training.get("random_look")
    lines = [
        f"# {manifest.name}, version {manifest.version}{', weakly supervised' if weak else ''}",
        "",
        f"Made {manifest.created_at:%Y-%m-%d %H:%M} UTC. Columns: {len(manifest.features)} "
        f"(`counterfoil features` explains each). Feature schema `{manifest.feature_schema[:23]}…`.",
        "",
        "## What the label means",
        "",
        manifest.label.meaning,
        "",
        "The probability is the chance of *that*. It is a sign of risk, not a finding: a person decides.",
        "",
        "## What it learnt from",
        "",
        f"{training['rows']:,} listings of {training['sellers']:,} unlinked sellers over {training['span_days']:.0f} days, "
        f"{training['positives']:,} ({share:.1%}) positive; rows left out: {dropped}.",
        *(
            [
                "",
                f"{cold:.0%} of the listings stand among these rows once more, as an empty store would have shown them, so "
                "that the model can judge a listing of which nothing is known.",
            ]
            if (cold := manifest.parameters.get("cold_share", 0))
            else []
        ),
        "",
        *(_looked(look) if look else []),
        f"Split {_SPLITS[training['split']]}. Rows of one seller, of sellers with a contact in common and of one title "
        "family were never parted.",
        "",
        *labels(training.get("labels")),
        *(_votes(weak) if weak else []),
        "## How well it agrees with the votes" if weak else "## How well it ranks",
        "",
        *(["These figures are no measure of how many copies it finds: nobody has looked.", ""] if weak else []),
        "Cross-validated on sellers that the trees had not seen; 95 % intervals resample sellers.",
        "",
        *searched(manifest.parameters.get("search")),
        *_table(metrics["cross_validated_by_seller"], metrics["baselines"]),
        "",
        f"Calibration error {metrics['calibration_error']:.3f} in 15 bins of equal mass. The calibration was fitted on the "
        "same out-of-fold margins, so this figure flatters a little."
        + (
            " It is taken on the listings drawn at random and those found out otherwise, each counting for as many listings as it "
            "stands for; the figures above are taken against verdicts alone."
            if look
            else ""
        ),
    ]
    later = metrics["later_rows_of_unseen_sellers"]
    if later is not None:
        lines += [
            "",
            f"Trained on the first four fifths of the period, tested {later['gap_days']} days later on {later['rows']:,} rows "
            f"({later['positives']:,} positive) of {later['sellers']:,} sellers not met before: AUC {_figure(later['auc'])}, "
            f"average precision {_figure(later['average_precision'])}, recall at 1 % false alerts "
            f"{_figure(later['recall_at_1pct_false_alerts'])}, calibration error {later['calibration_error']:.3f}.",
        ]
    stated = metrics.get("guarantee")
    lines += [
        "",
        *guarantee(stated),
        *flagged_by_mistake(metrics.get("fairness")),
        *stand_ins(metrics.get("proxies")),
        "## What it must not be used for",
        "",
        "- To remove a listing or punish a seller without a person's review.",
        "- On markets, languages or kinds of goods that the rows above do not cover, before it has been checked there.",
        *(
            ["- To state a false-alert rate: this bundle is not conformally calibrated (`guarantee.valid` is false)."]
            if not stated
            else []
        ),
        *(
            [
                "- To say how many listings are counterfeit, or that one is: no verdict stands behind its probability. The "
                "guarantee's reason is `weak_labels` until a model is trained on verdicts.",
            ]
            if weak
            else []
        ),
        "",
        "It looks at no pixel, and it cannot see bad content in genuine packs.",
        "",
    ]
    return "\n".join(lines)


def _looked(look: dict[str, Any]) -> list[str]:
    """What the listings drawn at random say, and what was made of it."""
    return [
        f"Of {look['looked_at']:,} listings drawn at random, and not found out in another way, {look['copies']:,} were found to "
        f"be copies. With those found out that makes {look['share']:.1%} of all ({look['low']:.1%} to {look['high']:.1%}). "
        "A listing without a verdict was therefore not taken for genuine: it was learnt with the probability that it is a copy "
        "nobody has found (Elkan and Noto, 2008), so that in all that share comes out. This supposes that verdicts find copies "
        "of every kind alike, which they do not quite.",
        "",
    ]


def _votes(weak: dict[str, Any]) -> list[str]:
    """Who voted, on how many rows, and what the votes came to weigh."""
    rows = [
        f"| {vote['id']} | {vote['family']} | {vote['says']} | {vote['rows']:,} | {_odds(vote)} |"
        for vote in weak["votes"]
    ]
    return [
        "## Who voted",
        "",
        "No label was read. Rules voted, one vote a family and listing, and were weighed by how the families agree. *Odds*: "
        "how much likelier the vote is taken to be cast on a copy. The share of copies among listings of a protected brand "
        f"was not learnt but given: {weak['prior']:.1%}. {weak['branded']:,} listings are of such a brand; "
        f"{weak['without_vote']:,} had no vote at all. {weak['not_readable']:,} more listings are in no language that the "
        "rules read: there they have no votes, and nothing was learnt from them. In training each family's features were "
        f"hidden in {weak['hidden']:.0%} of the rows.",
        "",
        "| vote | family | says | listings | odds |",
        "|---|---|---|---:|---:|",
        *rows,
        "",
    ]


def _odds(vote: dict[str, Any]) -> str:
    return f"{vote['odds']:.2f}" if vote["rows"] else "never cast"


def _table(model: dict[str, Any], rivals: dict[str, dict[str, Any]]) -> list[str]:
    head = ["| measure | this model | " + " | ".join(name.replace("_", " ") for name in rivals) + " |"]
    head.append("|---" * (2 + len(rivals)) + "|")
    for key, name in MEASURES.items():
        cells = [_figure(model[key]), *(_figure(rival[key]) for rival in rivals.values())]
        head.append(f"| {name} | " + " | ".join(cells) + " |")
    return head


def _figure(estimate: dict[str, float]) -> str:
    return f"{estimate['value']:.3f} ({estimate['low']:.3f} to {estimate['high']:.3f})"
