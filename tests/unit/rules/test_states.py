"""State machines: every state has its row, and what no source allows is refused."""

from enum import StrEnum
from typing import Any

import pytest

from db.enums import MembershipStatus, ProjectStatus, RecordStatus, SignUpStatus, TeamStatus
from permissions.errors import UserError, UserErrorCode
from resolvers.rules.states import MEMBERSHIP, PROJECT, RECORD, SIGN_UP, TEAM, Machine

MACHINES: list[tuple[Machine[Any], type[StrEnum]]] = [
    (TEAM, TeamStatus),
    (MEMBERSHIP, MembershipStatus),
    (PROJECT, ProjectStatus),
    (SIGN_UP, SignUpStatus),
    (RECORD, RecordStatus),
]


@pytest.mark.parametrize(("machine", "states"), MACHINES)
def test_every_state_has_a_row_and_can_be_reached(
    machine: Machine[Any], states: type[StrEnum]
) -> None:
    reached = set(machine.first).union(*machine.moves.values())

    assert set(machine.moves) == set(states)
    assert reached == set(states)


@pytest.mark.parametrize(
    ("machine", "now", "to"),
    [
        (TEAM, TeamStatus.PENDING, TeamStatus.DISABLED),
        (TEAM, TeamStatus.REJECTED, TeamStatus.ENABLED),
        (TEAM, TeamStatus.DISSOLVED, TeamStatus.ENABLED),
        (TEAM, TeamStatus.ENABLED, TeamStatus.ENABLED),
        (TEAM, None, TeamStatus.ENABLED),
        (PROJECT, ProjectStatus.CLOSED, ProjectStatus.DISABLED),
        (PROJECT, ProjectStatus.REJECTED, ProjectStatus.RUNNING),
        (PROJECT, ProjectStatus.MAKE_UP, ProjectStatus.RUNNING),
        (SIGN_UP, SignUpStatus.APPLIED, SignUpStatus.ATTENDED),
        (SIGN_UP, SignUpStatus.ATTENDED, SignUpStatus.NO_SHOW),
        (SIGN_UP, SignUpStatus.ACCEPTED, SignUpStatus.REFUSED),
        (RECORD, RecordStatus.OPEN, RecordStatus.DISPUTED),
        (RECORD, RecordStatus.VOID, RecordStatus.EFFECTIVE),
        (RECORD, RecordStatus.REJECTED, RecordStatus.EFFECTIVE),
    ],
)
def test_forbidden_step_is_refused(machine: Machine[Any], now: StrEnum | None, to: StrEnum) -> None:
    assert not machine.allows(now, to)
    assert machine.refusal(now, to, field="id") is not None


def test_refusal_names_the_state() -> None:
    assert TEAM.refusal(TeamStatus.DISSOLVED, TeamStatus.ENABLED, field="teamId") == UserError(
        UserErrorCode.WRONG_STATE, "teamId", "A team that is DISSOLVED cannot become ENABLED."
    )
    assert TEAM.refusal(TeamStatus.DISABLED, TeamStatus.ENABLED, field=None) is None


def test_every_record_but_a_void_one_can_be_voided() -> None:
    assert RECORD.before(RecordStatus.VOID) == set(RecordStatus) - {RecordStatus.VOID}
