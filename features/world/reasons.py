"""What is given as the reason for leaving: the root cause, or money when people do not know or do not say."""

import numpy as np

from features.tables import REASONS
from features.world.clock import Ints, Strings
from features.world.company import Company
from features.world.draws import Rng, pick_one
from features.world.frame import only
from features.world.states import CAUSES

CAUSE_FROM = 0.5
REASON_OF = {
    "usage": "value",
    "support": "service",
    "stakeholders": "stakeholder",
    "budget": "budget",
    "competition": "competitor",
    "value": "value",
    "engagement": "other",
    "onboarding": "service",
}


def causes(company: Company, account: Ints, month: Ints) -> Strings:
    """The family with the largest log-odds at work, None where none reaches `CAUSE_FROM`."""
    acting = company.states.log_odds[:, account, month]
    names = np.array(CAUSES, dtype=object)[np.argmax(acting, axis=0)]
    return only(names, acting.max(axis=0) >= CAUSE_FROM)


def root_causes(rng: Rng, company: Company, account: Ints, month: Ints) -> Strings:
    """The reason as recorded: a share of them is wrong, and most of the wrong ones say budget."""
    true = [REASON_OF.get(cause, "other") for cause in causes(company, account, month).tolist()]
    wrong = rng.random(len(account)) < company.params.records.reason_wrong_share
    weights = tuple(0.6 if reason == "budget" else 0.4 / (len(REASONS) - 1) for reason in REASONS)
    other = np.array(REASONS, dtype=object)[pick_one(rng, len(account), weights)]
    return np.where(wrong, other, np.array(true, dtype=object))
