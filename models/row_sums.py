"""Sums of the columns of each row."""

import numpy as np
import numpy.typing as npt


def row_sums(table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The sum of each row of an (n, k) table, shape (n,): to the last bit the same whatever other rows stand beside it.

    A matrix product, or a sum over a table laid out by columns, adds up in an order that depends on how many rows there are.
    No columns: 0.
    """
    return np.asarray(np.ascontiguousarray(table).sum(axis=1), dtype=np.float64)
