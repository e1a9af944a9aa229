"""Every table the product reads, declared once: the check, the reference page and synthetic rows are made from this."""

from features.contracts import Column, Table
from features.languages import LANGUAGES

MOST_USE, LEAST_USE = 1e15, 1e-9  # of one row of usage; sums of both are exact in History
REASONS = ("product_fit", "service", "value", "budget", "competitor", "stakeholder", "other")


def _text(
    name: str, meaning: str, *, required: bool = False, allowed: tuple[str, ...] = (), follows: str | None = None
) -> Column:
    return Column(name, "string", meaning, required=required, allowed=allowed, follows=follows, late=follows is not None)


def _words(name: str, meaning: str, *, follows: str | None = None) -> Column:
    return Column(name, "string", meaning, follows=follows, late=follows is not None, free_text=True)


def _time(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "time", meaning, required=required)


def _planned(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "time", meaning, required=required, plan=True)


def _later(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "time", meaning, required=required, late=True)


def _number(
    name: str,
    meaning: str,
    *,
    required: bool = False,
    minimum: float | None = 0,
    maximum: float | None = None,
    follows: str | None = None,
) -> Column:
    return Column(
        name, "number", meaning, required=required, minimum=minimum, maximum=maximum, follows=follows, late=follows is not None
    )


def _flag(name: str, meaning: str, *, follows: str | None = None) -> Column:
    return Column(name, "bool", meaning, follows=follows, late=follows is not None)


ACCOUNT_ID = _text("account_id", "the account", required=True)
CONTACT_ID = _text("contact_id", "the person")

