"""What the trigger of each counted table does: the difference between the facts after and before.

What lies where its team lies moves with the team. So that no fact is counted at a place that the
team leaves at the same moment, a change of a fact holds the row of its team (an insert holds it by
the foreign key), which a move has locked exclusively; each statement of a trigger sees what was
committed before it.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from db.ledger import facts
from db.ledger.changes import began, change, emit, past, since


def _if_changed(columns: tuple[str, ...], then: str, key: str = "id") -> str:
    """Does something if one of the columns changed in one of the rows.

    By a difference of sets: a join would be planned to find one changed row soon, and where none
    changed take each row with each.
    """
    compared = ", ".join((key, *columns))
    return f"""
    if exists (select {compared} from new_rows except select {compared} from old_rows) then
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
    table: str, templates: list[str], columns: tuple[str, ...], hold: str = "", key: str = "id"
) -> dict[str, str]:
    """The body for facts that follow from the row itself and where something of it lies."""
    first = f"least({facts.BEGAN[table]}, today)"
    inserted = [facts.facts(each, "new_rows", first) for each in templates]
    after = [facts.facts(each, "new_rows", began(table)) for each in templates]
    before = [facts.facts(each, "old_rows", began(table)) for each in templates]
    return {
        "insert": emit(inserted, []),
        "delete": change([], before),
        "update": _if_changed(columns, hold + change(after, before), key),
    }


def _volunteers() -> dict[str, str]:
    """A volunteer's own fact; where one comes, goes or moves, that of the identity."""
    columns = (
        "status", "region_path", "sex", "born_on", "star", "effective_minutes", "education",
        "employment", "political_status", "service_categories", "skills", "registered_at",
    )  # fmt: skip
    body = _simple("volunteers", [facts.VOLUNTEERS], columns)
    place = ("status", "region_path", "registered_at")
    proven = {
        side: facts.facts(
            facts.IDENTITIES,
            "volunteer_identities",
            began("volunteer_identities"),
            volunteers=_changed(side, place),
        )
        for side in "on"
    }
    body["update"] += _if_changed(place, change([proven["n"]], [proven["o"]]))
    return body


def _identities() -> dict[str, str]:
    """The kind of document; its volunteer is held shared, whose place and state it counts by."""
    hold = """
      perform from volunteers h where h.id in (select volunteer_id from new_rows)
      order by h.id for share;
"""
    return _simple(
        "volunteer_identities", [facts.IDENTITIES], ("id_type",), hold, key="volunteer_id"
    )


def _records() -> dict[str, str]:
    day = facts.BEGAN["service_records"]
    after = [facts.facts(facts.RECORDS, "new_rows", day)]
    before = [facts.facts(facts.RECORDS, "old_rows", day)]
    columns = (
        "status", "minutes", "starts_at", "region_path", "team_path", "volunteer_id", "project_id",
        "source", "is_overdue",
    )  # fmt: skip
    update = _hold("projects", "project_id") + emit(after, before)
    return {
        "insert": emit(after, []),
        "delete": emit([], before),
        "update": _if_changed(columns, update),
    }


PLACE = ("path", "region_path")


def _teams() -> dict[str, str]:
    """A team's own fact; where it moves, all stocks that lie where it lies."""
    columns = (
        "status", "hub_level", "path", "region_path", "region_id", "kind", "registration_status",
        "permission_group", "service_categories", "registered_at",
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
            facts.facts(template, table, since(table), teams=moved[side])
            for table, template in following.items()
        ]
        for side in "on"
    }
    for side in "on":
        stocks[side].append(past("team_id", moved[side], "r.region_path", "r.path"))
    body["update"] += _if_changed(PLACE, emit(stocks["n"], stocks["o"]))
    return body


def _projects() -> dict[str, str]:
    """A project's own fact; where its categories change, those of its records."""
    columns = ("status", "team_id", "scope", "categories", "targets", "published_at")
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
    body["update"] += _if_changed(("categories",), emit([recorded["n"]], [recorded["o"]]))
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
        day = began("projects")
        return change(
            [facts.facts(facts.PROJECTS, rows, day)],
            [facts.facts(facts.PROJECTS, rows, day, planned=before)],
        )

    return {
        "insert": difference(added=True, taken=False),
        "delete": difference(added=False, taken=True),
        "update": _if_changed(("planned", "project_id"), difference(added=True, taken=True)),
    }


def _regions() -> dict[str, str]:
    """The communities; where a region moves, the reviews that wait for its department.

    Where it lay until then is kept.
    """
    body = _simple("regions", [facts.COMMUNITIES], ("path", "level", "valid_from", "valid_to"))
    moved = {side: _changed(side, ("path",)) for side in "on"}
    there = {
        side: [
            facts.facts(facts.REGION_REVIEWS, "reviews", since("reviews"), regions=moved[side]),
            past("region_id", moved[side], "r.path", 'null::text collate "C"'),
        ]
        for side in "on"
    }
    kept = f"""
      insert into ledger_regions (region_id, path, until)
      select r.id, r.path, today from {moved["o"]} r;
"""
    body["update"] += _if_changed(("path",), emit(there["n"], there["o"]) + kept)
    return body


BODIES = {
    "volunteers": _volunteers(),
    "volunteer_identities": _identities(),
    "teams": _teams(),
    "memberships": _simple(
        "memberships",
        [facts.MEMBERSHIPS],
        ("status", "team_id", "volunteer_id", "joined_at", "applied_at"),
        hold=_hold("teams", "team_id"),
    ),
    "projects": _projects(),
    "posts": _posts(),
    "sign_ups": _simple(
        "sign_ups",
        [facts.SIGN_UPS],
        ("status", "team_id", "applied_at"),
        hold=_hold("teams", "team_id"),
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
