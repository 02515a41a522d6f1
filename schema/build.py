"""One schema per role, from one set of classes."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from strawberry.schema.config import StrawberryConfig

import schema.enums  # noqa: F401 - gives the stored enums their descriptions
from permissions.viewer import Role
from schema.moments import DATE_TIME
from schema.mutation import Mutation
from schema.query import Query
from schema.role_schema import RoleSchema
from schema.types.administrator import Administrator
from schema.types.complaint import Complaint
from schema.types.inspection import Inspection
from schema.types.inspection_item import InspectionItem
from schema.types.matching import Need, NeedAnswer, Offer
from schema.types.notice import Notice
from schema.types.project import Post, Project, SignUp
from schema.types.record import Certificate, ServiceRecord
from schema.types.region import Region, Station
from schema.types.review import Review
from schema.types.reward import Redemption, RewardItem
from schema.types.submission import Submission
from schema.types.team import Team
from schema.types.volunteer import Membership, Volunteer
from schema.whole_numbers import LONG, Long

# What only the interface Node leads to.
NODES = (
    Region,
    Station,
    Team,
    Volunteer,
    Membership,
    Project,
    Post,
    SignUp,
    ServiceRecord,
    Certificate,
    Review,
    Administrator,
    Complaint,
    Submission,
    Notice,
    Inspection,
    InspectionItem,
    Need,
    Offer,
    NeedAnswer,
    RewardItem,
    Redemption,
)


def build_schema(role: Role, *, extra: Iterable[type] = ()) -> RoleSchema:
    """The schema of a role."""
    types = [each for each in (*NODES, *extra) if role in each.__audience__]  # type: ignore[attr-defined]
    return RoleSchema(
        role,
        query=Query,
        mutation=Mutation,
        types=types,
        config=StrawberryConfig(
            enable_experimental_incremental_execution=False,
            scalar_map={Long: LONG, datetime: DATE_TIME},
        ),
    )


def build_schemas() -> Mapping[Role, RoleSchema]:
    """The schemas of all roles."""
    return {role: build_schema(role) for role in Role}
