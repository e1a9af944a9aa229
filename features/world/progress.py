"""Onboarding steps, goals and promises: what was agreed with the customer, and whether it came about."""

import numpy as np
import pandas as pd

from features.world.clock import Floats
from features.world.company import Company
from features.world.draws import lag, scatter
from features.world.frame import table
from features.world.people import ADMIN
from features.world.states import ONBOARDING, SUPPORT, VALUE
from features.world.voices import lines, writers

STEPS = (("kick_off", 7), ("accounts_created", 14), ("data_imported", 30), ("team_trained", 45), ("first_value", 60))


def onboarding(company: Company) -> pd.DataFrame:
    """The table `onboarding`: five steps for every account that entered during the log; failed ones are late or never done."""
    rng = company.rng("onboarding")
    people, clock = company.accounts, company.clock
    new = np.flatnonzero((people.created_day >= clock.start_day) & (people.created_day < clock.end_day))
    account = np.repeat(new, len(STEPS))
    days = np.tile([float(day) for _, day in STEPS], len(new))
    entry = np.minimum(people.entry[account] + 1, clock.months - 1)
    failing = np.minimum(company.states.level[ONBOARDING, account, entry], 1.3)
    created = people.created_day[account].astype(np.float64)
    taken = days * np.exp(rng.normal(-0.15, 0.3, len(account)) + 0.9 * failing * (days > 10))
    done = rng.random(len(account)) < 0.97 - 0.5 * failing * (days / 60)
    completed = np.where(done & (created + taken < company.fate.churned[account]), created + taken, np.nan)
    columns: dict[str, object] = {
        "account_id": people.account_id[account],
        "step": np.tile(np.array([step for step, _ in STEPS], dtype=object), len(new)),
        "due_at": created + days,
        "completed_at": completed,
        "known_at": created + np.minimum(np.repeat(lag(rng, len(new), company.params.records, late=False), len(STEPS)), 0.9),
    }
    return table("onboarding", columns, clock)


def goals(company: Company) -> pd.DataFrame:
    """The table `goals`: agreed now and then, met within months unless the value stays unseen."""
    rng = company.rng("goals")
    presence = company.presence
    young = presence.month - company.accounts.entry[presence.account] < 2
    events = scatter(rng, presence, np.where(young, 0.8, 0.14))
    due = np.floor(events.at) + rng.choice(np.array([60, 90, 120, 180]), len(events))
    met = _met(company, events.account, events.month, events.at, rng.random((len(events), 12)))
    met = np.where(met < company.fate.churned[events.account], met, np.nan)
    features = np.array(company.params.features, dtype=object)
    subject = np.full(len(events), "goals", dtype=object)
    columns: dict[str, object] = {
        "account_id": company.accounts.account_id[events.account],
        "goal": lines(rng, company, subject, writers(company, events.account, np.full(len(events), ADMIN))),
        "feature": features[rng.integers(0, len(features), len(events))],
        "agreed_at": events.at,
        "due_at": due,
        "met_at": met,
        "known_at": events.at + lag(rng, len(events), company.params.records),
    }
    return table("goals", columns, company.clock)


def _met(company: Company, account: np.ndarray, month: np.ndarray, agreed: Floats, luck: Floats) -> Floats:
    """The day a goal is met (NaN: not within a year): a chance each month, small while the value is unseen."""
    met = np.full(len(account), np.nan)
    clock = company.clock
    for ahead in range(luck.shape[1]):
        now = np.minimum(month + 1 + ahead, clock.months - 1)
        chance = np.where(company.states.level[VALUE, account, now] > 0.3, 0.03, 0.26)
        hit = np.isnan(met) & (luck[:, ahead] < chance) & (month + 1 + ahead < clock.months)
        met = np.where(hit, clock.starts[now] + 1 + 25 * luck[:, ahead] / chance, met)
    return np.where(met > agreed, met, np.nan)


def promises(company: Company) -> pd.DataFrame:
    """The table `promises`: made more often, and kept less often, where support goes badly."""
    rng = company.rng("promises")
    trouble = np.minimum(company.level(SUPPORT), 1.3)
    events = scatter(rng, company.presence, 0.04 + 0.25 * trouble)
    bad = np.minimum(company.states.level[SUPPORT, events.account, events.month], 1.3)
    due = np.floor(events.at) + rng.choice(np.array([7, 14, 30, 45]), len(events))
    kept = np.maximum(events.at + 0.2, due + rng.normal(-2, 4, len(events)) + 8 * bad)
    keeps = (rng.random(len(events)) < 0.88 - 0.4 * bad) & (kept < company.fate.churned[events.account])
    subject = np.full(len(events), "promises", dtype=object)
    columns: dict[str, object] = {
        "account_id": company.accounts.account_id[events.account],
        "promise": lines(rng, company, subject, writers(company, events.account, np.full(len(events), ADMIN))),
        "made_at": events.at,
        "due_at": due,
        "kept_at": np.where(keeps, kept, np.nan),
        "owner": company.accounts.csm[events.account],
        "known_at": events.at + lag(rng, len(events), company.params.records),
    }
    return table("promises", columns, company.clock)
