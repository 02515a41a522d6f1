"""A small world of certificates: a team that recorded, people, and the desk that signs."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from db.enums import CertificateStatus, IdentityType, RecordStatus, SignatureAlgorithm
from db.identities import blind_index, seal
from db.keys import Key, Purpose
from db.models import ServiceRecord, Volunteer, VolunteerIdentity
from db.session import Database
from db.signatures import Signer
from permissions.edges import Policy
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from resolvers.certificate_checks import CertificateCheck, check_certificate
from resolvers.certificate_desk import CertificateDesk
from resolvers.certificate_ending import Ending, end_certificate
from resolvers.certificate_issuing import IssuesOutcome, Issuing, issue_certificates
from resolvers.certificate_requests import print_certificate, request_certificate
from resolvers.certificate_wish import Wish
from resolvers.outcomes import Outcome
from tests.api.client import KEYS
from tests.db.forest import Forest
from tests.small_world import NOW, STATION, Planter

ID_NUMBER = "500112199001010017"


@dataclass(slots=True)
class CountingThrottle:
    """Lets everybody through, and counts."""

    taken: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def take(self, what: str, who: str, /) -> None:
        self.taken[what, who] += 1


def desk(
    *keys: Key,
    algorithm: SignatureAlgorithm = SignatureAlgorithm.ED25519,
    station: int = STATION,
) -> CertificateDesk:
    return CertificateDesk(
        station=station,
        signer=Signer(keys=keys or KEYS.all(Purpose.CERTIFICATE), algorithm=algorithm),
        identity_keys=KEYS.all(Purpose.IDENTITY),
        throttle=CountingThrottle(),
    )


DESK = desk()


@dataclass(slots=True)
class Office:
    """Teams that record, and what is asked of them."""

    planter: Planter
    forest: Forest

    @classmethod
    async def open(cls, planter: Planter) -> "Office":
        forest = Forest(planter, await planter.region())
        await forest.plant("team")
        return cls(planter, forest)

    @property
    def database(self) -> Database:
        return self.planter.database

    async def person(self, **values: Any) -> tuple[Volunteer, Viewer]:
        volunteer = await self.planter.volunteer(self.forest.region, **values)
        assert volunteer.account_id is not None
        async with self.database.read() as snapshot:
            standing = await fetch_standing(snapshot, volunteer.account_id)
        return volunteer, standing.acting_as("volunteer")

    async def identify(self, volunteer: Volunteer, number: str = ID_NUMBER) -> None:
        key, kind = KEYS.current(Purpose.IDENTITY), IdentityType.RESIDENT_ID
        index = blind_index(kind, f"{number}{volunteer.id}", key=KEYS.current(Purpose.BLIND_INDEX))
        await self.planter.add(
            VolunteerIdentity(
                volunteer_id=volunteer.id,
                id_type=kind,
                sealed_number=seal(number, volunteer_id=volunteer.id, key=key),
                key_id=key.id,
                blind_index=index,
            )
        )

    async def record(
        self, volunteer: Volunteer, team: str = "team", *, days_ago: int = 10, **values: Any
    ) -> ServiceRecord:
        return await self.planter.record(
            volunteer,
            self.forest.teams[team],
            starts_at=NOW - timedelta(days=days_ago),
            **{"status": RecordStatus.EFFECTIVE, **values},
        )

    async def printed(self, viewer: Viewer, wish: Wish | None = None) -> Outcome:
        return await print_certificate(self.database, viewer, DESK, wish or Wish(), None, now=NOW)

    async def requested(self, viewer: Viewer, team: str = "team", **wish: Any) -> Outcome:
        asked = Wish(team_id=self.forest.teams[team].id, **wish)
        return await request_certificate(self.database, viewer, DESK, asked, None, now=NOW)

    async def issued(
        self,
        viewer: Viewer,
        *ids: int | None,
        remark: str | None = None,
        at: CertificateDesk = DESK,
    ) -> IssuesOutcome:
        wanted = Issuing([each for each in ids if each is not None], remark)
        return await issue_certificates(self.database, viewer, wanted, None, desk=at, now=NOW)

    async def ended(
        self,
        viewer: Viewer,
        certificate_id: int | None,
        to: CertificateStatus,
        reason: str = "错",
        policy: Policy = Policy(),  # noqa: B008 - a value
    ) -> Outcome:
        assert certificate_id is not None
        ending = Ending(certificate_id, to, reason)
        return await end_certificate(self.database, viewer, ending, None, policy=policy)

    async def checked(
        self, number: str, code: str, *, at: CertificateDesk = DESK
    ) -> CertificateCheck:
        async with self.database.read() as snapshot:
            return await check_certificate(snapshot, at, number, code, asker="somebody")


def codes(outcome: Outcome | IssuesOutcome) -> list[str]:
    return [error.code.value for error in outcome.errors]


def item_codes(outcome: IssuesOutcome) -> list[list[str]]:
    return [[error.code.value for error in item.errors] for item in outcome.items]
