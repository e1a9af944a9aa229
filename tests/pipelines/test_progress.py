from pipelines.progress import Stages


def test_away_from_a_terminal_each_stage_is_one_line(capsys):
    with Stages(bars=False) as progress:
        for done in range(3):
            progress("features", done, 3)
        progress("fitting", 0, 1)
    assert capsys.readouterr() == ("", "features\nfitting\n")


def test_on_a_terminal_a_stage_is_a_bar(capsys):
    with Stages(bars=True) as progress:
        progress("features", 0, 3)
        progress("features", 3, 3)
        progress("labels", 0, 0)
    told = capsys.readouterr()
    assert told.out == ""
    assert "features" in told.err
    assert "3/3" in told.err
    assert "labels" in told.err
