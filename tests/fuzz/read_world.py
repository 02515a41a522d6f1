"""A world read back from its database, for an oracle that knows what has been written since."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from db.enums import (
    CertificateStatus,
    ComplaintStatus,
    HubLevel,
    MembershipStatus,
    NoticeReader,
    PermissionGroup,
    ProjectStatus,
    RecordStatus,
    ReviewKind,
    ReviewState,
    SignUpStatus,
    SubmissionStatus,
    TeamStatus,
)
from tests.access.world import (
    Account,
    Complaint,
    Notice,
    Personal,
    Project,
    Review,
    Submission,
    Team,
    Volunteer,
    World,
)
from tests.fuzz.read_services import read_services

Places = Mapping[str, Mapping[int, int]]  # entity, id, place in the world's list
TABLES = {
    "Region": "regions",
    "Administrator": "department_users",
    "Team": "teams",
    "Project": "projects",
    "Volunteer": "volunteers",
    "Membership": "memberships",
    "SignUp": "sign_ups",
    "ServiceRecord": "service_records",
    "Certificate": "certificates",
    "Review": "reviews",
    "Complaint": "complaints",
    "Submission": "submissions",
    "Notice": "notices",
    "Inspection": "inspections",
    "InspectionItem": "inspection_items",
    "Need": "needs",
    "Offer": "offers",
    "NeedAnswer": "need_answers",
    "RewardItem": "reward_items",
    "Redemption": "redemptions",
}
VIEWS = "select team_id, array_agg(view_team_id) as views from team_view_links group by team_id"


async def read_world(connection: Any, before: World) -> tuple[World, Places]:
    """The world as it is now; what it was stored with keeps its places, new rows come after."""
    rows = {
        entity: await connection.fetch(f"select * from {table} order by id")  # noqa: S608 - ours
        for entity, table in TABLES.items()
    }
    places = {entity: {row["id"]: n for n, row in enumerate(all_)} for entity, all_ in rows.items()}
    views = {row["team_id"]: row["views"] for row in await connection.fetch(VIEWS)}

    def at(entity: str, number: int | None) -> int | None:
        return None if number is None else places[entity][number]

    def sure(entity: str, number: int) -> int:
        return places[entity][number]

    def personal(entity: str, status: Any) -> list[Personal]:
        return [
            Personal(
                volunteer=sure("Volunteer", row["volunteer_id"]),
                team=at("Team", row["team_id"]),
                status=status(row["status"]),
                project=at("Project", row.get("project_id")),
            )
            for row in rows[entity]
        ]

    # Whoever was named for an office since is somebody of whom the world knows nothing else.
    named = rows["Administrator"][len(before.rows()["Administrator"]) :]
    world = replace(
        before,
        accounts=[
            *before.accounts,
            *(Account(offices=(sure("Region", row["region_id"]),)) for row in named),
        ],
        teams=[
            Team(
                name=row["name"],
                region=sure("Region", row["region_id"]),
                parent=at("Team", row["contact_team_id"]),
                status=TeamStatus(row["status"]),
                group=PermissionGroup(row["permission_group"]),
                hub=HubLevel(row["hub_level"]) if row["hub_level"] else None,
                legal=row["registration_status"] == "LEGAL_PERSON",
                branch=row["branch_of_id"] is not None,
                authority=at("Region", row["registration_authority_id"]),
                successor=at("Team", row["successor_id"]),
                views=tuple(sure("Team", each) for each in views.get(row["id"], [])),
            )
            for row in rows["Team"]
        ],
        volunteers=[
            Volunteer(region=sure("Region", row["region_id"])) for row in rows["Volunteer"]
        ],
        projects=[
            Project(team=sure("Team", row["team_id"]), status=ProjectStatus(row["status"]))
            for row in rows["Project"]
        ],
        memberships=personal("Membership", MembershipStatus),
        sign_ups=personal("SignUp", SignUpStatus),
        records=personal("ServiceRecord", RecordStatus),
        certificates=personal("Certificate", CertificateStatus),
        reviews=[
            Review(
                team=sure("Team", row["team_id"]),
                kind=ReviewKind(row["kind"]),
                to_team=at("Team", row["reviewer_team_id"]),
                to_region=at("Region", row["reviewer_region_id"]),
                applicant=None
                if row["applicant_account_id"] is None
                else row["applicant_account_id"] - 1,
                state=ReviewState(row["state"]),
            )
            for row in rows["Review"]
        ],
        complaints=[
            Complaint(
                complainant=row["complainant_account_id"] - 1,
                subject=row["subject_type"],
                team=at("Team", row["team_id"]),
                about=at("Volunteer", row["about_volunteer_id"]),
                to_team=at("Team", row["handler_team_id"]),
                to_region=at("Region", row["handler_region_id"]),
                status=ComplaintStatus(row["status"]),
            )
            for row in rows["Complaint"]
        ],
        submissions=[
            Submission(
                team=sure("Team", row["team_id"]),
                author=row["author_account_id"] - 1,
                volunteer=at("Volunteer", row["volunteer_id"]),
                status=SubmissionStatus(row["status"]),
            )
            for row in rows["Submission"]
        ],
        notices=[
            Notice(
                readers=tuple(NoticeReader(each) for each in row["readers"]),
                team=at("Team", row["team_id"]),
                region=at("Region", row["region_id"]),
                station=row["of_station"],
                withdrawn=row["withdrawn_at"] is not None,
            )
            for row in rows["Notice"]
        ],
        **read_services(rows, at),
    )
    return world, places
