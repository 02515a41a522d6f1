"""The page ``/`` of a station: plain HTML that needs no script."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from db.enums import StationPhase, SupportKind
from db.errors import DatabaseRefusal
from db.session import Database, Snapshot
from gateway.auth import Authentication
from gateway.certificates.check_page import PATH as CHECK_PATH
from gateway.pages import accept_qualities
from gateway.plain_page import PlainStyle, plain_document
from gateway.stations.home_texts import HomeTexts, texts_for
from resolvers.stations.home import Home, HomeNotice, find_home
from resolvers.stations.settings import DEFAULT_ACCENT, SupportChannel, TrainingLink

log = logging.getLogger(__name__)

PATH = "/"
OWN = Path(__file__).with_name("home_page.css").read_text("utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """Answers with the page of the station that a request's host names."""

    database: Database
    authentication: Authentication

    def routes(self) -> list[Route]:
        """The one route."""
        return [Route(PATH, self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """The page; 404 where no station has the name, 503 while the database is away."""
        accepted = accept_qualities(request.headers.get("accept-language", ""))
        texts = texts_for(request.query_params.get("lang"), accepted)
        host = (request.url.hostname or "").lower()
        try:
            home = await self._find(self.authentication.station_host(host))
        except DatabaseRefusal:
            log.warning("station_page_unavailable", exc_info=True)
            return _bare(texts, texts.away, "", 503, {"Retry-After": "5"})
        if home is None:
            return _bare(texts, *texts.missing, 404, {})
        style = style_of(home.page.accent)
        body = "".join((_header(texts, home), _cards(texts, home), _footer(texts, home)))
        page = plain_document(style, lang=texts.lang, title=home.name, body=body)
        return HTMLResponse(page, headers=dict(style.headers))

    async def _find(self, host: str) -> Home | None:
        snapshot = Snapshot(self.database)
        try:
            return await find_home(snapshot, host)
        finally:
            await asyncio.shield(snapshot.close())


def style_of(accent: str) -> PlainStyle:
    """The style of a station's page, in the station's colour."""
    return PlainStyle.of(f":root {{ --band: {accent}; }}\n", OWN)


def _bare(
    texts: HomeTexts, title: str, rest: str, status: int, headers: dict[str, str]
) -> Response:
    style = style_of(DEFAULT_ACCENT)
    body = f"<header><h1>{escape(title)}</h1><p>{escape(rest)}</p></header>"
    page = plain_document(style, lang=texts.lang, title=title, body=body)
    return HTMLResponse(page, status, {**style.headers, **headers})


def _header(texts: HomeTexts, home: Home) -> str:
    other = f'<a href="{PATH}?lang={texts.other_lang}" lang="{texts.other_lang}">'
    headline = f"<p>{escape(home.page.headline)}</p>" if home.page.headline else ""
    facts = [texts.phases[home.phase]]
    if home.batch is not None and home.phase is StationPhase.TRIAL:
        facts[0] += f" · {texts.batch.format(batch=home.batch)}"
    facts.append(texts.national if home.is_national else texts.serves.format(region=home.region))
    return (
        f"<header>{other}{texts.other_name}</a><h1>{escape(home.name)}</h1>{headline}"
        f'<div class="facts">{_chips(facts)}</div></header>'
    )


def _cards(texts: HomeTexts, home: Home) -> str:
    cards = [
        _card(texts.intro, f"<p>{escape(home.page.intro)}</p>", "wide") if home.page.intro else "",
        _card(texts.categories, f'<div class="chips">{_chips(home.categories)}</div>', "wide")
        if home.categories
        else "",
        _card(texts.notices, _notices(home.notices), "wide") if home.notices else "",
        _card(texts.doors, _doors(texts), "doors"),
        _card(texts.support, _support(texts, home.channels)) if home.channels else "",
        _card(texts.training, _training(home.links)) if home.links else "",
    ]
    return f'<div class="grid">{"".join(cards)}</div>'


def _card(title: str, rest: str, kind: str = "") -> str:
    return f'<section class="card {kind}"><h2>{escape(title)}</h2>{rest}</section>'


def _chips(words: Sequence[str]) -> str:
    return "".join(f'<span class="chip">{escape(word)}</span>' for word in words)


def _notices(notices: Sequence[HomeNotice]) -> str:
    return _list(
        f"<details><summary>{escape(each.title)} <small>{each.day}</small></summary>"
        f"<p>{escape(each.body)}</p></details>"
        for each in notices
    )


def _doors(texts: HomeTexts) -> str:
    doors = ((CHECK_PATH, texts.check), ("/dashboard", texts.dashboard), ("/graphql", texts.api))
    return _list(
        f'<a href="{path}">{escape(name)}</a><small>{escape(what)}</small>'
        for path, (name, what) in doors
    )


def _support(texts: HomeTexts, channels: Sequence[SupportChannel]) -> str:
    return _list(
        f"{escape(each.label)}<br><small>{escape(texts.kinds[each.kind])}</small> {_value(each)}"
        for each in channels
    )


def _value(channel: SupportChannel) -> str:
    """A number or address, to be called or written to where a phone knows how."""
    shown = escape(channel.value)
    match channel.kind:
        case SupportKind.PHONE:
            return f'<a href="tel:{"".join(channel.value.split())}">{shown}</a>'
        case SupportKind.EMAIL:
            return f'<a href="mailto:{shown}">{shown}</a>'
        case _:
            return shown


def _training(links: Sequence[TrainingLink]) -> str:
    return _list(
        f'<a href="{escape(each.url)}" rel="noopener noreferrer">{escape(each.title)}</a>'
        for each in links
    )


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _footer(texts: HomeTexts, home: Home) -> str:
    lines = [texts.domain.format(host=home.host), home.page.footer]
    return f"<footer>{'<br>'.join(escape(line) for line in lines if line)}</footer>"
