"""A model as a value: hazards, horizons, the folder it is kept in."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.errors import UnableToScore
from models.model import Model
from models.reasons import ReasonHead


def test_probabilities_rise_with_the_horizon_for_every_account(company, training):
    latest = company.matrix.loc[company.matrix["as_of"] == company.matrix["as_of"].max()]
    found = np.column_stack([training.model.churn_probability(latest, days) for days in (7, 30, 45, 90, 180, 364, 365)])
    assert (np.diff(found, axis=1) >= 0).all()
    assert ((found >= 0) & (found <= 1)).all()
    assert np.isnan(training.model.churn_probability(latest, 366)).all()


def test_a_row_is_scored_alike_alone_and_in_company(company, training):
    some = company.matrix.iloc[100:160]
    whole = training.model.margins(some)
    alone = np.vstack([training.model.margins(some.iloc[[n]]) for n in range(5)])
    np.testing.assert_allclose(whole[:5], alone, rtol=0, atol=1e-12)


def test_the_folder_holds_text_only_and_the_same_bytes_each_time(training, tmp_path):
    first = {p.name: p.read_bytes() for p in training.model.to_dir(tmp_path / "a")}
    again = {p.name: p.read_bytes() for p in training.model.to_dir(tmp_path / "b")}
    reloaded = {p.name: p.read_bytes() for p in Model.from_dir(tmp_path / "a").to_dir(tmp_path / "c")}
    assert first == again == reloaded
    assert set(first) == {"model.json", "boosting_0.txt", "boosting_1.txt", "boosting_2.txt"}
    json.loads(first["model.json"])
    for content in first.values():
        content.decode("utf-8")


def test_a_reloaded_model_scores_the_same_bits(company, training, tmp_path):
    training.model.to_dir(tmp_path)
    again = Model.from_dir(tmp_path)
    some = company.matrix.iloc[::40]
    assert np.array_equal(training.model.margins(some), again.margins(some))
    assert again == training.model


def test_a_folder_without_a_model_says_what_is_missing(tmp_path, training):
    with pytest.raises(UnableToScore, match=r"has no model\.json"):
        Model.from_dir(tmp_path)
    training.model.to_dir(tmp_path)
    (tmp_path / "boosting_1.txt").unlink()
    with pytest.raises(UnableToScore, match=r"has no boosting_1\.txt"):
        Model.from_dir(tmp_path)


def test_a_broken_head_or_another_format_is_refused(tmp_path, training):
    training.model.to_dir(tmp_path)
    head = json.loads((tmp_path / "model.json").read_text())
    (tmp_path / "model.json").write_text(json.dumps(head | {"format": 99}))
    with pytest.raises(UnableToScore, match="format 99"):
        Model.from_dir(tmp_path)
    (tmp_path / "model.json").write_text("{")
    with pytest.raises(UnableToScore, match="not a model file"):
        Model.from_dir(tmp_path)


def test_a_matrix_without_the_signals_is_refused_by_name(company, training):
    with pytest.raises(UnableToScore, match="usage_0"):
        training.model.margins(company.matrix.drop(columns="usage_0"))


def test_nobody_to_score_is_an_empty_answer(company, training):
    assert training.model.margins(company.matrix.iloc[:0]).shape == (0, 12)


def test_an_unseen_category_and_missing_attributes_are_scored(company, training):
    odd = company.matrix.iloc[:3].assign(plan="never seen").drop(columns="attr_employees")
    assert np.isfinite(training.model.margins(odd)).all()
    blank = company.matrix.iloc[:3].assign(plan=pd.Series([None] * 3, dtype=object))
    seen = training.model.margins(company.matrix.iloc[:3].assign(plan="never seen"))
    assert np.array_equal(training.model.margins(blank), seen)


def test_what_leavers_blamed_is_kept_in_the_folder_and_an_older_folder_has_none(training, tmp_path):
    head = ReasonHead(("budget", "value"), ((0.5, -1.0), (-0.5, 1.0)), (0.1, -0.1), (0.25, 0.75), 240)
    replace(training.model, reasons=head).to_dir(tmp_path)
    assert Model.from_dir(tmp_path).reasons == head
    written = json.loads((tmp_path / "model.json").read_text())
    del written["reasons"]
    (tmp_path / "model.json").write_text(json.dumps(written))
    assert Model.from_dir(tmp_path).reasons is None
