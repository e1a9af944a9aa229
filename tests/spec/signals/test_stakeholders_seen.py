"""Stakeholders as they are heard and met, case by case."""

import pytest

from tests.spec.cases import ago, case, edge, empty, row


def person(age=400, role="champion", name="p", **columns):
    return row("contacts", age, role=role, contact_id=name, **columns)


def leader(age=400, **columns):
    return person(age, "decision_maker", **columns)


def mail(age=None, name="p", **columns):
    return row("messages", age, contact_id=name, **columns)


def meeting(age=None, **columns):
    return row("meetings", age, contact_id="p", **columns)


def use(age=None, name="v", **columns):
    return row("usage", age, user_id=name, **columns)


def mails(*ages, **columns):
    return [mail(age, **columns) for age in ages]


ANSWERS = [person(), mail(9, reply_hours=4), mail(100, reply_hours=2)]
WEEKLY = [use(age, "w") for age in (2, 9, 16, 23)]

CASES = (
    *edge("days_since_champion_heard", mail(), 365, inside=1, oldest=365, outside=365, beside=[person()]),
    empty("days_since_champion_heard", None),
    case("days_since_champion_heard", "met", [person(), meeting(9)], 9),
    case("days_since_champion_heard", "a meeting that was missed", [person(), meeting(9, status="missed")], 365),
    case("days_since_champion_heard", "we wrote", [person(), mail(9, direction="out")], 365),
    case("days_since_champion_heard", "somebody else wrote", [person(), mail(9, name="q")], 365),
    case("days_since_champion_heard", "the champion left", [person(ended_at=ago(5)), mail(9)], None),
    case("days_since_champion_heard", "customer for 29 days", [person(20), mail(9)], None, began_days=29),
    *edge("days_since_leader_heard", mail(), 365, inside=1, oldest=365, outside=365, beside=[leader()]),
    empty("days_since_leader_heard", None),
    case("days_since_leader_heard", "only the champion wrote", [leader(), person(name="q"), mail(9, name="q")], 365),
    case("days_since_leader_heard", "the sponsor wrote", [leader(), person(role="executive_sponsor", name="q"), mail(9, "q")], 9),
    *edge("newcomers_unmet_180d", leader(None), 180, inside=1, outside=0),
    empty("newcomers_unmet_180d", 0),
    case("newcomers_unmet_180d", "wrote since", [leader(60), mail(59)], 0),
    case("newcomers_unmet_180d", "wrote before in another role", [leader(60), mail(61)], 1),
    case("newcomers_unmet_180d", "left again", [leader(60, ended_at=ago(9))], 0),
    case("newcomers_unmet_180d", "a new user", [person(60, "end_user")], 0),
    case("newcomers_unmet_180d", "came 30 days after the account began", [leader(70)], 0, began_days=100),
    case("newcomers_unmet_180d", "came 31 days after the account began", [leader(69)], 1, began_days=100),
    *edge("champion_successor_met", person(), 180, at="ended_at", inside=0, outside=None),
    empty("champion_successor_met", None),
    case("champion_successor_met", "met", [person(ended_at=ago(60)), person(50, name="s"), mail(9, "s")], 1),
    case("champion_successor_met", "not met", [person(ended_at=ago(60)), person(50, name="s"), mail(9, "q")], 0),
    case("champion_successor_met", "met before only", [person(ended_at=ago(60)), person(50, name="s"), mail(90, "s")], 0),
    case(
        "champion_successor_met", "was champion beside the other", [person(ended_at=ago(60)), person(name="s"), mail(9, "s")], 1
    ),
    case("champion_successor_met", "nobody left", [person(), mail(9)], None),
    *edge(
        "champion_silent_gaps_182d",
        mail(),
        182,
        inside=9 / 179,
        newest=3 / 16,
        outside=None,
        beside=[person(), *mails(3, 10, 17)],
    ),
    empty("champion_silent_gaps_182d", None),
    case("champion_silent_gaps_182d", "no champion", mails(3, 10, 17, 24), None),
    case("champion_silent_gaps_182d", "others still write", [person(), *mails(60, 70, 80, 90), *mails(1, 2, name="q")], 6),
    *edge("champion_reply_ratio", mail(reply_hours=6), 60, inside=2.5, older=1, outside=2, beside=ANSWERS),
    *edge("champion_reply_ratio", mail(reply_hours=6), 180, inside=1, newest=2.5, outside=2, beside=ANSWERS),
    empty("champion_reply_ratio", None),
    case("champion_reply_ratio", "somebody else answers", [*ANSWERS, mail(5, "q", reply_hours=90)], 2),
    case("champion_reply_ratio", "customer for 89 days", [person(80), *ANSWERS[1:]], None, began_days=89),
    *edge("silent_writers_182d", mail(), 182, inside=1, newest=0, outside=0, beside=mails(150, 155, 160)),
    empty("silent_writers_182d", 0),
    case("silent_writers_182d", "one of two", [*mails(60, 65, 70, 75), *mails(1, 8, 15, 22, name="q")], 1),
    case("silent_writers_182d", "silent for just three gaps", mails(21, 28, 35, 42), 1),
    case("silent_writers_182d", "silent for less", mails(20, 27, 34, 41), 0),
    case("silent_writers_182d", "every day until two weeks ago", mails(14, 15, 16, 17), 0),
    case("silent_writers_182d", "every day until longer ago", mails(15, 16, 17, 18), 1),
    case("silent_writers_182d", "wrote on three days", mails(90, 91, 92), 0),
    case("silent_writers_182d", "we wrote", mails(90, 91, 92, 93, direction="out"), 0),
    *edge(
        "silent_users_share_84d",
        use(),
        84,
        inside=0.5,
        newest=0,
        outside=0,
        beside=[*WEEKLY, *[use(age) for age in (60, 63, 66)]],
    ),
    empty("silent_users_share_84d", None),
    case("silent_users_share_84d", "nobody comes regularly", [use(60), use(63)], None),
    case("silent_users_share_84d", "all who did have stopped", [use(age) for age in (60, 61, 62, 63)], 1),
    *edge("active_contacts_change_90d", mail(), 90, inside=1, older=-0.5, outside=0, beside=mails(9, 100, name="q")),
    *edge("active_contacts_change_90d", mail(), 180, inside=-0.5, newest=1, outside=0, beside=mails(9, 100, name="q")),
    empty("active_contacts_change_90d", None),
    case("active_contacts_change_90d", "customer for 179 days", mails(9, 100), None, began_days=179),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_stakeholders_seen(case, values):
    assert values[case] == pytest.approx(case.value)
