"""Who the customers are: drawn once, before anything happens to them."""

from dataclasses import dataclass

import numpy as np

from features.world.clock import Bools, Clock, Floats, Ints, Strings
from features.world.draws import Rng, lag, pick_one
from features.world.params import WorldParams

CSMS = ("ana.lopez", "ben.carter", "carla.ruiz", "dan.murphy", "elena.soto", "frank.hill", "gloria.paz", "hugo.vidal")
NAME_STARTS = ("Nor", "Alta", "Vera", "Quin", "Sol", "Brid", "Lum", "Cor", "Tam", "Mar", "Zen", "Fal", "Rio", "Gran", "Ost")
NAME_ENDS = ("dia", "tec", "mont", "sur", "well", "nova", "gate", "line", "veta", "works", "cel", "point", "rama", "field")
NAME_FORMS = ("{} SA", "{} Ltd", "{} SL", "{} Inc", "Grupo {}", "{} Group", "{} & Co", "{}")


@dataclass(frozen=True)
class Population:
    """One array entry an account. `created_day` may lie before the log; `entry` is the month (negative before burn-in)."""

    account_id: Strings
    segment: Ints
    industry: Ints
    spanish: Bools
    country: Strings
    region: Strings
    csm: Strings
    monthly: Bools
    auto_renew: Bools
    notice_days: Ints
    entry: Ints
    created_day: Ints
    arr: Floats
    discount: Floats
    seats: Ints
    penetration: Floats
    usage_rows: Floats
    breadth: Ints
    feature_order: Ints
    relationships: Ints
    frailty: Floats

    def __len__(self) -> int:
        """Number of accounts."""
        return len(self.account_id)


def populate(rng: Rng, accounts: int, clock: Clock, params: WorldParams) -> Population:
    """`accounts` customers in all: some from before the log, the others entering at a steady pace as customers leave."""
    if accounts < 1:
        raise ValueError(f"a world of {accounts} accounts is empty; give at least 1")
    segments = list(params.segments.values())
    segment = pick_one(rng, accounts, tuple(each.share for each in segments))
    monthly = rng.random(accounts) < params.monthly_share
    spanish = rng.random(accounts) < 0.5
    entry = _entries(rng, accounts, clock, params)
    seats = np.maximum(2, _lognormal(rng, segment, [(s.seats_median, s.seats_sigma) for s in segments])).astype(np.int64)
    rows = _lognormal(rng, segment, [(s.usage_rows_month, 0.35) for s in segments])
    notice = rng.choice(np.array(params.notice_days), accounts)
    order = np.argsort(rng.random((accounts, len(params.features))), axis=1)
    return Population(
        account_id=np.array([f"A-{number:06d}" for number in range(accounts)], dtype=object),
        segment=segment,
        industry=rng.integers(0, len(params.industries), accounts),
        spanish=spanish,
        country=np.where(spanish, _choose(rng, params.countries_es, accounts), _choose(rng, params.countries_en, accounts)),
        region=_choose(rng, params.regions, accounts),
        csm=_choose(rng, _csms(accounts, params.accounts_per_csm), accounts),
        monthly=monthly,
        auto_renew=(rng.random(accounts) < params.auto_renew_share) | monthly,
        notice_days=np.where(monthly, params.notice_days_monthly, notice),
        entry=entry,
        created_day=clock.month_day(entry) + rng.integers(0, 28, accounts),
        arr=np.round(_lognormal(rng, segment, [(s.arr_median, s.arr_sigma) for s in segments]), -1),
        discount=np.where(rng.random(accounts) < 0.6, 0.0, rng.choice(np.array([0.05, 0.1, 0.15, 0.2]), accounts)),
        seats=seats,
        penetration=rng.beta(6, 3, accounts),
        usage_rows=rows,
        breadth=rng.integers(3, len(params.features) + 1, accounts),
        feature_order=order,
        relationships=np.clip(rng.poisson(2.0 + 1.2 * segment), 1, 7),
        frailty=rng.normal(0, params.hazard.frailty_sd, accounts),
    )


def account_rows(rng: Rng, people: Population, params: WorldParams) -> dict[str, object]:
    """The columns of `accounts`; `attr_email_opens` is noise on purpose."""
    count = len(people)
    companies = [_company(rng) for _ in range(count)]
    labels = list(params.segments)
    created = people.created_day.astype(np.float64)
    return {
        "account_id": people.account_id,
        "name": companies,
        "created_at": created,
        "industry": np.array(params.industries, dtype=object)[people.industry],
        "country": people.country,
        "region": people.region,
        "employees": np.round(people.seats * rng.lognormal(1.5, 0.6, count)),
        "csm": people.csm,
        "crm_id": [f"00{number:013d}" for number in rng.permutation(count)],
        "domain": [f"{_slug(name)}{number}.example" for number, name in enumerate(companies)],
        "strategic": (people.segment == len(labels) - 1) & (rng.random(count) < 0.25),
        "language": np.where(people.spanish, "es", "en").astype(object),
        "parent_account_id": None,
        "attr_segment": np.array(labels, dtype=object)[people.segment],
        "attr_email_opens": np.round(rng.gamma(2.0, 6.0, count)),
        "known_at": created + np.minimum(lag(rng, count, params.records, late=False), 0.9),
    }


def _entries(rng: Rng, accounts: int, clock: Clock, params: WorldParams) -> Ints:
    hazard = params.hazard
    leaving = (1 - params.monthly_share) * hazard.annual_churn / 12 + params.monthly_share * hazard.monthly_churn
    months = clock.last - clock.first
    before = round(accounts / (1 + leaving * months))
    old = rng.integers(clock.first - params.history_months, clock.first, before)
    new = clock.first + np.arange(accounts - before) * months // max(accounts - before, 1)
    return np.concatenate([old, new]).astype(np.int64)


def _lognormal(rng: Rng, segment: Ints, median_sigma: list[tuple[float, float]]) -> Floats:
    table = np.array(median_sigma)[segment]
    result: Floats = table[:, 0] * np.exp(table[:, 1] * rng.standard_normal(len(segment)))
    return result


def _choose(rng: Rng, options: tuple[str, ...], size: int) -> Strings:
    return np.array(options, dtype=object)[rng.integers(0, len(options), size)]


def _csms(accounts: int, accounts_per_csm: int) -> tuple[str, ...]:
    wanted = max(1, accounts // accounts_per_csm)
    return tuple(CSMS[i % len(CSMS)] + (str(i // len(CSMS) + 1) if i >= len(CSMS) else "") for i in range(wanted))


def _company(rng: Rng) -> str:
    start, end, form = rng.integers(0, 1 << 30, 3)
    stem = NAME_STARTS[start % len(NAME_STARTS)] + NAME_ENDS[end % len(NAME_ENDS)]
    return NAME_FORMS[form % len(NAME_FORMS)].format(stem)


def _slug(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
