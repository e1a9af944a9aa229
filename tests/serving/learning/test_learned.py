"""The file of what was learned: kept whole, read back the same, refused when damaged."""

import pytest

from serving.learning import FILE
from serving.learning.learned import UnfitLearnedError, read_learned, write_learned


def test_what_was_learned_reads_back_the_same(learned, tmp_path):
    write_learned(learned, tmp_path / "new" / FILE)
    assert read_learned(tmp_path / "new" / FILE) == learned
    assert [path.name for path in (tmp_path / "new").iterdir()] == [FILE]


def test_without_a_file_nothing_was_learned(tmp_path):
    assert read_learned(tmp_path / FILE) is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"format": 2}', b"\xff\xfe"])
def test_a_damaged_file_is_named_with_what_to_do(content, tmp_path):
    path = tmp_path / FILE
    path.write_bytes(content)
    with pytest.raises(UnfitLearnedError, match=r"learned\.json.*Run it again, or remove the file"):
        read_learned(path)


def test_the_chance_of_a_save_is_that_of_an_account_that_would_have_left_not_the_save_rate(learned):
    assert learned.save_probability("value_roi").lower_quartile == 0.25
    assert learned.save_rate_of("value_roi").rate.mean == 0.75


@pytest.mark.parametrize("play", ["budget", "champion_exit"])
def test_a_play_with_too_few_accounts_or_none_has_no_learned_chance_of_a_save(play, learned):
    assert learned.save_probability(play) is None
    assert (learned.effect_of(play) is not None) == (play == "budget")
    assert learned.save_rate_of(play) is None
