import numpy as np
import pandas as pd
import pytest

from features.errors import BadInput
from pipelines.one_table.reading import Asked, read_table

ROWS = [
    "id;alta;plan;cuota;uso;baja",
    "C-1;2024-01-05;A;1.250,50;10;sí",
    "C-2;2024-02-05;B;99,90;n/a;no",
    "C-3;2024-03-05;;310,00;7;no",
    "C-4;2024-04-05;A;20,00;5;",
    "C-5;2024-05-05;B;21,00;3;sí",
]


def written(folder, lines, name="clientes.csv", encoding="utf-8"):
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


@pytest.fixture
def own(tmp_path):
    return written(tmp_path, ROWS, encoding="cp1252")


def test_a_spanish_export_is_read_as_it_is(own):
    table = read_table(own, Asked("baja")).table
    assert np.array_equal(table.churned, [1, 0, 0, np.nan, 1], equal_nan=True)
    assert table.frame["cuota"].tolist() == [1250.5, 99.9, 310.0, 20.0, 21.0]
    assert np.array_equal(table.frame["uso"], [10, np.nan, 7, 5, 3], equal_nan=True)
    assert [feature.name for feature in table.features if feature.category] == ["id", "plan"]


def test_days_are_left_out_without_a_time_and_count_as_days_before_it_with_one(tmp_path, own):
    (alone,) = read_table(own, Asked("baja")).table.dropped
    assert alone.column == "alta"
    assert "holds days" in alone.why.en
    seen = written(tmp_path, [f"{line};{day}" for line, day in zip(ROWS, ["visto", *["2024-06-05"] * 5], strict=True)], "b.csv")
    table = read_table(seen, Asked("baja", time="visto")).table
    assert table.frame["alta"].tolist() == [152.0, 121.0, 92.0, 61.0, 31.0]


def test_rows_without_an_outcome_are_told_of(own):
    assert any("1 row without an outcome yet" in note.en for note in read_table(own, Asked("baja")).notes)


def test_a_parquet_file_keeps_its_types(tmp_path):
    frame = pd.DataFrame(
        {"use": [1.5, None, 2.0], "vip": [True, False, True], "plan": ["A", "B", None], "left": [True, False, True]}
    )
    frame.to_parquet(tmp_path / "own.parquet")
    table = read_table(tmp_path / "own.parquet", Asked("left")).table
    assert table.churned.tolist() == [1.0, 0.0, 1.0]
    assert table.frame["vip"].tolist() == [1.0, 0.0, 1.0]
    assert {f.name: f.category for f in table.features} == {"use": False, "vip": False, "plan": True}


def test_a_row_without_a_group_is_a_group_of_its_own(own):
    read = read_table(own, Asked("baja", group="plan"))
    assert read.table.group.tolist() == [0, 1, 2, 0, 1]
    assert any("plan is empty in 1 row:" in note.en for note in read.notes)


def test_dropped_columns_and_roles_are_no_features(own):
    table = read_table(own, Asked("baja", group="id", drop=("cuota",))).table
    assert [feature.name for feature in table.features] == ["plan", "uso"]


