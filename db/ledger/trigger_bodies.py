"""What the trigger of each counted table does: the difference between the facts after and before.

What lies where its team lies moves with the team. So that no fact is counted at a place that the
team leaves at the same moment, a change of a fact holds the row of its team (an insert holds it by
the foreign key), which a move has locked exclusively; each statement of a trigger sees what was
committed before it. So it counts right under READ COMMITTED, for moves that lock their teams first,
and for statements that do not change at once a team and what lies by it, as all use cases do; what
an operator does otherwise, ``stats verify`` shows and ``stats rebuild`` mends.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from db.ledger import facts
from db.ledger.changes import began, change, emit, past, since
from db.ledger.transition import (
    NEW,
    OLD,
    changed,
    hold,
    ids,
    if_changed,
    of_changed,
    of_row,
    with_numbers,
)


def _simple(
    table: str,
    templates: list[str],
    columns: tuple[str, ...],
    lies_by: tuple[str, str, str] | None = None,
    key: str = "id",
) -> dict[str, str]:
    """The body for facts that follow from the row itself and where something of it lies.

    That is a row of another table, which column names it, and how it is held.
    """
    first = f"least({facts.BEGAN[table]}, today)"
    held, gone, sources = "", "", {}
    if lies_by is not None:
        there, column, strength = lies_by
        sources[there] = of_row(there, column)
        held = hold(there, ids(column, OLD, NEW), strength)
        gone = hold(there, ids(column, OLD), strength)
    inserted = [facts.facts(each, NEW, first, **sources) for each in templates]
    after = [facts.facts(each, NEW, began(table), **sources) for each in templates]
    before = [facts.facts(each, OLD, began(table), **sources) for each in templates]
    return {
        "insert": emit(inserted, []),
        "delete": gone + change([], before),
        "update": if_changed(columns, held + change(after, before), key),
    }


_BY_TEAM = ("teams", "team_id", "key share")


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
            volunteers=changed(side, place),
        )
        for side in (OLD, NEW)
    }
    body["update"] += if_changed(place, change([proven[NEW]], [proven[OLD]]))
    return body


def _identities() -> dict[str, str]:
    """The kind of document; its volunteer is held shared, whose place and state it counts by."""
    return _simple(
        "volunteer_identities",
        [facts.IDENTITIES],
        ("id_type",),
        lies_by=("volunteers", "volunteer_id", "share"),
        key="volunteer_id",
    )


def _records() -> dict[str, str]:
    day = facts.BEGAN["service_records"]
    project, team = of_row("projects", "project_id"), of_row("teams", "team_id")
    after = [facts.facts(facts.RECORDS, NEW, day, projects=project)]
    before = [facts.facts(facts.RECORDS, OLD, day, projects=project)]
    came = facts.facts(facts.LISTED_RECORDS, NEW, facts.TIMELESS, teams=team)
    went = facts.facts(facts.LISTED_RECORDS, OLD, facts.TIMELESS, teams=team)
    columns = (
        "status", "minutes", "starts_at", "region_path", "team_path", "volunteer_id", "project_id",
        "source", "is_overdue",
    )  # fmt: skip
    update = hold("projects", ids("project_id", OLD, NEW)) + emit(after, before)
    passed = hold("teams", ids("team_id", OLD, NEW)) + emit([came], [went])
    gone = hold("teams", ids("team_id", OLD)) + hold("projects", ids("project_id", OLD))
    return {
        "insert": emit([*after, came], []),
        "delete": gone + emit([], [*before, went]),
        "update": if_changed(columns, update) + if_changed(("team_id",), passed),
    }


PLACE = ("path", "region_path")
# By which it is told where a team's projects lie, and whether they are for everybody.
SHOWING = (*PLACE, "status")


def _teams() -> dict[str, str]:
    """A team's own fact; where it moves, all stocks that lie where it lies.

    Where it stops or begins to work, how many projects all see.
    """
    columns = (
        "status", "hub_level", "path", "region_path", "region_id", "kind", "registration_status",
        "permission_group", "service_categories", "registered_at",
    )  # fmt: skip
    body = _simple("teams", [facts.TEAMS], columns)
    following = {
        "memberships": facts.MEMBERSHIPS,
        "projects": facts.PROJECTS,
        "sign_ups": facts.SIGN_UPS,
    }
    waiting = {"key": "reviewer_team_id", "which": "state = 'PENDING'"}
    moved, shown = {}, {}
    for side in (OLD, NEW):
        moved[side] = [
            *(
                facts.facts(template, day=since(table), **of_changed(side, PLACE, table))
                for table, template in following.items()
            ),
            facts.facts(
                facts.TEAM_REVIEWS,
                day=since("reviews"),
                **of_changed(side, PLACE, "reviews", **waiting),
            ),
            past("team_id", changed(side, PLACE), "r.region_path", "r.path"),
        ]
        shown[side] = facts.facts(
            facts.LISTED_PROJECTS, day=facts.TIMELESS, **of_changed(side, SHOWING, "projects")
        )
    records = with_numbers(PLACE, "service_records")
    moved[NEW].append(facts.facts(facts.LISTED_WITH_TEAM, records, facts.TIMELESS))
    body["update"] += if_changed(PLACE, emit(moved[NEW], moved[OLD]))
    showing = if_changed((*PLACE, facts.WORKS), emit([shown[NEW]], [shown[OLD]]))
    body["update"] += showing
    return body


def _projects() -> dict[str, str]:
    """A project's own fact; where its categories change, those of its records.

    Whether it is for everybody hangs on its team, which may stop at the same moment: it is held, so
    that this waits for it, or it sees this.
    """
    columns = ("status", "team_id", "scope", "categories", "targets", "published_at")
    body = _simple("projects", [facts.PROJECTS], columns, _BY_TEAM)
    day = facts.BEGAN["service_records"]
    recorded = {
        side: facts.facts(
            facts.RECORDS,
            day=day,
            **of_changed(
                side, ("categories",), "service_records", key="project_id", there="projects"
            ),
        )
        for side in (OLD, NEW)
    }
    body["update"] += if_changed(("categories",), emit([recorded[NEW]], [recorded[OLD]]))
    team = of_row("teams", "team_id")
    came = facts.facts(facts.LISTED_PROJECTS, NEW, facts.TIMELESS, teams=team)
    went = facts.facts(facts.LISTED_PROJECTS, OLD, facts.TIMELESS, teams=team)
    showing = ("team_id", facts.PUBLISHED)
    shown_otherwise = " union ".join(
        f"select team_id from {changed(side, showing)} {side[0]}" for side in (OLD, NEW)
    )
    body["insert"] = hold("teams", ids("team_id", NEW), "share") + body["insert"]
    body["insert"] += emit([came], [])
    body["delete"] = hold("teams", ids("team_id", OLD), "share") + body["delete"]
    body["delete"] += emit([], [went])
    body["update"] += if_changed(
        showing, hold("teams", shown_otherwise, "share") + emit([came], [went])
    )
    return body


def _posts() -> dict[str, str]:
    """A post's places count for its project, with its scale of headcount."""

    def difference(*sides: str) -> str:
        rows = f"(select * from projects where id = any(array({ids('project_id', *sides)})))"
        now = facts.PLANNED.format(posts="posts")
        before = now
        if NEW in sides:
            before = f"({before} - {facts.PLANNED.format(posts=NEW)})"
        if OLD in sides:
            before = f"({before} + {facts.PLANNED.format(posts=OLD)})"
        day, team = began("projects"), of_row("teams", "team_id")
        return change(
            [facts.facts(facts.PROJECTS, rows, day, teams=team)],
            [facts.facts(facts.PROJECTS, rows, day, teams=team, planned=before)],
        )

    return {
        "insert": difference(NEW),
        "delete": difference(OLD),
        "update": if_changed(("planned", "project_id"), difference(OLD, NEW)),
    }


