"""The ranked search of needs and offers, and whom to call."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from db.queries.entity import Entity
from db.queries.matching.reading import ANSWER_CONTACTS, NEED_CONTACTS, ContactRow
from db.queries.matching.searching import MatchRow, Wish, fetch_matches
from permissions.context import RequestContext
from permissions.errors import InvalidInput, LimitExceeded
from permissions.visible import visible
from resolvers.matching.forms import LONGEST_SKILL, MOST_CATEGORIES, MOST_SKILLS
from resolvers.records.spans import moment_errors

MOST = 100
LONGEST = timedelta(days=366)


async def search(
    context: RequestContext, entity: Entity, wish: Wish, *, most: int
) -> Sequence[MatchRow]:
    """Open needs or offers that the viewer may see, the likest first.

    Raises:
        InvalidInput: a time with one end, or one that ends before it starts.
        LimitExceeded: more rows, categories or skills than one search takes.
    """
    _check(wish, most)
    scope = visible(entity.name, context.viewer)
    return await fetch_matches(context.snapshot, entity, scope, wish, now=context.now, most=most)


async def need_contacts(
    context: RequestContext, need_ids: Sequence[int]
) -> Sequence[ContactRow | None]:
    """Whom to call about needs of the viewer's team, or in the department's region."""
    values = visible("Need", context.viewer).values
    is_office = context.viewer.department is not None
    rows = await context.snapshot.fetch(
        NEED_CONTACTS,
        ids=sorted(set(need_ids)),
        team=values["v_team"],
        region=values["v_region"] if is_office else "",
        region_end=values["v_region_end"] if is_office else "",
    )
    return _in_order(rows, need_ids)


async def answer_contacts(
    context: RequestContext, answer_ids: Sequence[int]
) -> Sequence[ContactRow | None]:
    """Whom to call about needs that the viewer may help with, since that was accepted."""
    values = visible("NeedAnswer", context.viewer).values
    rows = await context.snapshot.fetch(
        ANSWER_CONTACTS,
        ids=sorted(set(answer_ids)),
        volunteer=values["v_volunteer"],
        team=values["v_team"],
    )
    return _in_order(rows, answer_ids)


def _in_order(rows: Sequence[ContactRow], ids: Sequence[int]) -> Sequence[ContactRow | None]:
    found: Mapping[int, ContactRow] = {row.id: row for row in rows}
    return [found.get(each) for each in ids]


def _check(wish: Wish, most: int) -> None:
    if not 0 <= most <= MOST:
        raise LimitExceeded("pageSize", f"At most {MOST} at a time.")
    if len(wish.categories) > MOST_CATEGORIES:
        raise LimitExceeded("categories", f"At most {MOST_CATEGORIES} categories.")
    if len(wish.skills) > MOST_SKILLS or any(len(each) > LONGEST_SKILL for each in wish.skills):
        raise LimitExceeded(
            "skills", f"At most {MOST_SKILLS} skills of {LONGEST_SKILL} characters."
        )
    if (wish.since is None) != (wish.until is None):
        raise InvalidInput("until", "A time has both its ends, or none.")
    if wish.since is not None and wish.until is not None:
        _check_time(wish.since, wish.until)


def _check_time(since: datetime, until: datetime) -> None:
    for field, moment in (("since", since), ("until", until)):
        for error in moment_errors(field, moment):
            raise InvalidInput(field, error.message)
    if until <= since:
        raise InvalidInput("until", "The time ends before it starts.")
    if until - since > LONGEST:
        raise InvalidInput("until", "A year at most.")
