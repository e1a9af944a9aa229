"""What one account's line in another system says: the risk, why, and the first step."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Recommendation:
    """One account at one as_of, ready to be written. Values are rounded already, so that equal risks compare equal.

    `p_churn_90d` and `risk_band` are None for an account that could not be scored. A held-out account carries its risk,
    but no playbook, step or clock. `respond_by` is in UTC and says so.
    """

    account_id: str
    crm_id: str | None
    as_of: date
    p_churn_90d: float | None
    risk_band: str | None
    driver_1: str | None
    driver_2: str | None
    playbook: str | None
    why_en: str | None
    why_es: str | None
    respond_by: datetime | None
    first_step_en: str | None
    first_step_es: str | None
    first_step_owner: str | None
    first_step_due: date | None
    model_version: str | None
    link: str

    @property
    def key(self) -> str:
        """What makes this a delivery of its own: account, cycle, playbook and model version."""
        return json.dumps([self.account_id, self.as_of.isoformat(), self.playbook, self.model_version])

    @property
    def payload_hash(self) -> str:
        """Hash of every value; equal values, equal hash, on every machine."""
        words = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(words.encode()).hexdigest()[:32]
