"""What a customer's notice does to the chance of leaving, and what taking it back does."""

import shutil

import pandas as pd
import pytest

from pipelines import steps
from pipelines.company import Company
from tests.pipelines.whole.conftest import AS_OF, quiet

TOLD = pd.Timestamp(AS_OF, tz="UTC")


@pytest.fixture(scope="module")
def chances(tables, learned, home, params, tmp_path_factory):
    """`chances(withdrawn_at)`: of every account that has given notice three weeks ago; nothing else is different."""

    def told(withdrawn_at):
        folder = tmp_path_factory.mktemp("notices")
        shutil.copytree(tables, folder, dirs_exist_ok=True)
        kept = pd.read_parquet(folder / "notices.parquet")
        given = TOLD - pd.Timedelta(days=21)
        names = pd.read_parquet(folder / "accounts.parquet")["account_id"].unique()
        rows = pd.DataFrame({"account_id": names, "given_at": given, "kind": "cancellation", "known_at": given})
        rows = rows.assign(withdrawn_at=pd.Series(withdrawn_at, rows.index, kept["withdrawn_at"].dtype))
        rows.reindex(columns=kept.columns).astype(kept.dtypes).to_parquet(folder / "notices.parquet")
        prepared = steps.prepare(str(folder), "contract", home, params)
        frame = Company(prepared, params).matrix([AS_OF], quiet).frame
        return pd.Series(learned.training.model.churn_probability(frame, 90), index=frame["account_id"])

    return told


def test_a_notice_that_is_withdrawn_lowers_the_chance_again(chances):
    stands, withdrawn = chances(pd.NaT), chances(TOLD - pd.Timedelta(days=1))
    pd.testing.assert_series_equal(chances(TOLD), stands)  # not known before the day: it still stands
    assert (withdrawn <= stands).all()
    assert withdrawn.mean() < stands.mean()
