"""What naming, removing and handing over to people of a team are given."""

import strawberry

from db.enums import TeamAdminRole
from resolvers.team_staff import Person
from schema.ids import number_of
from schema.inputs.volunteer import KEY
from schema.texts import is_storable
from schema.visibility import TEAMS, input_field, input_type

USERNAME = "Username of the person (用户名)"
NAME = "Name of the person, as the account has it (姓名)"


@input_type(to=TEAMS, description="Person to name for duties in a team (设置专门人员)")
class NameTeamStaffInput:
    """A person and the duties; with a first password, an account that is made."""

    team_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the team (队伍标识)", required=True
    )
    username: str = input_field(to=TEAMS, description=USERNAME, required=True)
    name: str = input_field(to=TEAMS, description=NAME, required=True)
    roles: list[TeamAdminRole] = input_field(
        to=TEAMS, description="All duties the person then has (职责)", required=True
    )
    first_password: str | None = input_field(
        to=TEAMS, description="First password, of an account to be made (初始密码)"
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def person(self) -> Person:
        """Who is to be named."""
        return _person(self.team_id, self.username, self.name, self.first_password or None)


@input_type(to=TEAMS, description="Person to remove from a team (移除专门人员)")
class RemoveTeamStaffInput:
    """Who is to act for the team no more."""

    team_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the team (队伍标识)", required=True
    )
    username: str = input_field(to=TEAMS, description=USERNAME, required=True)
    name: str = input_field(to=TEAMS, description=NAME, required=True)
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def person(self) -> Person:
        """Who is to be removed."""
        return _person(self.team_id, self.username, self.name, None)


@input_type(to=TEAMS, description="Person that a team is handed over to (移交队伍)")
class HandOverTeamInput:
    """Who is the team's manager in the viewer's place from now on."""

    team_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the team (队伍标识)", required=True
    )
    username: str = input_field(to=TEAMS, description=USERNAME, required=True)
    name: str = input_field(to=TEAMS, description=NAME, required=True)
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def person(self) -> Person:
        """Who takes over."""
        return _person(self.team_id, self.username, self.name, None)


def _person(team_id: strawberry.ID, username: str, name: str, password: str | None) -> Person:
    return Person(
        team_id=number_of(team_id, "Team", field="input.teamId"),
        username=_searchable(username).lower(),
        name=_searchable(name),
        password=password,
    )


def _searchable(text: str) -> str:
    """The text trimmed; empty, and so nobody's, if the database could not hold it."""
    return text.strip() if is_storable(text) else ""
