"""The indicators of the statistics and their breakdowns, each by its code in the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Metric(StrEnum):
    """An indicator (DOMAIN §9)."""

    VOLUNTEERS = "VOLUNTEERS"
    ACTIVE_VOLUNTEERS = "ACTIVE_VOLUNTEERS"
    MEMBERSHIPS = "MEMBERSHIPS"
    TEAMS = "TEAMS"
    HUBS = "HUBS"
    DISABLED_TEAMS = "DISABLED_TEAMS"
    PROJECTS = "PROJECTS"
    SERVED_PROJECTS = "SERVED_PROJECTS"
    PLANNED_PLACES = "PLANNED_PLACES"
    FILLED_PLACES = "FILLED_PLACES"
    SIGN_UPS = "SIGN_UPS"
    NO_SHOWS = "NO_SHOWS"
    RECORDS = "RECORDS"
    MINUTES = "MINUTES"
    OVERDUE_RECORDS = "OVERDUE_RECORDS"
    PENDING_REVIEWS = "PENDING_REVIEWS"
    COMMUNITIES = "COMMUNITIES"
    COVERED_COMMUNITIES = "COVERED_COMMUNITIES"


class Dimension(StrEnum):
    """By what an indicator can be broken down."""

    SEX = "SEX"
    AGE = "AGE"
    STAR = "STAR"
    HOURS = "HOURS"
    EDUCATION = "EDUCATION"
    EMPLOYMENT = "EMPLOYMENT"
    POLITICAL_STATUS = "POLITICAL_STATUS"
    CATEGORY = "CATEGORY"
    KIND = "KIND"
    REGISTRATION_STATUS = "REGISTRATION_STATUS"
    PERMISSION_GROUP = "PERMISSION_GROUP"
    STATUS = "STATUS"
    RECRUIT_SCOPE = "RECRUIT_SCOPE"
    TARGET = "TARGET"
    HEADCOUNT = "HEADCOUNT"
    SOURCE = "SOURCE"
    REVIEW_KIND = "REVIEW_KIND"
    SKILL = "SKILL"
    ID_TYPE = "ID_TYPE"
    SIZE = "SIZE"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an indicator stands in the ledger: the sum of names, of a region and of a team.

    Without names of a team it is told of regions alone. ``by_month`` is kept by month alone;
    ``stock`` counts what there is at the end of a stretch rather than what happened in it.
    """

    names: tuple[str, ...]
    team_names: tuple[str, ...] | None = None
    quantity: bool = False
    by_month: bool = False
    stock: bool = True

    def of(self, scope: int) -> tuple[str, ...]:
        """The names in a scope."""
        return self.team_names if scope < 0 and self.team_names is not None else self.names


_FILLED = ("ACCEPTED", "ATTENDED", "NO_SHOW")

SOURCES: Mapping[Metric, Source] = {
    Metric.VOLUNTEERS: Source(("volunteer",), ("people",)),
    Metric.ACTIVE_VOLUNTEERS: Source(("active",), by_month=True, stock=False),
    Metric.MEMBERSHIPS: Source(("member",)),
    Metric.TEAMS: Source(("team",)),
    Metric.HUBS: Source(("hub",)),
    Metric.DISABLED_TEAMS: Source(("disabled_team",)),
    Metric.PROJECTS: Source(("project",)),
    Metric.SERVED_PROJECTS: Source(("served",)),
    Metric.PLANNED_PLACES: Source(("project",), quantity=True),
    Metric.FILLED_PLACES: Source(
        tuple(f"sign_up/status:{status}" for status in _FILLED), by_month=True
    ),
    Metric.SIGN_UPS: Source(("sign_up",)),
    Metric.NO_SHOWS: Source(("sign_up/status:NO_SHOW",), by_month=True),
    Metric.RECORDS: Source(("record",), stock=False),
    Metric.MINUTES: Source(("record",), quantity=True, stock=False),
    Metric.OVERDUE_RECORDS: Source(("overdue",), stock=False),
    Metric.PENDING_REVIEWS: Source(("review",)),
    Metric.COMMUNITIES: Source(("community",), team_names=()),
    Metric.COVERED_COMMUNITIES: Source(("covered",), team_names=()),
}

