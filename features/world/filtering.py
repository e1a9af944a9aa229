"""The chance of leaving for somebody who knows every rule of this world and reads its tables, but cannot look inside an account.

A bootstrap particle filter (Gordon, Salmond, Smith 1993): `world.particles` lives of each account go through the log; each month
they are weighed by how well they explain what the tables show of it, and drawn anew where few are left. From the first of each
month the lives go on for a year as in `features.world.chances`. Known are the rules, and of each account its segment, contract,
usual use and number of relationships; hidden are its states, health and frailty, and the day within the notice period on which
an annual contract will decide. Not read are surveys, invoices, news, goals, promises, onboarding and who uses which feature: so
the ceiling given the tables lies between this and the true chance.
"""

import numpy as np
import pandas as pd
from scipy.special import expit, ndtr, xlogy

from features.world.chances import COLUMNS, HORIZONS, as_table, leaving, there
from features.world.clock import Floats, Ints
from features.world.company import Company
from features.world.days import guessed, laid_out
from features.world.dials import AHEAD_MONTHS
from features.world.draws import Rng, stream
from features.world.knowing import heard
from features.world.lives import NEVER, Lives, live_on
from features.world.meetings import absence
from features.world.messages import REPLY_HOURS, REPLY_SPREAD, incoming_rate, slowness
from features.world.plays import visible_risk
from features.world.states import CAUSES, SPELLS, SUPPORT, acting
from features.world.tickets import ANSWER_HOURS, ANSWER_SPREAD, REPORTED, USUAL, ordinary_rate
from features.world.usage import BY_HEALTH, LUCK, expected_use
from features.world.voices import NEGATED, loudness
from features.world.watching import Watched, watched

ACCOUNTS_AT_ONCE = 200
FEWEST = 0.5  # effective share of the particles, below which they are drawn anew
LEAST = 1e-3
FRAILTY_KEEPS = 0.95  # a month


def seen_chances(company: Company, tables: dict[str, pd.DataFrame], particles: int, futures: int) -> pd.DataFrame:
    """The columns and rows of `chances`."""
    shown, everyone = watched(company, tables), np.arange(len(company.accounts))
    parts = []
    for at in range(0, len(everyone), ACCOUNTS_AT_ONCE):
        parts += _followed(company, tables["notices"], shown, everyone[at : at + ACCOUNTS_AT_ONCE], particles, futures)
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return table.sort_values(["as_of", "account_id"], ignore_index=True)[list(COLUMNS)]


def _followed(
    company: Company, notices: pd.DataFrame, shown: Watched, account: Ints, particles: int, futures: int
) -> list[pd.DataFrame]:
    """One table a month of the log."""
    known, clock = laid_out(company), company.clock
    lives, rng = _unknown(company, account, particles), stream(company.seed, f"particles {account[0]}")
    weight = np.zeros((len(account), particles))
    tables = []
    for month in range(clock.last):
        if month >= clock.first:
            here = np.isin(account, there(company, month))
            chosen, today = account[here], int(clock.starts[month])
            go_on = lives.of(here).drawn(_systematic(_normal(weight[here]), futures, rng))
            days = guessed(company, known, chosen, month, futures, rng)
            found = leaving(go_on, days, heard(company, notices, chosen, today)) if len(chosen) else np.zeros((0, len(HORIZONS)))
            tables.append(as_table(company, chosen, today, found))
        exits = shown.exits[account, month] if month >= clock.first else None
        score = live_on(lives, rng, exits, plays=False)
        if month >= clock.first:
            weight += _explains(lives, shown, account, month)
            due, present = known.due[account, month], shown.exposure[account, month] > 0
            weight += np.where((due & present)[:, None], np.log1p(-expit(_at_term(company, account)[:, None] + score)), 0.0)
            _treat(lives, shown, account, month, rng)
            lives, weight = _drawn_anew(lives, weight, rng)
            lives.mine = _stirred(lives, rng)
    return tables


