"""The thirteen cases of practice as accounts in the tables: what a CS leader would find in the books of each on AS_OF."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

AS_OF = date(2026, 5, 1)
NOW = pd.Timestamp(AS_OF)
FEATURES = ("dashboards", "reports", "alerts", "api", "exports", "integrations", "workflows", "mobile")
ROUTINE = ("dashboards", "reports", "alerts", "api", "workflows", "mobile")
PEOPLE = ("champion", "decision_maker", "executive_sponsor", "admin", "end_user")
SEATS = 20

Rows = dict[str, list[dict[str, object]]]


def ago(days: float) -> pd.Timestamp:
    """Noon of the day so many days before AS_OF."""
    return NOW - pd.Timedelta(days=days) + pd.Timedelta(hours=12)


class Books:
    """The rows of one account. It is a sound one, in use and in touch, as far as `use`, `people`, … are called."""

    def __init__(self, account: str, *, arr: float, renews_in: int, began: int = 500, language: str = "en") -> None:
        self.account, self.began = account, began
        self.rows: Rows = {}
        self.add("accounts", began, created_at=ago(began), name=account, language=language, csm="ana.lopez", strategic=False)
        start, end = NOW - timedelta(days=began), NOW + timedelta(days=renews_in)
        if began > 365:
            start = end - timedelta(days=365)
            self._term("before", NOW - timedelta(days=began), start, arr)
            self.add("renewals", began - 400, renews_at=start, decided_at=start - timedelta(days=20), outcome="renewed")
        self._term("now", start, end, arr)

    def add(self, table: str, known_days: float, **columns: object) -> None:
        """A row that was known so many days before AS_OF."""
        self.rows.setdefault(table, []).append({"account_id": self.account, "known_at": ago(known_days), **columns})

    def _term(self, name: str, start: pd.Timestamp, end: pd.Timestamp, arr: float) -> None:
        terms = {"started_at": start, "renews_at": end, "arr": arr, "list_arr": arr, "seats": SEATS, "currency": "USD"}
        kept = {"known_at": start, "billing": "annual", "notice_days": 30, "auto_renew": False, "plan": "professional"}
        self.rows.setdefault("subscriptions", []).append(
            {"account_id": self.account, "subscription_id": f"{self.account}-{name}", **terms, **kept}
        )

    def use(self, *, first: int, last: int = 1, users: int = 14, features: Sequence[str] = ROUTINE) -> "Books":
        """Every user on every fourth day or so, one feature after the other, from so many days ago to so many days ago."""
        for day in range(first, last - 1, -1):
            for user in range(day % 4, users, 4):
                feature = features[(day // 4 + user) % len(features)]
                self.add("usage", day, user_id=f"{self.account}-u{user}", occurred_at=ago(day), feature=feature, quantity=1)
        return self

    def people(self, roles: Sequence[str] = PEOPLE, *, writes: int = 5, every: int = 24, since: int | None = None) -> "Books":
        """Who holds a role; the first `writes` of them mail us in turn."""
        for number, role in enumerate(roles):
            self.person(number, role, self.began if since is None else since)
        for turn, day in enumerate(range(min(self.began, 240), 2, -every)):
            self.says(day, "Thanks, all clear on our side.", by=turn % writes)
        return self

    def person(self, number: int, role: str, since: int, left: int | None = None) -> None:
        """One person in one role."""
        ended = {} if left is None else {"ended_at": ago(left)}
        self.add("contacts", since, contact_id=self.who(number), role=role, started_at=ago(since), **ended)

    def who(self, number: int) -> str:
        """The id of a person."""
        return f"{self.account}-c{number}"

    def says(self, days: float, text: str, *, by: int = 0, hours: float = 6.0) -> "Books":
        """A mail of the customer."""
        sent = {"sent_at": ago(days), "direction": "in", "channel": "email"}
        self.add("messages", days, contact_id=self.who(by), text=text, reply_hours=hours, **sent)
        return self

    def note(self, days: float, text: str) -> "Books":
        """What our own CSM wrote down."""
        self.add("messages", days, sent_at=ago(days), direction="out", channel="note", text=text)
        return self

    def meets(self, days: float, kind: str = "check_in", status: str = "held", **columns: object) -> "Books":
        """A meeting that was planned for the day."""
        self.add("meetings", days + 7, contact_id=self.who(0), kind=kind, scheduled_for=ago(days), status=status, **columns)
        return self

    def ticket(self, days: float, kind: str, topic: str, text: str, **columns: object) -> "Books":
        """A ticket; answered and solved where the columns say so."""
        name = f"{self.account}-t{len(self.rows.get('tickets', []))}"
        self.add("tickets", days, ticket_id=name, opened_at=ago(days), kind=kind, topic=topic, text=text, **columns)
        return self

    def goal(self, agreed: float, goal: str, met: float | None = None, due: float = 30) -> "Books":
        """An agreed goal, met so many days ago or not at all."""
        done = {} if met is None else {"met_at": ago(met)}
        self.add("goals", agreed, goal=goal, feature="reports", agreed_at=ago(agreed), due_at=ago(due), **done)
        return self

    def invoice(self, issued: float, paid_after: float | None = 20) -> "Books":
        """An invoice due 30 days after it was issued, paid so many days after that day of issue."""
        paid = {} if paid_after is None else {"paid_at": ago(issued - paid_after)}
        name = f"{self.account}-i{issued}"
        self.add("invoices", issued, invoice_id=name, issued_at=ago(issued), due_at=ago(issued - 30), amount=2500, **paid)
        return self

    def step(self, name: str, due: float, done: float | None = None) -> "Books":
        """A step of the onboarding."""
        finished = {} if done is None else {"completed_at": ago(done)}
        self.add("onboarding", self.began, step=name, due_at=ago(due), **finished)
        return self


def sound(account: str, *, arr: float, renews_in: int, value: bool = True, used: int = 14, last: int = 1) -> Books:
    """An account of 500 days that is well: used widely, in touch, paid on time; with its value reviewed and goals met."""
    books = Books(account, arr=arr, renews_in=renews_in).use(first=360, last=last, users=used).people()
    books.invoice(340).invoice(250).invoice(160).invoice(70)
    for day in (200, 140, 80, 25):
        books.meets(day)
    if value:
        books.meets(60, "value_review").meets(150, "qbr").goal(300, "faster closing", met=120).goal(200, "fewer errors", met=50)
    return books


@dataclass(frozen=True)
class Case:
    """What practice concludes: save band, play, tier, what is added, and words that a reason must say."""

    name: str
    books: Callable[[], Books]
    save_band: str
    playbook: str
    tier: str
    says: str
    modifiers: tuple[str, ...] = ()


def _delegated(account: str, *, began: int, renews_in: int) -> Books:
    books = Books(account, arr=60_000, renews_in=renews_in, began=began)
    books.use(first=began - 5, users=5, features=("dashboards", "reports")).people(
        ("decision_maker", "end_user", "end_user"), writes=3
    )
    for name, due in (("kick_off", began - 7), ("accounts_created", began - 12)):
        books.step(name, due, done=due - 14)
    for name, due in (("data_connected", began - 21), ("first_report", began - 30), ("team_trained", began - 40)):
        books.step(name, due)
    for day in range(began - 10, 5, -14):
        books.meets(day, "check_in", notes="No progress since last time. ")
    return books.meets(began - 8, "training")


def delegating_leader() -> Books:
    return _delegated("d01-delegating", began=70, renews_in=210)


def delegating_leader_later() -> Books:
    return _delegated("d01-delegating-later", began=100, renews_in=180)


def silent_stop() -> Books:
    return sound("d02-silent", arr=40_000, renews_in=120, last=36)


def silent_stop_after_the_call() -> Books:
    said = "Call: they stopped because the product cannot produce the report that their board needs. The feature is missing."
    books = sound("d02-silent-called", arr=40_000, renews_in=120, last=36)
    return books.note(2, said)


def budget_is_a_symptom() -> Books:
    books = Books("d03-budget", arr=30_000, renews_in=80).use(first=360, users=7, features=("dashboards", "reports", "alerts"))
    books.people().invoice(250).invoice(160).invoice(70).meets(120).meets(40).goal(300, "cut reporting time", due=100)
    books.says(20, "Our budget was cut and we have to save costs everywhere this year.")
    return books.says(6, "With the budget cut we are reviewing every vendor.", by=1)


def real_budget() -> Books:
    books = sound("d04-real-budget", arr=25_000, renews_in=100).invoice(100, paid_after=55).invoice(45, paid_after=None)
    books.add("company_events", 30, occurred_at=ago(30), kind="layoffs", text="The company lays off a tenth of its staff.")
    return books.says(15, "We had layoffs, and our budget was cut. We must save costs.")


def _champion_gone(account: str, others: Sequence[str], *, renews_in: int, writes: bool) -> Books:
    books = Books(account, arr=45_000, renews_in=renews_in).use(first=360)
    books.person(0, "champion", 500, left=12)
    for number, role in enumerate(others, start=1):
        books.person(number, role, 500)
    for turn, day in enumerate(range(240, 13, -16)):
        books.says(day, "Thanks, all clear on our side.", by=turn % (len(others) + 1) if writes else 0)
    books.invoice(250).invoice(160).invoice(70).meets(140).meets(80).meets(25).meets(60, "value_review")
    return books.goal(300, "faster closing", met=120).goal(200, "fewer errors", met=50)


def champion_gone_alone() -> Books:
    return _champion_gone("d05-champion-alone", (), renews_in=75, writes=False)


def champion_gone_with_others() -> Books:
    roles = ("executive_sponsor", "end_user", "end_user", "end_user", "end_user")
    return _champion_gone("d06-champion-others", roles, renews_in=160, writes=True)


def named_rival() -> Books:
    books = sound("d07-rival", arr=120_000, renews_in=110)
    books.says(9, "How do you compare with Quantaro? Our management asked us to look at alternatives.", by=1)
    return books.says(4, "How can we export all our data, and what would a migration to Quantaro need?", by=1)


def tickets_repeat() -> Books:
    books = sound("d08-tickets", arr=15_000, renews_in=60)
    for day in (70, 48, 27, 8):
        answered = {"first_response_at": ago(day - 0.2), "resolved_at": ago(day - 6), "csat": 2.0}
        books.ticket(
            day, "bug", "exports", "The export is broken again and fails every time. Fix it.", severity="high", **answered
        )
    return books.says(5, "This is unacceptable.").says(3, "Still broken. We are disappointed.", by=1)


def ignored() -> Books:
    books = sound("d09-ignored", arr=20_000, renews_in=90, value=True)
    for day in (75, 40, 15):
        books.ticket(
            day, "how_to", f"topic {day}", "How do we add a user?", first_response_at=ago(day - 3), resolved_at=ago(day - 4)
        )
    books.meets(70, "qbr", "cancelled", cancelled_by="us").meets(20, "qbr", "cancelled", cancelled_by="us")
    return books.says(7, "Nobody gets back to us. We have been waiting for an answer from your team for days.", by=1)


def wrong_assumption() -> Books:
    books = sound("d10-assumption", arr=200_000, renews_in=150, value=False)
    books.goal(260, "the plan of the other retailer", due=120).goal(260, "the same dashboards", due=60)
    books.says(18, "We see no real effect on our business from this.", by=1)
    return books.meets(12, notes="The executive said that these goals are not theirs, and that nobody ever asked.")


def signed_elsewhere() -> Books:
    books = sound("d11-signed", arr=35_000, renews_in=20)
    books.use(first=6, users=4, features=("exports",))
    return books.says(10, "We have signed the contract with Vellora. Please export all our data.", by=1)


def saved_last_year() -> Books:
    books = sound("d12-saved", arr=30_000, renews_in=200)
    books.add(
        "interventions", 330, intervention_id="d12", playbook="budget", assigned_at=ago(330), arm="treated",
        started_at=ago(328), finished_at=ago(280), concession_percent=20.0, outcome="saved", arr_saved=30_000.0,
    )  # fmt: skip
    books.add("promises", 300, promise="a report for the board", made_at=ago(300), due_at=ago(200), kept_at=ago(210), owner="ana")
    books.add("promises", 300, promise="the connector to their ERP", made_at=ago(300), due_at=ago(40), owner="ana")
    return books


def cancelled_out_of_the_blue() -> Books:
    books = sound("d13-notice", arr=18_000, renews_in=45)
    books.ticket(
        40, "bug", "integrations", "The integration with our shop loses orders.", first_response_at=ago(39), severity="normal"
    )
    books.add(
        "notices", 1, given_at=ago(1), kind="cancellation", text="We hereby cancel our subscription at the end of the term."
    )
    return books


CASES = (
    Case("1 the delegating leader", delegating_leader, "high", "onboarding_rescue", "full", "first 90 days"),
    Case("1 the delegating leader, after day 90", delegating_leader_later, "high", "value_roi", "full", "No value review"),
    Case("2 the silent stop", silent_stop, "medium", "engagement_revival", "standard", "without a word"),
    Case("2 after the call", silent_stop_after_the_call, "medium", "product_issue", "standard", "does not do what they need"),
    Case("3 budget as a symptom", budget_is_a_symptom, "medium", "value_roi", "standard", "not a discount"),
    Case("4 real budget", real_budget, "medium", "budget", "standard", "The limit is real"),
    Case("5 champion gone, one contact", champion_gone_alone, "medium", "champion_exit", "standard", "without a voice"),
    Case("6 champion gone, five contacts", champion_gone_with_others, "high", "champion_exit", "standard", "lowers the risk: 5"),
    Case("7 named rival", named_rival, "medium", "competitive", "full", "within 72 hours", ("executive_escalation",)),
    Case("8 tickets repeat", tickets_repeat, "medium", "product_issue", "standard", "4 tickets on one topic"),
    Case("9 ignored", ignored, "medium", "service_recovery", "standard", "we cancelled"),
    Case("10 wrong assumption", wrong_assumption, "medium", "value_roi", "full", "no real effect", ("executive_escalation",)),
    Case("11 signed elsewhere", signed_elsewhere, "low", "graceful_exit", "light", "signed with a competitor"),
    Case("12 saved last year", saved_last_year, "medium", "save_recovery", "standard", "Keep the promise first"),
    Case("13 out of the blue", cancelled_out_of_the_blue, "medium", "product_issue", "standard", "do not answer with price"),
)


def rows_of(cases: Sequence[Case]) -> Rows:
    """The rows of all of them, by table."""
    rows: Rows = {}
    for case in cases:
        for table, added in case.books().rows.items():
            rows.setdefault(table, []).extend(added)
    return rows
