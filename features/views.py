"""The views that signals are declared over: which rows, how far back, and whether single rows or account-day totals."""

from features.signal import View

USAGE_DAYS = View("usage_days", "usage", 182, by_day=True)
USAGE_USERS = View("usage_users", "usage", 84, grain=("user_id",), by_day=True)
USAGE_FEATURES = View("usage_features", "usage", 84, grain=("feature",), by_day=True)
USAGE_YEAR = View("usage_year", "usage", 28, by_day=True, back_days=364)  # 52 weeks: the same days of the week
USAGE_PEOPLE = View("usage_people", "usage", 84, grain=("user_id",), by_day=True, person="user_id")
TICKETS = View("tickets", "tickets", 365)
SURVEYS = View("surveys", "surveys", 365)
MEETINGS = View("meetings", "meetings", 365)
MESSAGES = View("messages", "messages", 182)
WRITERS = View("writers", "messages", 182, person="contact_id")
CHAMPION_MESSAGES = View("champion_messages", "messages", 182, beside=(("contacts", "role"),))
TEXTS = View("texts", "texts", 182)
INVOICES = View("invoices", "invoices", 365)
COMPANY_EVENTS = View("company_events", "company_events", 365)
NOTICES = View("notices", "notices", 365)
CONTACTS = View("contacts", "contacts", None)
PEOPLE = View("people", "contacts", None, beside=(("messages", "contact_id"),))
ONBOARDING = View("onboarding", "onboarding", None)
GOALS = View("goals", "goals", None)
GOALS_USED = View("goals_used", "goals", None, beside=(("usage", "feature"),))
PROMISES = View("promises", "promises", None)
INTERVENTIONS = View("interventions", "interventions", None)
TERMS = View("terms", "subscriptions", None)
RENEWALS = View("renewals", "renewals", None)
ACCOUNT = View("account", "accounts", None)
STATE = View("state", "subscriptions", None)  # one row an account and as_of: the contract it runs on
