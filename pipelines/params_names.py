"""Which signals and facts the settings name, and which of these do not exist."""

from features.catalogue import catalogue
from models.params import HealthParams
from serving.matching import FACT_NAMES
from serving.params import TriageParams


def unknown_measures(triage: TriageParams, health: HealthParams) -> tuple[str, ...]:
    """The measures of triage rules and of `health.signals` that are neither a signal nor a fact of an account, sorted."""
    rules = [rule for factor in triage.save_factors.values() for rule in (*factor.strained, *factor.broken)]
    named = {name for rule in (*rules, *triage.price_driver, *triage.alone_is_enough) for name in rule.measures()}
    signals = {signal.name for signal in catalogue()}
    return tuple(sorted((named - signals - FACT_NAMES) | (set(health.signals) - signals)))
