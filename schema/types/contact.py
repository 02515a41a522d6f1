"""Principals and contacts, shown by relation."""

from collections.abc import Sequence
from typing import NamedTuple

from db.queries.entities import TEAM
from db.queries.rows import ProjectRow, TeamRow
from permissions.contacts import Shown, masked_name, show_mobile, team_contacts
from permissions.viewer import Viewer
from schema.info import Info
from schema.visibility import EVERYONE, attribute, object_type


@object_type(to=EVERYONE, description="Person to speak to (负责人或联系人)")
class Contact:
    """A person to speak to; the objects are ``Person``."""

    name: str = attribute(to=EVERYONE, description="Name, masked for strangers (姓名)")
    mobile: str | None = attribute(
        to=EVERYONE, description="Mobile number, for who manages the team or if public (手机)"
    )
    landline: str | None = attribute(
        to=EVERYONE, description="Telephone of a project, likewise (固定电话)"
    )
    email: str | None = attribute(
        to=EVERYONE, description="Email of a project, likewise (电子邮箱)"
    )


class Person(NamedTuple):
    """A person as the viewer is shown."""

    name: str
    mobile: str | None
    landline: str | None = None
    email: str | None = None


def person(name: str, mobile: str, *, shown: Shown, is_public: bool) -> Person:
    """A person as shown to a stranger or a manager; a public number is shown to all."""
    whole = shown is Shown.FULL
    return Person(
        name if whole or is_public else masked_name(name),
        show_mobile(mobile, Shown.FULL if is_public else shown),
    )


def principal_and_contact(viewer: Viewer, rows: Sequence[TeamRow], who: str) -> list[Person]:
    """The principals, or the contacts, of teams."""
    return [
        person(
            getattr(row, f"{who}_name"),
            getattr(row, f"{who}_mobile"),
            shown=team_contacts(viewer, path=row.path, region_path=row.region_path),
            is_public=getattr(row, f"{who}_mobile_public"),
        )
        for row in rows
    ]


async def project_contact(info: Info, rows: Sequence[ProjectRow]) -> list[Person]:
    """The contacts of projects: in full for who manages the team.

    A team that the viewer may not see is managed by none whom the viewer could be.
    """
    found = []
    for row, shown in zip(rows, await shown_projects(info, rows), strict=True):
        whole = shown is Shown.FULL
        found.append(
            person(
                row.contact_name,
                row.contact_mobile,
                shown=shown,
                is_public=row.contact_mobile_public,
            )._replace(
                landline=row.contact_landline if whole or row.contact_landline_public else None,
                email=row.contact_email if whole or row.contact_email_public else None,
            )
        )
    return found


async def shown_projects(info: Info, rows: Sequence[ProjectRow]) -> list[Shown]:
    """How each project shows what is its team's own business."""
    teams = await info.context.loaders.rows(
        TEAM, [row.team_id for row in rows], row=TeamRow.only(("path", "region_path"))
    )
    viewer = info.context.viewer
    return [
        Shown.ABSENT
        if team is None
        else team_contacts(viewer, path=team.path, region_path=team.region_path)
        for team in teams
    ]
