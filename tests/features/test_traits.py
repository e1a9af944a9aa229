"""What kind of customer an account is: the groups whose figures are told apart."""

import numpy as np
import pandas as pd

from features.traits import traits_of

CUTS = {"segments_from_arr": [1000, 50000], "tenure_from_years": [1, 3]}
NOBODY = pd.DataFrame({"account_id": []})


def frame(**columns):
    rows = len(next(iter(columns.values())))
    return pd.DataFrame({"account_id": [f"A{n}" for n in range(rows)], "as_of": pd.Timestamp("2026-01-01"), **columns})


def test_yearly_value_and_tenure_fall_into_ranges_that_begin_at_their_cuts():
    found = traits_of(frame(arr=[999.0, 1000, 50000, np.nan], tenure_days=[365.0, 366, 1100, np.nan]), NOBODY, **CUTS)
    assert found["segment"].tolist()[:3] == ["0-1000", "1000-50000", "50000+"]
    assert found["tenure"].tolist()[:3] == ["0-1", "1-3", "3+"]
    assert found.iloc[3].isna().all()


def test_a_contract_is_monthly_or_renews_by_itself_or_by_hand_or_is_not_known():
    found = traits_of(frame(monthly_term=[1.0, 0, 0, 0], auto_renew=[1.0, 1, 0, np.nan]), NOBODY, **CUTS)
    assert found["contract"].tolist()[:3] == ["monthly", "auto_renew", "manual_renew"]
    assert pd.isna(found["contract"].iloc[3])


def test_the_newest_known_language_of_an_account_counts():
    accounts = pd.DataFrame({"account_id": ["A0", "A0", "A1"], "language": ["en", "es", None]})
    found = traits_of(frame(arr=[1.0, 1.0]), accounts, **CUTS)
    assert found["language"].iloc[0] == "es"
    assert pd.isna(found["language"].iloc[1])


def test_every_name_of_the_matrix_is_a_trait_and_no_number_is():
    found = traits_of(frame(region=["north", None], attr_tier=["gold", "tin"], attr_size=[1.0, 2.0]), NOBODY, **CUTS)
    assert list(found.columns) == ["region", "attr_tier"]
    assert pd.isna(found["region"].iloc[1])


def test_what_is_known_of_nobody_is_no_trait_and_an_empty_matrix_has_none():
    assert list(traits_of(frame(arr=[np.nan]), NOBODY, **CUTS).columns) == []
    assert traits_of(frame(arr=[1.0]).iloc[:0], NOBODY, **CUTS).empty
