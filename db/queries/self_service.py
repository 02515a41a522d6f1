"""Accounts by what their people know of them, and the codes that lead back into them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.enums import RecoveryPurpose
from db.write import Write

# A volunteer by ID number and name; a team's manager by the team's number and name. Who acts for a
# department is helped by the department above, never by a text message.
_FIND = """
select a.id, a.username, found.mobile
from (
  select v.account_id, v.mobile, v.id as place
  from volunteer_identities i join volunteers v on v.id = i.volunteer_id
  where i.blind_index = any($1::bytea[]) and v.name = $2
  union all
  select m.account_id, case when $4 then t.contact_mobile else t.principal_mobile end, m.id
  from teams t join team_admins m on m.team_id = t.id and m.role = 'MANAGER'
    and m.revoked_at is null
  where (t.team_no = $3::text or t.uscc = $3::text) and t.name = $2
) found
join accounts a on a.id = found.account_id
where a.status = 'ENABLED' and ($5 = '' or a.username = $5)
  and not exists (select from department_users d
                  where d.account_id = a.id and d.revoked_at is null)
order by found.place limit 1
"""
_INSERT_CODE = """
insert into recovery_codes (purpose, account_id, challenge_hash, code_hash, new_mobile, expires_at)
values ($1, $2, $3, $4, $5, now() + $6::interval)
"""
# One statement whether or not there is such a challenge; a try is counted before it is judged.
_TRY = """
with tried as (
  update recovery_codes set tries = tries + 1,
    used_at = case when code_hash = $3 and tries < $4 then now() end
  where challenge_hash = $1 and purpose = $2 and used_at is null and expires_at > now()
  returning account_id, new_mobile, used_at
)
select a.id, a.username, t.new_mobile
from tried t join accounts a on a.id = t.account_id
where t.used_at is not null and a.status = 'ENABLED'
"""
_LOCK_ACCOUNT = "select id from accounts where id = $1 for no key update"
_RESET = """
update accounts set password_hash = $2, must_change_password = false, failed_sign_ins = 0,
  locked_until = null, password_expires_at = null, session_epoch = session_epoch + 1
where id = $1
"""
_END_SESSIONS = """
update sign_in_sessions set revoked_at = now() where account_id = $1 and revoked_at is null
"""
_OWN_MOBILE = "select mobile from volunteers where id = $1"
_SET_MOBILE = """
update volunteers set mobile = $2, updated_at = now() where account_id = $1 returning id
"""
_DELETE_CODES = """
delete from recovery_codes where id = any(array(
  select id from recovery_codes where expires_at < $1 order by expires_at limit $2
  for update skip locked))
returning id
"""
_INSERT_RESET = """
insert into reset_requests (name, number, blind_indexes, new_mobile, reason)
values ($1, $2, $3::bytea[], $4, $5)
"""
_TAKE_RESETS = """
delete from reset_requests where id = any(array(
  select id from reset_requests order by id limit $1 for update skip locked))
returning id, name, number, blind_indexes, new_mobile, reason
"""
# Whose it is, and the team by which its reviewer is found: the team itself; the volunteer's oldest
# team; without one the nearest hub that works over where they live.
_FIND_RESET = """
select 'Team' as subject_type, t.id as subject_id, t.id as team_id
from teams t
where (t.team_no = $3::text or t.uscc = $3::text) and t.name = $2 and t.status <> 'DISSOLVED'
union all
select 'Volunteer', v.id, coalesce(
  (select m.team_id from memberships m
   where m.volunteer_id = v.id and m.status = 'JOINED' order by m.joined_at, m.id limit 1),
  (select h.id from teams h
   where h.is_hub and h.status = 'ENABLED' and starts_with(v.region_path, h.region_path)
   order by length(h.region_path) desc limit 1))
from volunteer_identities i join volunteers v on v.id = i.volunteer_id
where i.blind_index = any($1::bytea[]) and v.name = $2 and v.account_id is not null
limit 1
"""
_INSERT_REVIEW = """
insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id,
                     reviewer_region_id, change)
select province, 'ACCOUNT_RESET', 'PENDING', $2, $3, id, $4, $5,
       jsonb_build_object('mobile', $6::text, 'reason', $7::text)
