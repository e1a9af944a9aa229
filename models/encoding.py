"""From matrix columns to the numbers a model reads: float32, categories as the number of a stored level."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.signal import Signal
from models.errors import UnableToScore, UnableToTrain
from models.periods import Float32s, Floats, Ints

ATTRIBUTE = "attr_"


@dataclass(frozen=True)
class Feature:
    """One column the model reads. `direction` +1: higher is riskier, -1: lower is, 0: it depends. `unit` as declared."""

    name: str
    family: str
    direction: int
    category: bool
    unit: str


def features_of(matrix: pd.DataFrame, catalogue: tuple[Signal, ...]) -> tuple[Feature, ...]:
    """Every signal of the catalogue that is not mere calendar, and every `attr_` column, in catalogue order.

    A signal without a column raises `UnableToTrain`; so does a catalogue without signals.
    """
    absent = [signal.name for signal in catalogue if signal.name not in matrix and not signal.calendar]
    if absent:
        raise UnableToTrain(
            f"the matrix has no column for the signals {', '.join(absent[:5])} ({len(absent)} in all); "
            "build the features again with the same version of the catalogue"
        )
    found = [
        Feature(each.name, each.family, 0 if each.category else each.direction, each.category, each.unit)
        for each in catalogue
        if not each.calendar
    ]
    attributes = sorted(name for name in matrix.columns if name.startswith(ATTRIBUTE))
    for name in attributes:
        category = not _numeric(matrix[name])
        found.append(Feature(name, "firmographic", 0, category, "category" if category else "number"))
    if not found:
        raise UnableToTrain("the catalogue declares no signal and the matrix has no attr_ column: nothing to learn from")
    return tuple(found)


def levels_of(matrix: pd.DataFrame, positions: Ints, features: tuple[Feature, ...], most: int) -> dict[str, tuple[str, ...]]:
    """The `most` frequent levels of each category at the positions, sorted by name; anything else counts as missing."""
    levels: dict[str, tuple[str, ...]] = {}
    for feature in features:
        if feature.category:
            counts = matrix[feature.name].iloc[positions].dropna().astype(str).value_counts()
            ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
            levels[feature.name] = tuple(sorted(str(name) for name, _ in ranked[:most]))
    return levels


def numbers(matrix: pd.DataFrame, name: str) -> Floats:
    """One numeric column as float64, infinite values as missing; a column that is not there is all missing."""
    if name not in matrix:
        return np.full(len(matrix), np.nan)
    try:
        values = matrix[name].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise UnableToScore(
            f"column {name} should hold numbers and holds {matrix[name].dtype}; build the features again"
        ) from error
    return np.where(np.isinf(values), np.nan, values)


def encoded(
    matrix: pd.DataFrame, positions: Ints, features: tuple[Feature, ...], levels: dict[str, tuple[str, ...]], *, spare: int = 0
) -> Float32s:
    """The matrix rows at `positions`, shape (n, features + spare); a category is its level's number, unseen ones NaN.

    The last `spare` columns are left for the caller to fill.
    """
    table = np.empty((len(positions), len(features) + spare), dtype=np.float32)
    for index, feature in enumerate(features):
        if feature.category:
            table[:, index] = codes_of(matrix, feature.name, levels[feature.name])[positions]
        else:
            table[:, index] = numbers(matrix, feature.name)[positions]
    return table


def require(matrix: pd.DataFrame, features: tuple[Feature, ...]) -> None:
    """Refuse a matrix that lacks signals of the model; absent attributes are merely missing values."""
    absent = [f.name for f in features if f.name not in matrix and not f.name.startswith(ATTRIBUTE)]
    if absent:
        raise UnableToScore(
            f"the model reads {', '.join(absent[:5])} ({len(absent)} columns) which the matrix lacks; "
            "build the features with the catalogue the model was trained on, or train again"
        )


def codes_of(matrix: pd.DataFrame, name: str, levels: tuple[str, ...]) -> Floats:
    """The number of each row's level, shape (n,); NaN where it is none of them, missing, or there is no such column."""
    if name not in matrix or not levels:
        return np.full(len(matrix), np.nan)
    codes, uniques = pd.factorize(matrix[name])
    number = {level: float(index) for index, level in enumerate(levels)}
    table = np.array([number.get(str(value), np.nan) for value in uniques] + [np.nan])
    return np.asarray(table[codes], dtype=np.float64)


def _numeric(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)
