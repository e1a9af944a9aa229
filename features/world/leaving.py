"""What is said at the door: notices before the decision, some of them withdrawn, and interviews after it."""

import numpy as np
import pandas as pd

from features.world.clock import Floats, Ints, Strings
from features.world.company import Company
from features.world.contracts import CHURNED, CONTRACTED, Signed
from features.world.draws import Rng, lag
from features.world.frame import only, table
from features.world.params import WorldParams
from features.world.people import ADMIN
from features.world.reasons import root_causes
from features.world.voices import lines, writers

RISKY = 0.2
WAVERING = 0.3  # of notices by those who leave: by the risky who stay
EARLIEST_DAYS, LATEST_DAYS = 3.0, 45.0  # before the decision
WITHDRAWN_FROM, WITHDRAWN_BY = 0.3, 0.95  # of the time to the decision


def notices(company: Company, signed: Signed) -> pd.DataFrame:
    """The table `notices`. In a null world nobody gives one: it would say who leaves."""
    rng = company.rng("notices")
    share = notice_share(company.params)
    leaving = _rows(rng, signed, signed.outcome == CHURNED, share)
    shrinking = _rows(rng, signed, signed.outcome == CONTRACTED, 0.5 * share)
    wavering = _rows(rng, signed, (signed.outcome < CONTRACTED) & (_hazard(company) > RISKY), WAVERING * share)
    term = np.r_[leaving, shrinking, wavering]
    account = company.terms.account[term]
    decided = signed.decided[term]
    given = np.maximum(decided - rng.uniform(EARLIEST_DAYS, LATEST_DAYS, len(term)), company.accounts.created_day[account] + 5.0)
    withdrawn = np.r_[np.zeros(len(leaving) + len(shrinking), bool), np.ones(len(wavering), bool)]
    kind = _kinds(company, account, len(leaving), len(shrinking))
    kept = (given >= company.clock.start_day) & (given < decided)
    order = np.flatnonzero(kept)[np.argsort(given[kept], kind="stable")]
    back = np.where(withdrawn, given + (decided - given) * rng.uniform(WITHDRAWN_FROM, WITHDRAWN_BY, len(term)), np.nan)
    return _table(rng, company, account[order], given[order], kind[order], back[order])


def notice_share(params: WorldParams) -> float:
    """Share of those who leave that say so before they decide; none in a null world."""
    return params.records.notice_share if params.hazard.effect > 0 else 0.0


def exit_interviews(company: Company) -> pd.DataFrame:
    """The table `exit_interviews`: with some of those who left, days or weeks after; a share of the reasons is wrong."""
    rng = company.rng("exit interviews")
    churned = company.fate.churned
    asked = np.isfinite(churned) & (rng.random(len(churned)) < company.params.records.exit_interview_share)
    account = np.flatnonzero(asked)
    held = np.round((churned[account] + rng.uniform(3, 30, len(account))) * 48) / 48
    reason = root_causes(rng, company, account, company.fate.churn_month[account])
    subject = np.array([f"exit.{each}" for each in reason.tolist()], dtype=object)
    rivals = np.array(company.competitors, dtype=object)[account % len(company.competitors)]
    columns: dict[str, object] = {
        "account_id": company.accounts.account_id[account],
        "held_at": held,
        "reason": reason,
        "competitor": only(rivals, reason == "competitor"),
        "text": lines(rng, company, subject, writers(company, account, np.full(len(account), ADMIN))),
        "known_at": held + lag(rng, len(account), company.params.records),
    }
    return table("exit_interviews", columns, company.clock)


def _rows(rng: Rng, signed: Signed, wanted: np.ndarray, share: float) -> Ints:
    return np.flatnonzero(signed.real & wanted & (rng.random(len(wanted)) < share))


def _hazard(company: Company) -> Floats:
    terms = company.terms
    hazard: Floats = company.fate.hazard[terms.account, np.clip(terms.month, 0, company.clock.months - 1)]
    return hazard


def _kinds(company: Company, account: Ints, leaving: int, shrinking: int) -> Strings:
    monthly = company.accounts.monthly[account] | company.fate.early[account]
    kind = np.where(monthly, "cancellation", "non_renewal").astype(object)
    kind[leaving : leaving + shrinking] = "downgrade"
    return kind


def _table(rng: Rng, company: Company, account: Ints, given: Floats, kind: Strings, back: Floats) -> pd.DataFrame:
    subject = np.array([f"notice.{each}" for each in kind.tolist()], dtype=object)
    columns: dict[str, object] = {
        "account_id": company.accounts.account_id[account],
        "given_at": given,
        "kind": kind,
        "withdrawn_at": back,
        "text": lines(rng, company, subject, writers(company, account, np.full(len(account), ADMIN))),
        "known_at": given + lag(rng, len(account), company.params.records),
    }
    return table("notices", columns, company.clock)