_VOLUNTEER = {
    Dimension.SEX: "sex",
    Dimension.AGE: "born",
    Dimension.STAR: "star",
    Dimension.HOURS: "hours",
    Dimension.EDUCATION: "education",
    Dimension.EMPLOYMENT: "employment",
    Dimension.POLITICAL_STATUS: "politics",
    Dimension.CATEGORY: "category",
    Dimension.SKILL: "skill",
    Dimension.ID_TYPE: "id",
}
_HUB = {
    Dimension.SIZE: "size",
    Dimension.HOURS: "hours",
    Dimension.PERMISSION_GROUP: "group",
}
_TEAM = {
    **_HUB,
    Dimension.KIND: "kind",
    Dimension.REGISTRATION_STATUS: "registration",
    Dimension.CATEGORY: "category",
}
_PROJECT = {
    Dimension.STATUS: "status",
    Dimension.RECRUIT_SCOPE: "scope",
    Dimension.HEADCOUNT: "headcount",
    Dimension.CATEGORY: "category",
    Dimension.TARGET: "target",
}
_RECORD = {Dimension.SOURCE: "source", Dimension.CATEGORY: "category"}

BREAKDOWNS: Mapping[Metric, Mapping[Dimension, str]] = {
    Metric.VOLUNTEERS: _VOLUNTEER,
    Metric.TEAMS: _TEAM,
    Metric.HUBS: _HUB,
    Metric.PROJECTS: _PROJECT,
    Metric.PLANNED_PLACES: _PROJECT,
    Metric.SIGN_UPS: {Dimension.STATUS: "status"},
    Metric.RECORDS: _RECORD,
    Metric.MINUTES: _RECORD,
    Metric.PENDING_REVIEWS: {Dimension.REVIEW_KIND: "kind"},
}
MULTI_VALUED = frozenset({Dimension.CATEGORY, Dimension.TARGET, Dimension.SKILL})

# Labels of scales: whole years of age by year of birth, hours of service of a volunteer and of a
# team, members, planned persons.
AGES = ((0, "UNDER_14"), (14, "14_17"), (18, "18_24"), (25, "25_34"), (35, "35_44"),
        (45, "45_59"), (60, "60_AND_OVER"))  # fmt: skip
HOURS = ("0", "UNDER_10", "10_49", "50_99", "100_299", "300_599", "600_999", "1000_1499",
         "1500_AND_OVER")  # fmt: skip
TEAM_HOURS = ("0", "UNDER_100", "100_999", "1000_9999", "10000_99999", "100000_AND_OVER")
SIZES = ("0", "1_9", "10_29", "30_99", "100_299", "300_999", "1000_AND_OVER")
HEADCOUNTS = ("0", "1_9", "10_29", "30_99", "100_299", "300_AND_OVER")


def label_of(metric: Metric, dimension: Dimension, value: str, year: int) -> str:
    """What a value of the ledger is called: scales by their bounds, all else as it is stored."""
    if dimension is Dimension.AGE:
        age = year - int(value)
        return next((label for least, label in reversed(AGES) if age >= least), AGES[0][1])
    scale = _scale(metric, dimension)
    return scale[int(value)] if scale else value


def order_of(metric: Metric, dimension: Dimension) -> Mapping[str, int]:
    """Where labels of a scale stand; others are ordered by how many they are."""
    return {label: place for place, label in enumerate(_scale(metric, dimension))}


def _scale(metric: Metric, dimension: Dimension) -> Sequence[str]:
    match dimension:
        case Dimension.AGE:
            return tuple(label for _, label in AGES)
        case Dimension.HOURS:
            return HOURS if metric is Metric.VOLUNTEERS else TEAM_HOURS
        case Dimension.SIZE:
            return SIZES
        case Dimension.HEADCOUNT:
            return HEADCOUNTS
        case Dimension.STAR:
            return ("0", "1", "2", "3", "4", "5")
    return ()
