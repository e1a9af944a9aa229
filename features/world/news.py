"""News about the customers' companies: mostly a sign of their own business, sometimes of a change of people."""

import numpy as np
import pandas as pd

from features.world.clock import Floats
from features.world.company import Company
from features.world.draws import Events, Rng, lag, scatter
from features.world.frame import table
from features.world.people import ADMIN
from features.world.states import BUDGET
from features.world.voices import lines, writers

KINDS = ("layoffs", "acquisition", "funding", "leadership_change", "pivot", "growth", "financial_trouble", "regulation")


def company_events(company: Company) -> pd.DataFrame:
    """The table `company_events`."""
    rng = company.rng("news")
    parts = [(kind, scatter(rng, company.presence, rate)) for kind, rate in _rates(company).items()]
    kind = np.concatenate([np.full(len(events), name, dtype=object) for name, events in parts])
    events = Events(*(np.concatenate([getattr(part, field) for _, part in parts]) for field in ("account", "month", "at")))
    order = np.argsort(events.at, kind="stable")
    return _table(rng, company, events.take(order), kind[order])


def _rates(company: Company) -> dict[str, Floats]:
    presence, health = company.presence, company.health()
    left = company.states.exits[presence.account, presence.month]
    steady = np.ones(len(health))
    rates = {
        "layoffs": 0.003 * np.exp(-0.9 * health) + 0.012 * np.minimum(company.level(BUDGET), 1),
        "financial_trouble": 0.0015 * np.exp(-1.1 * health),
        "growth": 0.004 * np.exp(0.8 * health),
        "funding": 0.002 * np.exp(0.5 * health),
        "leadership_change": 0.003 + 0.15 * left.astype(np.float64),
        "acquisition": 0.0012 * steady,
        "pivot": 0.0008 * steady,
        "regulation": 0.0010 * steady,
    }
    return {kind: rates[kind] for kind in KINDS}


def _table(rng: Rng, company: Company, events: Events, kind: np.ndarray) -> pd.DataFrame:
    subject = np.array([f"news.{each}" for each in kind.tolist()], dtype=object)
    columns: dict[str, object] = {
        "account_id": company.accounts.account_id[events.account],
        "occurred_at": events.at,
        "kind": kind,
        "text": lines(rng, company, subject, writers(company, events.account, np.full(len(events), ADMIN))),
        "known_at": events.at + lag(rng, len(events), company.params.records) + rng.exponential(2, len(events)),
    }
    return table("company_events", columns, company.clock)
