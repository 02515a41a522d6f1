"""The facts that access is decided on: one statement for the rows of an entity.

Teams come with every contact team above them, the root first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from db.enums import MembershipStatus
from db.rows import Row
from db.statements import Statement
from db.ties import TYING


class TeamFactsRow(Row):
    """A team, and whether the volunteer asked about is tied to it."""

    id: int
    name: str
    path: str
    status: str
    permission_group: str
    hub_level: str | None
    is_legal: bool
    is_filed: bool
    contact_team_id: int | None
    branch_of_id: int | None
    successor_id: int | None
    region_id: int
    region_path: str
    authority_id: int | None
    authority_path: str | None
    view_team_ids: list[int]
    is_tied: bool


class ProjectFactsRow(Row):
    """A project, and whether the volunteer asked about is tied to it."""

    id: int
    team_id: int
    status: str
    scope: str
    stopped_by: str | None
    starts_at: datetime
    ends_at: datetime
    recruit_starts_at: datetime | None
    recruit_ends_at: datetime | None
    allowed_team_ids: list[int]
    is_tied: bool


class PostFactsRow(Row):
    """A post."""

    id: int
    project_id: int


class AttachmentFactsRow(Row):
    """A stretch of a team's history."""

    id: int
    team_id: int


class PersonalFactsRow(Row):
    """What a volunteer has with a team: a membership, sign-up, record or certificate."""

    id: int
    team_id: int | None
    volunteer_id: int
    status: str
    account_id: int | None


class SignUpFactsRow(Row):
    """A sign-up, and when its project goes on."""

    id: int
    team_id: int
    volunteer_id: int
    status: str
    account_id: int | None
    came_at: datetime | None
    project_status: str
    scope: str
    starts_at: datetime
    ends_at: datetime


class VolunteerFactsRow(Row):
    """A volunteer, and the teams that they are tied to."""

    id: int
    region_path: str
    account_id: int | None
    team_ids: list[int]


class ReviewFactsRow(Row):
    """A review."""

    id: int
    team_id: int
    kind: str
    state: str
    reviewer_team_id: int | None
    reviewer_region_id: int | None
    reviewer_region_path: str | None
    applicant_account_id: int | None
    about_account_id: int | None


class WishRow(Row):
    """What a team asked for and still waits for, and whose account asked."""

    team_id: int
    applicant_account_id: int | None


class RegionFactsRow(Row):
    """A region."""

    id: int
    path: str
    level: str


class TieRow(Row):
    """A volunteer who is tied to the team asked about."""

    volunteer_id: int


OWN_MEMBERSHIPS: Sequence[str] = (
    MembershipStatus.JOINED.value,
    MembershipStatus.APPLYING.value,
    MembershipStatus.INVITED.value,
)

