"""The same catalogue on Spark: every signal is the same number, to the last bit."""

import random
from datetime import timedelta
from functools import partial

import pandas as pd
import pytest

from features.catalogue import catalogue
from features.engines.on_spark import OnSpark
from features.errors import BadInput
from features.history import DECLARED, History
from features.snapshots import Setting, matrix
from pipelines.spark import session
from tests.generative.made_up import Drawn, absurd, made
from tests.generative.test_time_law import company
from tests.spec.cases import AS_OF, ago, row
from tests.spec.conftest import CORE, PEERS, open_company

AS_OFS = (AS_OF - timedelta(days=200), AS_OF - timedelta(days=31), AS_OF, AS_OF + timedelta(days=45))
ACCOUNTS = [f"{kind}-{number}" for kind in ("old", "young") for number in range(12)]
QUANTITIES = (1, 2, 0.1, 1e-9, 3.3333, 1e14, 123456789.123456789)
QUICK = {  # one company of a few hundred rows: nothing is compiled that runs once
    "spark.master": "local[1]",
    "spark.sql.shuffle.partitions": 1,
    "spark.sql.adaptive.enabled": False,
    "spark.sql.codegen.wholeStage": False,
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


def absurd_rows(account, draws):
    """Rows of every table with whatever may stand in them, half learned too late and some absurd."""
    drawn = [
        Drawn(draws.choice(sorted(DECLARED)), draws.randint(-20, 400), draws.randint(-30, 90), draws.randint(0, 2**20))
        for _ in range(60)
    ]
    return [(one.table, made(one, account)) for one in drawn] + [(one.table, absurd(one, account)) for one in drawn[:20]]


def usual_rows(account, draws):
    """What happens to most accounts; amounts and tones have more digits than signals keep."""
    people = [f"{account}-p{number}" for number in range(3)]
    months = draws.choice((2, 9))
    told = [row("subscriptions", age, renews_at=ago(age - 90), arr=draws.random() * 1e5, seats=5) for age in (290, 200)]
    told += [row("subscriptions", 110, renews_at=ago(-90), arr=draws.random() * 1e5, seats=draws.choice((3, 5)))]
    told += [row("contacts", 300, contact_id=person, role="champion") for person in people[:2]]
    told += [row("contacts", 30 * months, contact_id=people[2], role="champion", ended_at=ago(draws.randint(5, 120)))]
    for age in draws.sample(range(300), 60):
        told.append(row("messages", age, direction=draws.choice(("in", "in", "out")), contact_id=draws.choice(people)))
        told[-1].columns.update(reply_hours=draws.random() * 9, text=draws.choice("añ𝒶") * draws.randint(1, 99))
        source = draws.choice(("surveys", "tickets", "messages"))
        told.append(row("texts", age, source=source, sentiment=round(draws.uniform(-1, 1), 4), budget=draws.random()))
        told.append(
            row(
                "usage",
                draws.randint(1, 420),
                user_id=draws.choice((*people, None)),
                feature=draws.choice((*CORE, "data_export")),
            )
        )
        told[-1].columns.update(quantity=draws.choice(QUANTITIES))
    for age in draws.sample(range(1, 300), 20):
        answered, solved = (ago(age) + timedelta(seconds=draws.random() * 9e5) for _ in range(2))
        told.append(row("tickets", age, first_response_at=answered, resolved_at=solved, csat=draws.choice((1, 2.5, 4))))
        told[-1].columns.update(kind="bug", topic=draws.choice(CORE))
        told.append(row("surveys", age, kind=draws.choice(("nps", "csat")), score=draws.choice((1, 3, 5)), answered_at=answered))
    return [(one.table, one.filled(account, number)) for number, one in enumerate(told)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, settings):
    draws, where = random.Random(7), tmp_path_factory.mktemp("company")
    open_company(
        company({account: [*usual_rows(account, draws), *absurd_rows(account, draws)] for account in ACCOUNTS}),
        where,
        settings,
        refuse=False,
    )
    return where


@pytest.fixture(scope="module")
def spark(settings):
    opened = session(settings["snapshots"]["spark"] | QUICK)
    yield partial(OnSpark, session=opened)
    opened.stop()


def signals(history):
    return matrix(history, AS_OFS, catalogue(), Setting((), 30, PEERS), lambda *_: None).frame


@pytest.fixture(scope="module")
def on_duckdb(folder):
    return signals(History.open(folder))


def test_the_company_says_something_of_every_signal(on_duckdb):
    assert [signal.name for signal in catalogue() if on_duckdb[signal.name].isna().all()] == []


def test_what_spark_cannot_do_is_said(folder, spark):
    history = History.open(folder, engine=spark)
    usage = history.raw("usage")
    with pytest.raises(BadInput, match=r"Spark cannot compute odd: .* Set snapshots.engine: duckdb"):
        history.engine.answer(usage.aggregate(odd=usage.quantity.kurtosis()))


def test_every_signal_is_the_same_to_the_last_bit(on_duckdb, folder, spark):
    pd.testing.assert_frame_equal(signals(History.open(folder, engine=spark)), on_duckdb, check_exact=True)
