"""A company's folder of plays over the product's: what is added, replaced, edited, and what is wrong with it."""

import pytest
import yaml

from features.errors import BadInput
from pipelines.params import load
from serving.own_plays import plays_in_force
from serving.play import PLAYS_FOLDER, PlayError, load_plays

SHIPPED = load_plays()
TENDER = {"en": "Public tender", "es": "Licitación pública"}
CALL = {
    "id": "visit",
    "phase": "first_week",
    "day": 3,
    "owner": "csm",
    "text": {"en": "Go and see them.", "es": "Vaya a verlos."},
}


@pytest.fixture
def own(tmp_path):
    """Writes the files of a company's folder, by name."""

    def write(**files):
        for name, content in files.items():
            said = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
            (tmp_path / f"{name}.yaml").write_text(said, encoding="utf-8")
        return tmp_path

    return write


def shipped(play, **change):
    return {**yaml.safe_load((PLAYS_FOLDER / f"{play}.yaml").read_text(encoding="utf-8")), **change}


def mistakes(folder):
    with pytest.raises(PlayError) as caught:
        plays_in_force(folder)
    assert all(line in str(caught.value) for line in caught.value.mistakes)
    return caught.value.mistakes


def test_without_a_folder_the_shipped_plays_are_in_force():
    found = plays_in_force(None)
    assert found.plays == SHIPPED
    assert set(found.origins.values()) == {"shipped"}


def test_a_file_with_a_new_name_adds_a_play_and_leaves_the_others_alone(own):
    found = plays_in_force(own(tender=shipped("budget", id="tender", name=TENDER)))
    assert found.origins["tender"] == "added"
    assert {name: play for name, play in found.plays.items() if name != "tender"} == SHIPPED


def test_a_complete_file_with_the_name_of_a_shipped_play_replaces_it(own):
    only = shipped("budget", actions=[CALL], tech_touch=[{**CALL, "id": "mail"}])
    found = plays_in_force(own(budget=only))
    assert found.origins["budget"] == "replaced"
    assert [action.id for action in found.plays["budget"].actions] == ["visit"]


def test_an_edit_keeps_all_that_it_does_not_name(own):
    found = plays_in_force(own(budget={"based_on": "budget", "duration_days": [10, 20], "triggers": {"least": 9}}))
    before, after = SHIPPED["budget"], found.plays["budget"]
    assert (found.origins["budget"], after.duration_days, after.triggers.least) == ("edited", (10, 20), 9)
    assert (after.actions, after.triggers.signs, after.id) == (before.actions, before.triggers.signs, "budget")


def test_actions_are_changed_added_and_left_out_by_their_id(own):
    first, second, *rest = SHIPPED["budget"].actions
    change = [{"id": first.id, "text": CALL["text"]}, {"id": second.id, "leave_out": True}, CALL]
    found = plays_in_force(own(budget={"based_on": "budget", "actions": change})).plays["budget"].actions
    assert [action.id for action in found] == [first.id, *(action.id for action in rest), "visit"]
    assert (found[0].text.es, found[0].day, found[0].owner) == ("Vaya a verlos.", first.day, first.owner)


def test_a_play_based_on_another_takes_its_own_id_and_can_lose_a_family(own):
    found = plays_in_force(own(tender={"based_on": "budget", "name": TENDER, "triggers": {"families": {"budget": None}}}))
    assert found.plays["tender"].id == "tender"
    assert found.plays["budget"] == SHIPPED["budget"]
    assert set(found.plays["tender"].triggers.families) == set(SHIPPED["budget"].triggers.families) - {"budget"}


def test_a_text_edited_in_one_language_asks_for_the_other(own):
    assert mistakes(own(budget={"based_on": "budget", "scenario": {"en": "They must save."}})) == (
        "budget.yaml: scenario.es: is missing; write it in Spanish",
    )


