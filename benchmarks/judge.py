"""What the judge of rule hits learns: `judge.py HAND`, from a hand's sentences while they are new to the rules.

HAND is one of `features/text/other_hands.csv`, whose wording the judge is not to know either. Prints what the rules alone and the
judge make of them, the judge never asked about a sentence it has learned from, and the weights for `features/text/judge.yaml`.
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

FOLDS, ROUNDS = 10, 5
PENALTY = 1.0  # C of the fit, over looks of about unit size


def main() -> None:
    """Cross-validate by text, print, learn from all, print that too."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    hand, source = sys.argv[1], Path(judge.__file__).parent / "other_hands.csv"
    with source.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["hand"] == hand]
    if not rows:
        sys.exit(f"no sentence of the hand {hand!r} in {source.name}")
    read = RuleAnalyzer(load(None).text).unjudged(texts(rows))
    pieces = [(at, piece) for at, (_, own) in enumerate(read) for piece in dict.fromkeys(own.values())]
    seen = looks([piece for _, piece in pieces], Wording(without=hand))
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
    values = zip(("intercept", *LOOKS), (*fitted.intercept_, *fitted.coef_[0]), strict=True)
    print(f"# {len(pieces)} hits in {len(rows)} sentences")
    print(yaml.safe_dump({hand: {name: round(float(value), 4) for name, value in values}}, sort_keys=False))


def _fit(seen: np.ndarray, right: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=PENALTY, max_iter=1000).fit(seen, right)


def _heard(hits: tuple, signal: str) -> bool:
    strength = {hit.rule: hit.score for hit in hits if hit.signal == signal and not hit.negated}
    return 1.0 - np.prod([1.0 - score for score in strength.values()]) >= HIT_FROM


if __name__ == "__main__":
    main()
