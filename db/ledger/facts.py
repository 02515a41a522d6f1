"""What a row counts as: one SELECT for each table that is counted (DESIGN §9, DOMAIN §9).

A fact has a kind, a day, its place on both trees, an amount ``n`` with a ``quantity`` (minutes of
a record, planned headcount of a project), and ``dims``: the values by which it is broken down, as
``dimension:value``, several of one dimension where it is multi-valued. ``person`` and ``thing`` are
who is counted once in each scope however often they occur (``db.ledger.fold_statement``).

The triggers (``db.ledger.triggers``) take what the rows of a statement counted as before from what
they count as after; a rebuild asks the same of whole tables. So that both can, the SELECTs name
their sources in braces: ``{rows}``, the tables that say where a row lies, and ``{day}``, when it
began to count.

A record is a flow: it counts on the day of the service, where its team lay on that day, which is
kept on the row. All else is a stock: it counts from a day on, where its team lies now, and moves
with it; what counted before the move stays where it was.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from string import Formatter

COLUMNS = "kind, day, region_path, team_path, person, thing, dims, n, quantity"

# How many rows lists have, now: where their team lies now, and of no past.
LISTS = ("listed_record", "listed_project", "other_project")
# What is read most: figures that are not broken down, and those of places that were taken.
WHOLE = (
    *("community", "covered", "volunteer", "member", "people", "team", "hub", "disabled_team"),
    *("project", "served", "sign_up", "review", "record", "overdue", "active"),
    *(f"sign_up/status:{status}" for status in ("ACCEPTED", "ATTENDED", "NO_SHOW")),
    *LISTS,
)

# A team that works, and a project that is published: what the public sees.
WORKS = "{}.status in ('ENABLED', 'CHANGE_PENDING')"
PUBLISHED = "{}.status in ('WAITING', 'RUNNING', 'CLOSED', 'MAKE_UP')"

CHINA_DAY = "({} at time zone 'Asia/Shanghai')::date"

# Minutes at which the next scale of hours begins: more than none, 10, 50, then the five stars.
HOURS_SCALE = (1, 600, 3_000, 6_000, 18_000, 36_000, 60_000, 90_000)
# What a skill is counted as; what people typed otherwise is another, for it could name them.
SKILLS = (
    *("急救", "医疗护理", "心理疏导", "手语", "外语", "法律咨询", "教学", "计算机", "摄影"),
    *("文艺表演", "书画", "写作", "体育", "理发", "烹饪", "家电维修", "水电维修", "驾驶", "消防"),
)
# Planned persons at which the next scale of a project's size begins.
HEADCOUNT_SCALE = (1, 10, 30, 100, 300)

_CODED = "case when {0} is null then 'NONE' when {0} ~ '^[0-9]{{2}}$' then {0} else 'OTHER' end"


def _coded(column: str) -> str:
    """A column of national codes; what people typed instead must not become a breakdown."""
    return _CODED.format(column).replace("{", "{{").replace("}", "}}")


def bucket(value: str, scale: tuple[int, ...]) -> str:
    """On which scale a value stands, from 0 on."""
    return f"width_bucket({value}, array[{', '.join(map(str, scale))}]::bigint[])"


_SKILL = f"case when v in ({', '.join(repr(skill) for skill in SKILLS)}) then v else 'OTHER' end"


def _each(dimension: str, values: str, value: str = "v") -> str:
    return f"array(select distinct '{dimension}:' || {value} from unnest({values}) v order by 1)"


VOLUNTEERS = f"""
select 'volunteer' as kind, {{day}} as day, r.region_path, null::text collate "C" as team_path,
  null::bigint as person, null::bigint as thing,
  array['sex:' || r.sex, 'born:' || extract(year from r.born_on), 'star:' || r.star,
    'hours:' || {bucket("r.effective_minutes", HOURS_SCALE)},
    'education:' || {_coded("r.education")}, 'employment:' || {_coded("r.employment")},
    'politics:' || {_coded("r.political_status")}]
  || {_each("category", "r.service_categories")}
  || {_each("skill", "r.skills", _SKILL)} as dims,
  1 as n, 0::bigint as quantity
from {{rows}} r
where r.status = 'ENABLED'
"""

# The kind of document lies apart from its volunteer: a breakdown by itself.
IDENTITIES = """
select 'volunteer/id:' || r.id_type as kind, {day} as day, v.region_path,
  null::text collate "C" as team_path, null::bigint as person, null::bigint as thing,
  '{{}}'::text[] as dims, 1 as n, 0::bigint as quantity
from {rows} r join {volunteers} v on v.id = r.volunteer_id
where v.status = 'ENABLED'
"""

# Of what a hub is, its group tells: all are organs, registered nowhere.
TEAMS = f"""
select case when r.hub_level is null then 'team' else 'hub' end as kind, {{day}} as day,
  r.region_path, r.path as team_path, null::bigint as person,
  case when g.level = 'VILLAGE' then r.region_id end as thing,
  array['group:' || r.permission_group] || case when r.hub_level is null then
    array['kind:' || r.kind, 'registration:' || r.registration_status]
    || {_each("category", "r.service_categories")} end as dims,
  1 as n, 0::bigint as quantity
from {{rows}} r join regions g on g.id = r.region_id
where {WORKS.format("r")}
union all
select 'disabled_team', {{day}}, r.region_path, r.path, null, null, '{{{{}}}}', 1, 0
from {{rows}} r where r.status = 'DISABLED'
"""

MEMBERSHIPS = """
select 'member' as kind, {day} as day, t.region_path, t.path as team_path,
  r.volunteer_id as person, null::bigint as thing, '{{}}'::text[] as dims, 1 as n,
  0::bigint as quantity
