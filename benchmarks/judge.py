"""What the judge of rule hits learns: `judge.py CSV [BELIEVED_FROM]`, from sentences (`kind,lang,signals,text`) new to the rules.

Prints what the rules alone and the judge make of them, the judge never asked about a sentence it has learned from, and writes
`features/text/judge.yaml`.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from text import figures, texts, wanted

from features.text import judge
from features.text.analyzer import HIT_FROM, SIGNALS
from features.text.judge import LOOKS, Wording, looks
from features.text.rules import RuleAnalyzer
from pipelines.params import load

BELIEVED_FROM, FOLDS, ROUNDS = 0.5, 10, 5
PENALTY = 1.0  # C of the fit, over looks of about unit size


def main() -> None:
    """Cross-validate by text, print, learn from all, write."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    believed_from = float(sys.argv[2]) if len(sys.argv) > 2 else BELIEVED_FROM
    with Path(sys.argv[1]).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    read = RuleAnalyzer(load(None).text).unjudged(texts(rows))
    pieces = [(at, piece) for at, (_, own) in enumerate(read) for piece in dict.fromkeys(own.values())]
    seen = looks([piece for _, piece in pieces], Wording())
    right = np.array([piece.signal in wanted(rows[at]) for at, piece in pieces])
    of = np.array([at for at, _ in pieces])
    chance = np.zeros(len(pieces))
    for number in range(ROUNDS):
        for learn, ask in KFold(FOLDS, shuffle=True, random_state=number).split(rows):
            known, new = np.isin(of, learn), np.isin(of, ask)
            chance[new] += _fit(seen[known], right[known]).predict_proba(seen[new])[:, 1] / ROUNDS
    print("| | texts | precision | recall | F1 |\n| --- | --- | --- | --- | --- |")
    for name, least in (("rules alone", 0.0), *((f"believed from {each:.2f}", each) for each in (0.4, 0.45, 0.5, 0.55, 0.6))):
        stands = {(at, piece.signal) for (at, piece), given in zip(pieces, chance, strict=True) if given >= least}
        got = [{s for s in SIGNALS if (at, s) in stands and _heard(found, s)} for at, (found, _) in enumerate(read)]
        pairs = list(zip(map(wanted, rows), got, strict=True))
        print(figures(f"all, {name}", pairs))
        print(figures(f"explicit, {name}", [pair for row, pair in zip(rows, pairs, strict=True) if row["kind"] == "explicit"]))
        silent = [bool(each) for want, each in pairs if not want]
        print(f"| silent texts hit, {name} | {len(silent)} | {np.mean(silent):.3f} | | |")
    fitted = _fit(seen, right)
    learned = {
        "believed_from": believed_from,
        "intercept": round(float(fitted.intercept_[0]), 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(LOOKS, fitted.coef_[0], strict=True)},
    }
    source = f"{len(pieces)} hits in {len(rows)} sentences that were new to the rules"
    said = (
        f"# Learned by `benchmarks/judge.py {Path(sys.argv[1]).name}` from {source}.\n{yaml.safe_dump(learned, sort_keys=False)}"
    )
    (Path(judge.__file__).parent / "judge.yaml").write_text(said, encoding="utf-8")


def _fit(seen: np.ndarray, right: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=PENALTY, max_iter=1000).fit(seen, right)


def _heard(hits: tuple, signal: str) -> bool:
    strength = {hit.rule: hit.score for hit in hits if hit.signal == signal and not hit.negated}
    return 1.0 - np.prod([1.0 - score for score in strength.values()]) >= HIT_FROM


if __name__ == "__main__":
    main()
