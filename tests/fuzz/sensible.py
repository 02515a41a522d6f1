"""What a person would write: inputs that can succeed, done to rows where that is offered.

It only steers what is drawn towards writes that are made; whether an answer shows too much is the
oracle's to say.
"""

import itertools
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from db.enums import ReviewKind
from permissions.actions import Action
from permissions.edges import Policy
from permissions.facts import PostFacts
from permissions.gather import gather
from permissions.offers import offered, settable_groups
from permissions.team_gathering import gather_applicants
from permissions.viewer import Viewer
from tests.access.world import World

_turns = itertools.count()

# What an input is for, by its mutation: where that is offered, the mutation can succeed.
PURPOSES: Mapping[str, Action] = {
    "updateTeam": Action.TEAM_UPDATE,
    "checkLegalPerson": Action.TEAM_UPDATE,
    "disableTeam": Action.TEAM_DISABLE,
    "enableTeam": Action.TEAM_ENABLE,
    "dissolveTeam": Action.TEAM_DISSOLVE,
    "moveTeam": Action.TEAM_ASK_GROUP,  # whoever manages a team may ask for another place
    "askPermissionGroup": Action.TEAM_ASK_GROUP,
    "nameTeamStaff": Action.TEAM_NAME_ADMINS,
    "setViewTeams": Action.TEAM_SET_VIEW_TEAMS,
    "setAffiliatedOrg": Action.TEAM_SET_VIEW_TEAMS,
    "inviteVolunteer": Action.MEMBERSHIP_INVITE,
    "answerInvitation": Action.MEMBERSHIP_ANSWER,
    "endMembership": Action.MEMBERSHIP_END,
    "createProject": Action.PROJECT_CREATE,
    "updateProject": Action.PROJECT_UPDATE,
    "addPost": Action.PROJECT_UPDATE,
    "updatePost": Action.PROJECT_UPDATE,
    "removePost": Action.PROJECT_UPDATE,
    "nameRecordingTeam": Action.PROJECT_UPDATE,
    "submitProject": Action.PROJECT_SUBMIT,
    "withdrawProject": Action.PROJECT_WITHDRAW,
    "disableProject": Action.PROJECT_DISABLE,
    "enableProject": Action.PROJECT_ENABLE,
    "closeProject": Action.PROJECT_CLOSE,
    "signUp": Action.SIGN_UP_APPLY,
    "inviteToProject": Action.SIGN_UP_INVITE,
    "answerProjectInvitation": Action.SIGN_UP_ANSWER,
    "decideSignUps": Action.SIGN_UP_DECIDE,
    "cancelSignUp": Action.SIGN_UP_CANCEL,
    "checkIn": Action.SIGN_UP_CHECK_IN,
    "checkOut": Action.SIGN_UP_CHECK_OUT,
    "createServiceRecord": Action.RECORD_CREATE,
    "createServiceRecords": Action.RECORD_CREATE,
    "correctRecord": Action.RECORD_CORRECT,
    "confirmRecord": Action.RECORD_CORRECT,
    "voidRecord": Action.RECORD_VOID,
    "disputeRecord": Action.RECORD_DISPUTE,
    "evaluateRecord": Action.RECORD_EVALUATE,
    "recordTraining": Action.AWARD_RECORD,
    "recordAward": Action.AWARD_RECORD,
    "rateStar": Action.STAR_RATE,
    "revokeCertificate": Action.CERTIFICATE_REVOKE,
    "decideReviews": Action.REVIEW_DECIDE,
    "withdrawReview": Action.REVIEW_WITHDRAW,
    "remindAdministrator": Action.ADMINISTRATOR_REMIND,
}


async def promising(
    reader: Any, world: World, viewer: Viewer, mutation: str, entity: str
) -> list[int] | None:
    """The rows on which the mutation can succeed; None if that cannot be told beforehand."""
    numbers = range(1, len(world.rows()[entity]) + 1)
    found = await gather(reader, entity, numbers, volunteer_id=viewer.volunteer_id)
    if mutation == "setPermissionGroup":
        asked = await gather_applicants(reader, ReviewKind.PERMISSION_GROUP, found)
        return [
            n - 1
            for n, team in found.items()
            if settable_groups(viewer, team, applicant_account_id=asked.get(n))
        ]
    if mutation not in PURPOSES:
        return None
    subjects = [each.project if isinstance(each, PostFacts) else each for each in found.values()]
    offers = offered(PURPOSES[mutation], viewer, subjects, now=datetime.now(UTC), policy=Policy())
    return [n - 1 for n, yes in zip(found, offers, strict=True) if yes]


