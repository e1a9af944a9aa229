"""Which signals and facts the settings name, and which of these do not exist where they are named."""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from features.catalogue import catalogue
from models.params import ExplanationParams, HealthParams
from serving.condition import Rule
from serving.matching import FACT_NAMES
from serving.params import TriageParams


def unknown_measures(triage: TriageParams, health: HealthParams, explanation: ExplanationParams) -> tuple[str, ...]:
    """What the settings name that is not known where it is read, a clause a name; empty when all is well.

    The facts of an account are known to `triage.alone_is_enough` only: the other rules are asked before there are any.
    """
    signals = {signal.name for signal in catalogue()}
    by_signals = {*_of_signals(triage), *(("health.signals", name) for name in health.signals), *_of_drivers(explanation)}
    by_facts = {*_measures("triage.alone_is_enough", triage.alone_is_enough)}
    return (
        *(_unknown(where, name, signals, ()) for where, name in sorted(by_signals) if name not in signals),
        *(_unknown(where, name, signals, FACT_NAMES) for where, name in sorted(by_facts) if name not in signals | FACT_NAMES),
    )


def _of_signals(triage: TriageParams) -> Iterator[tuple[str, str]]:
    """(setting, measure) of the rules that are asked with the signals alone."""
    for name, factor in triage.save_factors.items():
        yield from _measures(f"triage.save_factors.{name}", (*factor.strained, *factor.broken))
    yield from _measures("triage.price_driver", triage.price_driver)


def _of_drivers(explanation: ExplanationParams) -> Iterator[tuple[str, str]]:
    """(setting, signal) of the readings and root causes."""
    for family, reading in explanation.readings.items():
        yield from ((f"explanation.readings.{family}", name) for name in (*reading.signs, *reading.against))
    for rule in explanation.root_causes:
        yield from (("explanation.root_causes", name) for name in rule.when)


def _measures(where: str, rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    return ((where, name) for rule in rules for name in rule.measures())


def _unknown(where: str, name: str, signals: Collection[str], facts: Collection[str]) -> str:
    kinds = "signal or fact" if facts else "signal"
    near = get_close_matches(name, sorted({*signals, *facts}), n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    listed = f"facts are {', '.join(sorted(facts))}; " if facts else ""
    return f"{where}: no such {kinds}: {name} ({meant}{listed}docs/signals.md lists the signals)"
