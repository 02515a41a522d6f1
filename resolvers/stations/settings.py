"""What a station's page says: texts, a colour, ways to its support, where to learn (个性化页面)."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from db.enums import SupportKind
from permissions.errors import UserError, UserErrorCode
from resolvers.texts import email_errors, line_errors, name_errors, text_errors

LONGEST_LINE = 60
LONGEST_INTRO = 2_000
LONGEST_FOOTER = 200
LONGEST_URL = 500
MOST = 20
DEFAULT_ACCENT = "#b3261e"

COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
PHONE = re.compile(r"[0-9+][0-9 -]{2,29}", re.ASCII)
QQ_GROUP = re.compile(r"[1-9][0-9]{4,11}", re.ASCII)
LEAST_CONTRAST = 4.5
"""Of white letters on the colour, as WCAG 2.1 wants for text (1.4.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTexts:
    """The texts and the colour of a page; empty ones are not shown."""

    headline: str = ""
    intro: str = ""
    footer: str = ""
    accent: str = DEFAULT_ACCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportChannel:
    """A way to a station's support."""

    kind: SupportKind
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingLink:
    """Where a manual, a film or a course is."""

    title: str
    url: str


def page_of(stored: str) -> PageTexts:
    """The texts as they are stored; what a newer release stored beside them is passed over."""
    known: dict[str, Any] = json.loads(stored)
    return PageTexts(**{name: known[name] for name in PageTexts.__slots__ if name in known})


def channels_of(stored: str) -> Sequence[SupportChannel]:
    """The ways to support in what is stored."""
    return [
        SupportChannel(kind=SupportKind(each["kind"]), label=each["label"], value=each["value"])
        for each in json.loads(stored).get("channels", ())
    ]


def links_of(stored: str) -> Sequence[TrainingLink]:
    """The training links in what is stored."""
    return [TrainingLink(**each) for each in json.loads(stored).get("links", ())]


def stored_support(
    before: str,
    channels: Sequence[SupportChannel] | None,
    links: Sequence[TrainingLink] | None,
) -> dict[str, Any]:
    """What is stored of support, with what is given in the place of what was."""
    support: dict[str, Any] = json.loads(before)
    if channels is not None:
        support["channels"] = [asdict(each) for each in channels]
    if links is not None:
        support["links"] = [asdict(each) for each in links]
    return support


def page_errors(page: PageTexts) -> list[UserError]:
    """What is wrong with the texts and the colour of a page."""
    errors = [
        *line_errors("headline", page.headline, longest=LONGEST_LINE),
        *text_errors("intro", page.intro, longest=LONGEST_INTRO),
        *line_errors("footer", page.footer, longest=LONGEST_FOOTER),
    ]
    if not COLOUR.fullmatch(page.accent):
        errors.append(_invalid("accent", "A colour is written as #b3261e."))
    elif contrast_with_white(page.accent) < LEAST_CONTRAST:
        errors.append(_invalid("accent", "White letters cannot be read on this colour."))
    return errors


def channel_errors(channels: Sequence[SupportChannel]) -> list[UserError]:
    """What is wrong with ways to support, each by its place in the list."""
    errors = _count_errors("supportChannels", channels)
    for place, each in enumerate(channels[:MOST]):
        field = f"supportChannels.{place}"
        errors += _name(f"{field}.label", each.label)
        errors += _line(f"{field}.value", each.value)
        match each.kind:
            case SupportKind.QQ_GROUP if not QQ_GROUP.fullmatch(each.value):
                errors.append(_invalid(f"{field}.value", "Not the number of a QQ group."))
            case SupportKind.PHONE if not PHONE.fullmatch(each.value):
                errors.append(_invalid(f"{field}.value", "Not a telephone number."))
            case SupportKind.EMAIL:
                errors += email_errors(f"{field}.value", each.value)
            case _:
                pass
    return errors


def link_errors(links: Sequence[TrainingLink]) -> list[UserError]:
    """What is wrong with training links, each by its place in the list."""
    errors = _count_errors("trainingLinks", links)
    for place, each in enumerate(links[:MOST]):
        errors += _name(f"trainingLinks.{place}.title", each.title)
        if not is_web_address(each.url):
            errors.append(
                _invalid(
                    f"trainingLinks.{place}.url", "An address begins with https:// or http://."
                )
            )
    return errors


def is_web_address(url: str) -> bool:
    """Whether a text is an address of the web that a page may link to.

    SECURITY: a page of the state links to it, so neither scripts nor hidden names of users.
    """
    if not 0 < len(url) <= LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and parts.username is None
        and parts.password is None
        and "\\" not in url
    )


def contrast_with_white(colour: str) -> float:
    """The contrast of a colour with white, 1 to 21 (WCAG 2.1)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
        for each in channels
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _count_errors(field: str, given: Sequence[object]) -> list[UserError]:
    if len(given) <= MOST:
        return []
    return [UserError(UserErrorCode.TOO_MANY, field, f"At most {MOST}.")]


def _name(field: str, text: str) -> Sequence[UserError]:
    return name_errors(field, text, longest=LONGEST_LINE) if text else _line(field, text)


def _line(field: str, text: str) -> Sequence[UserError]:
    if not text:
        return (UserError(UserErrorCode.REQUIRED, field, "This must be given."),)
    return line_errors(field, text, longest=LONGEST_LINE)


def _invalid(field: str, message: str) -> UserError:
    return UserError(UserErrorCode.INVALID, field, message)
