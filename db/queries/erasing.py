"""Erasing a person: the identity goes, the records stay without a name (PIPL art. 47)."""

from db.write import Write

ERASED_NAME = "已删除"

_ACCOUNT = """
select v.account_id, exists (select from team_admins a where a.account_id = v.account_id
    and a.revoked_at is null)
  or exists (select from department_users d where d.account_id = v.account_id
    and d.revoked_at is null) as is_kept
from volunteers v where v.id = $1
"""
_IDENTITY = "delete from volunteer_identities where volunteer_id = $1"
_CORRECTIONS = """
update correction_requests set name = null, born_on = null, sex = null, id_type = null,
  sealed_number = null, key_id = null, blind_index = null, reason = '', opinion = null,
  state = case when state = 'PENDING' then 'WITHDRAWN' else state end,
  decided_at = coalesce(decided_at, now())
where volunteer_id = $1
"""
_CONSENTS = """
update consents set given_by = null, scope = scope - 'mobile' - 'relation',
  withdrawn_at = coalesce(withdrawn_at, now())
where volunteer_id = $1
"""
# The year of birth and the residence stay: the statistics that counted the person need them.
_VOLUNTEER = """
update volunteers set name = $2, sort_key = '', name_grams = '{}', nickname = null,
  born_on = make_date(extract(year from born_on)::int, 1, 1), ethnicity = null,
  political_status = null, education = null, employment = null, mobile = null,
  mobile_public = false, email = null, address = null, skills = '{}', account_id = null,
  erased_at = now(), updated_at = now()
where id = $1
"""
_CLOSE_ACCOUNT = """
update accounts set username = 'erased_' || id, display_name = $2, password_hash = null,
  issuer_subject = null, status = 'DISABLED' where id = $1
"""
_END_SESSIONS = """
update sign_in_sessions set revoked_at = now() where account_id = $1 and revoked_at is null
"""
_MESSAGES = "delete from notifications where account_id = $1"


async def erase(write: Write, volunteer_id: int) -> int | None:
    """The account that was the person's; closed, unless it acts for a team or a department."""
    account = (await write.run(_ACCOUNT, volunteer_id))[0]
    await write.run(_IDENTITY, volunteer_id)
    await write.run(_CORRECTIONS, volunteer_id)
    await write.run(_CONSENTS, volunteer_id)
    await write.run(_VOLUNTEER, volunteer_id, ERASED_NAME)
    account_id: int | None = account["account_id"]
    if account_id is not None and not account["is_kept"]:
        await write.run(_CLOSE_ACCOUNT, account_id, ERASED_NAME)
        await write.run(_END_SESSIONS, account_id)
        await write.run(_MESSAGES, account_id)
    return account_id
