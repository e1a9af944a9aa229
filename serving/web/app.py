"""The application: pages, JSON API and static files over one store."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from serving.api import api_routes
from serving.card import CardPort, no_card
from serving.delivery import Clock
from serving.store import Store
from serving.web.failures import add_failures
from serving.web.guide import Guide
from serving.web.routes import FOLDER, Pages, page_routes
from serving.web.security import add_headers


def create_app(store: Store, guide: Guide, clock: Clock, card: CardPort = no_card) -> FastAPI:
    """The application over `store`; `clock` says how old the scores are and when somebody speaks.

    `card` hands the card of the model in service. Interactive docs are off: they need a CDN.
    """
    app = FastAPI(
        title="tenure",
        description="Accounts at risk: how likely, by when, why, what first.",
        version="1",
        docs_url=None,
        redoc_url=None,
    )
    pages = Pages()
    app.middleware("http")(add_headers)
    app.include_router(api_routes(store, guide, clock))
    app.include_router(page_routes(store, guide, clock, pages, card))
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    add_failures(app, pages)
    return app
