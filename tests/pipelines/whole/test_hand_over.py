"""What people are handed of a scored day: a page as text, and deliveries."""

import socket
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from features.errors import BadInput
from pipelines import hand_over, scoring
from pipelines.home import Home
from pipelines.offers import read_offer
from serving.concession import RefusedOfferError
from tests.pipelines.whole.conftest import AS_OF, ODD_ONES, changed

LATER = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _own_store(monkeypatch):
    for name in ("TENURE_DATABASE_URL", "TENURE_SINK_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def riskiest(scored):
    table = scored.part("assessments")
    treated = table.loc[(table["status"] == "scored") & (table["arm"] == "treated")]
    return treated.loc[treated["p_churn_90d"].idxmax()]


@pytest.fixture(scope="module")
def published(scored, riskiest, tmp_path_factory):
    """A home whose store holds a few accounts at AS_OF, and at LATER all but the riskiest."""
    home = Home(tmp_path_factory.mktemp("home"))
    others = {*ODD_ONES} - {"x-left"}
    hand_over.publish(scored.batch.only({*others, riskiest["account_id"]}), home)
    table = scored.part("assessments")
    safe = table.loc[(table["status"] == "scored") & (table["account_id"] != riskiest["account_id"]), "account_id"].iloc[0]
    some = scored.batch.only({*others, safe})
    frames = {name: getattr(some, name) for name in scoring.PARTS}
    moved = {name: frame.assign(as_of=pd.Timestamp(LATER)) if "as_of" in frame else frame for name, frame in frames.items()}
    hand_over.publish(type(some)(as_of=LATER, horizon_days=some.horizon_days, **moved), home)
    return home


def explained(account, params, home, *, as_of=AS_OF, language="en", scores=None):
    return hand_over.explain(account, as_of, language, scores, home, params)


def test_a_day_on_which_nobody_was_scored_is_not_published_and_says_so(scored, tmp_path):
    home = Home(tmp_path)
    assert hand_over.publish(scored.batch.only({"x-lapsed", "x-no-usage"}), home).startswith("No account could be scored at")
    assert hand_over.store(home).latest_as_of() is None


def test_a_csm_whom_nobody_knows_is_no_csm_who_reached_everybody_in_time(published):
    with pytest.raises(BadInput, match=r"no account belongs to --csm 'nobody' at 2026-06-01\. CSMs there: "):
        hand_over.late("nobody", "en", published)


class TestPlan:
    def test_it_says_what_to_agree_when_and_what_to_say_from_the_store_and_from_a_folder(
        self, riskiest, scored, published, params
    ):
        account = riskiest["account_id"]
        page = hand_over.plan(account, AS_OF, "en", None, published, params)
        assert page.document["playbook"] == riskiest["playbook"]
        assert "To agree with the customer" in page.text
        assert page.document["steps"]
        assert page.document["talk"][0]["title"]["en"] == "Open honestly"
        spanish = hand_over.plan(account, AS_OF, "es", scored.folder, published, params)
        assert spanish.document == page.document
        assert "Para acordar con el cliente" in spanish.text

    def test_an_account_without_a_play_has_nothing_to_plan(self, published, params):
        page = hand_over.plan("x-lapsed", AS_OF, "en", None, published, params)
        assert "nothing to plan" in page.text
        assert page.document["problems"] == []

    def test_an_account_nobody_scored_is_named(self, published, params):
        with pytest.raises(BadInput, match="nobody"):
            hand_over.plan("nobody", AS_OF, "en", None, published, params)


class TestConcede:
    def test_an_offer_within_the_rails_is_on_record_and_in_the_plan(self, riskiest, published, params):
        account = riskiest["account_id"]
        offer = read_offer(Path("docs/offer.yaml"))
        kept = hand_over.concede(account, AS_OF, offer, published, params)
        assert (kept.account_id, kept.probability) == (account, pytest.approx(riskiest["p_churn_90d"]))
        page = hand_over.plan(account, AS_OF, "en", None, published, params)
        assert [each["by"] for each in page.document["offered"]] == ["ana.lopez"]
        assert "ana.lopez" in page.text

    def test_one_that_breaks_a_rail_leaves_no_trace(self, published, params):
        offer = read_offer(Path("docs/offer.yaml")).model_copy(update={"kind": "discount", "percent": 20.0})
        with pytest.raises(RefusedOfferError) as refused:
            hand_over.concede("x-lapsed", AS_OF, offer, published, params)
        assert {"cause", "price_driver", "approval"} <= {each.rule for each in refused.value.refusals}
        assert hand_over.plan("x-lapsed", AS_OF, "en", None, published, params).document["offered"] == []

    @pytest.mark.parametrize(
        ("said", "problem"),
        [
            ("- 1", "holds list"),
            ("kind: gift", "kind: Input should be"),
            ("kind: [", "cannot be read as YAML"),
            ("percent: -1", "percent"),
            ("percent: 5", "kind is missing; tied_to is missing"),
            ("1: terms", "1: Keys should be strings"),
        ],
    )
    def test_a_file_that_says_no_offer_is_refused_with_its_name(self, tmp_path, said, problem):
        (tmp_path / "offer.yaml").write_text(said)
        with pytest.raises(BadInput, match=problem) as refused:
            read_offer(tmp_path / "offer.yaml")
        assert "offer.yaml" in str(refused.value)

    def test_a_file_that_is_not_there_is_named(self, tmp_path):
        with pytest.raises(BadInput, match=r"none\.yaml"):
            read_offer(tmp_path / "none.yaml")


class TestExplain:
    def test_the_page_names_the_account_the_risk_and_the_play(self, riskiest, published, params):
        page = explained(riskiest["account_id"], params, published)
        assert riskiest["account_id"] in page.text
        assert page.document["account_id"] == riskiest["account_id"]
        assert page.document["as_of"] == "2026-05-01"
        assert page.document["playbook"] == riskiest["playbook"]
        chance = {each["days"]: each["probability"] for each in page.document["horizons"]}
        assert chance[90] == pytest.approx(riskiest["p_churn_90d"])

    def test_it_is_said_in_the_language_asked_for(self, riskiest, published, params):
        english, spanish = (explained(riskiest["account_id"], params, published, language=each) for each in ("en", "es"))
        assert "How likely" in english.text
        assert "How likely" not in spanish.text
        assert english.document == spanish.document

    def test_from_a_folder_it_is_the_same_as_from_the_store(self, riskiest, published, scored, params, tmp_path):
        nothing = Home(tmp_path)
        from_folder = explained(riskiest["account_id"], params, nothing, scores=scored.folder)
        from_store = explained(riskiest["account_id"], params, published)
        assert from_folder.text.splitlines()[2:] == from_store.text.splitlines()[2:]
        assert from_folder.document["drivers"] == from_store.document["drivers"]

    def test_an_account_that_was_not_scored_says_why(self, published, params):
        page = explained("x-no-usage", params, published)
        assert page.document["status"] == "no_usage"
        assert page.document["horizons"] == []
        assert page.text

    def test_an_account_that_nobody_knows_is_named_with_where_to_look(self, published, params):
        with pytest.raises(BadInput, match=r"no account 'nobody' among the scored ones\. Look it up"):
            explained("nobody", params, published)

    def test_a_day_on_which_the_account_was_not_scored_names_the_day_on_which_it_was(self, riskiest, published, params):
        name = riskiest["account_id"]
        with pytest.raises(BadInput, match=rf"{name} was not scored at 2026-06-01\. It was last scored at 2026-05-01; give"):
            explained(name, params, published, as_of=LATER)
        with pytest.raises(BadInput, match=r"x-lapsed was not scored at 2026-05-15\. It was last scored at 2026-06-01; give"):
            explained("x-lapsed", params, published, as_of=date(2026, 5, 15))

    def test_before_anything_was_scored_it_says_what_to_run(self, params, tmp_path):
        with pytest.raises(BadInput, match=r"nothing has been scored yet\. Run `tenure score"):
            explained("a", params, Home(tmp_path))

    def test_a_folder_of_another_day_is_told_with_its_own(self, scored, params, tmp_path):
        with pytest.raises(BadInput, match=r"holds the scores of 2026-05-01, not of 2026-06-01\. Give --as-of 2026-05-01"):
            explained("x-lapsed", params, Home(tmp_path), as_of=LATER, scores=scored.folder)

    def test_a_folder_without_scores_is_told(self, params, tmp_path):
        with pytest.raises(BadInput, match=r"Give a folder that `tenure score --out` wrote"):
            explained("a", params, Home(tmp_path / "home"), scores=tmp_path)

    def test_an_address_that_is_no_database_is_told(self, params, monkeypatch, tmp_path):
        monkeypatch.setenv("TENURE_DATABASE_URL", "mongodb://somewhere/else")
        with pytest.raises(BadInput, match="TENURE_DATABASE_URL cannot be used"):
            explained("a", params, Home(tmp_path))


class TestDeliver:
    def delivered(self, scored, params, home, out, *, sink="csv", dry_run=False):
        return hand_over.deliver(scored.folder, sink, home, params, dry_run=dry_run, out=out)

    def test_a_dry_run_plans_every_account_and_writes_nothing(self, scored, params, tmp_path):
        report = self.delivered(scored, params, Home(tmp_path), tmp_path / "out", dry_run=True)
        assert report.planned == len(scored.batch.assessments)
        assert report.ok == 0
        assert not (tmp_path / "out").exists()

    def test_what_was_delivered_is_not_delivered_again(self, scored, params, tmp_path):
        home, out = Home(tmp_path), tmp_path / "out"
        first = self.delivered(scored, params, home, out)
        again = self.delivered(scored, params, home, out)
        assert (first.planned, first.ok) == (len(scored.batch.assessments), len(scored.batch.assessments))
        assert (again.planned, again.unchanged) == (0, first.ok)
        assert list(out.rglob("*.csv"))

    def test_into_a_database_it_takes_the_homes_own_unless_told(self, scored, params, tmp_path):
        report = self.delivered(scored, params, Home(tmp_path), None, sink="sql")
        assert report.ok == len(scored.batch.assessments)

    @pytest.mark.parametrize("address", ["nonsense", "mysql://me:hush@host/db", "postgresql://me:hush@host:port/db"])
    def test_a_sinks_address_that_is_no_database_is_told(self, scored, params, tmp_path, monkeypatch, address):
        monkeypatch.setenv("TENURE_SINK_URL", address)
        with pytest.raises(BadInput, match="TENURE_SINK_URL cannot be used") as caught:
            self.delivered(scored, params, Home(tmp_path), None, sink="sql")
        assert "hush" not in str(caught.value)

    def test_the_address_of_the_store_is_named_when_the_sink_has_none(self, scored, params, tmp_path, monkeypatch):
        monkeypatch.setenv("TENURE_DATABASE_URL", "mysql://me:hush@host/db")
        with pytest.raises(BadInput, match="TENURE_DATABASE_URL cannot be used"):
            self.delivered(scored, params, Home(tmp_path), None, sink="sql")

    def test_an_unknown_sink_is_told_with_those_there_are(self, scored, params, tmp_path):
        with pytest.raises(BadInput, match=r"--sink fax is unknown\. Give one of csv, sql"):
            self.delivered(scored, params, Home(tmp_path), None, sink="fax")


def test_a_port_that_is_taken_is_told(params, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=rf"cannot listen on 127\.0\.0\.1:{port}: .*Give another --port"):
            hand_over.serve(Home(tmp_path), changed(params), None, port, print)
