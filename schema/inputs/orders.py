"""The orders of lists."""

from enum import StrEnum

import strawberry

from schema.visibility import EVERYONE, MANAGERS, PERSONS, directive


@strawberry.enum(description="Order of teams (队伍排序)", directives=directive(EVERYONE))
class TeamOrder(StrEnum):
    """Orders of teams."""

    NAME = "NAME"
    NEWEST = "NEWEST"


@strawberry.enum(description="Order of projects (项目排序)", directives=directive(EVERYONE))
class ProjectOrder(StrEnum):
    """Orders of projects."""

    LATEST = "LATEST"
    EARLIEST = "EARLIEST"
    NEWEST = "NEWEST"


@strawberry.enum(description="Order of volunteers (志愿者排序)", directives=directive(MANAGERS))
class VolunteerOrder(StrEnum):
    """Orders of volunteers."""

    NAME = "NAME"
    NEWEST = "NEWEST"
    MINUTES = "MINUTES"


@strawberry.enum(description="Order of service records (记录排序)", directives=directive(PERSONS))
class ServiceRecordOrder(StrEnum):
    """Orders of service records."""

    LATEST = "LATEST"
    EARLIEST = "EARLIEST"


@strawberry.enum(description="Order of reviews (审核排序)", directives=directive(PERSONS))
class ReviewOrder(StrEnum):
    """Orders of reviews."""

    OLDEST = "OLDEST"
    NEWEST = "NEWEST"