def test_a_direction_reaches_the_feature(own):
    table = read_table(own, Asked("baja", rising=("cuota",), falling=("uso",))).table
    assert {f.name: f.direction for f in table.features if f.direction} == {"cuota": 1, "uso": -1}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked("bajas"), r"--label 'bajas' is no column of .* \(did you mean 'baja'\?"),
        (Asked("baja", group="grupo"), "--group 'grupo' is no column"),
        (Asked("plan"), r"--label plan holds 'A', 'B': say which of them means that a customer left, with --positive"),
        (Asked("plan", positive="C"), "--positive 'C' is no value of plan; it has 'A', 'B'"),
        (Asked("baja", time="plan"), "--time plan holds 'A', which is neither a day nor a number"),
        (Asked("baja", time="uso"), "--time uso is empty in 1 row, the first is row 2"),
        (Asked("baja", rising=("plan",)), "'plan' holds no numbers, so it cannot rise or fall"),
        (Asked("baja", rising=("uso",), falling=("uso",)), "'uso' is given as --rising and as --falling"),
        (Asked("baja", label_days=30.0), "--label-days 30 says how long .* no --time was given"),
        (Asked("baja", drop=("zzz",)), r"--drop 'zzz' is no column of .* \(it has id, "),
        (Asked("baja", group="baja"), "--label, --group and --time must be different columns"),
    ],
)
def test_what_is_wrong_with_the_words_is_said(own, asked, said):
    with pytest.raises(BadInput, match=said):
        read_table(own, asked)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["a,left", "1,yes", "2"], r"line 3: too few columns"),
        (["a,left"], "has no rows"),
        (["a,left", "1,yes", "2,yes"], "--label left holds only 'yes'"),
        (["a,left", "1,", "2,"], "--label left holds no value at all"),
        (["a,left", "1,active", "2,inactive"], "say which of them means that a customer left, with --positive"),
        (["a,left", "1,x", "2,y", "3,z"], "'x', 'y', 'z'"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(tmp_path, lines, said):
    with pytest.raises(BadInput, match=said):
        read_table(written(tmp_path, lines), Asked("left"))


def test_a_file_that_is_not_there_or_not_parquet_is_said(tmp_path):
    with pytest.raises(BadInput, match="does not exist"):
        read_table(tmp_path / "none.csv", Asked("left"))
    with pytest.raises(BadInput, match="is not a Parquet file"):
        read_table(written(tmp_path, ["a,left", "1,yes"], "own.parquet"), Asked("left"))


@pytest.mark.parametrize(
    ("left", "stayed"), [("1", "0"), ("yes", "no"), ("TRUE", "False"), ("Churned", "renewed"), ("sí", "no"), ("baja", "renovado")]
)
def test_usual_words_for_leaving_and_staying_are_known(tmp_path, left, stayed):
    path = written(tmp_path, ["a,left", f"1.5,{left}", f"2.5,{stayed}"])
    assert read_table(path, Asked("left")).table.churned.tolist() == [1.0, 0.0]


def test_of_many_values_one_may_mean_leaving(tmp_path):
    path = written(tmp_path, ["a,result", "1.5,Pass", "2.5,Withdrawn", "3,Fail"])
    assert read_table(path, Asked("result", positive="Withdrawn")).table.churned.tolist() == [0.0, 1.0, 0.0]


def test_the_index_of_a_parquet_file_neither_moves_rows_nor_is_lost(tmp_path):
    days = pd.to_datetime(["2024-01-05", "2024-02-05", "2024-03-05"])
    frame = pd.DataFrame({"seen": days, "use": [1.0, 2.0, 3.0], "plan": ["A", "B", "A"], "left": [1, 0, 0]})
    frame.set_axis([3, 5, 9]).to_parquet(tmp_path / "kept.parquet")
    table = read_table(tmp_path / "kept.parquet", Asked("left", time="seen")).table
    assert table.churned.tolist() == [1.0, 0.0, 0.0]
    assert table.frame["use"].tolist() == [1.0, 2.0, 3.0]
    assert {feature.name for feature in table.features} == {"use", "plan"}
    frame.set_index("plan").to_parquet(tmp_path / "named.parquet")
    assert "plan" in read_table(tmp_path / "named.parquet", Asked("left", time="seen")).table.frame


def test_days_are_left_out_where_the_time_is_a_number(tmp_path):
    weeks = written(tmp_path, [f"{line};{week}" for line, week in zip(ROWS, ["semana", 1, 2, 3, 4, 5], strict=True)], "w.csv")
    read = read_table(weeks, Asked("baja", time="semana"))
    assert [each.column for each in read.table.dropped] == ["alta"]


def test_a_label_that_does_not_speak_of_leaving_is_asked_about(tmp_path):
    for name in ("retained", "renewed", "active"):
        with pytest.raises(BadInput, match=rf"--label {name} holds 'no', 'yes': say which of them means that a customer left"):
            read_table(written(tmp_path, [f"a,{name}", "1,yes", "2,no", "3,no"]), Asked(name))
    assert read_table(written(tmp_path, ["a,has_churned", "1,yes", "2,no"]), Asked("has_churned")).table.churned.tolist() == [
        1.0,
        0.0,
    ]
