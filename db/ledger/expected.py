"""What the ledger must come to, counted anew from the base tables.

Written apart from the facts that triggers count by: it joins where they copy, counts persons where
they keep leaves, and walks up the trees by parents rather than by paths, so that a mistake of the
one is no mistake of the other. Only where a record lay on its day is read off the record.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

_DAY = "({} at time zone 'Asia/Shanghai')::date"
_MONTH = "to_char({}, 'YYYYMM')::int"
_YMD = "to_char({}, 'YYYYMMDD')::int"

# Every region and team with each of those above it, itself among them, by parents.
_CHAINS = """
  regions_above as materialized (
    with recursive up as (
      select id, id as scope, parent_id from regions
      union all
      select up.id, r.id, r.parent_id from up join regions r on r.id = up.parent_id
    ) select id, scope from up
  ),
  teams_above as materialized (
    with recursive up as (
      select id, id as scope, contact_team_id from teams
      union all
      select up.id, t.id, t.contact_team_id from up join teams t on t.id = up.contact_team_id
    ) select id, scope from up
  )
"""

_COUNTED_TEAM = "t.status in ('ENABLED', 'CHANGE_PENDING')"


def _coded(column: str) -> str:
    """A national code of two digits, or that it is another text, or none."""
    known = f"case when {column} similar to '[0-9][0-9]' then {column} else 'OTHER' end"
    return f"case when {column} is not null then {known} else 'NONE' end"


def _scale(column: str, bounds: tuple[int, ...]) -> str:
    whens = " ".join(f"when {column} < {bound} then {n}" for n, bound in enumerate(bounds))
    return f"(case {whens} else {len(bounds)} end)"


def _broken(
    kind: str, source: str, place: str, *, quantity: str = "0", dims: dict[str, str]
) -> list[str]:
    """One figure for all, and one for each value of each dimension; ``unnest`` is multi-valued."""
    parts = [f"select '{kind}' as name, {place}, 1 as n, {quantity} as quantity from {source}"]
    for dimension, value in dims.items():
        if value.startswith("unnest"):
            array = value.removeprefix("unnest(").removesuffix(")")
            parts.append(
                f"select '{kind}/{dimension}:' || v, {place}, 1, {quantity} from {source}"
                f" cross join lateral (select distinct v from unnest({array}) v) vs"
            )
        else:
            parts.append(
                f"select '{kind}/{dimension}:' || {value}, {place}, 1, {quantity} from {source}"
            )
    return parts


# Skills that are counted by their names; of the others, that there are some.
_SKILLS = (
    "急救 医疗护理 心理疏导 手语 外语 法律咨询 教学 计算机 摄影 文艺表演 书画 写作 体育 理发 烹饪"
    " 家电维修 水电维修 驾驶 消防"
)
_NAMED_SKILLS = (
    "(select array_agg(case when s = any(string_to_array('"
    + _SKILLS
    + "', ' ')) then s else 'OTHER' end) from unnest(v.skills) s)"
)
_MINUTES = (1, 10 * 60, 50 * 60, 100 * 60, 300 * 60, 600 * 60, 1000 * 60, 1500 * 60)
# Each team with its own members and minutes, summed once: a subquery would be asked by each scale.
_SIZED_TEAMS = """
  sized_teams as materialized (
    select t.*, coalesce(m.n, 0) as members, coalesce(s.minutes, 0) as served from teams t
    left join (
      select team_id, count(*) as n from memberships where status = 'JOINED' group by 1
    ) m on m.team_id = t.id
    left join (
      select team_id, sum(minutes) as minutes from effective group by 1
    ) s on s.team_id = t.id
  )
