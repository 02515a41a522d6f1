"""A registration desk for tests: real keys, and the stand-ins of other offices."""

from dataclasses import dataclass, replace

from db.keys import Purpose
from gateway.stand_ins.legal_entities import StandInLegalEntities
from gateway.stand_ins.population import StandInPopulation
from resolvers.ports import LegalEntity, NoEntity, RegistrationDesk
from tests.api.client import KEYS

DESK = RegistrationDesk(
    population=StandInPopulation(),
    legal_entities=StandInLegalEntities.read(),
    identity_key=KEYS.current(Purpose.IDENTITY),
    blind_index_key=KEYS.current(Purpose.BLIND_INDEX),
)


@dataclass(frozen=True, slots=True)
class FixedRegister:
    """A register of legal persons that says one thing of everybody."""

    answer: LegalEntity | NoEntity

    async def find(self, _uscc: str, /) -> LegalEntity | NoEntity:
        return self.answer


def with_register(answer: LegalEntity | NoEntity) -> RegistrationDesk:
    """The desk, its register of legal persons saying this."""
    return replace(DESK, legal_entities=FixedRegister(answer))
