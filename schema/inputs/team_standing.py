"""What groups, local policies, successors and view teams are set by."""

import strawberry

from db.enums import PermissionGroup
from resolvers.local_policy import Settling
from resolvers.permission_groups import GroupWish
from resolvers.team_dissolution import Dissolution
from resolvers.team_relations import Affiliation, ViewTeams
from schema.ids import number_of
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.region_codes import region_code
from schema.texts import is_storable
from schema.visibility import OVERSEERS, TEAMS, input_field, input_type


@input_type(to=OVERSEERS, description="Permission group for a team (设置权限组别)")
class SetPermissionGroupInput:
    """A team, its new group, and why."""

    team_id: strawberry.ID = input_field(
        to=OVERSEERS, description="Global id of the team (队伍标识)", required=True
    )
    group: PermissionGroup = input_field(
        to=OVERSEERS, description="Permission group (权限组别)", required=True
    )
    reason: str = input_field(to=OVERSEERS, description="Reason (原因)", required=True)
    idempotency_key: str | None = input_field(to=OVERSEERS, description=KEY)

    @property
    def wish(self) -> GroupWish:
        """What is to be set."""
        return GroupWish(
            team_id=number_of(self.team_id, "Team", field="input.teamId"),
            group=self.group,
            reason=self.reason.strip(),
        )


@input_type(to=TEAMS, description="Permission group that a team asks for (申请权限组别)")
class AskPermissionGroupInput:
    """The group that the own team asks for; without a hub, of the nearest that may give it."""

    team_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the team (队伍标识)", required=True
    )
    group: PermissionGroup = input_field(
        to=TEAMS, description="Permission group (权限组别)", required=True
    )
    reason: str = input_field(to=TEAMS, description="Reason (原因)", required=True)
    hub_id: strawberry.ID | None = input_field(
        to=TEAMS, description="District or city hub that is asked (受理团体标识)"
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def wish(self) -> GroupWish:
        """What is asked for."""
        return GroupWish(
            team_id=number_of(self.team_id, "Team", field="input.teamId"),
            group=self.group,
            reason=self.reason.strip(),
            hub_id=number_of(self.hub_id, "Team", field="input.hubId") if self.hub_id else None,
        )


@input_type(to=OVERSEERS, description="What is to hold in a region (设置地方政策)")
class SetLocalPolicyInput:
    """What a region settles; null leaves it to the region above."""

    region_code: str = input_field(
        to=OVERSEERS, description="Code of the region (区划代码)", required=True
    )
    reviews_hours: bool | None = input_field(
        to=OVERSEERS, description="Whether the contact team reviews hours (时长是否由联络团体审核)"
    )
    reviews_evaluations: bool | None = input_field(
        to=OVERSEERS,
        description="Whether the contact team reviews evaluations (评价是否由联络团体审核)",
    )
    reason: str = input_field(to=OVERSEERS, description="Reason (原因)", required=True)
    idempotency_key: str | None = input_field(to=OVERSEERS, description=KEY)

    @property
    def settling(self) -> Settling:
        """What is to be settled."""
        return Settling(
            region_code=region_code(self.region_code) if is_storable(self.region_code) else "",
            reviews_hours=or_none(self.reviews_hours),
            reviews_evaluations=or_none(self.reviews_evaluations),
            reason=self.reason.strip(),
        )


@input_type(to=OVERSEERS, description="Team to dissolve (注销队伍)")
class DissolveTeamInput:
    """A team that ends, and who succeeds it."""

    team_id: strawberry.ID = input_field(
        to=OVERSEERS, description="Global id of the team (队伍标识)", required=True
    )
    successor_id: strawberry.ID | None = input_field(
        to=OVERSEERS,
        description="Team that succeeds it; the nearest above if left out (承继团体标识)",
    )
    reason: str = input_field(to=OVERSEERS, description="Reason (原因)", required=True)
    idempotency_key: str | None = input_field(to=OVERSEERS, description=KEY)

    @property
    def dissolution(self) -> Dissolution:
        """What is to be done."""
        successor = self.successor_id
        return Dissolution(
            team_id=number_of(self.team_id, "Team", field="input.teamId"),
            reason=self.reason.strip(),
            successor_id=number_of(successor, "Team", field="input.successorId")
            if successor
            else None,
        )


@input_type(to=TEAMS, description="View teams that a team chooses (设置查看团体)")
class SetViewTeamsInput:
    """All the view teams that the own team is to have."""

    team_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the team (队伍标识)", required=True
    )
    view_team_ids: list[strawberry.ID] = input_field(
        to=TEAMS, description="Global ids of all its view teams (查看团体标识)", required=True
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def chosen(self) -> ViewTeams:
        """What is chosen."""
        views = [number_of(each, "Team", field="input.viewTeamIds") for each in self.view_team_ids]
        return ViewTeams(number_of(self.team_id, "Team", field="input.teamId"), views)


@input_type(to=TEAMS, description="Organisation that a team is of (设置直属组织)")
class SetAffiliatedOrgInput:
    """The organisation that the own team is of."""

    team_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the team (队伍标识)", required=True
    )
    org_id: strawberry.ID | None = input_field(
        to=TEAMS, description="Global id of the organisation, none if left out (直属组织标识)"
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def chosen(self) -> Affiliation:
        """What is chosen."""
        org = number_of(self.org_id, "Team", field="input.orgId") if self.org_id else None
        return Affiliation(number_of(self.team_id, "Team", field="input.teamId"), org)