def _unknown(company: Company, account: Ints, particles: int) -> Lives:
    """Lives as they begin, before anything is known of them."""
    people, params = company.accounts, company.params
    shape, rng = (len(account), particles), stream(company.seed, f"beginnings {account[0]}")
    zero = np.zeros(shape)
    segment = np.array([each.log_odds for each in params.segments.values()])[people.segment[account]][:, None]
    failed = (rng.random(shape) < params.families.onboarding.onset) * rng.uniform(0.7, 1.3, shape)
    return Lives(
        company=company,
        account=account,
        month=0,
        shock=zero.copy(),
        sets_in=zero.copy(),
        shown=[zero.copy(), zero.copy()],
        lagging=zero.copy(),
        target=np.zeros((len(SPELLS), *shape)),
        now=np.zeros((len(SPELLS), *shape)),
        tickets=zero.copy(),
        since=np.full(shape, 99.0),
        fast=np.zeros(shape, dtype=bool),
        health=rng.standard_normal(shape),
        last_play=np.full(shape, NEVER),
        play=np.zeros((*shape, AHEAD_MONTHS)),
        failed=failed,
        mine=params.hazard.effect * (segment + rng.normal(0, params.hazard.frailty_sd, shape)),
        level=np.zeros((len(CAUSES), *shape)),
        incidents=zero.copy(),
    )


def _explains(lives: Lives, shown: Watched, account: Ints, month: int) -> Floats:
    """Log-likelihood of what the tables show of the month, shape (accounts, particles), but for what is the same for all."""
    company, level, who = lives.company, lives.level, account[:, None]
    part = shown.exposure[who, month]
    segment = company.accounts.segment[who].astype(np.float64)
    use = np.maximum(expected_use(company, who, np.array(month), level) * np.exp(BY_HEALTH * lives.health) * part, LEAST)
    spread = LUCK**2 + 2.5 / use  # luck of the month, of the count, and of the quantities it is read from
    rates = np.array([each.tickets_month for each in company.params.segments.values()])[company.accounts.segment[who]]
    ordinary = ordinary_rate(rates, level)
    found = -0.5 * (np.log(np.maximum(shown.use[who, month], 0.5) / use) ** 2 / spread + np.log(spread))
    found += _poisson(shown.bugs[who, month], (USUAL[0] * ordinary + REPORTED * lives.incidents) * part)
    found += _poisson(shown.asks[who, month], (1 - USUAL[0]) * ordinary * part)
    found += _hours(shown.answers, who, month, np.log(ANSWER_HOURS) + np.minimum(level[SUPPORT], 1.4), ANSWER_SPREAD)
    found += _poisson(shown.incoming[who, month], incoming_rate(segment, level) * part)
    found += _hours(shown.replies, who, month, np.log(REPLY_HOURS) + slowness(level), REPLY_SPREAD)
    loud = np.moveaxis(loudness(np.moveaxis(level, 0, -1)), -1, 0)
    said = shown.said[:, who, month]
    found += xlogy(said[:-1], loud).sum(axis=0) - said.sum(axis=0) * np.log(loud.sum(axis=0) + 1 + NEGATED)
    away = absence(level)
    found += xlogy(shown.absent[who, month], away) + xlogy(shown.held[who, month], 1 - away)
    came = shown.came[who, month]
    found += np.where((came > 0) & (lives.fast != (came == 1)), np.log(LEAST), 0.0)
    return np.where(part > 0, found + _noticed(lives, shown, who, month), 0.0)


def _noticed(lives: Lives, shown: Watched, who: Ints, month: int) -> Floats:
    """The team saw risk where it assigned a play, and none where it could have and did not."""
    plays = lives.company.params.plays
    if not lives.company.params.twin.plays:
        return np.zeros_like(lives.shock)
    chance = ndtr((visible_risk(lives.level, lives.health) - plays.threshold) / max(plays.threshold_noise, LEAST))
    chance = np.clip(chance, LEAST, 1 - LEAST)
    rested = month - lives.last_play >= plays.cooldown_months
    return np.where(shown.played[who, month], np.log(chance), np.where(rested, np.log1p(-chance), 0.0))


