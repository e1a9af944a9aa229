"""Who is compared: each a function of (input, fold, seed) that returns P(churn) of the fold's test rows.

Peers learn from the very columns that tenure kept, with the settings their own documentation starts with; one thread each.
"""

import warnings

import numpy as np
import pandas as pd
from inputs import AHEAD, LOOKS, Input

from models.encoding import encoded, levels_of
from models.tabular.fitting import learned
from models.tabular.folds import Fold
from pipelines.params import Params

warnings.filterwarnings("ignore", message=".*feature names.*")
WEEKS = AHEAD.days / 7


def tenure(given: Input, fold: Fold, params: Params) -> np.ndarray:
    """Anchor and trees, blended and calibrated within the training rows."""
    model, _, _ = learned(given.table, fold.train, params, seeds=params.training.seeds, label_days=given.label_days)
    return model.probability(given.table.frame.iloc[fold.test])


def anchor(given: Input, fold: Fold, params: Params) -> np.ndarray:
    """The anchor of tenure alone."""
    from scipy.special import expit

    from models.tabular.smooth import fit_smooth

    model = fit_smooth(given.table, fold.train, given.table.features, params.table, params.training.category_levels)
    return expit(model.margins(given.table.frame.iloc[fold.test]))


def lightgbm(given: Input, fold: Fold, params: Params) -> np.ndarray:
    """LightGBM's defaults: 100 trees of 31 leaves."""
    from lightgbm import LGBMClassifier

    learn, test = _coded(given, fold, params)
    model = LGBMClassifier(n_jobs=1, verbosity=-1, random_state=params.table.seed)
    names = [str(n) for n, feature in enumerate(given.table.features) if feature.category]
    model.fit(learn, given.table.events(fold.train), categorical_feature=names or "auto")
    return model.predict_proba(test)[:, 1]


def xgboost(given: Input, fold: Fold, params: Params) -> np.ndarray:
    """XGBoost's defaults: 100 trees of depth 6, categories native."""
    from xgboost import XGBClassifier

    learn, test = _coded(given, fold, params, as_categories=True)
    model = XGBClassifier(n_jobs=1, enable_categorical=True, random_state=params.table.seed)
    model.fit(learn, given.table.events(fold.train))
    return model.predict_proba(test)[:, 1]


def catboost(given: Input, fold: Fold, params: Params) -> np.ndarray:
    """CatBoost's defaults: 1,000 trees of depth 6."""
    from catboost import CatBoostClassifier

    table = given.table
    names = [feature.name for feature in table.features if feature.category]
    frame = table.frame[[feature.name for feature in table.features]]
    frame = frame.assign(**{name: frame[name].astype(object).where(frame[name].notna(), "missing").astype(str) for name in names})
    model = CatBoostClassifier(thread_count=1, verbose=0, allow_writing_files=False, random_seed=params.table.seed)
    model.fit(frame.iloc[fold.train], table.events(fold.train).astype(int), cat_features=names)
    return model.predict_proba(frame.iloc[fold.test])[:, 1]


def random_forest(given: Input, fold: Fold, params: Params) -> np.ndarray:
    """500 trees, five rows a leaf; missing values as the median."""
    from sklearn.ensemble import RandomForestClassifier

    learn, test = _filled(given, fold, params)
    model = RandomForestClassifier(500, min_samples_leaf=5, n_jobs=1, random_state=params.table.seed)
    model.fit(learn, given.table.events(fold.train))
    return model.predict_proba(test)[:, 1]


