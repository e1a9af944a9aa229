"""A push joined with what was seen: facts, raw rows and two sentences in both languages."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.catalogue import catalogue
from features.check import check
from features.history import History
from features.params import DataParams
from models.drivers import QUIET, UNSEEN, build, standing
from models.indices import Indices, Scale
from tests.conftest import ACCOUNT, RENEWAL, TERM, InMemory

AS_OF = date(2025, 3, 1)
STAMP = pd.Timestamp(AS_OF)
NBSP = "\N{NO-BREAK SPACE}"
CATALOGUE = tuple(signal for signal in catalogue() if not signal.category)
COLUMNS = ["account_id", "as_of", "family", "push", "strength", "chance"]


def ticket(number, opened):
    return {"ticket_id": f"t{number}", "account_id": "a", "opened_at": opened, "kind": "bug", "text": "x", "row_id": f"r{number}"}


@pytest.fixture(scope="module")
def history(tmp_path_factory, settings):
    folder = tmp_path_factory.mktemp("company")
    rows = {
        "accounts": [ACCOUNT],
        "subscriptions": [TERM],
        "renewals": [RENEWAL | {"account_id": "a"}],
        "tickets": [ticket(1, "2025-01-05"), ticket(2, "2025-02-20 09:00"), ticket(3, "2025-02-03")],
    }
    check(InMemory({name: pd.DataFrame(each) for name, each in rows.items()}), DataParams(**settings["data"]), folder)
    return History.open(folder)


@pytest.fixture(scope="module")
def driver(history):
    """`driver("support", 0.8, {signal: (value, z)})` -> (Drivers, the row of that family as a dict with its evidence read).

    `others` are the values of the other accounts; unless said, two of them that have 1 of everything.
    """

    def made(family, push, known, *, others=None, rows_a_signal=5, notable_z=0.5):
        others = [dict.fromkeys(known, 1.0)] * 2 if others is None else others
        accounts = ["a", *(f"b{number}" for number in range(len(others)))]
        matrix = pd.DataFrame({"account_id": accounts, "as_of": STAMP})
        side = pd.DataFrame(index=matrix.index)
        for name, (value, z) in known.items():
            matrix[name] = [value, *(each.get(name, np.nan) for each in others)]
            side[name] = [z, *([np.nan] * len(others))]
        pushes = pd.DataFrame([(account, STAMP, family, push, 1.5, 0.4) for account in accounts], columns=COLUMNS)
        found = build(
            history, AS_OF, pushes, side, matrix, CATALOGUE, notable_z=notable_z, rows_a_signal=rows_a_signal, clear_push=-0.1
        )
        row = found.table.iloc[0].to_dict()
        return found, row | {"evidence": json.loads(row["evidence"])}

    return made


class TestFacts:
    def test_a_fact_says_what_how_much_against_what_since_when_and_on_which_rows(self, driver):
        _, row = driver("support", 0.8, {"bugs_90d": (3.0, 2.0)}, others=[{"bugs_90d": 0.0}, {"bugs_90d": 1.0}])
        assert row["evidence"] == [
            {
                "signal": "bugs_90d",
                "value": 3.0,
                "unit": "count",
                "comparison": {"value": 1.0, "what": "median of all accounts"},
                "since": "2025-01-05T00:00:00Z",
                "rows": [
                    {"table": "tickets", "row_id": "r2", "at": "2025-02-20T09:00:00Z"},
                    {"table": "tickets", "row_id": "r3", "at": "2025-02-03T00:00:00Z"},
                    {"table": "tickets", "row_id": "r1", "at": "2025-01-05T00:00:00Z"},
                ],
            }
        ]

    def test_push_strength_and_chance_stand_as_they_came(self, driver):
        found, _ = driver("support", 0.8, {"bugs_90d": (3.0, 2.0)})
        expected = [*COLUMNS[:-1], "evidence", "sentence_en", "sentence_es", "chance", "since"]
        assert list(found.table.columns) == expected
        assert found.table.iloc[0][["family", "push", "strength", "chance"]].tolist() == ["support", 0.8, 1.5, 0.4]

    def test_the_driver_is_seen_since_the_oldest_row_shown_of_what_speaks_for_it(self, driver):
        found, _ = driver("support", 0.8, {"bugs_90d": (3.0, 2.0)}, others=[{"bugs_90d": 0.0}, {"bugs_90d": 1.0}])
        assert found.table["since"].iloc[0] == pd.Timestamp("2025-01-05")
        assert found.table["since"].iloc[1:].isna().all()

    def test_what_fell_off_has_no_first_row(self, driver):
        found, _ = driver("usage", 0.8, {"events_28d": (0.0, 2.0)}, others=[{"events_28d": 9.0}, {"events_28d": 8.0}])
        assert found.table["since"].isna().all()

    def test_the_strongest_come_first_and_three_at_most(self, driver):
        known = {
            "bugs_90d": (3.0, 0.6),
            "escalations_90d": (2.0, 3.0),
            "open_tickets": (9.0, 1.0),
            "repeat_topic_90d": (2.0, 0.9),
        }
        _, row = driver("support", 0.8, known)
        assert [fact["signal"] for fact in row["evidence"]] == ["escalations_90d", "open_tickets", "repeat_topic_90d"]

    def test_a_signal_near_the_median_is_no_fact(self, driver):
        known = {"bugs_90d": (1.0, 0.49), "escalations_90d": (2.0, 0.5)}
        assert [fact["signal"] for fact in driver("support", 0.8, known)[1]["evidence"]] == ["escalations_90d"]

    def test_only_signals_that_say_what_the_push_says_are_facts(self, driver):
        known = {"bugs_90d": (3.0, 2.0), "escalations_90d": (0.0, -2.0)}
        raising, lowering = (driver("support", push, known)[1] for push in (0.8, -0.8))
        assert [fact["signal"] for fact in raising["evidence"]] == ["bugs_90d"]
        assert [fact["signal"] for fact in lowering["evidence"]] == ["escalations_90d"]

    def test_a_family_that_hardly_pushes_either_way_is_told_what_is_risky(self, driver):
        known = {"bugs_90d": (3.0, 2.0), "escalations_90d": (0.0, -2.0)}
        found, row = driver("support", -0.09, known)
        assert [fact["signal"] for fact in row["evidence"]] == ["bugs_90d"]
        assert len(found.evidence) == 3
        assert driver("support", -0.1, known)[1]["evidence"][0]["signal"] == "escalations_90d"

    def test_a_value_that_is_not_known_is_no_fact(self, driver):
        _, row = driver("support", 0.8, {"bugs_90d": (np.nan, np.nan), "escalations_90d": (2.0, 2.0)})
        assert [fact["signal"] for fact in row["evidence"]] == ["escalations_90d"]

    def test_without_rows_it_is_seen_since_the_first_day_of_the_window(self, driver):
        _, row = driver("usage", 0.8, {"events_28d": (0.0, 2.0)})
        assert (row["evidence"][0]["since"], row["evidence"][0]["rows"]) == ("2025-02-01T00:00:00Z", [])

    def test_a_contract_fact_has_no_date(self, driver):
        _, row = driver("budget", 0.8, {"discount_share": (0.4, 2.0)})
        assert (row["evidence"][0]["since"], row["evidence"][0]["rows"]) == (None, [])

    def test_a_value_that_reads_like_the_median_is_no_fact(self, driver):
        known = {"negative_texts_90d": (0.0, -2.0), "sentiment_mean_90d": (0.304, -1.0), "nps_last": (9.0, -0.9)}
        others = [{"negative_texts_90d": 0.0, "sentiment_mean_90d": 0.301, "nps_last": 7.0}] * 2
        _, row = driver("sentiment", -0.8, known, others=others)
        assert [fact["signal"] for fact in row["evidence"]] == ["nps_last"]
        assert "negative" not in row["sentence_en"]

    def test_another_accounts_rows_are_not_shown(self, driver):
        found, _ = driver("support", 0.8, {"bugs_90d": (3.0, 2.0)}, others=[{"bugs_90d": 1.0}])
        assert json.loads(found.table.iloc[1]["evidence"]) == []
        assert set(found.evidence["account_id"]) == {"a"}


class TestRawRows:
    def test_every_row_of_a_fact_is_handed_over_once(self, driver):
        found, row = driver("support", 0.8, {"bugs_90d": (3.0, 2.0), "tickets_90d": (3.0, 1.0)})
        assert list(found.evidence.columns) == ["account_id", "as_of", "table", "row_id", "at", "row"]
        assert found.evidence["row_id"].tolist() == ["r1", "r2", "r3"]
        assert {each["row_id"] for fact in row["evidence"] for each in fact["rows"]} == {"r1", "r2", "r3"}
        assert (found.evidence["as_of"] == STAMP).all()
        assert json.loads(found.evidence["row"].iloc[1])["opened_at"] == "2025-02-20T09:00:00Z"

    def test_no_more_rows_than_asked_for_lie_under_a_signal(self, driver):
        found, _ = driver("support", 0.8, {"bugs_90d": (3.0, 2.0)}, rows_a_signal=2)
        assert found.evidence["row_id"].tolist() == ["r2", "r3"]

    def test_a_family_that_lowers_the_risk_needs_no_rows(self, driver):
        found, row = driver("support", -0.8, {"bugs_90d": (3.0, -2.0)})
        assert row["evidence"][0]["rows"] == []
        assert found.evidence.empty


class TestSentences:
    def test_the_first_fact_is_said_with_its_day_and_then_the_second(self, driver):
        _, row = driver("support", 0.8, {"bugs_90d": (3.0, 2.0), "escalations_90d": (2.0, 1.0)})
        assert row["sentence_en"] == (
            "3 bugs reported in 90 days (typical account: 1; most recently on 20 February 2025). "
            "2 tickets escalated in 90 days (typical account: 1)."
        )

    def test_the_second_rests_on_rows_of_its_own_where_one_does(self, driver):
        same_bugs = {"bugs_90d": (3.0, 2.0), "tickets_90d": (3.0, 1.5)}
        _, row = driver("support", 0.8, same_bugs | {"escalations_90d": (2.0, 1.0)})
        assert row["sentence_en"].endswith(" 2 tickets escalated in 90 days (typical account: 1).")
        _, row = driver("support", 0.8, same_bugs)
        assert row["sentence_en"].endswith(" 3 tickets opened in 90 days (typical account: 1).")

    def test_a_single_fact_is_followed_by_its_day(self, driver):
        _, row = driver("support", 0.8, {"bugs_90d": (3.0, 2.0)})
        assert row["sentence_en"].endswith(". Most recently on 20 February 2025.")
        assert row["sentence_es"].endswith(". La última vez, el 20 de febrero de 2025.")

    def test_a_fact_without_rows_is_dated_by_its_window(self, driver):
        _, row = driver("usage", 0.8, {"usage_change_28d": (-0.4, 2.0)})
        assert row["sentence_en"].startswith("Use fell by 40% against the 28 days before")
        assert row["sentence_en"].endswith(" Counted since 4 January 2025.")
        assert f"cayó un 40{NBSP}%" in row["sentence_es"]
        assert row["sentence_es"].endswith(" Contado desde el 4 de enero de 2025.")

    def test_a_fact_without_any_date_says_so(self, driver):
        _, row = driver("budget", 0.8, {"discount_share": (0.4, 2.0)})
        assert row["sentence_en"].endswith(f". {QUIET['en'][1]}")
        assert row["sentence_es"].endswith(f". {QUIET['es'][1]}")

    def test_what_lowers_the_risk_is_said_to(self, driver):
        _, row = driver("support", -0.8, {"bugs_90d": (0.0, -2.0)})
        assert row["sentence_en"].startswith("This lowers the risk: 0 bugs")
        assert row["sentence_es"].startswith("Esto reduce el riesgo: 0 ")

    def test_a_family_of_which_nothing_stands_out_says_so(self, driver):
        _, row = driver("support", 0.1, {"bugs_90d": (1.0, 0.1)})
        assert (row["sentence_en"], row["sentence_es"]) == (" ".join(QUIET["en"]), " ".join(QUIET["es"]))

    def test_a_family_of_which_nothing_is_known_says_that_there_is_no_data(self, driver):
        _, row = driver("support", 0.1, {"bugs_90d": (np.nan, np.nan)})
        assert (row["sentence_en"], row["sentence_es"]) == (" ".join(UNSEEN["en"]), " ".join(UNSEEN["es"]))


def test_with_nobody_to_explain_every_column_is_there(history):
    none = pd.DataFrame({name: pd.Series([], dtype=object) for name in COLUMNS})
    matrix = pd.DataFrame({"account_id": pd.Series([], dtype=object), "bugs_90d": pd.Series([], dtype=float)})
    found = build(history, AS_OF, none, matrix[["bugs_90d"]], matrix, CATALOGUE, notable_z=0.5, rows_a_signal=5, clear_push=-0.1)
    assert (len(found.table), len(found.evidence)) == (0, 0)
    assert list(found.evidence.columns) == ["account_id", "as_of", "table", "row_id", "at", "row"]


class TestStanding:
    INDICES = Indices(
        {"up": Scale(2.0, 4.0), "down": Scale(2.0, 4.0), "still": Scale(1.0, 0.0)},
        {"usage": (("up", 1), ("down", -1)), "support": (("still", 1),)},
        (0.0,) * 11,
        (1.0,) * 11,
        4.0,
    )

    def test_it_is_the_distance_from_the_median_towards_the_risk(self):
        found = standing(self.INDICES, pd.DataFrame({"up": [4.0, 0.0], "down": [4.0, 0.0], "still": [1.0, 1.0]}))
        assert found["up"].tolist() == [0.5, -0.5]
        assert found["down"].tolist() == [-0.5, 0.5]

    def test_it_is_cut_off_and_unknown_stays_unknown(self):
        found = standing(self.INDICES, pd.DataFrame({"up": [999.0, np.nan], "down": [999.0, 2.0], "still": [1.0, 1.0]}))
        assert found["up"].tolist()[0] == 4.0
        assert np.isnan(found["up"].tolist()[1])
        assert found["down"].tolist()[0] == -4.0

    def test_a_signal_that_never_varied_stands_nowhere(self):
        found = standing(self.INDICES, pd.DataFrame({"up": [0.0], "down": [0.0], "still": [5.0]}))
        assert found["still"].tolist() == [0.0]