def _treat(lives: Lives, shown: Watched, account: Ints, month: int, rng: Rng) -> None:
    """Plays that were begun act as they do in the log: the one assigned is seen, how long it acts is not."""
    row = np.flatnonzero(shown.played[account, month])
    lives.last_play[row] = month
    company, plays = lives.company, lives.company.params.plays
    assigned = company.fate.assigned
    here = assigned.month == month
    book = np.zeros(len(company.accounts), dtype=np.int64)
    treated = np.zeros(len(company.accounts), dtype=bool)
    book[assigned.account[here]], treated[assigned.account[here]] = assigned.book[here], assigned.treated[here]
    row = row[treated[account[row]]]
    if len(row) == 0:
        return
    helps = np.array([[cause in each.families for cause in CAUSES] for each in plays.books.values()])[book[account[row]]]
    at_work = acting(lives.level[:, row], lives.lagging[row], company.params) >= 0.5
    matched = np.any(helps.T[:, :, None] & at_work, axis=0)
    strength = np.array([each.log_odds for each in plays.books.values()])[book[account[row]]][:, None]
    effect = np.where(matched, strength, plays.mismatch_log_odds) * min(company.params.hazard.effect, 1.0)
    months = rng.integers(1, plays.months_max + 1, effect.shape)
    for ahead in range(min(plays.months_max, AHEAD_MONTHS)):
        lives.play[row, :, ahead] += effect * (months > ahead)


def _at_term(company: Company, account: Ints) -> Floats:
    base = company.fate.intercepts
    return np.where(company.accounts.monthly[account], base.monthly, base.annual)


def _poisson(count: Floats, rate: Floats) -> Floats:
    rate = np.maximum(rate, LEAST)
    found: Floats = count * np.log(rate) - rate
    return found


def _hours(seen: tuple[Floats, Floats], who: Ints, month: int, mean: Floats, spread: float) -> Floats:
    """Of the mean of log-hours; nothing when there are none."""
    count, total = seen[0][who, month], seen[1][who, month]
    found: Floats = -0.5 * count * (total / np.maximum(count, 1) - mean) ** 2 / spread**2
    return found


def _drawn_anew(lives: Lives, weight: Floats, rng: Rng) -> tuple[Lives, Floats]:
    """Draw the particles anew of accounts of which few count any more; the lives and their log-weights."""
    share = _normal(weight)
    poor = 1 / (share**2).sum(axis=1) < FEWEST * weight.shape[1]
    if poor.any():
        picked = np.broadcast_to(np.arange(weight.shape[1]), weight.shape).copy()
        picked[poor] = _systematic(share[poor], weight.shape[1], rng)
        lives, weight = lives.drawn(picked), np.where(poor[:, None], 0.0, weight)
    return lives, weight - weight.max(axis=1, keepdims=True)


def _stirred(lives: Lives, rng: Rng) -> Floats:
    """Frailty never changes, and lives drawn anew would soon all have the same: it drifts within its prior instead."""
    people, params = lives.company.accounts, lives.company.params
    usual = np.array([each.log_odds for each in params.segments.values()])[people.segment[lives.account]][:, None]
    centre, spread = params.hazard.effect * usual, params.hazard.effect * params.hazard.frailty_sd
    noise = spread * np.sqrt(1 - FRAILTY_KEEPS**2) * rng.standard_normal(lives.mine.shape)
    result: Floats = centre + FRAILTY_KEEPS * (lives.mine - centre) + noise
    return result


def _normal(weight: Floats) -> Floats:
    share = np.exp(weight - weight.max(axis=1, keepdims=True)) if weight.size else weight
    result: Floats = share / share.sum(axis=1, keepdims=True)
    return result


def _systematic(share: Floats, size: int, rng: Rng) -> Ints:
    """Systematic resampling, account by account; in random order, as the luck of the future goes by place."""
    points = (np.arange(size) + rng.random((len(share), 1))) / size
    picked = (np.cumsum(share, axis=1)[:, None, :] < points[:, :, None]).sum(axis=2)
    picked = np.minimum(picked, share.shape[1] - 1)
    return rng.permuted(picked, axis=1).astype(np.int64)