def _regions() -> dict[str, str]:
    """The communities; where a region moves, the reviews that wait for its department.

    Where it lay until then is kept.
    """
    body = _simple("regions", [facts.COMMUNITIES], ("path", "level", "valid_from", "valid_to"))
    waiting = {"key": "reviewer_region_id", "which": "state = 'PENDING'"}
    moved = {side: changed(side, ("path",)) for side in (OLD, NEW)}
    there = {
        side: [
            facts.facts(
                facts.REGION_REVIEWS,
                day=since("reviews"),
                **of_changed(side, ("path",), "reviews", **waiting, there="regions"),
            ),
            past("region_id", moved[side], "r.path", 'null::text collate "C"'),
        ]
        for side in (OLD, NEW)
    }
    kept = f"""
      insert into ledger_regions (region_id, path, until)
      select r.id, r.path, today from {moved[OLD]} r;
"""
    body["update"] += if_changed(("path",), emit(there[NEW], there[OLD]) + kept)
    return body


BODIES = {
    "volunteers": _volunteers(),
    "volunteer_identities": _identities(),
    "teams": _teams(),
    "memberships": _simple(
        "memberships",
        [facts.MEMBERSHIPS],
        ("status", "team_id", "volunteer_id", "joined_at", "applied_at"),
        _BY_TEAM,
    ),
    "projects": _projects(),
    "posts": _posts(),
    "sign_ups": _simple(
        "sign_ups",
        [facts.SIGN_UPS],
        ("status", "team_id", "applied_at"),
        _BY_TEAM,
    ),
    "service_records": _records(),
    "reviews": _simple(
        "reviews",
        [facts.TEAM_REVIEWS, facts.REGION_REVIEWS],
        ("state", "kind", "reviewer_team_id", "reviewer_region_id"),
        ("teams", "reviewer_team_id", "key share"),
    ),
    "regions": _regions(),
}