"""
_TEAM_DIMS = {
    "kind": "t.kind",
    "registration": "t.registration_status",
    "category": "unnest(t.service_categories)",
}
_AT_TEAM = "t.region_id, t.id as team_id"

# Stocks: (name, region_id, team_id, n, quantity), as they stand now.
_STOCKS = [
    *_broken(
        "volunteer",
        "(select * from volunteers where status = 'ENABLED') v",
        "v.region_id, null::bigint as team_id",
        dims={
            "sex": "v.sex",
            "born": "to_char(v.born_on, 'FMYYYY')",
            "star": "v.star::text",
            "hours": _scale("v.effective_minutes", _MINUTES),
            "education": _coded("v.education"),
            "employment": _coded("v.employment"),
            "politics": _coded("v.political_status"),
            "category": "unnest(v.service_categories)",
            "skill": f"unnest({_NAMED_SKILLS})",
        },
    ),
    (
        "select 'volunteer/id:' || i.id_type, v.region_id, null::bigint, 1, 0"
        " from volunteer_identities i join volunteers v on v.id = i.volunteer_id"
        " where v.status = 'ENABLED'"
    ),
    *(
        part
        for kind, which, more in (
            ("team", "not t.is_hub", _TEAM_DIMS),
            ("hub", "t.is_hub", {}),
        )
        for part in _broken(
            kind,
            f"(select * from sized_teams t where {_COUNTED_TEAM} and {which}) t",
            _AT_TEAM,
            dims={
                "group": "t.permission_group",
                "size": _scale("t.members", (1, 10, 30, 100, 300, 1000)),
                "hours": _scale("t.served", (1, 100 * 60, 1000 * 60, 10_000 * 60, 100_000 * 60)),
                **more,
            },
        )
    ),
    "select 'disabled_team', t.region_id, t.id, 1, 0 from teams t where t.status = 'DISABLED'",
    (
        "select 'member', t.region_id, t.id, 1, 0"
        " from memberships m join teams t on t.id = m.team_id where m.status = 'JOINED'"
    ),
    *_broken(
        "project",
        "(select p.*, coalesce((select sum(planned) from posts where project_id = p.id), 0) planned"
        " from projects p where p.status in ('WAITING', 'RUNNING', 'CLOSED', 'MAKE_UP')) p"
        " join teams t on t.id = p.team_id",
        _AT_TEAM,
        quantity="p.planned",
        dims={
            "status": "p.status",
            "scope": "p.scope",
            "headcount": _scale("p.planned", (1, 10, 30, 100, 300)),
            "category": "unnest(p.categories)",
            "target": "unnest(p.targets)",
        },
    ),
    (
        "select 'listed_record', t.region_id, t.id, 1, 0"
        " from service_records s join teams t on t.id = s.team_id"
    ),
    *(
        f"select '{name}', t.region_id, t.id, 1, 0"
        f" from projects p join teams t on t.id = p.team_id where {which} (p.status in"
        " ('WAITING', 'RUNNING', 'CLOSED', 'MAKE_UP')"
        " and t.status in ('ENABLED', 'CHANGE_PENDING'))"
        for name, which in (("listed_project", ""), ("other_project", "not"))
    ),
    *_broken(
        "sign_up",
        "sign_ups s join teams t on t.id = s.team_id",
        _AT_TEAM,
        dims={"status": "s.status"},
    ),
    *_broken(
        "review",
        "(select * from reviews where state = 'PENDING') w"
        " join teams t on t.id = w.reviewer_team_id",
        _AT_TEAM,
        dims={"kind": "w.kind"},
    ),
    *_broken(
        "review",
        "(select * from reviews where state = 'PENDING' and reviewer_region_id is not null) w",
        "w.reviewer_region_id as region_id, null::bigint as team_id",
        dims={"kind": "w.kind"},
    ),
    (
        "select 'community', r.id, null::bigint, 1, 0"
        " from regions r where r.level = 'VILLAGE' and r.valid_to is null"
    ),
]

# Flows: (name, region_path, team_path, day, n, quantity), where they lay on their day.
_FLOWS = [
    each.replace("select ", f"select {_DAY.format('s.starts_at')} as day, ", 1)
    for each in (
        *_broken(
            "record",
            "(select s.*, coalesce(p.categories, array['NONE']) categories from service_records s"
            " left join projects p on p.id = s.project_id where s.status = 'EFFECTIVE') s",
            "s.region_path, s.team_path",
            quantity="s.minutes",
            dims={"source": "s.source", "category": "unnest(s.categories)"},
        ),
        (
            "select 'overdue', s.region_path, s.team_path, 1, 0 from service_records s"
            " where s.is_overdue and s.status in"
            " ('OPEN', 'APPLIED', 'NOT_EFFECTIVE', 'EFFECTIVE', 'DISPUTED')"
        ),
    )
]

# Persons and things that are counted once in each scope: (name, who, period, scope).
_ONCE = f"""
  select 'people' as name, m.volunteer_id as who, 0 as period, a.scope
  from memberships m join teams t on t.id = m.team_id join regions_above a on a.id = t.region_id
  where m.status = 'JOINED'
  union select 'people', m.volunteer_id, 0, -a.scope
  from memberships m join teams_above a on a.id = m.team_id where m.status = 'JOINED'
  union select 'covered', r.id, 0, a.scope
  from regions r join regions_above a on a.id = r.id
  where r.level = 'VILLAGE'
    and exists (select from teams t where t.region_id = r.id and {_COUNTED_TEAM})
  union select 'active', s.volunteer_id, {_MONTH.format(_DAY.format("s.starts_at"))}, p.scope
  from effective s cross join lateral ({{places}}) p
  union select 'served', s.project_id, 0, p.scope
  from effective s cross join lateral ({{places}}) p where s.project_id is not null
"""
_PLACES = """
  select u::bigint as scope from regexp_split_to_table(rtrim(s.region_path, '/'), '/') u
  union all select -u::bigint from regexp_split_to_table(rtrim(s.team_path, '/'), '/') u
"""

EXPECTED = f"""
create temp table ledger_expected on commit drop as
with {_CHAINS},
effective as materialized (select * from service_records where status = 'EFFECTIVE'),
{_SIZED_TEAMS},
stocks as materialized (
  select name, region_id, team_id, sum(n)::bigint as n, sum(quantity)::bigint as quantity
  from ({" union all ".join(_STOCKS)}) f group by 1, 2, 3
),
flows as materialized (
  select name, region_path, team_path, day, sum(n)::bigint as n, sum(quantity)::bigint as quantity
  from ({" union all ".join(_FLOWS)}) f group by 1, 2, 3, 4
),
flowed as (
  select name, p.scope, day, sum(n)::bigint as n, sum(quantity)::bigint as quantity
  from flows s cross join lateral ({_PLACES}) p group by 1, 2, 3
),
every as (
  select a.scope, f.name, 0 as period, f.n, f.quantity
  from stocks f join regions_above a on a.id = f.region_id
  union all
  select -a.scope, f.name, 0, f.n, f.quantity from stocks f join teams_above a on a.id = f.team_id
  union all select scope, name, 0, n, quantity from flowed where strpos(name, '/') = 0
  union all select scope, name, {_MONTH.format("day")}, n, quantity from flowed
  union all
  select scope, name, {_YMD.format("day")}, n, quantity from flowed where strpos(name, '/') = 0
  union all
  select scope, name, period, 1, 0 from ({_ONCE.format(places=_PLACES)}) o
)
select scope, name, period, sum(n)::bigint as n, sum(quantity)::bigint as quantity
from every group by 1, 2, 3
"""
