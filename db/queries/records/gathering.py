"""What entering records asks, gathered and locked in one statement.

The team, the volunteers and the projects are read from the rows as they are once locked, so they
are of this moment even where the statement had to wait for them; ties may be a moment older.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product
from typing import Any

from db.enums import PermissionGroup, ProjectStatus, RecruitScope, TeamStatus, VolunteerStatus
from db.lock_order import Rank
from db.locks import Lock
from db.queries.records.local_policy import reviews_evaluations, reviews_hours
from db.write import Write

# Each part waits for the one before it, so that locks are taken in the one order.

_NAMED = """union
  select v.id from unnest($3::text[], $4::text[]) as g (volunteer_no, name)
  join volunteers v on v.volunteer_no = g.volunteer_no and v.name = g.name"""


def _gathering(*, is_one: bool, is_named: bool, has_projects: bool) -> str:
    """The statement, for one or many, with what is asked of numbers and names, and of projects.

    Said of one, it lets PostgreSQL keep a plan: of arrays it would take ten to be likely, find a
    plan for one cheaper, and plan anew each time, which costs more than to run it. And each part
    of a plan costs, even where it finds nothing.
    """
    most = "limit 1" if is_one else ""
    ids = 5 if is_named else 3
    project, sign_ups, projects = "", "null", "null::text"
    if has_projects:
        project = f"""), project as materialized (
  select p.id, p.team_id, p.name, p.status, p.scope, p.starts_at, p.ends_at, p.address,
    p.region_id, p.targets, p.contact_name
  from projects p
  where p.id = any(${ids}::bigint[]) and (select count(*) from person) >= 0
  order by p.id {most} for share of p
"""  # noqa: S608 - a number of ours
        sign_ups = f"""(
     select json_agg(json_build_array(s.project_id, s.id, s.post_id, s.status)) from sign_ups s
     where s.volunteer_id = v.id and s.project_id = any(${ids}::bigint[])
       and s.status in ('ACCEPTED', 'ATTENDED', 'NO_SHOW'))"""  # noqa: S608 - a number of ours
        projects = """(
   select json_agg(json_build_object(
     'project', row_to_json(p), 'recorder', n.team_id, 'region', r.name,
     'posts', (select json_agg(o.id) from posts o where o.project_id = p.id)))
   from project p join regions r on r.id = p.region_id
   left join project_recorders n on n.project_id = p.id)::text"""
    return f"""
with tree as materialized (
  select pg_advisory_xact_lock_shared({Lock.TEAM_TREE})
), team as materialized (
  select t.id, t.name, t.path, t.status, t.permission_group, t.province, t.region_id,
    t.region_path, t.contact_name, coalesce(
      (select a.valid_from from team_attachments a where a.team_id = t.id and a.valid_to is null),
      (select 'infinity'::date from team_attachments a where a.team_id = t.id limit 1),
      '-infinity') as there_since
  from tree cross join teams t where t.id = $1 for share of t
), given as materialized (
  select g.id from unnest($2::bigint[]) as g (id)
  {_NAMED if is_named else ""}
  {most}
), person as materialized (
  select v.id, v.volunteer_no, v.name, v.status, v.registered_at, v.account_id
  from volunteers v
  where v.id in (select id from given) and exists (select from team)
  order by v.id {most} for update of v
{project})
select (select row_to_json(team) from team)::text as team,
  (select json_agg(json_build_array(
     v.id, v.volunteer_no, v.name, v.status, v.registered_at, v.account_id,
     exists (select from memberships m where m.team_id = $1 and m.volunteer_id = v.id
             and m.status in ('JOINED', 'LEFT'))
     or exists (select from service_records r where r.volunteer_id = v.id and r.team_id = $1),
     {sign_ups}))
   from person v)::text as people,
  {projects} as projects,
  (select json_build_array({reviews_hours("team.region_path")},
     {reviews_evaluations("team.region_path")}) from team)::text as settled
"""  # noqa: S608 - expressions of ours


_STATEMENTS = {
    forms: _gathering(is_one=forms[0], is_named=forms[1], has_projects=forms[2])
    for forms in product((True, False), repeat=3)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamKnown:
    """The recording team, held as it is."""

    id: int
    name: str
    path: str
    status: TeamStatus
    group: PermissionGroup
    province: str
    region_id: int
    region_path: str
    contact_name: str
    there_since: date

    def path_on(self, day: date) -> str | None:
        """Its path on a day, if it hung on that day where it hangs now."""
        return self.path if day >= self.there_since else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectKnown:
    """A project, held as it is; ``recorder_id`` is the team that records its service."""

    id: int
    name: str
    status: ProjectStatus
    is_make_up: bool
    starts_at: datetime
    ends_at: datetime
    place: str
    targets: Sequence[str]
    contact_name: str
    team_id: int
    recorder_id: int
    posts: Collection[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonKnown:
    """A volunteer, locked; ``sign_ups`` are the sign-up, its post and state by project."""

    id: int
    volunteer_no: str
    name: str
    status: VolunteerStatus
    registered_at: datetime
    account_id: int | None
    is_tied: bool
    sign_ups: Mapping[int, tuple[int, int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known for entering records; what is reviewed is settled by the region's policy."""

    team: TeamKnown | None
    people: Mapping[int, PersonKnown]
    projects: Mapping[int, ProjectKnown]
    reviews_hours: bool = False
    reviews_evaluations: bool = False


async def gather_and_lock(
    write: Write,
    team_id: int,
    *,
    volunteer_ids: Collection[int],
    named: Collection[tuple[str, str]],
    project_ids: Collection[int],
) -> Known:
    """The team, the volunteers (by id, or by number and name) and the projects, those that are."""
    for rank in (Rank.TREE, Rank.TEAM, Rank.VOLUNTEER, Rank.PROJECT):
        write.locking(rank)
    is_one = len(volunteer_ids) + len(named) == 1
    numbers_and_names = [list(each) for each in zip(*named, strict=True)]
    rows = await write.run(
        _STATEMENTS[is_one, bool(named), bool(project_ids)],
        team_id,
        list(volunteer_ids),
        *numbers_and_names,
        *([list(project_ids)] if project_ids else ()),
    )
    team, people, projects, settled = (json.loads(text) if text else None for text in rows[0])
    return Known(
        team=None if team is None else _team(team),
        people={each[0]: _person(each) for each in people or ()},
        projects={each["project"]["id"]: _project(each) for each in projects or ()},
        reviews_hours=bool(settled and settled[0]),
        reviews_evaluations=bool(settled and settled[1]),
    )


def _team(row: Mapping[str, Any]) -> TeamKnown:
    return TeamKnown(
        id=row["id"],
        name=row["name"],
        path=row["path"],
        status=TeamStatus(row["status"]),
        group=PermissionGroup(row["permission_group"]),
        province=row["province"],
        region_id=row["region_id"],
        region_path=row["region_path"],
        contact_name=row["contact_name"],
        there_since=_SINCE.get(row["there_since"]) or date.fromisoformat(row["there_since"]),
    )


# As PostgreSQL writes days without end: it never hung elsewhere, or hangs nowhere by a date.
_SINCE = {"-infinity": date.min, "infinity": date.max}


def _person(row: Sequence[Any]) -> PersonKnown:
    return PersonKnown(
        id=row[0],
        volunteer_no=row[1],
        name=row[2],
        status=VolunteerStatus(row[3]),
        registered_at=datetime.fromisoformat(row[4]),
        account_id=row[5],
        is_tied=row[6] or bool(row[7]),
        sign_ups={project: (sign_up, *more) for project, sign_up, *more in row[7] or ()},
    )


def _project(found: Mapping[str, Any]) -> ProjectKnown:
    row = found["project"]
    return ProjectKnown(
        id=row["id"],
        name=row["name"],
        status=ProjectStatus(row["status"]),
        is_make_up=row["scope"] == RecruitScope.MAKE_UP,
        starts_at=datetime.fromisoformat(row["starts_at"]),
        ends_at=datetime.fromisoformat(row["ends_at"]),
        place=row["address"] or found["region"],
        targets=row["targets"],
        contact_name=row["contact_name"],
        team_id=row["team_id"],
        recorder_id=found["recorder"] or row["team_id"],
        posts=frozenset(found["posts"] or ()),
    )
