from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.errors import UnableToScore, UnableToTrain
from models.tabular.hygiene import suspects
from models.tabular.storage import from_dir, to_dir
from models.tabular.table import Table
from models.tabular.training import train_table


def trained(table, params, label_days=0.0):
    return train_table(table, params, label_days=label_days, progress=lambda *_: None)


@pytest.fixture(scope="module")
def training(table, params):
    return trained(table, params)


def test_an_honest_table_passes_the_gate(training, params):
    verdict = training.judged(params)
    assert verdict.passed, verdict.as_text()
    assert training.model.kind == "blend"
    assert training.evaluation.value("model", "auc") > training.evaluation.value("best_column", "auc")


def test_pushes_and_base_sum_to_the_margin(training, table):
    push, base = training.model.pushes(table.frame)
    assert np.abs(base + push.sum(axis=1) - training.model.margins(table.frame)).max() < 1e-6


def test_what_does_not_matter_hardly_pushes(training, table):
    push, _ = training.model.pushes(table.frame)
    size = dict(zip([feature.name for feature in table.features], np.abs(push).mean(axis=0), strict=True))
    assert size["region"] < 0.3 * size["use"]


def test_a_row_is_scored_and_explained_alike_alone_and_in_company(training, table):
    alone, company = table.frame.iloc[[7]], table.frame
    assert training.model.margins(alone)[0] == training.model.margins(company)[7]
    assert np.array_equal(training.model.pushes(alone)[0][0], training.model.pushes(company)[0][7])


def test_the_same_table_gives_the_same_bytes_and_comes_back_from_disk(training, table, params, tmp_path):
    again = trained(table, params)
    for name, each in (("one", training), ("two", again)):
        to_dir(each.model, tmp_path / name)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    back = from_dir(tmp_path / "one")
    assert np.array_equal(back.margins(table.frame), training.model.margins(table.frame))
    assert again.evaluation.metrics.equals(training.evaluation.metrics)


def test_rows_without_an_outcome_change_nothing(training, params, customers_of):
    frame, churned = customers_of()
    more, _ = customers_of(50, seed=9)
    longer = Table.of(pd.concat([frame, more], ignore_index=True), np.concatenate([churned, np.full(50, np.nan)]))
    assert trained(longer, params).model.boosters == training.model.boosters


def test_a_column_that_is_the_label_is_named_and_refused(params, customers_of):
    frame, churned = customers_of()
    verdict = trained(Table.of(frame.assign(closed=np.where(churned == 1, "yes", "no")), churned), params).judged(params)
    assert not verdict.passed
    assert any("closed (AUC 1.000)" in reason.sentence for reason in verdict.refusals)


def test_a_column_filled_only_for_those_who_left_is_named(params, customers_of):
    frame, churned = customers_of()
    leaky = Table.of(frame.assign(exit_survey=np.where(churned == 1, 3.5, np.nan)), churned)
    assert [each.signal for each in suspects(leaky, params.gate.leak_auc)] == ["exit_survey"]


