import pytest
import yaml

from features.errors import BadInput
from pipelines.params import CHECKOUT, found, load


def written(folder, text):
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder, text):
    with pytest.raises(BadInput) as caught:
        load(written(folder, text))
    return str(caught.value)


def test_without_a_file_the_defaults_of_the_checkout_hold():
    defaults = yaml.safe_load(CHECKOUT.read_text(encoding="utf-8"))
    assert load(None).flows.model_dump() == defaults["flows"]
    assert set(type(load(None)).model_fields) == set(defaults)


def test_a_file_overrides_only_the_keys_it_holds(tmp_path):
    params = load(written(tmp_path, "flows:\n  partitions: 9\n"))
    assert params.flows.partitions == 9
    assert params.flows.retries == load(None).flows.retries


def test_a_list_replaces_the_list_below_it(tmp_path):
    params = load(written(tmp_path, "label:\n  periods: [7, 14, 21]\n"))
    assert list(params.label.periods) == [7, 14, 21]
    assert params.label.grace_days == load(None).label.grace_days


def test_an_empty_file_changes_nothing(tmp_path):
    assert load(written(tmp_path, "# nothing yet\n")) == load(None)


def test_all_problems_are_told_at_once(tmp_path):
    said = refused(tmp_path, "flows: {retris: 3, workers: none}\nlabl: {}\ndvc: 3\n")
    assert "mine.yaml has 4 problems" in said
    assert "flows.retris: no such key. Did you mean retries? Allowed: catch_up_days, partitions, " in said
    assert "flows.workers: " in said
    assert "'none'" in said
    assert "labl: no such section. Did you mean label?" in said
    assert "dvc: 3 is not a section. Allowed: from, " in said


def test_a_key_inside_a_list_is_checked_too(tmp_path):
    said = refused(tmp_path, "text:\n  competitors:\n    - {name: Acme, alias: [acme]}\n")
    assert "text.competitors.0.alias: no such key. Did you mean aliases?" in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("snapshots: {step: 0}", "snapshots.step: write month, or a number of days from 1 on; it is 0."),
        ("snapshots: {step: -5}", "snapshots.step: write month, or a number of days from 1 on; it is -5."),
        ("snapshots: {step: week}", "snapshots.step: write month, or a number of days from 1 on; it is 'week'."),
        ("snapshots: {memory_gb: 0.2}", "snapshots.memory_gb: Input should be greater than or equal to 0.25"),
        ("data: {memory_gb: .inf}", "data.memory_gb: Input should be a finite number"),
        ("data: {memory_gb: 1.0e+30}", "data.memory_gb: Input should be less than or equal to 100000"),
        ("data: {threads: 0}", "data.threads: Input should be greater than or equal to 1"),
        ("data: {threads: 257}", "data.threads: Input should be less than or equal to 256"),
        ("data: {reporting_currency: us dollars}", "data.reporting_currency: a currency is a code of three capital letters"),
        ("data: {exchange_rates: {eur: 1.1}}", "a currency is a code of three capital letters, such as EUR; it is 'eur'."),
        ("data: {exchange_rates: {EUR: .inf}}", "data.exchange_rates.EUR: Input should be a finite number"),
        ("data: {exchange_rates: {EUR: 0}}", "data.exchange_rates.EUR: Input should be greater than 0"),
        ("after: {look_ahead_days: 999999999}", "after.look_ahead_days: Input should be less than or equal to 3650"),
        ("after: {win_back_months: [0]}", "after.win_back_months.0: Input should be greater than or equal to 1"),
        ("after: {review_days: [30, 9999999]}", "after.review_days.1: Input should be less than or equal to 3650"),
    ],
)
def test_a_value_that_nothing_could_be_done_with_is_refused(tmp_path, text, told):
    assert told in refused(tmp_path, text)


def test_a_key_written_twice_is_refused(tmp_path):
    said = refused(tmp_path, "flows:\n  workers: 1\n  workers: 2\n")
    assert "'workers' stands twice" in said
    assert "line 3" in said


@pytest.mark.parametrize("key", ["? [a, b]", "? {a: b}"])
def test_a_key_that_is_no_word_is_refused_with_its_line(tmp_path, key):
    said = refused(tmp_path, f"flows:\n  workers: 1\n{key}\n: 1\n")
    assert "a key is a word, not a list or a mapping" in said
    assert "line 3" in said


@pytest.mark.parametrize("text", ["flows: [", "- a list", "just words", "a: &x [*x]"])
def test_what_is_no_settings_file_is_refused(tmp_path, text):
    assert "mine.yaml" in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gate: {baselines: [foo]}", "'foo'"),
        ("decision: {horizon_days: true}", "decision.horizon_days"),
        ("label: {periods: [30, 20]}", "must rise from above 0"),
        ("label: {periods: [-7, 30]}", "must rise from above 0"),
        ("explanation: {circumstances: [weather]}", "'weather' is no family"),
        (
            "triage: {price_driver: [{when_all: [{measure: stategic, at_least: 1}]}]}",
            "triage.price_driver: no such signal: stategic (",
        ),
        ("triage: {price_driver: [{when_all: [{measure: health, at_most: 1}]}]}", "triage.price_driver: no such signal: health"),
        (
            "triage: {save_factors: {people: {broken: [{when_all: [{measure: p_churn, at_least: 1}]}]}}}",
            "save_factors.people: no",
        ),
        (
            "triage: {alone_is_enough: [{when_all: [{measure: helth, at_most: 1}]}]}",
            "alone_is_enough: no such signal or fact: helth (did you mean health? facts are arr, ",
        ),
        ("health: {signals: {nosuch: {safe: 0, danger: 1}}}", "health.signals: no such signal: nosuch"),
    ],
)
def test_a_setting_that_could_only_do_nothing_or_harm_is_refused(tmp_path, text, said):
    assert said in refused(tmp_path, text)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"absent\.yaml cannot be read: No such file"):
        load(tmp_path / "absent.yaml")


def test_settings_in_the_folder_we_are_called_from_are_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert found(None) is None
    (tmp_path / "params.yaml").write_text("", encoding="utf-8")
    assert found(None).name == "params.yaml"
    assert found(tmp_path / "other.yaml").name == "other.yaml"


def test_the_fingerprint_changes_with_any_setting(tmp_path):
    assert load(None).fingerprint == load(None).fingerprint
    assert load(written(tmp_path, "flows: {workers: 7}")).fingerprint != load(None).fingerprint


def test_settings_cannot_be_changed_after_loading():
    with pytest.raises(ValueError, match="frozen"):
        load(None).flows.workers = 3
