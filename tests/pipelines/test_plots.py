"""The pictures of a run are those of its numbers, and of nothing else."""

import numpy as np

from pipelines.plots import beeswarm
from pipelines.pushes import Pushes


def test_the_same_pushes_are_drawn_the_same_whatever_was_drawn_by_chance_before_and_chance_goes_on_as_it_was(tmp_path):
    rng = np.random.default_rng(1)
    pushes = Pushes(("logins", "tickets"), rng.normal(size=(60, 2)), rng.normal(size=(60, 2)), np.zeros(60))
    drawn, after = [], []
    for seed in (1, 2):
        np.random.seed(seed)  # noqa: NPY002 - what another part of the process may have done
        expected = np.random.RandomState(seed).random_sample()
        beeswarm(pushes, tmp_path / f"{seed}.png")
        drawn.append((tmp_path / f"{seed}.png").read_bytes())
        after.append(np.random.random_sample() == expected)  # noqa: NPY002
    assert drawn[0] == drawn[1]
    assert after == [True, True]
