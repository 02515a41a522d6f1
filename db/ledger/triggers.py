"""The triggers by which every write of a counted table leaves its change of the ledger.

No write can forget them, whoever makes it: a use case, the clock, a bulk load, a redistricting.
They run within the statement that changes the rows, once for all of them, and append: no row is
changed that another writer might wait for.

What lies where its team lies moves with the team. So that no fact is counted at a place that the
team leaves at the same moment, a change of a fact holds the row of its team (an insert holds it by
the foreign key), which a move has locked exclusively; each statement of a trigger sees what was
committed before it.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from db.ledger import facts
from db.ledger.facts import COLUMNS

# The day of a change of stocks: today, unless the transaction says otherwise (``ledger.day``).
TODAY = (
    "coalesce(nullif(current_setting('ledger.day', true), '')::date,"
    " (now() at time zone 'Asia/Shanghai')::date)"
)
SET_DAY = "select set_config('ledger.day', $1::date::text, true)"

_FUNCTION = """
create or replace function ledger_{table}() returns trigger language plpgsql as $body$
declare
  today date := {today};
begin
  if tg_op = 'INSERT' then
    {insert}
  elsif tg_op = 'DELETE' then
    {delete}
  else
    {update}
  end if;
  return null;
end
$body$
"""
_EMIT = f"""
    insert into ledger_pending ({COLUMNS})
    select kind, day, region_path, team_path, person, thing, dims, sum(n), sum(quantity)
    from ({{signed}}) f
    group by kind, day, region_path, team_path, person, thing, dims
    having sum(n) <> 0 or sum(quantity) <> 0;
"""
_TRIGGERS = {
    "insert": "new table as new_rows",
    "update": "old table as old_rows new table as new_rows",
    "delete": "old table as old_rows",
}
_TRIGGER = """
create or replace trigger ledger_{act} after {act} on {table} referencing {given}
for each statement execute function ledger_{table}()
"""

# Where the team of a record lay on the day of the service; before its history began, where it
# began.
_PLACE_RECORD = """
create or replace function ledger_place_record() returns trigger language plpgsql as $body$
declare
  day date := (new.starts_at at time zone 'Asia/Shanghai')::date;
begin
  new.team_path := coalesce(
    (select a.path from team_attachments a
     where a.team_id = new.team_id and a.valid_from <= day
       and (a.valid_to is null or a.valid_to > day)
     order by a.valid_from desc, a.id desc limit 1),
    (select a.path from team_attachments a
     where a.team_id = new.team_id and a.valid_from > day order by a.valid_from, a.id limit 1),
    (select t.path from teams t where t.id = new.team_id));
  return new;
end
$body$
"""
_PLACE_TRIGGER = """
create or replace trigger ledger_place before insert on service_records
for each row when (new.team_path is null) execute function ledger_place_record()
"""


def trigger_statements() -> list[str]:
    """The statements that make all functions and triggers, or bring them up to date."""
    statements = [_PLACE_RECORD, _PLACE_TRIGGER]
    for table, body in _BODIES.items():
        statements.append(_FUNCTION.format(table=table, today=TODAY, **body))
        statements += [
            _TRIGGER.format(table=table, act=act, given=given) for act, given in _TRIGGERS.items()
        ]
    return statements


def _emit(added: list[str], taken: list[str]) -> str:
    """Appends the difference between what rows count as and what they counted as."""
    both = [f"select {COLUMNS} from ({each}) added" for each in added]
    minus = COLUMNS.replace("n, quantity", "-n as n, -quantity as quantity")
    both += [f"select {minus} from ({each}) taken" for each in taken]
    return _EMIT.format(signed="\n      union all\n".join(both))


def _if_changed(columns: tuple[str, ...], then: str) -> str:
    """Does something if one of the columns changed in one of the rows."""
    before = ", ".join(f"o.{column}" for column in columns)
    after = ", ".join(f"n.{column}" for column in columns)
    return f"""
    if exists (select from old_rows o join new_rows n on n.id = o.id
               where ({before}) is distinct from ({after})) then
      {then}
    end if;
"""


def _hold(table: str, column: str) -> str:
    """Holds the rows that say where the changed facts lie, in id order."""
    return f"""
      perform from {table} h where h.id in (
        select {column} from old_rows union select {column} from new_rows)
      order by h.id for key share;
