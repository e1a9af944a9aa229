from pipelines.champions import Move, before, happened


def moved(kind, came_from, went_to):
    return Move(kind, came_from, went_to, by="ana", reason="tested", at="2025-01-01T00:00:00+00:00")


def test_a_move_survives_being_kept_as_text():
    move = Move("promote", None, "1", by="Íñigo", reason="«mejor»", at="2025-01-01T00:00:00+00:00")
    assert Move.from_json(move.to_json()) == move


def test_the_first_champion_has_nothing_to_go_back_to():
    assert before([moved("promote", None, "1")], "1") is None
    assert before([], None) is None


def test_a_rollback_goes_to_the_champion_before():
    assert before([moved("promote", None, "1"), moved("promote", "1", "3")], "3") == "1"


def test_rolling_back_twice_goes_back_by_two():
    moves = [
        moved("promote", None, "1"),
        moved("promote", "1", "2"),
        moved("promote", "2", "3"),
        moved("rollback", "3", "2"),
    ]
    assert before(moves, "2") == "1"


def test_after_a_rollback_and_a_new_champion_the_rolled_back_one_is_forgotten():
    moves = [
        moved("promote", None, "1"),
        moved("promote", "1", "2"),
        moved("rollback", "2", "1"),
        moved("promote", "1", "3"),
    ]
    assert before(moves, "3") == "1"


def test_a_note_without_its_move_did_not_happen():
    first, lost, again = moved("promote", None, "1"), moved("promote", "1", "2"), moved("promote", "1", "3")
    assert happened([first, lost], "1") == [first]
    assert happened([first, lost, again], "3") == [first, again]
    assert happened([moved("promote", None, "1")], None) == []


def test_an_alias_moved_by_another_hand_is_rolled_back_to_what_we_knew():
    moves = [moved("promote", None, "1"), moved("promote", "1", "2")]
    assert happened(moves, "7") == moves
    assert before(moves, "7") == "2"
