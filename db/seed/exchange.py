"""Needs, offers, and the answers that bring them together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from db.enums import (
    AnswerSide,
    AnswerStatus,
    MatchStatus,
)
from db.progress import silent
from db.seed.bulk import copy_rows, reserve_ids
from db.seed.life import Actor, Cast, Crowd, Life
from db.seed.neighbours import morning, neighbours
from db.seed.themes import DEFAULT_CATEGORY, THEMES

NEEDS, VOLUNTEERS_OFFERS, TEAMS_OFFERS = 24, 18, 8
# For a volunteer who helps, they asked themselves; for a team in need, its manager did.
_APPLICANTS = """
update need_answers a set applicant_account_id = case a.asked_by
  when 'OFFERER' then (select v.account_id from volunteers v where v.id = a.volunteer_id)
  else (select min(m.account_id) from team_admins m where m.team_id = a.team_id
        and m.role = 'MANAGER' and m.revoked_at is null) end
"""
SKILLS = ("急救", "摄影", "手语", "法律", "心理", "理发")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    id: int
    province: str
    team_id: int
    region_id: int
    title: str
    description: str
    place: str
    categories: Sequence[str]
    targets: Sequence[str]
    skills: Sequence[str]
    people: int
    found: int
    starts_at: datetime
    ends_at: datetime
    contact_name: str
    contact_phone: str
    status: str
    close_reason: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    id: int
    province: str
    team_id: int | None
    volunteer_id: int | None
    region_id: int
    title: str
    description: str
    categories: Sequence[str]
    skills: Sequence[str]
    starts_at: datetime
    ends_at: datetime
    status: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    province: str
    need_id: int
    offer_id: int | None
    team_id: int
    from_team_id: int | None
    volunteer_id: int | None
    asked_by: str
    status: str
    people: int
    message: str
    reason: str | None
    created_at: datetime
    decided_at: datetime | None


async def open_exchange(
    connection: Any, life: Life, cast: Cast, crowd: Crowd, *, today: date
) -> None:
    """What teams look for, what is offered, and who has answered whom."""
    actors = neighbours(life, cast)
    needs = await _look_for(connection, actors, today, is_answered=len(crowd) > 0)
    offers = await _offer(connection, life, actors, crowd, today)
    await _answer(connection, needs, offers, today)


async def _look_for(
    connection: Any, actors: Sequence[Actor], today: date, *, is_answered: bool
) -> Sequence[_Need]:
    chosen = actors[:NEEDS]
    ids = await reserve_ids(connection, "needs", len(chosen))
    needs = [
        _need(number, n, actor, today, is_answered=is_answered)
        for n, (number, actor) in enumerate(zip(ids, chosen, strict=True))
    ]
    await copy_rows(connection, "needs", _Need, needs, progress=silent)
    return needs


def _need(number: int, n: int, actor: Actor, today: date, *, is_answered: bool) -> _Need:
    categories = [*actor.service_categories[:2]] or [DEFAULT_CATEGORY]
    theme = THEMES.get(categories[0], THEMES[DEFAULT_CATEGORY])[0]
    status = {4: MatchStatus.MET, 5: MatchStatus.CLOSED}.get(n % 6, MatchStatus.OPEN)
    starts = morning(today, 3 + n % 9)
    people = 2 + n % 5
    return _Need(
        id=number,
        province=actor.province,
        team_id=actor.id,
        region_id=actor.region_id,
        title=f"{theme.name}招募帮手",
        description=f"{theme.name}缺人手，主要做{'、'.join(theme.posts)}，队里有老队员带。",
        place=actor.short_name,
        categories=categories,
        targets=[*theme.targets],
        skills=[SKILLS[n % len(SKILLS)]] if n % 2 else [],
        people=people,
        # One person of every third need, which is open, is accepted below.
        found=int(n % 3 == 0 and is_answered),
        starts_at=starts,
        ends_at=starts + timedelta(days=20 + n),
        contact_name=actor.contact_name,
        contact_phone=actor.contact_mobile,
        status=status.value,
        close_reason="活动改期，另行发布。" if status is MatchStatus.CLOSED else None,
        created_at=morning(today, -1 - n),
    )


async def _offer(
    connection: Any, life: Life, actors: Sequence[Actor], crowd: Crowd, today: date
) -> Sequence[_Offer]:
    people = range(min(VOLUNTEERS_OFFERS, len(crowd)))
    teams = actors[-TEAMS_OFFERS:]
    ids = iter(await reserve_ids(connection, "offers", len(people) + len(teams)))
    offers = []
    for n in people:
        hub = life.home.hubs[crowd.place[n]]
        skill = SKILLS[n % len(SKILLS)]
        offers.append(
            _Offer(
                volunteer_id=crowd.ids[n],
                team_id=None,
                title=f"周末可提供{skill}服务",
                description=f"有{skill}经验，周六、周日全天有空。",
                **_common(next(ids), n, hub, skill, today),
            )
        )
    for n, actor in enumerate(teams):
        skill = SKILLS[n % len(SKILLS)]
        offers.append(
            _Offer(
                volunteer_id=None,
                team_id=actor.id,
                title=f"{actor.name}可提供{skill}支援",
                description=f"队内有{skill}骨干，可支援周边社区活动。",
                **_common(next(ids), n, actor, skill, today),
            )
        )
    await copy_rows(connection, "offers", _Offer, offers, progress=silent)
    return offers


def _common(number: int, n: int, place: Any, skill: str, today: date) -> dict[str, Any]:
    categories = [*getattr(place, "service_categories", ())][:2] or [DEFAULT_CATEGORY]
    return {
        "id": number,
        "province": place.province,
        "region_id": place.region_id,
        "categories": categories,
        "skills": [skill],
        "starts_at": morning(today, 1),
        "ends_at": morning(today, 40 + n),
        "status": MatchStatus.OPEN.value,
        "created_at": morning(today, -1 - n),
    }


async def _answer(
    connection: Any, needs: Sequence[_Need], offers: Sequence[_Offer], today: date
) -> None:
    """One of each three open needs has an accepted answer, one waits, one has asked an offer."""
    people = [each for each in offers if each.volunteer_id is not None]
    answers = []
    for n, need in enumerate(needs):
        if need.status != MatchStatus.OPEN.value or not people:
            continue
        offer = people[n % len(people)]
        is_accepted = n % 3 == 0
        side = AnswerSide.NEED if n % 3 == 2 else AnswerSide.OFFERER  # noqa: PLR2004
        answers.append(
            _Answer(
                province=need.province,
                need_id=need.id,
                offer_id=offer.id if side is AnswerSide.NEED else None,
                team_id=need.team_id,
                from_team_id=None,
                volunteer_id=offer.volunteer_id,
                asked_by=side.value,
                status=(AnswerStatus.ACCEPTED if is_accepted else AnswerStatus.PENDING).value,
                people=1,
                message="这次活动很合适，想来帮忙。"
                if side is AnswerSide.OFFERER
                else "看到您的供给信息，盼能支援。",
                reason=None,
                created_at=morning(today, -1),
                decided_at=morning(today, 0) - timedelta(hours=9) if is_accepted else None,
            )
        )
    await copy_rows(connection, "need_answers", _Answer, answers, progress=silent)
    await connection.execute(_APPLICANTS)
