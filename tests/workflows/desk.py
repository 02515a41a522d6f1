"""A registration desk for tests: real keys, and the stand-ins of other offices."""

from db.keys import Purpose
from gateway.stand_ins.legal_entities import StandInLegalEntities
from gateway.stand_ins.population import StandInPopulation
from resolvers.ports import RegistrationDesk
from tests.api.client import KEYS

DESK = RegistrationDesk(
    population=StandInPopulation(),
    legal_entities=StandInLegalEntities.read(),
    identity_key=KEYS.current(Purpose.IDENTITY),
    blind_index_key=KEYS.current(Purpose.BLIND_INDEX),
)
