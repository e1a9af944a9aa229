"""Surveys: most go unanswered, and not by chance; the mark follows how the account fares."""

import numpy as np
import pandas as pd

from features.world.clock import Floats, Strings
from features.world.company import Company
from features.world.draws import Events, Rng, lag, scatter
from features.world.frame import only, table
from features.world.states import ENGAGEMENT, ONBOARDING, SUPPORT, USAGE, VALUE
from features.world.voices import lines, voices

KINDS = (("nps", 0.25), ("csat", 0.15), ("ces", 0.08))
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


def surveys(company: Company) -> pd.DataFrame:
    """The table `surveys`."""
    rng = company.rng("surveys")
    parts = []
    for kind, rate in KINDS:
        events = scatter(rng, company.presence, np.full(len(company.presence.account), rate))
        parts.append(_one_kind(rng, company, kind, events))
    columns = {name: np.concatenate([np.asarray(part[name]) for part in parts]) for name in parts[0]}
    order = np.argsort(columns["sent_at"], kind="stable")
    return table("surveys", {name: values[order] for name, values in columns.items()}, company.clock)


def _one_kind(rng: Rng, company: Company, kind: str, events: Events) -> dict[str, object]:
    size = len(events)
    mood = _mood(company, events) + rng.normal(0, 0.5, size)
    low, high = SCALES[kind]
    score = np.clip(np.round(low + (high - low) * (0.78 + 0.22 * mood)), low, high)
    withdrawn = np.minimum(company.states.level[ENGAGEMENT, events.account, events.month], 1)
    willing = company.params.records.survey_answer_share * (0.9 + 0.35 * np.abs(mood)) * (1 - 0.6 * withdrawn)
    answered = rng.random(size) < willing
    at = events.at + rng.exponential(2.5, size) + 0.01
    answered &= at < company.fate.churned[events.account]
    contact, by = voices(rng, company, events, 0.3)
    comment = lines(rng, company, _subjects(score, low, high), by)
    return {
        "account_id": company.accounts.account_id[events.account],
        "contact_id": contact,
        "kind": np.full(size, kind, dtype=object),
        "sent_at": events.at,
        "answered_at": np.where(answered, at, np.nan),
        "score": score,
        "comment": only(comment, rng.random(size) < 0.6),
        "known_at": events.at + lag(rng, size, company.params.records, late=False),
    }


def _mood(company: Company, events: Events) -> Floats:
    level = np.minimum(company.states.level[:, events.account, events.month], 1.3)
    trouble = 1.1 * level[SUPPORT] + 1.0 * level[VALUE] + 0.4 * level[USAGE] + 0.7 * level[ONBOARDING]
    mood: Floats = 0.35 - trouble + 0.1 * company.states.health[events.account, events.month]
    return mood


def _subjects(score: Floats, low: int, high: int) -> Strings:
    share = (score - low) / (high - low)
    names = np.array(["survey.detractor", "survey.passive", "survey.promoter"], dtype=object)
    return names[np.digitize(share, [0.62, 0.85])]
