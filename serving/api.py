"""The JSON API beside the pages: the same questions, the store's own records as answers."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import Field, TypeAdapter

from serving.after import After
from serving.concession import RefusedOfferError
from serving.concession import checked as checked_offer
from serving.delivery import Clock
from serving.feedback import Feedback, Said, UnfitFeedbackError, checked
from serving.learning.learned import Learned, Portfolio
from serving.offer import Offer, Recorded
from serving.play import Play
from serving.response import Breach
from serving.save_plan import SavePlan, save_plan
from serving.store import Account, Filters, Queue, Store
from serving.store.records import Driver, EvidenceRow, HistoryPoint
from serving.web.guide import Guide
from serving.web.security import from_elsewhere
from serving.web.words import Words
from serving.worklist import CsmQueue, queues

MOST_ROWS = 1_000
NO_SCORES = "no scores yet; run: tenure score TABLES --as-of DATE --out DIR"
ELSEWHERE = "another site sent this; send it from tenure's own pages or from a program"
ENGLISH = Words("en")
_PLAYS = TypeAdapter(list[Play])


class QueueQuery(Filters):
    """The filters of the list, the page and its length."""

    page: int = Field(default=1, ge=1, le=1_000_000)
    page_rows: int | None = Field(default=None, ge=1, le=MOST_ROWS)


def api_routes(store: Store, guide: Guide, clock: Clock) -> APIRouter:
    """Routes under `/api`; `clock` says when something is said. An unknown account or an empty store answers 404 and says so.

    What each answers stands in `wording.yaml` under the route's operation id: the page about the API says it too.
    """
    router = APIRouter(prefix="/api")

    def found(account_id: str, as_of: date | None) -> Account:
        account = store.account(account_id, as_of)
        if account is None:
            raise HTTPException(404, f"no account {account_id!r} was scored{f' at {as_of}' if as_of else ''}; see /api/accounts")
        return account

    @router.get("/accounts", operation_id="accounts", description=ENGLISH.say("api_answers.accounts"))
    def accounts(asked: Annotated[QueueQuery, Query()]) -> Queue:
        filters = Filters(**asked.model_dump(exclude={"page", "page_rows"}))
        queue = store.queue(filters, page=asked.page, page_rows=asked.page_rows or guide.params.page_rows)
        if queue is None:
            raise HTTPException(404, NO_SCORES)
        return queue

    @router.get("/accounts/{account_id:path}/drivers", operation_id="drivers", description=ENGLISH.say("api_answers.drivers"))
    def drivers(account_id: str, as_of: date | None = None) -> tuple[Driver, ...]:
        return found(account_id, as_of).drivers

    @router.get("/accounts/{account_id:path}/evidence", operation_id="evidence", description=ENGLISH.say("api_answers.evidence"))
    def evidence(account_id: str, as_of: date | None = None) -> tuple[EvidenceRow, ...]:
        return found(account_id, as_of).evidence

    @router.get("/accounts/{account_id:path}/history", operation_id="history", description=ENGLISH.say("api_answers.history"))
    def history(account_id: str, as_of: date | None = None) -> tuple[HistoryPoint, ...]:
        return found(account_id, as_of).history

    @router.get("/accounts/{account_id:path}/plan", operation_id="plan", description=ENGLISH.say("api_answers.plan"))
    def plan(account_id: str, as_of: date | None = None) -> SavePlan:
        account = found(account_id, as_of)
        play = None if account.plan is None else guide.plays.get(account.plan.playbook)
        return save_plan(account, play, guide.concessions, store.offers(account.account_id))

    @router.get(
        "/accounts/{account_id:path}/concessions", operation_id="concessions", description=ENGLISH.say("api_answers.concessions")
    )
    def concessions(account_id: str) -> tuple[Recorded, ...]:
        return store.offers(found(account_id, None).account_id)

    @router.post(
        "/accounts/{account_id:path}/concessions", operation_id="concede", description=ENGLISH.say("api_answers.concede")
    )
    def concede(request: Request, account_id: str, offer: Offer, as_of: date | None = None) -> Recorded:
        if from_elsewhere(request):
            raise HTTPException(403, ELSEWHERE)
        account = found(account_id, as_of)
        try:
            checked_offer(offer, account, clock().date(), guide.concessions)
        except RefusedOfferError as error:
            raise HTTPException(422, [each.model_dump() for each in error.refusals]) from error
        return store.add_offer(account, offer, clock())

    @router.get("/queue", operation_id="queue", description=ENGLISH.say("api_answers.queue"))
    def queue(csm: str | None = None, hours: Annotated[float | None, Query(gt=0)] = None) -> tuple[CsmQueue, ...]:
        held = store.work()
        if held is None:
            raise HTTPException(404, NO_SCORES)
        return tuple(each for each in queues(held[1], guide.triage, hours) if csm in (None, each.csm))

    @router.get("/breaches", operation_id="breaches", description=ENGLISH.say("api_answers.breaches"))
    def late(csm: str | None = None) -> tuple[Breach, ...]:
        as_of, found = store.late()
        if as_of is None:
            raise HTTPException(404, NO_SCORES)
        return tuple(each for each in found if csm in (None, each.csm))

    @router.get("/feedback", operation_id="feedback", description=ENGLISH.say("api_answers.feedback"))
    def feedback() -> tuple[Feedback, ...]:
        return store.feedback()

    @router.post("/accounts/{account_id:path}/feedback", operation_id="say", description=ENGLISH.say("api_answers.say"))
    def say(request: Request, account_id: str, said: Said, as_of: date | None = None) -> Feedback:
        if from_elsewhere(request):
            raise HTTPException(403, ELSEWHERE)
        try:
            checked(said, clock().date(), guide.params.override_most_days)
        except UnfitFeedbackError as error:
            raise HTTPException(422, str(error)) from error
        return store.add_feedback(found(account_id, as_of), said, clock())

    @router.get("/accounts/{account_id:path}", operation_id="account", description=ENGLISH.say("api_answers.account"))
    def account(account_id: str, as_of: date | None = None) -> Account:
        return found(account_id, as_of)

    @router.get("/plays", operation_id="plays", description=ENGLISH.say("api_answers.plays"))
    def plays() -> list[dict[str, Any]]:
        plain: list[dict[str, Any]] = _PLAYS.dump_python(list(guide.plays.values()), mode="json")
        return plain

    def what_was_learned() -> Learned:
        found = guide.learned()
        if found is None:
            raise HTTPException(404, "nothing was learned yet; run: tenure learn TABLES --until DATE")
        return found

    @router.get("/learning", operation_id="learning", description=ENGLISH.say("api_answers.learning"))
    def learning() -> Learned:
        return what_was_learned()

    @router.get("/after", operation_id="after", description=ENGLISH.say("api_answers.after"))
    def after(csm: str | None = None) -> After:
        found = guide.after()
        if found is None:
            raise HTTPException(404, "nothing was asked yet; run: tenure after TABLES --as-of DATE")
        return found.of(csm)

    @router.get("/portfolio", operation_id="portfolio", description=ENGLISH.say("api_answers.portfolio"))
    def portfolio() -> Portfolio:
        return what_was_learned().portfolio

    return router
