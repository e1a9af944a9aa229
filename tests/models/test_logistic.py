"""The bounded ridge logistic against what it must equal."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from models import logistic
from models.logistic import Design, bounded_logistic

RNG = np.random.default_rng(3)
FREE = np.full(4, -np.inf)


def problem(n=4000):
    X = np.column_stack([RNG.normal(size=(n, 3)), np.ones(n)])
    y = (RNG.random(n) < 1 / (1 + np.exp(2 - X[:, 0] + 0.7 * X[:, 1]))).astype(float)
    return X, y, RNG.integers(1, 4, n).astype(float)


def test_without_bounds_it_is_the_ridge_logistic():
    X, y, weight = problem()
    found = bounded_logistic(X, y, weight, np.array([5.0, 5, 5, 0]), FREE)
    reference = LogisticRegression(C=1 / 5.0, tol=1e-10, max_iter=1000).fit(X[:, :3], y, sample_weight=weight)
    np.testing.assert_allclose(found, [*reference.coef_[0], reference.intercept_[0]], atol=1e-4)


def test_a_weight_of_two_is_a_row_twice():
    X, y, weight = problem(500)
    times = weight.astype(int)
    found = bounded_logistic(X, y, weight, np.ones(4), FREE)
    again = bounded_logistic(np.repeat(X, times, axis=0), np.repeat(y, times), np.ones(times.sum()), np.ones(4), FREE)
    np.testing.assert_allclose(found, again, atol=1e-6)


def test_a_bound_holds_and_the_rest_is_the_best_beside_it():
    X, y, weight = problem()
    lower = np.array([0.0, 0.0, 0.0, -np.inf])
    found = bounded_logistic(X, y, weight, np.full(4, 1e-6), lower)
    assert found[1] == 0.0
    without = bounded_logistic(X[:, [0, 2, 3]], y, weight, np.full(3, 1e-6), lower[[0, 2, 3]])
    np.testing.assert_allclose(found[[0, 2, 3]], without, atol=1e-4)


def test_an_offset_stands_for_a_coefficient_of_one():
    X, y, weight = problem()
    offset = X[:, 0] * 0.8
    found = bounded_logistic(X[:, 1:], y, weight, np.full(3, 1e-6), FREE[:3], offset)
    loss = [
        (weight * np.logaddexp(0, -(2 * y - 1) * (X[:, 1:] @ (found + step) + offset))).sum()
        for step in (np.zeros(3), np.array([0.01, 0, 0]), np.array([0, 0, 0.01]), np.array([0, -0.01, 0]))
    ]
    assert min(loss[1:]) > loss[0]


def test_separable_rows_end_and_stay_finite():
    X = np.column_stack([np.linspace(-1, 1, 50), np.ones(50)])
    found = bounded_logistic(X, (X[:, 0] > 0).astype(float), np.ones(50), np.array([1.0, 1e-6]), np.array([0.0, -np.inf]))
    assert np.isfinite(found).all()
    assert found[0] == pytest.approx(abs(found[0]))


def test_rows_made_block_by_block_give_the_same_bits_whether_blocks_are_kept_or_made_anew(monkeypatch):
    monkeypatch.setattr(logistic, "ROWS_AT_ONCE", 300)
    X, y, weight = problem(1000)
    made = []

    def block(some):
        made.append((some.start, some.stop))
        return X[some].copy()

    def solved():
        made.clear()
        return bounded_logistic(Design(len(X), 4, block), y, weight, np.ones(4), FREE)

    kept = solved()
    assert made == [(0, 300), (300, 600), (600, 900), (900, 1000)]
    monkeypatch.setattr(logistic, "REMEMBERED", 2 * 300 * 4 * 8)
    assert np.array_equal(solved(), kept)
    assert made[:4] == [(0, 300), (300, 600), (600, 900), (900, 1000)]
    assert set(made[4:]) == {(600, 900), (900, 1000)}
    np.testing.assert_array_equal(bounded_logistic(X, y, weight, np.ones(4), FREE), kept)
