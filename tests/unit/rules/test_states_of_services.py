"""The whole tables of certificates, complaints, articles, checks, needs and rewards, step by step.

The machines under Hypothesis follow these tables; so what the tables allow is written down here
once more, after DOMAIN §6.5 to §6.7 and Order 67 §21.
"""

from enum import StrEnum
from typing import Any

import pytest

from db.enums import (
    AnswerStatus,
    CertificateStatus,
    ComplaintStatus,
    InspectionStatus,
    MatchStatus,
    RedemptionStatus,
    SubmissionStatus,
)
from resolvers.rules.certificate_states import CERTIFICATE
from resolvers.rules.inspection_states import INSPECTION
from resolvers.rules.matching_states import ANSWER, NEED, OFFER
from resolvers.rules.reward_states import REDEMPTION
from resolvers.rules.states import Machine
from resolvers.rules.voice_states import COMPLAINT, SUBMISSION

MATCH = "OPEN>MET OPEN>CLOSED OPEN>EXPIRED"
TABLES: dict[str, tuple[Machine[Any], type[StrEnum], str]] = {
    "certificate": (
        CERTIFICATE,
        CertificateStatus,
        "REQUESTED>ISSUED REQUESTED>DECLINED ISSUED>REVOKED ISSUED>SUPERSEDED SUPERSEDED>REVOKED",
    ),
    "complaint": (
        COMPLAINT,
        ComplaintStatus,
        (
            "SUBMITTED>ACCEPTED SUBMITTED>TRANSFERRED TRANSFERRED>ACCEPTED TRANSFERRED>TRANSFERRED"
            " ACCEPTED>INVESTIGATING ACCEPTED>TRANSFERRED INVESTIGATING>UPHELD"
            " INVESTIGATING>DISMISSED"
            " UPHELD>CLOSED UPHELD>SUBMITTED DISMISSED>CLOSED DISMISSED>SUBMITTED"
        ),
    ),
    "article": (
        SUBMISSION,
        SubmissionStatus,
        (
            "DRAFT>SUBMITTED DRAFT>WITHDRAWN SUBMITTED>REVIEWED SUBMITTED>RETURNED"
            " SUBMITTED>WITHDRAWN"
            " REVIEWED>PUBLISHED REVIEWED>RETURNED REVIEWED>WITHDRAWN RETURNED>SUBMITTED"
            " RETURNED>WITHDRAWN PUBLISHED>OFFLINE PUBLISHED>WITHDRAWN OFFLINE>PUBLISHED"
            " OFFLINE>WITHDRAWN"
        ),
    ),
    "check": (
        INSPECTION,
        InspectionStatus,
        (
            "DRAWN>MATERIALS_ASKED DRAWN>CANCELLED MATERIALS_ASKED>EXAMINED"
            " MATERIALS_ASKED>CANCELLED"
            " EXAMINED>PUBLISHED EXAMINED>CANCELLED"
        ),
    ),
    "need": (NEED, MatchStatus, MATCH),
    "offer": (OFFER, MatchStatus, MATCH),
    "answer": (
        ANSWER,
        AnswerStatus,
        "PENDING>ACCEPTED PENDING>DECLINED PENDING>WITHDRAWN ACCEPTED>WITHDRAWN",
    ),
    "reward": (REDEMPTION, RedemptionStatus, "REQUESTED>GRANTED REQUESTED>CANCELLED"),
}


@pytest.mark.parametrize(("machine", "states", "steps"), TABLES.values(), ids=TABLES)
def test_machine_allows_these_steps_and_no_others(
    machine: Machine[Any], states: type[StrEnum], steps: str
) -> None:
    allowed = {f"{now}>{to}" for now in states for to in states if machine.allows(now, to)}

    assert allowed == set(steps.split())


@pytest.mark.parametrize(("machine", "states", "steps"), TABLES.values(), ids=TABLES)
def test_every_state_has_a_row_and_can_be_reached(
    machine: Machine[Any], states: type[StrEnum], steps: str
) -> None:
    reached = {*machine.first} | {step.split(">")[1] for step in steps.split()}

    assert set(machine.moves) == set(states)
    assert reached == set(states)
