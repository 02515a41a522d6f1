"""Public rankings: regions by what is published of them, and by nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from resolvers.publication import PublicFigures


class PublicMetric(StrEnum):
    """By what regions are ranked in public."""

    VOLUNTEERS = "VOLUNTEERS"
    TEAMS = "TEAMS"
    HUBS = "HUBS"
    PROJECTS = "PROJECTS"
    MINUTES = "MINUTES"


@dataclass(frozen=True, slots=True)
class PublicRanked:
    """A place in a public ranking; equal figures share a rank."""

    rank: int
    region: Any
    value: int


def public_ranking(figures: PublicFigures, metric: PublicMetric) -> Sequence[PublicRanked]:
    """The regions right below one by a published figure, the most first.

    What is withheld has no place: the order tells nothing that the figures do not.
    """
    valued = [
        (value, child.region)
        for child in figures.children
        if (value := _value(child, metric)) is not None
    ]
    valued.sort(key=lambda each: -each[0])
    values = [value for value, _ in valued]
    return [PublicRanked(values.index(value) + 1, region, value) for value, region in valued]


def _value(figures: PublicFigures, metric: PublicMetric) -> int | None:
    match metric:
        case PublicMetric.VOLUNTEERS:
            return figures.volunteers
        case PublicMetric.TEAMS:
            return figures.teams
        case PublicMetric.HUBS:
            return figures.hubs
        case PublicMetric.PROJECTS:
            return figures.projects
        case PublicMetric.MINUTES:
            return figures.minutes