TEAM_FACTS = Statement(
    """
    with lineage as (
        select distinct unnest(string_to_array(left(path, -1), '/')::bigint[]) as id
        from teams where id = any($1::bigint[])
    )
    select t.id, t.name, t.path, t.status, t.permission_group, t.hub_level,
           t.registration_status = 'LEGAL_PERSON', t.registration_status = 'FILED',
           t.contact_team_id, t.branch_of_id,
           t.successor_id, t.region_id, t.region_path, a.id, a.path,
           array(select view_team_id from team_view_links where team_id = t.id),
           exists (select from memberships m where m.team_id = t.id
                   and m.volunteer_id = $2::bigint and m.status = any($3::text[]))
           or exists (select from service_records r where r.team_id = t.id
                      and r.volunteer_id = $2::bigint)
    from lineage join teams t on t.id = lineage.id
    left join regions a on a.id = t.registration_authority_id
    order by t.path
    """,
    ("ids", "volunteer", "own_memberships"),
    {"own_memberships": OWN_MEMBERSHIPS, "volunteer": 0},
    TeamFactsRow,
)
PROJECT_FACTS = Statement(
    """
    select p.id, p.team_id, p.status, p.scope, p.stopped_by, p.starts_at, p.ends_at,
           p.recruit_starts_at, p.recruit_ends_at,
           array(select team_id from project_teams where project_id = p.id),
           exists (select from sign_ups s where s.project_id = p.id
                   and s.volunteer_id = $2::bigint)
           or exists (select from service_records r where r.project_id = p.id
                      and r.volunteer_id = $2::bigint)
    from projects p where p.id = any($1::bigint[])
    """,
    ("ids", "volunteer"),
    {"volunteer": 0},
    ProjectFactsRow,
)
POST_FACTS = Statement(
    "select id, project_id from posts where id = any($1::bigint[])", ("ids",), {}, PostFactsRow
)
ATTACHMENT_FACTS = Statement(
    "select id, team_id from team_attachments where id = any($1::bigint[])",
    ("ids",),
    {},
    AttachmentFactsRow,
)
VOLUNTEER_FACTS = Statement(
    """
    select v.id, v.region_path, v.account_id,
           array(select team_id from memberships
                 where volunteer_id = v.id and status = any($2::text[])
                 union select team_id from sign_ups
                 where volunteer_id = v.id and status = any($3::text[])
                 union select team_id from service_records
                 where volunteer_id = v.id and status = any($4::text[]))
    from volunteers v where v.id = any($1::bigint[])
    """,
    ("ids", *TYING),
    TYING,
    VolunteerFactsRow,
)
REVIEW_FACTS = Statement(
    """
    select r.id, r.team_id, r.kind, r.state, r.reviewer_team_id, r.reviewer_region_id, a.path,
           r.applicant_account_id,
           case r.subject_type
             when 'Volunteer' then
               (select account_id from volunteers where id = r.subject_id)
             when 'Membership' then
               (select v.account_id from memberships m join volunteers v on v.id = m.volunteer_id
                where m.id = r.subject_id)
             when 'ServiceRecord' then
               (select v.account_id from service_records s
                join volunteers v on v.id = s.volunteer_id where s.id = r.subject_id)
             when 'Evaluation' then
               (select v.account_id from evaluations e join volunteers v on v.id = e.volunteer_id
                where e.id = r.subject_id)
             when 'Submission' then
               (select author_account_id from submissions where id = r.subject_id)
           end
    from reviews r left join regions a on a.id = r.reviewer_region_id
    where r.id = any($1::bigint[])
    """,
    ("ids",),
    {},
    ReviewFactsRow,
)
WISHES = Statement(
    """
    select subject_id, applicant_account_id from reviews
    where kind = $1 and subject_type = 'Team' and subject_id = any($2::bigint[])
      and state = 'PENDING'
    """,
    ("kind", "ids"),
    {},
    WishRow,
)
REGION_FACTS = Statement(
    "select id, path, level from regions where id = any($1::bigint[])",
    ("ids",),
    {},
    RegionFactsRow,
)
TIED_TO_TEAM = Statement(
    """
    select volunteer_id from memberships
    where team_id = $1 and volunteer_id = any($2::bigint[]) and status = any($3::text[])
    union
    select volunteer_id from sign_ups
    where team_id = $1 and volunteer_id = any($2::bigint[]) and status = any($4::text[])
    union
    select volunteer_id from service_records
    where team_id = $1 and volunteer_id = any($2::bigint[]) and status = any($5::text[])
    """,
    ("team", "ids", *TYING),
    TYING,
    TieRow,
)


SIGN_UP_FACTS = Statement(
    """
    select s.id, s.team_id, s.volunteer_id, s.status, v.account_id,
           (select max(r.starts_at) from service_records r
            where r.volunteer_id = s.volunteer_id and r.sign_up_id = s.id and r.status = 'OPEN'),
           p.status, p.scope, p.starts_at, p.ends_at
    from sign_ups s join volunteers v on v.id = s.volunteer_id
    join projects p on p.id = s.project_id
    where s.id = any($1::bigint[])
    """,
    ("ids",),
    {},
    SignUpFactsRow,
)


def _personal(table: str) -> Statement[PersonalFactsRow]:
    return Statement(
        f"""
        select r.id, r.team_id, r.volunteer_id, r.status, v.account_id
        from {table} r join volunteers v on v.id = r.volunteer_id
        where r.id = any($1::bigint[])
        """,  # noqa: S608 - a name of ours
        ("ids",),
        {},
        PersonalFactsRow,
    )


PERSONAL_FACTS: Mapping[str, Statement[PersonalFactsRow]] = {
    "Membership": _personal("memberships"),
    "ServiceRecord": _personal("service_records"),
    "Certificate": _personal("certificates"),
}
