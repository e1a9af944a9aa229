"""Terms, their outcomes and their invoices, as signed and paid along the life that was drawn."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.world.clock import Bools, Floats, Ints, Strings
from features.world.company import Company
from features.world.draws import Rng, lag, sigmoid
from features.world.frame import only, table
from features.world.reasons import root_causes
from features.world.states import BUDGET

PLANS = np.array(["starter", "professional", "enterprise"], dtype=object)
RENEWED, EXPANDED, CONTRACTED, CHURNED = range(4)
OUTCOMES = np.array(["renewed", "expanded", "contracted", "churned"], dtype=object)


@dataclass(frozen=True)
class Signed:
    """One array entry a term of the layout: whether it came to be, what was decided at its end and its value."""

    real: Bools
    outcome: Ints
    decided: Floats
    arr: Floats
    arr_after: Floats
    known: Floats

    def value_by_month(self, company: Company) -> Floats:
        """ARR (accounts x simulated months), that of the running term; the first term's before it, the last one's after."""
        terms, clock = company.terms, company.clock
        value = np.zeros((len(company.accounts), clock.months))
        begins = np.clip(clock.month_of(terms.started), 0, clock.months - 1)
        for row in np.flatnonzero(self.real):
            value[terms.account[row], begins[row] :] = self.arr[row]
        first = np.argmax(value > 0, axis=1)
        early = np.arange(clock.months)[None, :] < first[:, None]
        return np.where(early, value[np.arange(len(value)), first][:, None], value)


def sign(company: Company) -> Signed:
    """What became of every term."""
    rng = company.rng("contracts")
    terms, fate = company.terms, company.fate
    churned = fate.churned[terms.account]
    left = np.arange(len(terms)) == fate.left_term[terms.account]
    first = np.r_[True, terms.account[1:] != terms.account[:-1]]
    known = np.where(first, terms.started.astype(np.float64), np.r_[0.0, terms.decided[:-1]])
    real = first | (known < churned)
    decided = np.where(left, churned, terms.decided)
    real &= np.where(first, terms.started <= churned, True)
    outcome = np.where(left, CHURNED, _outcomes(rng, company))
    factor = np.where(outcome == EXPANDED, rng.uniform(1.05, 1.35, len(terms)), 1.0)
    factor = np.where(outcome == CONTRACTED, rng.uniform(0.6, 0.92, len(terms)), factor)
    arr = _running_product(company.accounts.arr[terms.account], factor, first)
    after = np.where(outcome == CHURNED, 0.0, np.round(arr * factor, -1))
    return Signed(real, outcome, decided, arr, after, known)


def subscriptions(company: Company, signed: Signed) -> pd.DataFrame:
    """The table `subscriptions`: a successor is known from the decision on."""
    rng = company.rng("subscriptions")
    rows, terms, people = np.flatnonzero(signed.real), company.terms, company.accounts
    account = terms.account[rows]
    seats = people.seats[account] * signed.arr[rows] / people.arr[account]
    columns: dict[str, object] = {
        "subscription_id": _term_ids(company, rows),
        "account_id": people.account_id[account],
        "started_at": terms.started[rows],
        "renews_at": terms.renews[rows],
        "arr": signed.arr[rows],
        "list_arr": np.round(signed.arr[rows] / (1 - people.discount[account]), -1),
        "currency": np.full(len(rows), company.params.currency, dtype=object),
        "seats": np.maximum(1, np.round(seats)),
        "plan": PLANS[np.minimum(people.segment[account], len(PLANS) - 1)],
        "billing": np.where(people.monthly[account], "monthly", "annual").astype(object),
        "auto_renew": people.auto_renew[account],
        "notice_days": people.notice_days[account].astype(np.float64),
        "known_at": signed.known[rows] + np.minimum(lag(rng, len(rows), company.params.records, late=False), 0.9),
    }
    return table("subscriptions", columns, company.clock)


def renewals(company: Company, signed: Signed) -> pd.DataFrame:
    """The table `renewals`: every decision taken within the log (or just before, about a term that runs into it)."""
    rng = company.rng("renewals")
    taken = signed.real & (signed.decided <= company.fate.churned[company.terms.account])
    rows = np.flatnonzero(taken & (signed.decided < company.clock.end_day))
    account, decided, outcome = company.terms.account[rows], signed.decided[rows], signed.outcome[rows]
    records = company.params.records
    told = (outcome == CHURNED) | (outcome == CONTRACTED)
    told &= rng.random(len(rows)) >= records.reason_missing_share
    reasons = root_causes(rng, company, account, np.clip(company.clock.month_of(decided), 0, None))
    columns: dict[str, object] = {
        "account_id": company.accounts.account_id[account],
        "subscription_id": _term_ids(company, rows),
        "renews_at": company.terms.renews[rows],
        "decided_at": decided,
        "outcome": OUTCOMES[outcome],
        "arr_before": signed.arr[rows],
        "arr_after": signed.arr_after[rows],
        "reason": only(reasons, told),
        "known_at": decided + lag(rng, len(rows), records),
    }
    return table("renewals", columns, company.clock)


def invoices(company: Company, signed: Signed) -> pd.DataFrame:
    """The table `invoices`: one a term, due in 30 days; budget pressure and poor business make them late."""
    rng = company.rng("invoices")
    terms = company.terms
    kept = signed.real & (terms.started >= company.clock.start_day) & (terms.started < company.fate.churned[terms.account])
    rows = np.flatnonzero(kept & (terms.started < company.clock.end_day))
    account, issued = terms.account[rows], terms.started[rows].astype(np.float64) + 0.3
    month = np.minimum(company.clock.month_of(issued) + 1, company.clock.months - 1)
    tight = np.minimum(company.states.level[BUDGET, account, month], 1.3)
    poor = np.maximum(-company.states.health[account, month], 0)
    late = rng.random(len(rows)) < np.minimum(0.06 + 0.6 * tight + 0.12 * poor, 0.9)
    paid = issued + np.where(late, 30 + rng.gamma(2.0, 9.0, len(rows)), rng.uniform(8, 30, len(rows)))
    monthly = company.accounts.monthly[account]
    columns: dict[str, object] = {
        "invoice_id": [f"I-{number:07d}" for number in range(len(rows))],
        "account_id": company.accounts.account_id[account],
        "issued_at": issued,
        "due_at": terms.started[rows] + 30,
        "paid_at": np.where(rng.random(len(rows)) < 0.99, paid, np.nan),
        "amount": np.round(signed.arr[rows] / np.where(monthly, 12, 1), 2),
        "known_at": issued + lag(rng, len(rows), company.params.records, late=False),
    }
    return table("invoices", columns, company.clock)


def _outcomes(rng: Rng, company: Company) -> Ints:
    terms, people, states = company.terms, company.accounts, company.states
    month = np.clip(terms.month, 0, company.clock.months - 1)
    trouble = states.level[:, terms.account, month].sum(axis=0)
    health = states.health[terms.account, month]
    rare = np.where(people.monthly[terms.account], -2.3, 0.0)
    shrinks = sigmoid(-3.6 + 0.7 * trouble - 0.3 * health + rare)
    grows = sigmoid(-1.5 - 0.6 * trouble + 0.4 * health + rare)
    luck = rng.random(len(terms))
    return np.where(luck < shrinks, CONTRACTED, np.where(luck > 1 - grows, EXPANDED, RENEWED))


def _running_product(start: Floats, factor: Floats, first: Bools) -> Floats:
    """The value of each term: the first one's, times the factors decided at the ends of those before it."""
    step = np.log(np.r_[1.0, factor[:-1]])
    step[first] = 0
    total = np.cumsum(step)
    begins = np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))
    result: Floats = np.round(start * np.exp(total - total[begins]), -1)
    return result


def _term_ids(company: Company, rows: Ints) -> Strings:
    pairs = zip(company.terms.account[rows].tolist(), company.terms.number[rows].tolist(), strict=True)
    return np.array([f"S-{account:06d}-{number:03d}" for account, number in pairs], dtype=object)
