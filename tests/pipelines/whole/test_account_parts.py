"""In how many parts the accounts are taken changes nothing: neither a signal nor a score, to the last bit."""

from dataclasses import fields

import pandas as pd
import pytest

from features.catalogue import catalogue
from features.history import History
from features.snapshots import matrix
from pipelines import scoring
from pipelines.company import Company
from pipelines.partitions import in_turn
from tests.pipelines.whole.conftest import AS_OF, VERSION, changed, quiet


def test_the_signals_of_eight_parts_are_those_of_one(prepared, params, monkeypatch):
    company = Company(prepared, params)
    over_the_log = [signal for signal in catalogue() if signal.view.by_day]
    found = {}
    for count in (1, 8):
        monkeypatch.setattr(History, "parts", lambda *_, count=count, **__: count)
        found[count] = matrix(company.history, [AS_OF], over_the_log, company.setting, quiet).frame
    assert len(found[1]) >= 64  # several accounts a part; one by one: tests/generative/test_engine.py
    pd.testing.assert_frame_equal(found[8], found[1], check_exact=True)


@pytest.fixture
def scores(prepared, learned, params, scored, monkeypatch):
    """`scores(64)`: everything that is written of a day scored in 64 parts of the accounts, and how many of them had any."""

    def made(count):
        parts = []
        company = Company(prepared, changed(params, flows={"partitions": count}))
        monkeypatch.setattr(company, "matrix", lambda *_: scored.matrix)
        model, spread = learned.training.model, lambda assess, given: in_turn(assess, parts.extend(given) or given)
        return scoring.score(company, AS_OF, model, VERSION, quiet, spread), len(parts)

    return made


def test_the_scores_of_64_parts_are_those_of_one(scores):
    (one, alone), (many, parts) = scores(1), scores(64)
    assert (alone, parts > 30) == (1, True)
    for each in fields(one):
        told, expected = getattr(many, each.name), getattr(one, each.name)
        if isinstance(expected, pd.DataFrame):
            pd.testing.assert_frame_equal(told, expected, check_exact=True)
        else:
            assert told == expected
