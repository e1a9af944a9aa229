"""What we do not see of an account: sources that fell silent are told with their last day."""

from dataclasses import replace

import pandas as pd

from serving.store import Store
from serving.web.missing_part import missing_part
from serving.web.words import Words
from tests.serving.conftest import AS_OF, made_up_batch


def published(coverage):
    store = Store("sqlite://")
    store.publish(replace(made_up_batch(), coverage=coverage))
    return store


def test_a_source_that_fell_silent_is_told_with_its_last_day_in_both_languages():
    coverage = made_up_batch().coverage
    last = pd.Series(pd.NaT, index=coverage.index, dtype="datetime64[us]")
    last[(coverage["account_id"] == "A-001") & (coverage["table"] == "tickets")] = pd.Timestamp("2025-12-18")
    store = published(coverage.assign(last_at=last))
    account = store.account("A-001", AS_OF)
    told = "Nothing for 74 days, longer than is usual for this account: Support tickets (last on 18 Dec 2025)."
    assert told in missing_part(account, Words("en"), late_days=180)
    told = "Nada desde hace 74 días, más de lo habitual en esta cuenta: Tickets de soporte (lo último, el 18 dic 2025)."
    assert told in missing_part(account, Words("es"), late_days=180)
    assert not [each for each in missing_part(store.account("A-002", AS_OF), Words("en"), late_days=180) if "Nothing for" in each]
    store.publish(replace(made_up_batch(), coverage=coverage))
    assert {row.silent_since for row in store.account("A-001", AS_OF).coverage} == {None}


def test_a_folder_scored_before_silences_were_told_is_read_as_it_was():
    account = published(made_up_batch().coverage).account("A-001", AS_OF)
    assert account.coverage
    assert {row.silent_since for row in account.coverage} == {None}
