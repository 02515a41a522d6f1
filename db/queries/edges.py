"""The columns by which rows name rows of other entities, by the names readers know them by."""

from collections.abc import Mapping

from db.queries.entities import (
    CERTIFICATE,
    MEMBERSHIP,
    NOTICE,
    POST,
    PROJECT,
    REGION,
    SERVICE_RECORD,
    SIGN_UP,
    SUBMISSION,
    TEAM,
    VOLUNTEER,
    Entity,
)
from db.queries.joined import ToOne


def _edges(**ends: Entity) -> Mapping[str, ToOne]:
    """Edges whose columns are called as they are."""
    return {name: ToOne(name, f"{name}_id", entity) for name, entity in ends.items()}


EDGES: Mapping[Entity, Mapping[str, ToOne]] = {
    TEAM: _edges(
        region=REGION,
        registration_authority=REGION,
        contact_team=TEAM,
        branch_of=TEAM,
        affiliated_org=TEAM,
        successor=TEAM,
    ),
    VOLUNTEER: _edges(region=REGION),
    MEMBERSHIP: _edges(team=TEAM, volunteer=VOLUNTEER),
    PROJECT: _edges(region=REGION, team=TEAM),
    SIGN_UP: _edges(project=PROJECT, post=POST, volunteer=VOLUNTEER),
    SERVICE_RECORD: _edges(volunteer=VOLUNTEER, team=TEAM, project=PROJECT, post=POST),
    CERTIFICATE: _edges(volunteer=VOLUNTEER, team=TEAM),
    NOTICE: _edges(team=TEAM, region=REGION),
    SUBMISSION: _edges(team=TEAM, volunteer=VOLUNTEER),
}
