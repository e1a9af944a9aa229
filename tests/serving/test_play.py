"""The twelve plays as they ship, and what the validator says of a play that is not complete."""

import shutil
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from features import signals as catalogue
from features.signal import FAMILIES, discover
from serving.matching import FACT_NAMES
from serving.play import PLAYS_FOLDER, PlayError, load_plays
from serving.play_check import texts
from serving.practice import MILESTONES, PHASES, load_practice

PLAYS = load_plays()
TWELVE = {
    "product_issue",
    "value_roi",
    "service_recovery",
    "budget",
    "competitive",
    "champion_exit",
    "onboarding_rescue",
    "engagement_revival",
    "executive_escalation",
    "graceful_exit",
    "win_back",
    "save_recovery",
}
ALWAYS_LOOKED_INTO = ("ticket history", "feature|use of", "csm", "roadmap", "rival")


@pytest.fixture
def folder(tmp_path):
    """A folder with a copy of two plays that refer to each other and hold a fallback."""
    for name in ("engagement_revival", "save_recovery"):
        shutil.copy(PLAYS_FOLDER / f"{name}.yaml", tmp_path)
    return tmp_path


def edit(folder: Path, change):
    path = folder / "save_recovery.yaml"
    play = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(play)
    path.write_text(yaml.safe_dump(play, allow_unicode=True), encoding="utf-8")


def complaint(folder: Path, change) -> str:
    edit(folder, change)
    with pytest.raises(PlayError) as caught:
        load_plays(folder)
    return str(caught.value)


def test_the_twelve_plays_ship():
    assert set(PLAYS) == TWELVE
    assert [name for name, play in PLAYS.items() if play.kind == "modifier"] == ["executive_escalation"]


@pytest.mark.parametrize("name", sorted(TWELVE))
def test_a_play_has_every_section(name):
    play = PLAYS[name]
    assert {action.phase for action in play.actions} & {PHASES[0], PHASES[1]}
    assert list(play.milestones) == list(MILESTONES)
    assert min(len(play.look_into), len(play.do_not), len(play.success)) >= 3
    assert play.talking_points
    assert play.triggers.signs
    assert play.duration_days[0] < play.duration_days[1]


@pytest.mark.parametrize("name", sorted(TWELVE))
def test_a_play_has_actions_for_a_day_a_week_and_a_month(name):
    last = {phase: max((a.day for a in PLAYS[name].actions if a.phase == phase), default=None) for phase in PHASES}
    needed = PHASES[:1] + PHASES[2:3] if name == "win_back" else PHASES[:3]
    assert all(last[phase] is not None for phase in needed)


@pytest.mark.parametrize("name", sorted(TWELVE - {"executive_escalation", "win_back", "graceful_exit"}))
def test_a_play_looks_into_the_same_five_things_before_answering(name):
    said = " ".join(text.en for text in PLAYS[name].look_into).lower()
    missing = [thing for thing in ALWAYS_LOOKED_INTO if not any(word in said for word in thing.split("|"))]
    assert missing == []


def test_every_measure_is_a_signal_or_a_fact():
    known = {signal.name for signal in discover(catalogue)} | FACT_NAMES
    rules = [sign for play in PLAYS.values() for sign in play.triggers.signs]
    done = {c.measure for play in PLAYS.values() for action in play.actions for c in action.done_when}
    assert {measure for rule in rules for measure in rule.measures()} | done <= known


def test_families_have_names_in_both_languages():
    assert set(load_practice().families) == set(FAMILIES)


def test_every_family_that_a_play_can_answer_leads_to_one():
    answered = {family for play in PLAYS.values() for family in play.triggers.families}
    assert set(FAMILIES) - answered == {"firmographic"}


def test_a_reported_effect_has_its_source_and_no_effect_is_claimed_as_measured():
    assert {name for name, play in PLAYS.items() if play.reported_effect is None} == {
        "engagement_revival",
        "executive_escalation",
        "graceful_exit",
        "win_back",
    }
    assert PLAYS["competitive"].reported_effect.source == "Intercom"
    assert {play.measured_effect_text(None).en for play in PLAYS.values()} == {"not measured here yet"}


def test_only_the_right_plays_ever_speak_of_terms():
    with_concession = {name for name, play in PLAYS.items() if any(a.concession for a in (*play.actions, *play.tech_touch))}
    assert with_concession == {"budget", "executive_escalation"}


@pytest.mark.parametrize("name", sorted(TWELVE))
def test_no_action_speaks_of_price_without_being_marked_as_a_concession(name):
    words = ("discount", "% less", "concession", "prepay", "cheaper", "descuento", "% menos", "concesi", "rebaja")
    for action in (*PLAYS[name].actions, *PLAYS[name].tech_touch):
        said = f"{action.text.en} {action.text.es}".lower()
        assert action.concession or not [word for word in words if word in said], action.id


