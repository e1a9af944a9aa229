"""A synthetic B2B company: every table of the contract as its systems would have recorded it, and the truth beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from features.tables import TABLES
from features.world.accounts import account_rows
from features.world.chances import chances
from features.world.company import Company, found
from features.world.contracts import Signed, invoices, renewals, sign, subscriptions
from features.world.filtering import seen_chances
from features.world.frame import table
from features.world.leaving import exit_interviews, notices
from features.world.meetings import meetings
from features.world.messages import messages
from features.world.news import company_events
from features.world.params import WorldParams
from features.world.people import contact_rows
from features.world.plays import intervention_rows
from features.world.progress import goals, onboarding, promises
from features.world.surveys import surveys
from features.world.tickets import tickets
from features.world.truth import account_fates, account_months
from features.world.usage import usage


@dataclass(frozen=True)
class World:
    """`tables` by the names of the contract, times in naive UTC.

    `truth`: `account_months`, `accounts`, `plays`, `chances`, and with `world.particles` `seen_chances`.
    """

    tables: dict[str, pd.DataFrame]
    truth: dict[str, pd.DataFrame]


def generate(accounts: int, months: int, seed: int, params: WorldParams, competitors: Sequence[str]) -> World:
    """`accounts` customers in all over the `months` months before `params.end`; the same arguments give the same world.

    `competitors` are the names that customers may drop. `ValueError` when there is no account, month or name.
    """
    company = found(accounts, months, seed, params, competitors)
    signed = sign(company)
    interventions, plays = interventions_and_truth(company, signed)
    rows = account_rows(company.rng("account rows"), company.accounts, params)
    staff = contact_rows(company.rng("contacts"), company.staff, company.accounts, company.fate.churned, params)
    made = {
        "accounts": table("accounts", rows, company.clock),
        "subscriptions": subscriptions(company, signed),
        "renewals": renewals(company, signed),
        "usage": usage(company),
        "tickets": tickets(company),
        "surveys": surveys(company),
        "meetings": meetings(company),
        "messages": messages(company),
        "contacts": table("contacts", staff, company.clock),
        "invoices": invoices(company, signed),
        "onboarding": onboarding(company),
        "goals": goals(company),
        "company_events": company_events(company),
        "interventions": interventions,
        "notices": notices(company, signed),
        "promises": promises(company),
        "exit_interviews": exit_interviews(company),
    }
    truth = {"account_months": account_months(company), "accounts": account_fates(company), "plays": plays}
    if params.futures:
        truth["chances"] = chances(company, made["notices"], params.futures)
    if params.futures and params.particles:
        truth["seen_chances"] = seen_chances(company, made, params.particles, params.futures)
    return World({name: made[name] for name in TABLES}, truth)


def write(world: World, out: Path) -> None:
    """`<table>.parquet` in `out` and the truth in `out/truth`; times are UTC, timezone-aware."""
    for folder, frames in ((out, world.tables), (out / "truth", world.truth)):
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in frames.items():
            pq.write_table(_in_utc(pa.Table.from_pandas(frame, preserve_index=False)), folder / f"{name}.parquet")


def _in_utc(rows: pa.Table) -> pa.Table:
    fields = [
        field.with_type(pa.timestamp("us", tz="UTC")) if pa.types.is_timestamp(field.type) else field for field in rows.schema
    ]
    return rows.cast(pa.schema(fields)).replace_schema_metadata(None)


def interventions_and_truth(company: Company, signed: Signed) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table `interventions` and the truth of its rows."""
    rows, truth = intervention_rows(
        company.rng("interventions"),
        company.fate.assigned,
        company.accounts,
        company.fate.churned,
        signed.value_by_month(company),
        company.clock,
        company.params,
    )
    frame = table("interventions", rows, company.clock)
    plays = pd.DataFrame(truth)
    return frame, plays[plays["intervention_id"].isin(frame["intervention_id"])].reset_index(drop=True)
