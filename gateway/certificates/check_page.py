"""The public page of the certificate check: plain HTML that a phone opens from a QR code."""

import asyncio
import logging
from dataclasses import dataclass
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from db.errors import DatabaseRefusal
from db.session import Database, Snapshot
from gateway.certificates.check_texts import CheckTexts, spoken_hours, texts_for
from gateway.pages import accept_qualities
from gateway.plain_page import PlainStyle, plain_document
from permissions.errors import RateLimited
from resolvers.certificate_checks import CertificateCheck, check_certificate
from resolvers.certificate_desk import CertificateDesk

log = logging.getLogger(__name__)

PATH = "/certificates/check"
STYLE = PlainStyle.of(Path(__file__).with_name("check_page.css").read_text("utf-8"))
HEADERS = {**STYLE.headers, "X-Robots-Tag": "noindex"}
LONGEST = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """Answers with what a number and a code come to; it needs no script."""

    database: Database
    desk: CertificateDesk

    def routes(self) -> list[Route]:
        """The one route."""
        return [Route(PATH, self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """The form; with a number and a code, what they come to above it."""
        given = request.query_params
        accepted = accept_qualities(request.headers.get("accept-language", ""))
        texts = texts_for(given.get("lang"), accepted)
        number, code = given.get("no", "")[:LONGEST], given.get("code", "")[:LONGEST]
        if not number and not code:
            return _page(texts, number, "")
        try:
            check = await self._check(number, code, asker_of(request))
        except RateLimited as refusal:
            seconds = refusal.retry_after_seconds
            shown = _card("refused", texts.wait.format(seconds=seconds))
            return _page(texts, number, shown, 429, {"Retry-After": str(seconds)})
        except DatabaseRefusal:
            log.warning("certificate_check_unavailable", exc_info=True)
            shown = _card("refused", texts.away)
            return _page(texts, number, shown, 503, {"Retry-After": "5"})
        return _page(texts, number, _verdict(texts, check))

    async def _check(self, number: str, code: str, asker: str) -> CertificateCheck:
        snapshot = Snapshot(self.database)
        try:
            return await check_certificate(snapshot, self.desk, number, code, asker=asker)
        finally:
            await asyncio.shield(snapshot.close())


def asker_of(request: Request) -> str:
    """Whom attempts are counted for: the address that a request comes from."""
    return request.client.host if request.client is not None else ""


def _verdict(texts: CheckTexts, check: CertificateCheck) -> str:
    word, sentence = texts.verdicts[check.state]
    lines = []
    if check.masked_name is not None:
        lines.append((texts.name, check.masked_name))
    if check.minutes is not None:
        lines.append((texts.time, spoken_hours(check.minutes, texts)))
    if check.remark is not None:
        lines.append((texts.remark, check.remark))
    facts = "".join(f"<dt>{escape(term)}</dt><dd>{escape(value)}</dd>" for term, value in lines)
    shown = f"<dl>{facts}</dl><p><small>{texts.privacy}</small></p>" if lines else ""
    return _card(check.state, word, f"<p>{sentence}</p>{shown}")


def _card(kind: str, word: str, rest: str = "") -> str:
    return (
        f'<section class="card {kind}" role="status">'
        f'<p class="verdict">{escape(word)}</p>{rest}</section>'
    )


def _page(
    texts: CheckTexts,
    number: str,
    verdict: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    title = escape(texts.title)
    other = f'<a href="{PATH}?lang={texts.other_lang}" lang="{texts.other_lang}">'
    body = f"""<header><h1>{title}</h1>{other}{texts.other_name}</a></header>
<p>{escape(texts.lead)}</p>
{verdict}
<form class="card" method="get" action="{PATH}">
<input type="hidden" name="lang" value="{texts.lang}">
<label for="no">{escape(texts.number)}</label>
<input id="no" name="no" value="{escape(number)}" required maxlength="{LONGEST}"
 autocomplete="off" autocapitalize="characters" spellcheck="false">
<label for="code">{escape(texts.code)}</label>
<input id="code" name="code" required maxlength="{LONGEST}"
 autocomplete="off" autocapitalize="characters" spellcheck="false">
<button>{escape(texts.submit)}</button>
</form>"""
    page = plain_document(STYLE, lang=texts.lang, title=texts.title, body=body)
    return HTMLResponse(page, status, {**HEADERS, **(headers or {})})