"""


def _changed(side: str, columns: tuple[str, ...]) -> str:
    """The rows of one side of an update of which one of the columns changed."""
    before = ", ".join(f"o.{column}" for column in columns)
    after = ", ".join(f"n.{column}" for column in columns)
    return (
        f"(select {side}.* from old_rows o join new_rows n on n.id = o.id"
        f" where ({before}) is distinct from ({after}))"
    )


def _simple(
    table: str, templates: list[str], columns: tuple[str, ...], hold: str = ""
) -> dict[str, str]:
    """The body for facts that follow from the row itself and where something of it lies."""
    began = f"least({facts.BEGAN[table]}, today)"
    inserted = [facts.facts(each, "new_rows", began) for each in templates]
    after = [facts.facts(each, "new_rows", "today") for each in templates]
    before = [facts.facts(each, "old_rows", "today") for each in templates]
    return {
        "insert": _emit(inserted, []),
        "delete": _emit([], before),
        "update": _if_changed(columns, hold + _emit(after, before)),
    }


def _records() -> dict[str, str]:
    day = facts.BEGAN["service_records"]
    after = [facts.facts(facts.RECORDS, "new_rows", day)]
    before = [facts.facts(facts.RECORDS, "old_rows", day)]
    columns = (
        "status", "minutes", "starts_at", "region_path", "team_path", "volunteer_id", "project_id",
        "source", "is_overdue",
    )  # fmt: skip
    update = _hold("projects", "project_id") + _emit(after, before)
    return {
        "insert": _emit(after, []),
        "delete": _emit([], before),
        "update": _if_changed(columns, update),
    }


PLACE = ("path", "region_path")


def _teams() -> dict[str, str]:
    """A team's own fact; where it moves, all stocks that lie where it lies."""
    columns = (
        "status", "hub_level", "path", "region_path", "region_id", "kind", "registration_status",
        "permission_group", "service_categories",
    )  # fmt: skip
    body = _simple("teams", [facts.TEAMS], columns)
    following = {
        "memberships": facts.MEMBERSHIPS,
        "projects": facts.PROJECTS,
        "sign_ups": facts.SIGN_UPS,
        "reviews": facts.TEAM_REVIEWS,
    }
    moved = {side: _changed(side, PLACE) for side in "on"}
    stocks = {
        side: [
            facts.facts(template, table, "today", teams=moved[side])
            for table, template in following.items()
        ]
        for side in "on"
    }
    body["update"] += _if_changed(PLACE, _emit(stocks["n"], stocks["o"]))
    return body


def _projects() -> dict[str, str]:
    """A project's own fact; where its categories change, those of its records."""
    columns = ("status", "team_id", "scope", "categories", "targets")
    body = _simple("projects", [facts.PROJECTS], columns, hold=_hold("teams", "team_id"))
    day = facts.BEGAN["service_records"]
    recorded = {
        side: facts.facts(
            facts.RECORDS,
            f"(select s.* from service_records s join {_changed(side, ('categories',))} c"
            " on c.id = s.project_id)",
            day,
            projects=f"{'old' if side == 'o' else 'new'}_rows",
        )
        for side in "on"
    }
    body["update"] += _if_changed(("categories",), _emit([recorded["n"]], [recorded["o"]]))
    return body


def _posts() -> dict[str, str]:
    """A post's places count for its project, with its scale of headcount."""

    def difference(*, added: bool, taken: bool) -> str:
        touched = " union ".join(
            f"select project_id from {side}"
            for side, given in (("new_rows", added), ("old_rows", taken))
            if given
        )
        rows = f"(select * from projects where id in ({touched}))"
        now = facts.PLANNED.format(posts="posts")
        before = now
        if added:
            before = f"({before} - {facts.PLANNED.format(posts='new_rows')})"
        if taken:
            before = f"({before} + {facts.PLANNED.format(posts='old_rows')})"
        return _emit(
            [facts.facts(facts.PROJECTS, rows, "today")],
            [facts.facts(facts.PROJECTS, rows, "today", planned=before)],
        )

    return {
        "insert": difference(added=True, taken=False),
        "delete": difference(added=False, taken=True),
        "update": _if_changed(("planned", "project_id"), difference(added=True, taken=True)),
    }


def _regions() -> dict[str, str]:
    """The communities; where a region moves, the reviews that wait for its department."""
    body = _simple("regions", [facts.COMMUNITIES], ("path", "level", "valid_to"))
    waiting = {
        side: facts.facts(
            facts.REGION_REVIEWS, "reviews", "today", regions=_changed(side, ("path",))
        )
        for side in "on"
    }
    body["update"] += _if_changed(("path",), _emit([waiting["n"]], [waiting["o"]]))
    return body


_BODIES = {
    "volunteers": _simple(
        "volunteers",
        [facts.VOLUNTEERS],
        (
            "status",
            "region_path",
            "sex",
            "born_on",
            "star",
            "effective_minutes",
            "education",
            "employment",
            "political_status",
            "service_categories",
        ),
    ),
    "teams": _teams(),
    "memberships": _simple(
        "memberships",
        [facts.MEMBERSHIPS],
        ("status", "team_id", "volunteer_id"),
        hold=_hold("teams", "team_id"),
    ),
    "projects": _projects(),
    "posts": _posts(),
    "sign_ups": _simple(
        "sign_ups", [facts.SIGN_UPS], ("status", "team_id"), hold=_hold("teams", "team_id")
    ),
    "service_records": _records(),
    "reviews": _simple(
        "reviews",
        [facts.TEAM_REVIEWS, facts.REGION_REVIEWS],
        ("state", "kind", "reviewer_team_id", "reviewer_region_id"),
        hold=_hold("teams", "reviewer_team_id"),
    ),
    "regions": _regions(),
}