from {rows} r join {teams} t on t.id = r.team_id
where r.status = 'JOINED'
"""

PROJECTS = f"""
select 'project' as kind, {{day}} as day, t.region_path, t.path as team_path,
  null::bigint as person, null::bigint as thing,
  array['status:' || r.status, 'scope:' || r.scope,
    'headcount:' || {bucket("{planned}", HEADCOUNT_SCALE)}]
  || {_each("category", "r.categories")} || {_each("target", "r.targets")} as dims,
  1 as n, {{planned}} as quantity
from {{rows}} r join {{teams}} t on t.id = r.team_id
where {PUBLISHED.format("r")}
"""
PLANNED = "(select coalesce(sum(s.planned), 0)::bigint from {posts} s where s.project_id = r.id)"

SIGN_UPS = """
select 'sign_up' as kind, {day} as day, t.region_path, t.path as team_path,
  null::bigint as person, null::bigint as thing, array['status:' || r.status] as dims, 1 as n,
  0::bigint as quantity
from {rows} r join {teams} t on t.id = r.team_id
"""

RECORDS = f"""
select 'record' as kind, {{day}} as day, r.region_path, r.team_path,
  r.volunteer_id as person, r.project_id as thing,
  array['source:' || r.source]
  || {_each("category", "coalesce(p.categories, array['NONE'])")} as dims,
  1 as n, r.minutes::bigint as quantity
from {{rows}} r left join {{projects}} p on p.id = r.project_id
where r.status = 'EFFECTIVE'
union all
select 'overdue', {{day}}, r.region_path, r.team_path, null, null, '{{{{}}}}', 1, 0
from {{rows}} r where r.is_overdue and r.status not in ('VOID', 'REJECTED')
"""

# Records are listed whatever became of them.
LISTED_RECORDS = """
select 'listed_record' as kind, {day} as day, t.region_path, t.path as team_path,
  null::bigint as person, null::bigint as thing, '{{}}'::text[] as dims, 1 as n,
  0::bigint as quantity
from {rows} r join {teams} t on t.id = r.team_id
"""
# The same of teams that move, each with the number of its records, which are not read themselves.
LISTED_WITH_TEAM = """
select 'listed_record' as kind, {day} as day, r.region_path, r.path as team_path,
  null::bigint as person, null::bigint as thing, '{{}}'::text[] as dims, r.n,
  0::bigint as quantity
from {rows} r
"""
# Projects for everybody, and those that are for who has to do with them.
LISTED_PROJECTS = f"""
select case when {PUBLISHED.format("r")} and {WORKS.format("t")} then 'listed_project'
    else 'other_project' end as kind, {{day}} as day, t.region_path, t.path as team_path,
  null::bigint as person, null::bigint as thing, '{{{{}}}}'::text[] as dims, 1 as n,
  0::bigint as quantity
from {{rows}} r join {{teams}} t on t.id = r.team_id
"""
# The day of what is known for now alone.
TIMELESS = "date '2000-01-01'"

# A review counts for who must decide it: a team, or the department of a region.
TEAM_REVIEWS = """
select 'review' as kind, {day} as day, t.region_path, t.path as team_path,
  null::bigint as person, null::bigint as thing, array['kind:' || r.kind] as dims, 1 as n,
  0::bigint as quantity
from {rows} r join {teams} t on t.id = r.reviewer_team_id
where r.state = 'PENDING'
"""
REGION_REVIEWS = """
select 'review' as kind, {day} as day, g.path as region_path, null::text collate "C" as team_path,
  null::bigint as person, null::bigint as thing, array['kind:' || r.kind] as dims, 1 as n,
  0::bigint as quantity
from {rows} r join {regions} g on g.id = r.reviewer_region_id
where r.state = 'PENDING'
"""

COMMUNITIES = """
select 'community' as kind, {day} as day, r.path as region_path,
  null::text collate "C" as team_path,
  null::bigint as person, null::bigint as thing, '{{}}'::text[] as dims, 1 as n,
  0::bigint as quantity
from {rows} r
where r.level = 'VILLAGE' and r.valid_to is null
"""

# When a stock begins to count, by what the row itself says.
BEGAN = {
    "volunteers": CHINA_DAY.format("r.registered_at"),
    "volunteer_identities": CHINA_DAY.format("v.registered_at"),
    "teams": CHINA_DAY.format("coalesce(r.registered_at, r.created_at)"),
    "memberships": CHINA_DAY.format("coalesce(r.joined_at, r.applied_at)"),
    "projects": CHINA_DAY.format("coalesce(r.published_at, r.created_at)"),
    "sign_ups": CHINA_DAY.format("r.applied_at"),
    "service_records": CHINA_DAY.format("r.starts_at"),
    "reviews": CHINA_DAY.format("r.created_at"),
    "regions": "coalesce(r.valid_from, date '2000-01-01')",
}

# What is read here of a row that another lies by or counts with.
READ_OF = {
    "teams": "id, path, region_path, status",
    "projects": "id, categories",
    "volunteers": "id, region_path, status, registered_at",
}

_SOURCES = {
    "teams": "teams",
    "projects": "projects",
    "regions": "regions",
    "volunteers": "volunteers",
    "planned": PLANNED.format(posts="posts"),
}


def last_of(path: str) -> str:
    """The id of what lies at the end of a path."""
    return f"split_part(rtrim({path}, '/'), '/', -1)::bigint"


def facts(template: str, rows: str, day: str, **sources: str) -> str:
    """The SELECT over the given rows; sources that are not named are the tables themselves."""
    named = {each[1] for each in Formatter().parse(template) if each[1]}
    given = {**_SOURCES, **sources, "rows": rows, "day": day}
    return template.format(**{name: given[name] for name in named})