def is_known(mutation: str) -> bool:
    """Whether anything here steers the mutation."""
    return mutation in PURPOSES or mutation in _inputs(0) or mutation == "setPermissionGroup"


def written(mutation: str, person: int) -> Mapping[str, str] | None:
    """The fields of an input beside its target, for somebody of the world."""
    return _inputs(person).get(mutation)


def _at(days: float) -> str:
    return f'"{(datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)).isoformat()}"'


def _on(days: int) -> str:
    return f'"{(datetime.now(UTC) + timedelta(days=days)).date().isoformat()}"'


def _object(fields: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{key}: {value}' for key, value in fields.items())}}}"


def _texts(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(text: str) -> str:
    return f'"{text}"'


def _inputs(person: int) -> Mapping[str, Mapping[str, str]]:
    contact = _object({"name": '"赵敏"', "mobile": '"13800000012"'})
    post = _object({"name": '"走访"', "planned": "3"})
    # Hours that no record of the person overlaps: the world's lie months back, and thirty of a day
    # are written before it is the day before's turn.
    turn = next(_turns)
    start = 1 + (person + turn // 30) % 20 + turn % 30 / 31
    entry = {
        "volunteerNo": _quoted(f"V{person}"),
        "volunteerName": _quoted(f"志愿者{person}"),
        "startsAt": _at(-start),
        "endsAt": _at(-start + 0.02),
        "activityName": '"邻里互助"',
        "content": '"入户走访"',
        "place": '"社区"',
        "targets": _texts(["老年人"]),
        "contactName": '"赵敏"',
    }
    own = {key: value for key, value in entry.items() if not key.startswith("volunteer")}
    return {
        "createProject": {
            "name": _quoted(f"邻里互助日{chr(0x4E00 + turn % 20000)}"),
            "scope": "OPEN",
            "regionCode": '"R1"',
            "startsAt": _at(5),
            "endsAt": _at(6),
            "categories": _texts(["01"]),
            "targets": _texts(["老年人"]),
            "guarantees": _texts(["人身意外保险"]),
            "description": '"入户走访，便民服务。"',
            "riskNotice": '"请注意往返交通安全。"',
            "declarations": "[OWN_JOB, INTERNAL_DUTY, SELF_INTEREST, UNCLEAR_PURPOSE, PAID,"
            " HOURS_NOT_SERVED]",
            "contact": contact,
            "posts": f"[{post}]",
        },
        "updateProject": {"description": '"便民服务"'},
        "addPost": {"post": post},
        "updatePost": {"description": '"便民服务"'},
        "nameRecordingTeam": {},
        "updateTeam": {"intro": '"我们的队伍"'},
        "inviteToProject": {
            "volunteerNo": _quoted(f"V{person}"),
            "name": _quoted(f"志愿者{person}"),
        },
        "inviteVolunteer": {
            "volunteerNo": _quoted(f"V{person}"),
            "name": _quoted(f"志愿者{person}"),
        },
        "createServiceRecord": {"record": _object(entry)},
        "createServiceRecords": {"records": f"[{_object(entry)}]"},
        "applyForRecord": {**own, "unservedMinutes": "0"},
        "correctRecord": {
            "changes": _object({"content": '"入户走访与便民服务"'}),
            "reason": '"更正"',
        },
        "evaluateRecord": {"score": "4"},
        "evaluateParticipation": {"score": "4"},
        "recordTraining": {
            "name": '"急救培训"',
            "minutes": "60",
            "organiser": '"红十字会"',
            "heldOn": _on(-40),
        },
        "recordAward": {
            "name": '"优秀志愿者"',
            "grantedBy": '"市政府"',
            "grantedOn": _on(-40),
            "grantor": "GOVERNMENT",
            "material": '"证书"',
            "verification": '"已核实"',
        },
        "cancelSignUp": {"reason": '"临时有事"'},
        "decideSignUps": {"decision": "ACCEPT"},
        "decideReviews": {"decision": "REJECT", "opinion": '"材料不全"'},
        "answerInvitation": {"accept": "true"},
        "answerProjectInvitation": {"accept": "true"},
        "setViewTeams": {"viewTeamIds": "[]"},
        "askPermissionGroup": {"group": "MIDDLE", "reason": '"工作需要"'},
        "updateProfile": {},
    }
