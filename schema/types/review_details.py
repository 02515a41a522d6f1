"""What a reviewer looks at before deciding: what is asked for, and the papers that came with it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from db.enums import FilePurpose
from db.queries.entities import REGION, TEAM
from db.queries.files import FileRow, files_of
from db.queries.rows import RegionRow, ReviewRow, TeamRow
from gateway.engine.rows import is_instance_of
from permissions.contacts import Shown, review_contacts
from permissions.files import readable_files
from resolvers.review_changes import Asked, Holds, asked_of
from schema.ids import encode, id_field
from schema.info import Info
from schema.visibility import PERSONS, attribute, enum_type, object_type

enum_type(to=PERSONS, description="What an uploaded file is for (文件用途)")(FilePurpose)


@object_type(to=PERSONS, description="Field that is to change (变更项)")
class FieldChange:
    """One field, before and after; the objects are ``Change``."""

    field: str = attribute(to=PERSONS, description="Name of the field in its input (字段)")
    before: str | None = attribute(
        to=PERSONS, description="What it said when it was asked for; null if hidden (变更前)"
    )
    after: str | None = attribute(
        to=PERSONS, description="What it is to say; null if hidden (变更后)"
    )


class Change(NamedTuple):
    """One field, as the viewer is shown it."""

    field: str
    before: str | None
    after: str | None


@object_type(to=PERSONS, description="Uploaded file (上传文件)")
class File:
    """A file that came with what is reviewed; the objects are ``FileRow``."""

    is_type_of = staticmethod(is_instance_of(FileRow))

    id = id_field("File")
    purpose: FilePurpose = attribute(to=PERSONS, description="What it is for (用途)")
    media_type: str = attribute(to=PERSONS, description="Media type (文件类型)")
    size: int = attribute(to=PERSONS, description="Size in bytes (大小)")
    created_at: datetime = attribute(to=PERSONS, description="When it was sent (上传时间)")


async def changes_of(info: Info, reviews: Sequence[ReviewRow]) -> list[list[Change]]:
    """What each review asks for, as the viewer may be shown it."""
    asked = [asked_of(row.kind, row.change) for row in reviews]
    shown = await _shown(info, reviews)
    account_id = info.context.viewer.account_id
    told: list[list[Asked]] = []
    for row, each, how in zip(reviews, asked, shown, strict=True):
        # Who asked may read what they wrote themselves.
        is_own = account_id is not None and row.applicant_account_id == account_id
        told.append([one.shown(how, Shown.FULL if is_own else how) for one in each])
    names = await _Names.load(info, [one for each in told for one in each])
    return [
        [Change(one.field, names.text(one, one.before), names.text(one, one.after)) for one in each]
        for each in told
    ]


async def _shown(info: Info, reviews: Sequence[ReviewRow]) -> list[Shown]:
    """How persons' names and numbers are shown in each review."""
    load, viewer = info.context.loaders.rows, info.context.viewer
    teams = await load(
        TEAM, [row.team_id for row in reviews], row=TeamRow.only(("path", "region_path"))
    )
    offices = await load(
        REGION, [row.reviewer_region_id for row in reviews], row=RegionRow.only(("path",))
    )
    return [
        review_contacts(
            viewer,
            team=None if team is None else (team.path, team.region_path),
            reviewer_team_id=row.reviewer_team_id,
            office_path=None if office is None else office.path,
        )
        for row, team, office in zip(reviews, teams, offices, strict=True)
    ]


class _Names(NamedTuple):
    """How clients name the teams and regions of changes: those that the viewer may see."""

    teams: Mapping[int, str]
    regions: Mapping[int, str]

    @classmethod
    async def load(cls, info: Info, asked: Sequence[Asked]) -> "_Names":
        def numbers(holds: Holds) -> list[int]:
            found = {
                each for one in asked if one.holds is holds for each in (one.before, one.after)
            }
            return sorted(found - {None})

        load = info.context.loaders.rows
        team_ids, region_ids = numbers(Holds.TEAM), numbers(Holds.REGION)
        teams: Any = await load(TEAM, team_ids, row=TeamRow.only(()))
        regions: Any = await load(REGION, region_ids, row=RegionRow.only(("code",)))
        return cls(
            {row.id: encode("Team", row.id) for row in teams if row is not None},
            {row.id: row.code for row in regions if row is not None},
        )

    def text(self, asked: Asked, value: Any) -> str | None:
        """A value as text; None where there is none, or it is hidden."""
        if value is None:
            return None
        match asked.holds:
            case Holds.TEAM:
                return self.teams.get(value)
            case Holds.REGION:
                return self.regions.get(value)
            case _:
                return str(value)


async def files_with(info: Info, reviews: Sequence[ReviewRow]) -> list[list[FileRow]]:
    """The files that belong to what each review is about, of those that the viewer may read."""
    scope = readable_files(info.context.viewer)
    subjects = {(row.subject_type, row.subject_id) for row in reviews}
    rows = await info.context.snapshot.fetch(
        files_of(scope),
        subject_types=sorted({kind for kind, _ in subjects}),
        subject_ids=sorted({number for _, number in subjects}),
        **scope.values,
    )
    found = defaultdict(list)
    for row in rows:
        found[row.subject_type, row.subject_id].append(row)
    return [found[row.subject_type, row.subject_id] for row in reviews]