def logistic_splines(given: Input, fold: Fold, params: Params) -> np.ndarray:
    """scikit-learn's cubic splines of five knots, standardised, then its logistic regression."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import SplineTransformer, StandardScaler

    learn, test = _filled(given, fold, params)
    model = make_pipeline(SplineTransformer(5, extrapolation="constant"), StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(learn, given.table.events(fold.train))
    return model.predict_proba(test)[:, 1]


def bg_nbd(given: Input, fold: Fold, _params: Params) -> np.ndarray:
    """BG/NBD (Fader, Hardie, Lee 2005) of `lifetimes` on frequency, recency and age in weeks; it sees no outcome at all.

    P(nothing bought) = exp(-expected purchases), as `lifetimes` gives the mean only.
    """
    from lifetimes import BetaGeoFitter
    from lifetimes.utils import summary_data_from_transaction_data

    rows = given.purchases[given.purchases["day"] < LOOKS[-1]]
    summary = summary_data_from_transaction_data(rows, "customer", "day", observation_period_end=LOOKS[-1], freq="W").sort_index()
    model = BetaGeoFitter(penalizer_coef=0.001)
    model.fit(summary["frequency"], summary["recency"], summary["T"])
    test = summary.iloc[given.table.group[fold.test]]
    found = model.conditional_expected_number_of_purchases_up_to_time(WEEKS, test["frequency"], test["recency"], test["T"])
    return np.exp(-np.asarray(found))


def featuretools_lightgbm(given: Input, fold: Fold, params: Params) -> np.ndarray:
    """Deep feature synthesis by featuretools on the purchases, then LightGBM's defaults."""
    from lightgbm import LGBMClassifier

    made = pd.concat([_synthesised(given.purchases, look) for look in LOOKS], ignore_index=True)
    model = LGBMClassifier(n_jobs=1, verbosity=-1, random_state=params.table.seed)
    model.fit(made.iloc[fold.train].to_numpy(), given.table.events(fold.train))
    return model.predict_proba(made.iloc[fold.test].to_numpy())[:, 1]


EVERYWHERE = (tenure, anchor, lightgbm, xgboost, catboost, random_forest, logistic_splines)
ON_PURCHASES = (bg_nbd, featuretools_lightgbm)


def _synthesised(purchases: pd.DataFrame, look: pd.Timestamp) -> pd.DataFrame:
    """One row a customer, sorted as the table is."""
    import featuretools as ft

    rows = purchases.reset_index(drop=True).rename_axis("order_id").reset_index()
    first = rows.groupby("customer", as_index=False)["day"].min()
    entities = ft.EntitySet("cdnow")
    entities.add_dataframe(dataframe_name="orders", dataframe=rows, index="order_id", time_index="day")
    entities.add_dataframe(dataframe_name="customers", dataframe=first, index="customer", time_index="day")
    entities.add_relationship("customers", "customer", "orders", "customer")
    found, _ = ft.dfs(
        entityset=entities,
        target_dataframe_name="customers",
        cutoff_time=look - pd.Timedelta(days=1),
        agg_primitives=["count", "sum", "mean", "max", "min", "std", "trend", "time_since_last", "time_since_first"],
        trans_primitives=[],
        n_jobs=1,
    )
    return found.sort_index().select_dtypes("number").astype(np.float64)


def _coded(given: Input, fold: Fold, params: Params, *, as_categories: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Numbers, and categories as the number of their level; missing stays missing."""
    table = given.table
    levels = levels_of(table.frame, fold.train, table.features, params.training.category_levels)
    found = []
    for part in (fold.train, fold.test):
        frame = pd.DataFrame(encoded(table.frame, part, table.features, levels)).rename(columns=str)
        if as_categories:
            names = {str(n): f.name for n, f in enumerate(table.features) if f.category}
            frame = frame.assign(
                **{n: pd.Categorical(frame[n], categories=list(range(len(levels[name])))) for n, name in names.items()}
            )
        found.append(frame)
    return found[0], found[1]


def _filled(given: Input, fold: Fold, params: Params) -> tuple[np.ndarray, np.ndarray]:
    """One column a level of a category; a missing number is the median of the training rows."""
    learn, test = _coded(given, fold, params)
    middle = learn.median().fillna(0.0)
    parts = []
    for frame in (learn, test):
        columns = []
        for n, feature in enumerate(given.table.features):
            values = frame[str(n)]
            if feature.category:
                columns += [
                    (values == level).to_numpy(dtype=float) for level in range(int(learn[str(n)].max(skipna=True) or 0) + 1)
                ]
            else:
                columns.append(values.fillna(middle[str(n)]).to_numpy(dtype=float))
        parts.append(np.column_stack(columns))
    return parts[0], parts[1]