def test_a_list_without_names_is_replaced_as_a_whole(own):
    found = plays_in_force(own(budget={"based_on": "budget", "do_not": [CALL["text"]]}))
    assert [text.en for text in found.plays["budget"].do_not] == ["Go and see them."]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"based_on": "bugdet"}, "based_on: no shipped play is called 'bugdet'; use one of budget, "),
        ({"based_on": ["budget"]}, "based_on: no shipped play is called ['budget']"),
        ({"based_on": "budget", "roles": 3}, "roles: Input should be a valid tuple (it is 3); correct the value"),
        (
            {"based_on": "budget", "duration": [1, 2]},
            "duration: is not a key that belongs here; correct its spelling or remove it",
        ),
        ({"based_on": "budget", "duration": [1, 2]}, "(did you mean duration_days?)"),
        ({"based_on": "budget", "triggers": {"families": {"valeu": 2}}}, "(did you mean value?)"),
        ({"based_on": "budget", "actions": [{**CALL, "owner": "cms"}]}, "actions.visit.owner: 'cms' is no role"),
        ({"based_on": "budget", "actions": [{**CALL, "day": 9}]}, "actions.visit.day: is 9; first_week goes from 1 to 5"),
        ({"based_on": "budget", "actions": [{**CALL, "phase": "first_wek"}]}, "phase: is 'first_wek'; use 'first_24h', "),
        ({"based_on": "budget", "actions": [CALL, CALL]}, "id 'visit': is used 2 times; rename one"),
        ({"based_on": "budget", "actions": [{"id": "visti", "leave_out": True}]}, "'visti' is to be left out, but there is none"),
        ({"based_on": "budget", "id": "other"}, "id: is 'other' in a file called budget.yaml"),
        ({"based_on": "budget", "followed_by": "savee"}, "followed_by: no play is called 'savee'"),
        ({"based_on": "budget", "name": {"en": "Win-back", "es": "Otra"}}, "budget, win_back: name.en: is 'Win-back' in each"),
        ("based_on: budget\nbased_on: value_roi\n", "is not readable YAML (line 2: 'based_on' stands twice)"),
        ("- a\n- b\n", "holds a list, not the keys of a play"),
        ("", "holds nothing, not the keys of a play"),
    ],
)
def test_a_mistake_is_told_with_its_file_its_key_and_what_to_do(own, content, told):
    assert any(told in line for line in mistakes(own(budget=content)))


@pytest.mark.parametrize("measure", ["seat_use_28dd", "arrr"])
def test_a_measure_that_does_not_exist_is_told_with_the_nearest(own, measure):
    sign = {"id": "s", "points": 1, "when_all": [{"measure": measure, "at_least": 1}], "reason": CALL["text"]}
    done = {**CALL, "done_when": [{"measure": measure, "at_least": 1}]}
    told = mistakes(own(budget={"based_on": "budget", "triggers": {"signs": [sign]}, "actions": [done]}))
    assert [line.split(": no signal")[0] for line in told] == [
        "budget.yaml: triggers.signs.s",
        "budget.yaml: actions.visit.done_when",
    ]
    assert all(line.endswith(f"(did you mean {measure[:-1]}?)") for line in told)


def test_every_mistake_of_every_file_is_told_at_once_also_behind_one_in_the_shape(own):
    wrong = {"based_on": "budget", "trigers": {}, "actions": [{**CALL, "owner": "cms", "text": {"en": "Go."}}]}
    told = mistakes(own(budget=wrong, value_roi="a: [", tender={"based_on": "nothing"}))
    assert [line.split(":")[0] for line in told] == ["budget.yaml"] * 3 + ["tender.yaml", "value_roi.yaml"]
    assert [key for key in ("trigers", "actions", "owner") if not any(key in line for line in told[:3])] == []


@pytest.mark.parametrize("name", ["Own Play", "1st"])
def test_a_file_name_that_cannot_be_an_id_is_told(own, name):
    folder = own(**{name: shipped("budget", id=name, name=TENDER)})
    assert mistakes(folder) == (f"{name}.yaml: a file name is small letters, digits and _, as the play's id; rename it",)


def test_a_file_with_the_other_ending_is_not_passed_over(own):
    folder = own(budget={"based_on": "budget"})
    (folder / "tender.yml").write_text("", encoding="utf-8")
    assert mistakes(folder) == ("tender.yml: is not read; rename it to tender.yaml",)


def test_a_folder_that_is_none_is_refused_without_a_list_of_mistakes(tmp_path):
    for place, told in ((tmp_path / "none", "is no folder"), (tmp_path, "holds no play")):
        with pytest.raises(BadInput, match=told) as caught:
            plays_in_force(place)
        assert caught.value.mistakes == ()


def test_the_folder_is_seen_from_the_settings_that_name_it(tmp_path):
    settings = tmp_path / "mine.yaml"
    settings.write_text("plays: {folder: ours}", encoding="utf-8")
    assert load(settings).plays.folder == tmp_path / "ours"
    settings.write_text("plays: {folder: /srv/plays}", encoding="utf-8")
    assert str(load(settings).plays.folder) == "/srv/plays"
    assert load(None).plays.folder is None
