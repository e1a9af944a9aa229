"""What the judge learns: `judge.py HAND …`, from hands' sentences while they are new to the rules.

HAND is one of `features/text/other_hands.csv`, whose wording the judge is not to know either. For each it prints what the rules
alone and the judge make of it, the judge with the mean weights of the other hands named, and last what is learned from it for
`features/text/judge.yaml`.
"""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from text import figures, texts, wanted

from features.text import judge
from features.text.analyzer import HIT_FROM, SIGNALS, Text
from features.text.judge import LOOKS, clauses_meant, looks, unheard
from features.text.pieces import Pieces
from features.text.rules import RuleAnalyzer
from features.text.wording import Wording
from pipelines.params import load

PENALTY = 1.0  # C of the fit, over looks of about unit size
FROM = (0.4, 0.5, 0.55, 0.6, 0.65, 0.7)


@dataclass(frozen=True)
class Hand:
    """The sentences of one hand; of each (sentence, signal) the pieces asked about: number of the sentence, signal, looks."""

    rows: list[dict[str, str]]
    of: np.ndarray
    signal: np.ndarray
    looks: np.ndarray
    named: list[set[str]]

    @property
    def right(self) -> np.ndarray:
        """Whether the author of the sentence means the signal."""
        return np.array([SIGNALS[signal] in wanted(self.rows[at]) for at, signal in zip(self.of, self.signal, strict=True)])


def main() -> None:
    """Look at every hand, print what the others would have made of it, and what is learned from it."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    source = Path(judge.__file__).parent / "other_hands.csv"
    with source.open(encoding="utf-8", newline="") as file:
        every = list(csv.DictReader(file))
    hands = {name: look([row for row in every if row["hand"] == name], name) for name in sys.argv[1:]}
    fitted = {name: LogisticRegression(C=PENALTY, max_iter=1000).fit(hand.looks, hand.right) for name, hand in hands.items()}
    weights = {name: np.array([*model.intercept_, *model.coef_[0]]) for name, model in fitted.items()}
    print("| | texts | precision | recall | F1 |\n| --- | --- | --- | --- | --- |")
    for name, hand in hands.items():
        report(hand, f"{name}, rules alone", hand.looks[:, LOOKS.index("heard")])
        others = [weights[other] for other in hands if other != name]
        if others:
            intercept, *each = np.mean(others, axis=0)
            chance = 1.0 / (1.0 + np.exp(-(hand.looks @ np.array(each) + intercept)))
            for least in FROM:
                report(hand, f"{name}, believed from {least:.2f}", chance >= least)
    for name, learned in weights.items():
        print(f"# {len(hands[name].of)} pieces in {len(hands[name].rows)} sentences")
        print(yaml.safe_dump({name: dict(zip(("intercept", *LOOKS), learned.round(4).tolist(), strict=True))}, sort_keys=False))


def look(rows: list[dict[str, str]], name: str) -> Hand:
    """Read the sentences of a hand with a wording that does not know them."""
    if not rows:
        sys.exit(f"no sentence of the hand {name!r}")
    analyzer, wording = RuleAnalyzer(load(None).text), Wording(without=name)
    of, signals, seen, named = [], [], [], []
    for number, text in enumerate(texts(rows)):
        pieces, each, sure = _asked(analyzer, text, wording)
        of += [number] * len(pieces)
        signals += [SIGNALS.index(piece.signal) for piece in pieces]
        seen.append(each)
        named.append(sure)
    return Hand(rows, np.array(of), np.array(signals), np.vstack(seen), named)


def _asked(analyzer: RuleAnalyzer, text: Text, wording: Wording) -> tuple[list, np.ndarray, set[str]]:
    """The pieces with hits and, of every signal without, the one whose wording says most; their looks; what none doubts."""
    content, words, hits = analyzer.unjudged(text)
    found = Pieces(content, words, hits)
    meant = clauses_meant(words, found, wording)
    doubted = found.doubted()
    doubtless = [hit for number, hit in enumerate(hits) if not any(number in piece.hits for piece in doubted)]
    best = {piece.signal: piece for piece in doubted}
    strongest = sorted(
        unheard(found, meant, -np.inf),
        key=lambda piece: meant[piece.reach[0] : piece.reach[1], SIGNALS.index(piece.signal)].max(),
    )
    rest = {piece.signal: piece for piece in strongest if piece.signal not in best}
    asked = [*doubted, *rest.values()]
    sure = {hit.signal for hit in doubtless if hit.score >= HIT_FROM and not hit.negated} & set(SIGNALS)
    return asked, looks(words, asked, meant, wording), sure


def report(hand: Hand, name: str, stands: np.ndarray) -> None:
    """Print the rows of a table: all sentences, the explicit ones, those that are to stay silent."""
    got = [set(named) for named in hand.named]
    for at, signal, each in zip(hand.of, hand.signal, stands, strict=True):
        if each:
            got[at].add(SIGNALS[signal])
    pairs = list(zip(map(wanted, hand.rows), got, strict=True))
    print(figures(f"all, {name}", pairs))
    for lang in ("en", "es"):
        own = [pair for row, pair in zip(hand.rows, pairs, strict=True) if row["kind"] == "explicit" and row["lang"] == lang]
        print(figures(f"explicit {lang}, {name}", own))
    silent = [bool(each) for want, each in pairs if not want]
    print(f"| silent texts hit, {name} | {len(silent)} | {np.mean(silent):.3f} | | |")


if __name__ == "__main__":
    main()