ACCOUNTS = Table(
    "accounts",
    "what we knew of an account from `known_at` on",
    (
        ACCOUNT_ID,
        _text("name", "name of the company"),
        _time("created_at", "when the account began", required=True),
        _text("industry", "industry"),
        _text("country", "country"),
        _text("region", "region"),
        _number("employees", "people employed"),
        _text("csm", "login or e-mail of the customer success manager"),
        _text("crm_id", "id of the account in the CRM"),
        _text("domain", "internet domain"),
        _flag("strategic", "a strategic account"),
        _text("language", "language the account is spoken to in", allowed=LANGUAGES),
        _text("parent_account_id", "the account it belongs to"),
    ),
    key=("account_id",),
    time="created_at",
    required=True,
    stand_in="created_at",
)
SUBSCRIPTIONS = Table(
    "subscriptions",
    "one contract term",
    (
        _text("subscription_id", "the term", required=True),
        ACCOUNT_ID,
        _planned("started_at", "first day of the term", required=True),
        _planned("renews_at", "end of the term; of one without end the next day on which it can be ended", required=True),
        _number("arr", "currency units a year", required=True),
        _number("list_arr", "currency units a year at list price"),
        _text("currency", "ISO code of the currency"),
        _number("seats", "seats bought"),
        _text("plan", "plan"),
        _text("billing", "how it is billed", allowed=("monthly", "annual", "multi_year")),
        _flag("auto_renew", "renews without a word"),
        _number("notice_days", "days before the end by which notice is due"),
    ),
    key=("subscription_id",),
    time="started_at",
    required=True,
    stand_in="started_at",
)
RENEWALS = Table(
    "renewals",
    "the outcome of a term",
    (
        ACCOUNT_ID,
        _text("subscription_id", "the term"),
        _planned("renews_at", "end of the term", required=True),
        _later("decided_at", "when the customer decided", required=True),
        _text(
            "outcome",
            "what was decided",
            required=True,
            allowed=("renewed", "expanded", "contracted", "churned"),
            follows="decided_at",
        ),
        _number("arr_before", "currency units a year before"),
        _number("arr_after", "currency units a year after", follows="decided_at"),
        _text("reason", "root cause", allowed=REASONS, follows="decided_at"),
    ),
    key=("account_id", "renews_at"),
    time="decided_at",
    required=True,
    stand_in="decided_at",
)
USAGE = Table(
    "usage",
    "events, or a day's total of them",
    (
        _text("event_id", "the event"),
        ACCOUNT_ID,
        _text("user_id", "the user"),
        _time("occurred_at", "when it happened", required=True),
        _text("feature", "the feature used", required=True),
        _number(
            "quantity",
            f"how often (1 when absent), counted to 9 decimals: what is above 0 is at least {LEAST_USE:g}",
            maximum=MOST_USE,
        ),
    ),
    key=("event_id",),
    time="occurred_at",
    stand_in="occurred_at",
    every_account=True,
)
TICKETS = Table(
    "tickets",
    "one support ticket",
    (
        _text("ticket_id", "the ticket", required=True),
        ACCOUNT_ID,
        CONTACT_ID,
        _time("opened_at", "when it was opened", required=True),
        _later("first_response_at", "when we first answered"),
        _later("resolved_at", "when it was solved"),
        _number("reopened", "times opened again", follows="resolved_at"),
        _flag("escalated", "escalated", follows="resolved_at"),
        _text("severity", "severity", allowed=("low", "normal", "high", "urgent")),
        _text("kind", "kind", allowed=("bug", "feature_request", "how_to", "billing", "other")),
        _text("topic", "topic"),
        _number("csat", "satisfaction with the answer", minimum=1, maximum=5, follows="resolved_at"),
        _words("text", "the opening message"),
    ),
    key=("ticket_id",),
    time="opened_at",
    stand_in="opened_at",
)
SURVEYS = Table(
    "surveys",
    "one survey sent",
    (
        ACCOUNT_ID,
        CONTACT_ID,
        _text("kind", "kind of survey", required=True, allowed=("nps", "csat", "ces")),
        _time("sent_at", "when it was sent", required=True),
        _later("answered_at", "when it was answered"),
        _number("score", "nps 0-10, csat 1-5, ces 1-7", maximum=10, follows="answered_at"),
        _words("comment", "what they wrote", follows="answered_at"),
    ),
    key=("account_id", "contact_id", "kind", "sent_at"),
    time="sent_at",
    stand_in="sent_at",
)
MEETINGS = Table(
    "meetings",
    "one planned contact",
    (
        ACCOUNT_ID,
        CONTACT_ID,
        _text(
            "kind",
            "kind of meeting",
            required=True,
            allowed=("qbr", "check_in", "training", "onboarding", "executive", "value_review", "office_hours", "webinar"),
        ),
        _planned("scheduled_for", "when it is to be", required=True),
        _text(
            "status",
            "what became of it",
            allowed=("held", "missed", "cancelled", "declined", "rescheduled"),
            follows="scheduled_for",
        ),
        _text("cancelled_by", "who cancelled", allowed=("customer", "us"), follows="scheduled_for"),
        _number("attendees", "people of the customer present", follows="scheduled_for"),
        _words("notes", "our notes", follows="scheduled_for"),
    ),
    key=("account_id", "kind", "scheduled_for"),
    time="scheduled_for",
    stand_in="scheduled_for",
)
MESSAGES = Table(
    "messages",
    "one mail, call or note",
    (
        ACCOUNT_ID,
        CONTACT_ID,
        _time("sent_at", "when it was sent", required=True),
        _text("direction", "in = from the customer, out = from us", required=True, allowed=("in", "out")),
        _text("channel", "channel; a note is our own report", allowed=("email", "call", "chat", "note")),
        _words("text", "the words"),
        _number("reply_hours", "hours this row's sender took to answer"),
    ),
    key=("account_id", "contact_id", "sent_at", "channel"),
    time="sent_at",
    stand_in="sent_at",
)
CONTACTS = Table(
    "contacts",
    "one person in one role",
    (
        _text("contact_id", "the person", required=True),
        ACCOUNT_ID,
        _text(
            "role",
            "role",
            required=True,
            allowed=("champion", "decision_maker", "executive_sponsor", "admin", "billing", "end_user"),
        ),
        _time("started_at", "first day in the role", required=True),
        _later("ended_at", "last day in the role"),
    ),
    key=("contact_id", "account_id", "role", "started_at"),
    time="started_at",
    stand_in="started_at",
)
INVOICES = Table(
    "invoices",
    "one invoice",
    (
        _text("invoice_id", "the invoice", required=True),
        ACCOUNT_ID,
        _time("issued_at", "when it was issued", required=True),
        _planned("due_at", "when it is due", required=True),
        _later("paid_at", "when it was paid"),
        _number("amount", "currency units", required=True, minimum=None),
    ),
    key=("invoice_id",),
    time="issued_at",
    stand_in="issued_at",
)
ONBOARDING = Table(
    "onboarding",
    "one onboarding step",
    (
        ACCOUNT_ID,
        _text("step", "the step", required=True),
        _planned("due_at", "when it is due", required=True),
        _later("completed_at", "when it was done"),
    ),
    key=("account_id", "step"),
    applies_days=180,
    time="due_at",
    stand_in="the account's created_at",
)
GOALS = Table(
    "goals",
    "one agreed customer goal",
    (
        ACCOUNT_ID,
        _text("goal", "the goal", required=True),
        _text("feature", "the feature that answers it"),
        _time("agreed_at", "when it was agreed", required=True),
        _planned("due_at", "when it is due"),
        _later("met_at", "when it was met"),
    ),
    key=("account_id", "goal", "agreed_at"),
    time="agreed_at",
    stand_in="agreed_at",
)
COMPANY_EVENTS = Table(
    "company_events",
    "news about the customer's company",
    (
        ACCOUNT_ID,
        _time("occurred_at", "when it happened", required=True),
        _text(
            "kind",
            "kind of news",
            required=True,
            allowed=(
                "layoffs",
                "acquisition",
                "funding",
                "leadership_change",
                "pivot",
                "growth",
                "financial_trouble",
                "regulation",
            ),
        ),
        _words("text", "the news"),
    ),
    key=("account_id", "kind", "occurred_at"),
    time="occurred_at",
    stand_in="occurred_at",
)
INTERVENTIONS = Table(
    "interventions",
    "one save attempt, or one account deliberately held out",
    (
        _text("intervention_id", "the attempt", required=True),
        ACCOUNT_ID,
        _text("playbook", "the play", required=True),
        _time("assigned_at", "when it was assigned", required=True),
        _text("arm", "treated, or held out", required=True, allowed=("treated", "holdout")),
        _later("started_at", "when work began"),
        _later("finished_at", "when it ended"),
        _number("effort_hours", "hours spent", follows="finished_at"),
        _number("concession_percent", "concession, per cent of the price", maximum=100, follows="finished_at"),
        _text("outcome", "what came of it", allowed=("saved", "lost"), follows="finished_at"),
        _number("arr_saved", "currency units a year saved", follows="finished_at"),
    ),
    key=("intervention_id",),
    time="assigned_at",
    stand_in="assigned_at",
)
NOTICES = Table(
    "notices",
    "a customer's notice, which may be withdrawn",
    (
        ACCOUNT_ID,
        _time("given_at", "when it was given", required=True),
        _text("kind", "kind of notice", required=True, allowed=("cancellation", "non_renewal", "downgrade")),
        _later("withdrawn_at", "when it was withdrawn"),
        _words("text", "the words"),
    ),
    key=("account_id", "given_at"),
    time="given_at",
    stand_in="given_at",
)
PROMISES = Table(
    "promises",
    "one promise made to a customer",
    (
        ACCOUNT_ID,
        _text("promise", "the promise", required=True),
        _time("made_at", "when it was made", required=True),
        _planned("due_at", "when it is due"),
        _later("kept_at", "when it was kept"),
        _text("owner", "who keeps it"),
    ),
    key=("account_id", "promise", "made_at"),
    time="made_at",
    stand_in="made_at",
)
EXIT_INTERVIEWS = Table(
    "exit_interviews",
    "one conversation with a leaving customer",
    (
        ACCOUNT_ID,
        _time("held_at", "when it was held", required=True),
        _text("reason", "root cause", required=True, allowed=REASONS),
        _text("competitor", "the rival named"),
        _words("text", "what was said"),
    ),
    key=("account_id", "held_at"),
    time="held_at",
    stand_in="held_at",
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ACCOUNTS,
        SUBSCRIPTIONS,
        RENEWALS,
        USAGE,
        TICKETS,
        SURVEYS,
        MEETINGS,
        MESSAGES,
        CONTACTS,
        INVOICES,
        ONBOARDING,
        GOALS,
        COMPANY_EVENTS,
        INTERVENTIONS,
        NOTICES,
        PROMISES,
        EXIT_INTERVIEWS,
    )
}
