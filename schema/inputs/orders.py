"""The orders of lists."""

from enum import StrEnum

from schema.visibility import EVERYONE, MANAGERS, PERSONS, enum_type


@enum_type(to=EVERYONE, description="Order of teams (队伍排序)")
class TeamOrder(StrEnum):
    """Orders of teams."""

    NAME = "NAME"
    NEWEST = "NEWEST"


@enum_type(to=EVERYONE, description="Order of projects (项目排序)")
class ProjectOrder(StrEnum):
    """Orders of projects."""

    LATEST = "LATEST"
    EARLIEST = "EARLIEST"
    NEWEST = "NEWEST"


@enum_type(to=MANAGERS, description="Order of volunteers (志愿者排序)")
class VolunteerOrder(StrEnum):
    """Orders of volunteers."""

    NAME = "NAME"
    NEWEST = "NEWEST"
    MINUTES = "MINUTES"


@enum_type(to=PERSONS, description="Order of service records (记录排序)")
class ServiceRecordOrder(StrEnum):
    """Orders of service records."""

    LATEST = "LATEST"
    EARLIEST = "EARLIEST"


@enum_type(to=PERSONS, description="Order of reviews (审核排序)")
class ReviewOrder(StrEnum):
    """Orders of reviews."""

    OLDEST = "OLDEST"
    NEWEST = "NEWEST"
