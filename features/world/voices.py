"""What is on an account's mind when somebody writes or is written about: one of its troubles, nothing, or a red herring."""

import numpy as np

from features.world.clock import Bools, Floats, Ints, Strings
from features.world.company import Company
from features.world.draws import Events, Rng, pick
from features.world.people import contact_ids, speaker
from features.world.states import CAUSES
from features.world.writing import Writers, as_mails, write_lines

STRAY = 0.02
NEGATED = 0.07
SAYS = {
    "usage": 0.5,
    "support": 1.0,
    "stakeholders": 1.2,
    "budget": 1.2,
    "competition": 1.3,
    "value": 1.1,
    "engagement": 0.8,
    "onboarding": 0.8,
}


def loudness(level: Floats) -> Floats:
    """How often each cause is named, beside 1 for nothing at all; levels and result shaped (…, causes)."""
    result: Floats = np.array([SAYS[cause] for cause in CAUSES]) * np.minimum(level, 1.3) + STRAY / len(CAUSES)
    return result


def subjects(rng: Rng, company: Company, events: Events, kind: str) -> Strings:
    """A subject (`mail.budget`) for each event: louder troubles are named more often; most of the time there is none."""
    weights = loudness(company.states.level[:, events.account, events.month].T)
    choice = pick(rng, np.c_[weights, np.full(len(events), 1.0), np.full(len(events), NEGATED)])
    names = np.array([f"{kind}.{cause}" for cause in (*CAUSES, "neutral")], dtype=object)
    which = rng.integers(0, len(CAUSES), len(events))
    mild = np.array([f"negated.{cause}" for cause in CAUSES], dtype=object)[which]
    if kind == "note":
        mild = np.full(len(events), "note.negated", dtype=object)
    return np.where(choice > len(CAUSES), mild, names[np.minimum(choice, len(CAUSES))])


def voices(rng: Rng, company: Company, events: Events, champion_share: float) -> tuple[Strings, Writers]:
    """Who speaks: the contact's identifier, and what the writer of a text needs to know of them."""
    number = speaker(rng, company.staff, company.accounts, events.account, events.month, champion_share)
    return contact_ids(events.account, number), writers(company, events.account, number)


def writers(company: Company, account: Ints, number: Ints) -> Writers:
    """The writers of texts for given people of given accounts."""
    firsts = np.array([csm.split(".")[0].title() for csm in company.accounts.csm.tolist()], dtype=object)
    return Writers(account, account * 131 + number * 17, company.accounts.spanish[account], firsts[account])


def lines(rng: Rng, company: Company, chosen: Strings, by: Writers, *, mail: Bools | None = None) -> Strings:
    """The words for each subject; dressed as mails where `mail` says so."""
    said = write_lines(rng, chosen, by, company.competitors, company.params.features)
    if mail is None or not mail.any():
        return said
    some = Writers(by.account[mail], by.person[mail], by.spanish[mail], by.csm[mail])
    said[mail] = as_mails(rng, said[mail], some, company.competitors, company.params.features)
    return said
