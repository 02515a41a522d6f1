"""What the rule is told of checks, needs, offers, answers and rewards."""

from db.rows import Row
from db.statements import Statement


class InspectionFactsRow(Row):
    """A random check, and the teams that it asked."""

    id: int
    region_path: str
    status: str
    asked_ids: list[int]


class InspectionItemFactsRow(Row):
    """An item of a random check."""

    id: int
    region_path: str
    team_id: int
    is_asked: bool
    verdict: str | None


class NeedFactsRow(Row):
    """A need, and who has answered it."""

    id: int
    team_id: int
    status: str
    team_ids: list[int]
    volunteer_ids: list[int]


class OfferFactsRow(Row):
    """An offer."""

    id: int
    team_id: int | None
    volunteer_id: int | None
    region_path: str
    status: str


class NeedAnswerFactsRow(Row):
    """An answer to a need."""

    id: int
    team_id: int
    from_team_id: int | None
    volunteer_id: int | None
    asked_by: str
    status: str
    account_id: int | None
    applicant_account_id: int | None


class RewardItemFactsRow(Row):
    """A reward in a catalogue."""

    id: int
    region_path: str
    status: str


class RedemptionFactsRow(Row):
    """A reward that was asked for."""

    id: int
    region_path: str
    volunteer_id: int
    status: str
    account_id: int | None


INSPECTION_FACTS = Statement(
    """
    select i.id, r.path, i.status,
           array(select p.team_id from inspection_teams p
                 where p.inspection_id = i.id and i.asked_at is not null order by p.team_id)
    from inspections i join regions r on r.id = i.region_id where i.id = any($1::bigint[])
    """,
    ("ids",),
    {},
    InspectionFactsRow,
)
INSPECTION_ITEM_FACTS = Statement(
    """
    select e.id, r.path, e.team_id, i.asked_at is not null, e.verdict
    from inspection_items e join inspections i on i.id = e.inspection_id
    join regions r on r.id = i.region_id where e.id = any($1::bigint[])
    """,
    ("ids",),
    {},
    InspectionItemFactsRow,
)
NEED_FACTS = Statement(
    """
    select n.id, n.team_id, n.status,
           array(select a.from_team_id from need_answers a
                 where a.need_id = n.id and a.from_team_id is not null),
           array(select a.volunteer_id from need_answers a
                 where a.need_id = n.id and a.volunteer_id is not null)
    from needs n where n.id = any($1::bigint[])
    """,
    ("ids",),
    {},
    NeedFactsRow,
)
OFFER_FACTS = Statement(
    """
    select o.id, o.team_id, o.volunteer_id, r.path, o.status
    from offers o join regions r on r.id = o.region_id where o.id = any($1::bigint[])
    """,
    ("ids",),
    {},
    OfferFactsRow,
)
NEED_ANSWER_FACTS = Statement(
    """
    select a.id, a.team_id, a.from_team_id, a.volunteer_id, a.asked_by, a.status, v.account_id,
           a.applicant_account_id
    from need_answers a left join volunteers v on v.id = a.volunteer_id
    where a.id = any($1::bigint[])
    """,
    ("ids",),
    {},
    NeedAnswerFactsRow,
)
REWARD_ITEM_FACTS = Statement(
    """
    select i.id, r.path, i.status from reward_items i join regions r on r.id = i.region_id
    where i.id = any($1::bigint[])
    """,
    ("ids",),
    {},
    RewardItemFactsRow,
)
REDEMPTION_FACTS = Statement(
    """
    select d.id, r.path, d.volunteer_id, d.status, v.account_id
    from redemptions d join regions r on r.id = d.region_id
    join volunteers v on v.id = d.volunteer_id where d.id = any($1::bigint[])
    """,
    ("ids",),
    {},
    RedemptionFactsRow,
)
