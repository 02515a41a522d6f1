"""Registration of a team of any kind, to be decided by its reviewer (DOMAIN §5 rows 1 to 4)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from db.clock import CHINA
from db.enums import PermissionGroup, ReviewKind, TeamStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.models import Team
from db.names import grams, sort_key
from db.numbers.business import team_no
from db.queries import registering
from db.queries import team_registration as queries
from db.queries.entities import TEAM
from db.queries.registering import RegionFound
from db.write import Writable, Write
from permissions.errors import UserError, UserErrorCode
from permissions.facts import TeamFacts
from permissions.gather import gather_teams
from permissions.reviewers import reviewer_for
from permissions.viewer import Viewer
from resolvers.acting import (
    Refused,
    Request,
    ids_in_scope,
    perform,
    refuse_if_any,
    require_account,
)
from resolvers.outcomes import Outcome, succeeded
from resolvers.ports import RegistrationDesk
from resolvers.rules import states
from resolvers.team_form import NewTeam, form_errors
from resolvers.team_placing import (
    Placing,
    filing_error,
    placing_errors,
    register_error,
    warnings,
)
from resolvers.team_reviews import ask_reviewer, kind_of
from resolvers.team_scans import attach_scans, check_scans

KIND = ReviewKind.TEAM_REGISTRATION
# What the row holds under the name that the form has.
PLAIN = (
    *("name", "kind", "registration_status", "hub_level", "branch_of_id", "uscc"),
    *("responsible_unit", "responsible_unit_kind", "competent_unit", "competent_unit_kind"),
    *("address", "postcode", "lng", "lat", "founded_on", "planned_size", "intro"),
)


async def register_team(
    database: Writable,
    viewer: Viewer,
    desk: RegistrationDesk,
    given: NewTeam,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The review that decides on the team, and the number its manager may act by from now on.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    account_id = require_account(viewer)
    errors = [*form_errors(given, today=now.astimezone(CHINA).date())]
    if given.uscc is not None and not errors:
        error = register_error(given, await desk.legal_entities.find(given.uscc))
        errors = [] if error is None else [error]
    if errors:
        return Outcome(errors=errors)
    work = _Registration(viewer, account_id, given)
    request = Request(action="registerTeam", key=idempotency_key, input=_as_input(given))
    return await perform(database, viewer, request, work.register)


@dataclass(frozen=True, slots=True)
class _Registration:
    """A registration whose texts are right and whose legal person was found."""

    viewer: Viewer
    account_id: int
    given: NewTeam

    async def register(self, write: Write) -> Mapping[str, Json]:
        """The stored outcome."""
        given = self.given
        await write.lock_tree()
        region = await self._region(write, given.region_code, "regionCode")
        authority = None
        if (given.is_legal or given.is_filed) and given.authority_code is not None:
            field = "registrationAuthorityCode"
            authority = await self._region(write, given.authority_code, field)
            refuse_if_any([filing_error(given, region, authority)])
        await self._check_categories(write)
        await queries.lock_names(write, region.id, given.uscc)
        above = await self._teams(write)
        team_id = given.team_id or await registering.next_id(write, "teams")
        placing = Placing(given=given, id=team_id, region=region, above=above)
        refuse_if_any(await placing_errors(write, self.viewer, placing))
        await check_scans(write, team_id, given.scan_ids)
        number = await self._store(write, placing, authority)
        await attach_scans(write, team_id, given.scan_ids)
        review_id = await self._ask(write, team_id)
        return succeeded(review_id, number=number, warnings=warnings(placing))

    async def _region(self, write: Write, code: str, field: str) -> RegionFound:
        region = await registering.fetch_region(write, code)
        if region is None:
            raise Refused.because(UserErrorCode.NOT_FOUND, field, "No such region today.")
        return region

    async def _check_categories(self, write: Write) -> None:
        wanted = self.given.service_categories
        if wanted and not set(wanted) <= await registering.fetch_categories(write):
            raise Refused.because(
                UserErrorCode.INVALID, "serviceCategories", "Not a category of service here."
            )

    async def _teams(self, write: Write) -> TeamFacts | None:
        """The team to hang under, once all that are named were found and locked.

        SECURITY: what is hidden from who asks is missing, before anything is said of it.
        """
        given = self.given
        named = {*given.view_team_ids, given.above_id} - {None}
        ids = {each for each in named if each is not None}
        seen = await ids_in_scope(write, self.viewer, TEAM, ids)
        above_field = "contactTeamId" if given.branch_of_id is None else "branchOfId"
        refuse_if_any(
            UserError(
                UserErrorCode.NOT_FOUND,
                above_field if each == given.above_id else "viewTeamIds",
                "No such team.",
            )
            for each in sorted(ids - seen)
        )
        own = {given.team_id} - {None}
        await write.lock(Rank.TEAM, {each for each in ids | own if each}, shared=not own)
        if given.team_id is not None:
            await self._check_own(write, given.team_id)
        return (await gather_teams(write, ids)).get(given.above_id or 0)

    async def _check_own(self, write: Write, team_id: int) -> None:
        """That the team, handed in again, is one that the account may hand in.

        Raises:
            Refused: it is another's, or was not refused.
        """
        own = await queries.fetch_own(write, team_id, self.account_id)
        if own is None or not own["is_manager"]:
            raise Refused.because(UserErrorCode.NOT_FOUND, "teamId", "No such team of yours.")
        now = TeamStatus(own["status"])
        refuse_if_any([states.TEAM.refusal(now, TeamStatus.PENDING, field="teamId")])

    async def _store(self, write: Write, placing: Placing, authority: RegionFound | None) -> str:
        """The number of the team, stored as one that waits."""
        given, region, team_id = self.given, placing.region, placing.id
        path = f"{placing.above.path if placing.above else ''}{team_id}/"
        values: dict[str, Any] = {
            **{name: getattr(given, name) for name in PLAIN},
            "province": region.province,
            "sort_key": sort_key(given.name),
            "name_grams": grams(given.name),
            "status": TeamStatus.PENDING,
            "status_reason": None,
            "permission_group": PermissionGroup.PENDING,
            "contact_team_id": given.above_id,
            "path": path,
            "depth": path.count("/"),
            "region_id": region.id,
            "region_path": region.path,
            "registration_authority_id": authority.id if authority else None,
            "service_categories": [*given.service_categories],
            "principal_name": given.principal.name,
            "principal_mobile": given.principal.mobile,
            "principal_mobile_public": given.principal.mobile_public,
            "contact_name": given.contact.name,
            "contact_mobile": given.contact.mobile,
            "contact_mobile_public": given.contact.mobile_public,
            "contact_email": given.contact.email,
        }
        if given.team_id is None:
            team = Team(id=team_id, team_no=team_no(region.code, team_id), **values)
            write.session.add(team)
            await write.session.flush()
            await queries.insert_manager(write, region.province, team_id, self.account_id)
        else:
            team = await write.session.get_one(Team, team_id)
            for name, value in values.items():
                setattr(team, name, value)
            await write.session.flush()
        await queries.set_view_teams(write, team_id, given.view_team_ids)
        return team.team_no

    async def _ask(self, write: Write, team_id: int) -> int:
        """The id of the review that waits for who must decide."""
        facts = (await gather_teams(write, [team_id]))[team_id]
        reviewer = reviewer_for(KIND, facts) or facts.office
        write.locking(Rank.REVIEW)
        unit = self.given.approving_unit
        change = {"approvingUnit": asdict(unit)} if unit else {}
        review_id = await ask_reviewer(write, KIND, team_id, reviewer, change)
        asked: dict[str, Json] = {
            "reviewId": review_id,
            "reviewer": kind_of(reviewer),
        }
        write.record(
            DomainEvent(
                name="team.registered",
                subject_type=SubjectType.TEAM,
                subject_id=team_id,
                because="applicant",
                payload=asked,
                detail=asked,
                standing_of=(self.account_id,),
            )
        )
        return review_id


def _as_input(given: NewTeam) -> Mapping[str, Any]:
    """The form as a repeat must bring it again."""
    founded = given.founded_on.isoformat() if given.founded_on else None
    return {**asdict(given), "founded_on": founded}
