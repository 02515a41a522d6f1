"""Answers to the feedback form of the trial, and their sums over a subtree of regions."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, bindparam, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB, distinct_on

from db.models import Region, TrialFeedback
from db.models.base import BYTES_TEXT
from db.paths import in_subtree
from db.rows import Row
from db.statements import prepare
from db.write import Write

YES_NO = ("organised", "accounts_work", "support_reachable", "is_stable", "meets_needs")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "levels_reached": ("PROVINCE", "CITY", "COUNTY"),
    "modules_tried": ("WEBSITE", "SYSTEM", "APP"),
}


class FeedbackRow(Row):
    """The newest form of one region."""

    id: int
    region_id: int
    unit: str
    filled_on: date
    contact_name: str
    contact_phone: str
    answers: str
    created_at: datetime


class FeedbackSumsRow(Row):
    """How many forms a subtree has, and how many of them say what, as JSON by question."""

    forms: int
    said: str


_region = bindparam("region", type_=BYTES_TEXT)
_region_end = bindparam("region_end", type_=BYTES_TEXT)
# A unit may fill the form in again: its newest answers count.
_newest = (
    select(TrialFeedback)
    .join(Region, Region.id == TrialFeedback.region_id)
    .where(in_subtree(Region.path, _region, _region_end))
    .ext(distinct_on(TrialFeedback.region_id))
    .order_by(TrialFeedback.region_id, TrialFeedback.id.desc())
    .subquery("newest")
)


def _forms_that(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _yes(question: str) -> ColumnElement[bool]:
    return cast(_newest.c.answers[question].astext, Boolean)


FEEDBACK_SUMS = prepare(
    select(
        func.count().label("forms"),
        func.jsonb_build_object(
            *(
                part
                for question in YES_NO
                for part in (
                    question,
                    func.jsonb_build_array(
                        _forms_that(_yes(question)), _forms_that(~_yes(question))
                    ),
                )
            ),
            *(
                part
                for question, choices in CHOICES.items()
                for part in (
                    question,
                    func.jsonb_build_object(
                        *(
                            piece
                            for choice in choices
                            for piece in (
                                choice,
                                _forms_that(_newest.c.answers[question].has_key(choice)),
                            )
                        )
                    ),
                )
            ),
            type_=JSONB,
        ).label("said"),
    ).select_from(_newest),
    FeedbackSumsRow,
)

_at = bindparam("at", type_=BYTES_TEXT)
_placed = select(Region.id).where(Region.path == _at).scalar_subquery()
FEEDBACK_OF_REGION = prepare(
    select(
        _newest.c.id,
        _newest.c.region_id,
        _newest.c.unit,
        _newest.c.filled_on,
        _newest.c.contact_name,
        _newest.c.contact_phone,
        _newest.c.answers,
        _newest.c.created_at,
    )
    .join_from(_newest, Region, Region.id == _newest.c.region_id)
    .where(or_(Region.id == _placed, Region.parent_id == _placed))
    .order_by(Region.path),
    FeedbackRow,
)

_INSERT = """
insert into trial_feedback (province, region_id, unit, filled_on, contact_name, contact_phone,
                            answers, account_id)
select r.province, r.id, $2, $3, $4, $5, $6::jsonb, $7
from regions r where r.id = $1 returning id
"""


async def insert_feedback(
    write: Write,
    *,
    region_id: int,
    unit: str,
    filled_on: date,
    contact_name: str,
    contact_phone: str,
    answers: Mapping[str, Any],
) -> int:
    """The id of a form that a region's department filled in."""
    rows = await write.run(
        _INSERT,
        region_id,
        unit,
        filled_on,
        contact_name,
        contact_phone,
        json.dumps(answers, ensure_ascii=False),
        write.account_id,
    )
    return int(rows[0]["id"])