from teams where id = $1
on conflict do nothing returning id
"""
_RESETS = """
select id, subject_type, subject_id, change ->> 'mobile' as mobile
from reviews where id = any($1::bigint[])
"""
_SET_CONTACT = """
update teams set contact_mobile = given.mobile
from unnest($1::bigint[], $2::text[]) as given (id, mobile) where teams.id = given.id
"""
_SET_MOBILES = """
update volunteers set mobile = given.mobile, updated_at = now()
from unnest($1::bigint[], $2::text[]) as given (id, mobile) where volunteers.id = given.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a person tells of themselves or of their team, as it is looked up."""

    blind_indexes: Sequence[bytes]
    name: str
    number: str
    at_contact: bool = False
    username: str = ""


@dataclass(frozen=True, slots=True)
class AccountFound:
    """An account, and the phone that its people are reached by."""

    id: int
    username: str
    mobile: str | None


@dataclass(frozen=True, slots=True)
class Proven:
    """An account whose code was right."""

    account_id: int
    username: str
    new_mobile: str | None


@dataclass(frozen=True, slots=True)
class ResetKnown:
    """A review of a reset: whose phone is replaced, and by which."""

    review_id: int
    subject_type: str
    subject_id: int
    mobile: str


@dataclass(frozen=True, slots=True)
class ResetTold:
    """A request for a reviewed reset, taken out of its table."""

    id: int
    name: str
    number: str
    blind_indexes: Sequence[bytes]
    new_mobile: str
    reason: str


async def find_account(write: Write, known: Known) -> AccountFound | None:
    """The account that is known so, if it has one."""
    rows = await write.run(
        _FIND,
        known.blind_indexes,
        known.name,
        known.number,
        known.at_contact,
        known.username,
    )
    return AccountFound(*rows[0]) if rows else None


async def insert_code(  # noqa: PLR0917 - columns
    write: Write,
    purpose: RecoveryPurpose,
    account_id: int | None,
    challenge_hash: bytes,
    code_hash: bytes,
    lifetime: timedelta,
    *,
    new_mobile: str | None = None,
) -> None:
    """Stores what a code is judged by."""
    await write.run(
        _INSERT_CODE, purpose.value, account_id, challenge_hash, code_hash, new_mobile, lifetime
    )


async def try_code(
    write: Write, purpose: RecoveryPurpose, challenge_hash: bytes, code_hash: bytes, most: int
) -> Proven | None:
    """The account of a challenge, if the code is right and the first right one within its tries."""
    rows = await write.run(_TRY, challenge_hash, purpose.value, code_hash, most)
    return Proven(*rows[0]) if rows else None


async def set_password(write: Write, account_id: int, password_hash: str) -> None:
    """A new password, and the end of every session; of no account if there is none of the id."""
    await write.run(_LOCK_ACCOUNT, account_id)
    await write.run(_RESET, account_id, password_hash)
    await write.run(_END_SESSIONS, account_id)


async def fetch_own_mobile(write: Write, volunteer_id: int) -> str | None:
    """The phone of a volunteer."""
    rows = await write.run(_OWN_MOBILE, volunteer_id)
    return rows[0]["mobile"] if rows else None


async def set_mobile(write: Write, account_id: int, mobile: str) -> int | None:
    """The volunteer of the account, with a new phone."""
    rows = await write.run(_SET_MOBILE, account_id, mobile)
    return rows[0]["id"] if rows else None


async def delete_expired_codes(write: Write, *, before: datetime, limit: int) -> int:
    """How many codes that expired before the moment were deleted."""
    return len(await write.run(_DELETE_CODES, before, limit))


async def insert_reset(write: Write, known: Known, *, new_mobile: str, reason: str) -> None:
    """Keeps a request for a reviewed reset, whoever it is of."""
    await write.run(
        _INSERT_RESET, known.name, known.number, known.blind_indexes, new_mobile, reason
    )


async def take_resets(write: Write, limit: int) -> Sequence[ResetTold]:
    """The oldest requests for a reviewed reset; they are gone with this write."""
    return [ResetTold(*row) for row in await write.run(_TAKE_RESETS, limit)]


async def find_reset(write: Write, told: ResetTold) -> tuple[str, int, int | None] | None:
    """Type and id of whose account it is, and the team by which its reviewer is found."""
    rows = await write.run(_FIND_RESET, told.blind_indexes, told.name, told.number)
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


async def insert_review(
    write: Write,
    team_id: int,
    subject_type: str,
    subject_id: int,
    told: ResetTold,
    *,
    reviewer_team_id: int | None,
    reviewer_region_id: int | None,
) -> int | None:
    """The id of the review; None if one waits already."""
    rows = await write.run(
        _INSERT_REVIEW,
        team_id,
        subject_type,
        subject_id,
        reviewer_team_id,
        reviewer_region_id,
        told.new_mobile,
        told.reason,
    )
    return rows[0]["id"] if rows else None


async def fetch_resets(write: Write, review_ids: Sequence[int]) -> Sequence[ResetKnown]:
    """What the reviews are to do."""
    return [ResetKnown(*row) for row in await write.run(_RESETS, review_ids)]


async def set_contacts(write: Write, mobiles: dict[int, str]) -> None:
    """New phones of teams' contacts."""
    await write.run(_SET_CONTACT, list(mobiles), list(mobiles.values()))


async def set_mobiles(write: Write, mobiles: dict[int, str]) -> None:
    """New phones of volunteers."""
    await write.run(_SET_MOBILES, list(mobiles), list(mobiles.values()))