def test_folds_that_lack_the_same_are_left_out_in_one_sentence(params, customers_of):
    frame, churned = customers_of(60)
    least, folds = params.training.min_churned, params.table.folds
    few = np.where((churned == 1) & (np.cumsum(churned) > -(-least // folds) * folds), 0.0, churned)  # as many a fold
    (said,) = [note for note in trained(Table.of(frame, few), params).notes if "left out" in note.en]
    assert said.en.startswith("fold 1.1, fold 1.2")
    assert said.es.startswith("se omite fold 1.1, fold 1.2")
    assert f"at least {least} are needed" in said.en


def test_noise_does_not_pass_the_gate(params, customers_of):
    frame, churned = customers_of(300, seed=2, effect=0.0)
    training = trained(Table.of(frame, churned), params)
    assert not training.judged(params).passed
    low, high = training.hygiene.permuted_low, training.hygiene.permuted_high
    assert low <= training.hygiene.permuted_auc <= high


def test_below_fifty_customers_that_left_the_anchor_serves_alone_and_says_so(params, customers_of):
    frame, churned = customers_of(120)
    few = np.where((churned == 1) & (np.cumsum(churned) > 30), 0.0, churned)
    training = trained(Table.of(frame, few), params)
    assert training.model.kind == "anchor"
    assert training.model.boosters == ()
    assert any("30 customers left, fewer than 50: the anchor serves alone" in note.en for note in training.notes)


@pytest.mark.parametrize(
    ("churned", "said"),
    [(np.eye(1, 120)[0], "1 customers left in the rows"), (np.ones(120), "those that stayed are missing")],
)
def test_too_little_to_learn_from_is_said(params, customers_of, churned, said):
    frame, _ = customers_of(120)
    with pytest.raises(UnableToTrain, match=said):
        trained(Table.of(frame, churned), params)


def test_customers_in_several_rows_are_drawn_together(table, params):
    twice = np.arange(len(table.frame)) // 2
    wide = trained(replace(table, group=twice, grouped=True), params).evaluation
    assert wide.churned_accounts == len(np.unique(twice[table.churned == 1]))


def test_with_a_time_later_rows_are_tested_only(table, params):
    time = np.arange(len(table.frame), dtype=float)
    tested = trained(replace(table, time=time), params, label_days=20.0).measured.predictions
    assert tested["row"].min() > len(table.frame) / 4


def test_a_random_split_is_measured_only_where_rows_have_days_or_belong_together(training, table, params):
    assert training.split_gap is None
    assert trained(replace(table, grouped=True), params).split_gap is None  # every group is one row


def test_a_random_split_claims_more_where_rows_of_a_customer_give_each_other_away(params):
    rng = np.random.default_rng(5)
    customer, left = np.repeat(np.arange(40), 10), rng.random(40) < 0.4
    frame = pd.DataFrame({"name": [f"c{n}" for n in customer], "use": rng.normal(size=400) + left[customer]})
    found = trained(Table.of(frame, left[customer].astype(float), group=customer), params).split_gap
    assert found.rows == 400 // params.table.folds
    assert found.random_auc > found.auc + 0.05
    assert found.claims_more


def test_with_a_time_the_random_split_is_held_against_the_same_rows_forward_in_time(table, params):
    found = trained(replace(table, time=np.arange(len(table.frame), dtype=float)), params)
    assert found.split_gap.rows == found.measured.predictions["row"].nunique() // params.table.folds
    assert found.split_gap.auc == pytest.approx(found.evaluation.value("model", "auc"), abs=0.08)


def test_a_table_that_lacks_a_column_is_not_scored(training, table):
    with pytest.raises(UnableToScore, match=r"reads use \(1 columns\)"):
        training.model.margins(table.frame.drop(columns="use"))


def test_a_folder_that_is_no_model_says_so(tmp_path):
    with pytest.raises(UnableToScore, match=r"has no table\.json"):
        from_dir(tmp_path)


def test_a_text_that_names_the_customer_on_each_of_its_rows_is_no_leak():
    rng = np.random.default_rng(4)
    customers = np.repeat(np.arange(60), 4)
    frame = pd.DataFrame({"name": [f"c{n}" for n in customers], "use": rng.normal(size=240)})
    churned = np.repeat(rng.random(60) < 0.4, 4).astype(float)
    assert [each.signal for each in suspects(Table.of(frame, churned), 0.9)] == ["name"]
    assert suspects(Table.of(frame, churned, group=customers), 0.9) == ()


def test_where_trees_beside_the_anchor_may_do_harm_the_anchor_serves_and_is_what_was_measured(params):
    rng = np.random.default_rng(4)
    use = rng.normal(size=600)
    churned = (rng.random(600) < 1 / (1 + np.exp(1 + 1.6 * use))).astype(float)
    found = trained(Table.of(pd.DataFrame({"use": use, "noise": rng.normal(size=600)}), churned), params)
    assert (found.model.kind, found.model.boosters) == ("anchor", ())
    assert any(note.en.endswith("it serves alone") for note in found.notes)
    assert found.evaluation.value("model", "log_loss") == found.evaluation.value("anchor", "log_loss")
    assert "not_worse_than_anchor" not in {reason.check for reason in found.judged(params).reasons}
