"""The state machine of certificates under Hypothesis, against the database itself."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from db.enums import CertificateStatus
from db.session import Database
from db.urls import asyncpg_dsn
from resolvers.certificate_checks import CheckState
from resolvers.certificate_requests import cancel_request
from resolvers.certificate_wish import Wish
from resolvers.rules.certificate_states import CERTIFICATE
from tests.certificates.office import DESK, Office, codes, item_codes
from tests.servers import Databases
from tests.small_world import Planter, empty_station

SHOWN = {"ISSUED": CheckState.VALID, "REVOKED": CheckState.REVOKED}


class Certificates(RuleBasedStateMachine):
    """One volunteer and one team; what the model expects is what the database holds."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.database = Database(self.url)
        self.status: dict[int, str] = {}
        self.outdated: set[int] = set()
        self.signed: dict[int, tuple[Any, ...]] = {}
        self.run(self._open())

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    async def _open(self) -> None:
        await self.database.open()
        self.db = await asyncpg.connect(asyncpg_dsn(self.url))
        self.office = await Office.open(Planter(self.database))
        self.volunteer, self.viewer = await self.office.person()
        self.manager = await self.office.forest.manager("team")
        self.record = await self.office.record(self.volunteer)

    def teardown(self) -> None:
        self.run(self.db.close())
        self.run(self.database.close())
        self.loop.close()

    def last(self, *states: str) -> int:
        return next(each for each in reversed(self.status) if self.status[each] in states)

    def has(self, *states: str) -> bool:
        return any(status in states for status in self.status.values())

    def issued(self, certificate_id: int) -> None:
        self.status[certificate_id] = "ISSUED"
        self.signed[certificate_id] = self.row(certificate_id)

    def row(self, certificate_id: int) -> tuple[Any, ...]:
        return tuple(
            self.run(
                self.db.fetchrow(
                    "select certificate_no, snapshot, minutes, digest, signature, key_id,"
                    " issued_at, remark from certificates where id = $1",
                    certificate_id,
                )
            )
        )

    @rule()
    def prints(self) -> None:
        outcome = self.run(self.office.printed(self.viewer))
        assert codes(outcome) == []
        self.issued(outcome.subject_id)

    @rule()
    def asks(self) -> None:
        outcome = self.run(self.office.requested(self.viewer))
        assert codes(outcome) == (["ALREADY_APPLIED"] if self.has("REQUESTED") else [])
        if outcome.subject_id:
            self.status[outcome.subject_id] = "REQUESTED"

    @precondition(lambda self: self.has("REQUESTED"))
    @rule()
    def takes_back(self) -> None:
        certificate_id = self.last("REQUESTED")
        outcome = self.run(cancel_request(self.database, self.viewer, certificate_id, None))
        assert codes(outcome) == []
        self.status[certificate_id] = "DECLINED"

    @precondition(lambda self: self.status)
    @rule()
    def team_issues(self) -> None:
        certificate_id = list(self.status)[-1]
        before = self.status[certificate_id]
        team = self.run(
            self.db.fetchval("select team_id from certificates where id = $1", certificate_id)
        )
        outcome = self.run(self.office.issued(self.manager, certificate_id))
        if team is None:
            assert item_codes(outcome) == [["NOT_FOUND"]]
        elif CERTIFICATE.allows(CertificateStatus(before), CertificateStatus.ISSUED):
            assert item_codes(outcome) == [[]]
            self.issued(certificate_id)
        else:
            assert item_codes(outcome) == [["WRONG_STATE"]]

    @precondition(lambda self: self.has("ISSUED"))
    @rule()
    def replaces(self) -> None:
        certificate_id = self.last("ISSUED")
        team = self.run(
            self.db.fetchval("select team_id from certificates where id = $1", certificate_id)
        )
        outcome = self.run(self.office.printed(self.viewer, Wish(replaces_id=certificate_id)))
        assert codes(outcome) == ([] if team is None else ["NOT_FOUND"])
        if team is None:
            self.status[certificate_id] = "SUPERSEDED"
            self.issued(outcome.subject_id)

    @precondition(lambda self: self.has("ISSUED", "SUPERSEDED", "REVOKED"))
    @rule()
    def revokes(self) -> None:
        certificate_id = self.last("ISSUED", "SUPERSEDED", "REVOKED")
        team = self.run(
            self.db.fetchval("select team_id from certificates where id = $1", certificate_id)
        )
        who = self.viewer if team is None else self.manager
        outcome = self.run(self.office.ended(who, certificate_id, CertificateStatus.REVOKED))
        was = self.status[certificate_id]
        assert codes(outcome) == (["WRONG_STATE"] if was == "REVOKED" else [])
        self.status[certificate_id] = "REVOKED"

    @rule()
    def team_corrects_the_record(self) -> None:
        self.run(
            self.db.execute(
                "update service_records set revision = revision + 1 where id = $1", self.record.id
            )
        )
        self.outdated |= {each for each in self.status if each in self.signed}

    @invariant()
    def database_holds_what_is_expected(self) -> None:
        rows = self.run(
            self.db.fetch(
                "select id, status, is_outdated from certificates where volunteer_id = $1",
                self.volunteer.id,
            )
        )
        assert {row["id"]: row["status"] for row in rows} == self.status
        assert {row["id"] for row in rows if row["is_outdated"]} == self.outdated

    @invariant()
    def what_was_signed_never_changes(self) -> None:
        for certificate_id, row in self.signed.items():
            assert self.row(certificate_id) == row
            assert json.loads(row[1])["certificateNo"] == row[0]

    @invariant()
    def check_tells_the_state(self) -> None:
        for certificate_id in self.signed:
            number = self.signed[certificate_id][0]
            check = self.run(self.office.checked(number, DESK.signer.code(number)))
            status = self.status[certificate_id]
            expected = CheckState.SUPERSEDED if status == "SUPERSEDED" else SHOWN[status]
            if status == "ISSUED" and certificate_id in self.outdated:
                expected = CheckState.OUTDATED
            assert check.state is expected


@pytest.fixture(scope="module")
def machine(databases: Databases) -> Iterator[type[Certificates]]:
    url = empty_station(databases)
    yield type("Certificates", (Certificates,), {"url": url})
    databases.drop(url)


def test_certificates_pass_through_no_state_but_the_machines(
    machine: type[Certificates],
) -> None:
    case = machine.TestCase
    case.settings = settings(
        max_examples=12,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    case().runTest()
