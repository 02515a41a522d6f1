"""Cases in which the engine and graphql-core once differed."""

from tests.engine.drawing import Case

KEPT: list[Case] = []