def test_an_executive_role_that_does_not_exist_is_named_with_the_roles_there_are():
    with pytest.raises(ValidationError, match="no such role: vp_of_sails; there are csm, "):
        replace(load_practice(), executive_roles=("vp_of_sails",))


def test_a_play_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        PLAYS["budget"].id = "other"


def test_every_text_is_reached_by_the_checks():
    """As many texts as the file has pairs of languages."""
    raw = (PLAYS_FOLDER / "budget.yaml").read_text(encoding="utf-8")
    pairs = sum(1 for _ in texts(PLAYS["budget"]))
    assert pairs == raw.count("en: ")


def test_an_unknown_role_is_named_with_the_roles_there_are(folder):
    said = complaint(folder, lambda play: play["actions"][0].update(owner="wizard"))
    assert "save_recovery.yaml: actions.promises_first.owner: 'wizard' is no role; use one of csm, senior_csm" in said


def test_a_role_that_acts_without_being_listed_is_named(folder):
    said = complaint(folder, lambda play: play["actions"][0].update(owner="ceo"))
    assert "'ceo' is not listed under roles; say there what this role does" in said


def test_an_unknown_family_is_named(folder):
    said = complaint(folder, lambda play: play["triggers"].update(families={"weather": 2}))
    assert "triggers.families.weather: 'weather' is no family; use one of usage, engagement" in said


def test_a_missing_language_is_named(folder):
    said = complaint(folder, lambda play: play["scenario"].pop("es"))
    assert "save_recovery.yaml: scenario.es: is missing; write it in Spanish" in said


def test_an_untranslated_text_is_named(folder):
    said = complaint(folder, lambda play: play["scenario"].update(es=play["scenario"]["en"]))
    assert "scenario.es: repeats the English; translate it" in said


def test_a_missing_section_is_named(folder):
    assert "save_recovery.yaml: do_not: is missing; add this section" in complaint(folder, lambda play: play.pop("do_not"))


def test_an_empty_section_is_named(folder):
    assert "save_recovery.yaml: do_not: is empty" in complaint(folder, lambda play: play.update(do_not=[]))


def test_a_missing_milestone_is_named(folder):
    said = complaint(folder, lambda play: play["milestones"].pop("day_30"))
    assert "milestones.day_30: is missing; say what is reached by then" in said


def test_a_misspelt_key_is_named(folder):
    said = complaint(folder, lambda play: play.update(do_nott=[]))
    assert "do_nott: is not a key that belongs here; correct its spelling or remove it" in said


def test_a_day_outside_its_phase_is_named(folder):
    said = complaint(folder, lambda play: play["actions"][0].update(day=9))
    assert "actions.promises_first.day: is 9; first_24h goes from 0 to 1 business days" in said


def test_a_reason_that_counts_on_an_unknown_number_is_named(folder):
    def change(play):
        play["triggers"]["signs"][1]["reason"]["en"] = "Overdue: {promises_overdue}."

    assert "{promises_overdue} may be unknown; use only measures of when_all" in complaint(folder, change)


def test_a_condition_with_two_bounds_is_named(folder):
    def change(play):
        play["triggers"]["signs"][0]["when_all"][0]["at_most"] = 3

    assert "past_saves needs exactly one of at_least, at_most, above, below, one_of" in complaint(folder, change)


def test_a_play_that_follows_must_exist(folder):
    said = complaint(folder, lambda play: play.update(followed_by="encore"))
    assert "followed_by: no play is called 'encore'; use one of engagement_revival, save_recovery, or null" in said


def test_exactly_one_play_is_the_fallback(folder):
    said = complaint(folder, lambda play: play.update(fallback={"en": "Call.", "es": "Llame."}))
    assert "fallback: is set in engagement_revival, save_recovery; set it in exactly one, for" in said


def test_all_mistakes_of_all_files_are_told_at_once(folder):
    (folder / "broken.yaml").write_text("name: [", encoding="utf-8")
    edit(folder, lambda play: (play.pop("success"), play["scenario"].pop("en"), play["name"].pop("es")))
    with pytest.raises(PlayError) as caught:
        load_plays(folder)
    said = str(caught.value)
    assert "mistakes to correct, 4:" in said
    assert all(key in said for key in ("success: is", "scenario.en: is", "name.es: is", "broken.yaml: is not readable YAML"))


def test_a_folder_without_plays_is_refused(tmp_path):
    with pytest.raises(PlayError, match="holds no play"):
        load_plays(tmp_path)
