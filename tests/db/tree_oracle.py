"""What must hold of the stored tree after any moves, worked out the slow way."""

from datetime import date
from itertools import pairwise
from typing import Any


def naive_path(teams: dict[int, Any], team_id: int) -> list[int]:
    """The ids from the root to the team, walked up by contact teams; fails on a cycle."""
    steps = [team_id]
    while (above := teams[steps[-1]]["contact_team_id"]) is not None:
        assert above not in steps, f"a cycle through {team_id}"
        steps.append(above)
    return steps[::-1]


async def check_tree(db: Any, *, today: date) -> None:
    """Paths, depths and history are those of the contact teams."""
    rows = await db.fetch("select id, contact_team_id, path, depth, region_path from teams")
    teams = {row["id"]: row for row in rows}
    for team in rows:
        steps = naive_path(teams, team["id"])
        assert team["path"] == "".join(f"{step}/" for step in steps)
        assert team["depth"] == len(steps)
    history: dict[int, list[Any]] = {}
    for row in await db.fetch("select * from team_attachments order by team_id, valid_from, id"):
        history.setdefault(row["team_id"], []).append(row)
    for team_id, stretches in history.items():
        check_history(teams[team_id], stretches, today=today)


def check_history(team: Any, stretches: list[Any], *, today: date) -> None:
    """One stretch is open, the last; each begins on the day on which the one before ends."""
    assert [stretch["valid_to"] is None for stretch in stretches] == [
        *[False] * (len(stretches) - 1),
        True,
    ]
    for before, after in pairwise(stretches):
        assert before["valid_to"] == after["valid_from"]
    last = stretches[-1]
    assert (last["path"], last["contact_team_id"], last["region_path"]) == (
        team["path"],
        team["contact_team_id"],
        team["region_path"],
    )
    assert last["valid_from"] <= today
