"""Everything that is kept about one person, as the person may have it (PIPL art. 45)."""

import json
from collections.abc import Mapping
from typing import Any

from db.write import Write

# Each table that names a volunteer, under the name that the copy gives it.
TABLES: Mapping[str, str] = {
    "awards": "awards",
    "certificates": "certificates",
    "consents": "consents",
    "corrections": "correction_requests",
    "evaluations": "evaluations",
    "memberships": "memberships",
    "needAnswers": "need_answers",
    "offers": "offers",
    "passwordTries": "project_password_tries",
    "records": "service_records",
    "redemptions": "redemptions",
    "rewardEntries": "reward_entries",
    "signUps": "sign_ups",
    "stars": "star_ratings",
    "submissions": "submissions",
    "trainings": "trainings",
    "transfers": "record_transfers",
}
# The sealed number is opened apart; the rest are aids of searching.
HIDDEN = (
    *("province", "sealed_number", "key_id", "blind_index", "name_grams", "sort_key"),
    *("region_path", "applicant_account_id"),
)
_ROWS = """
select coalesce(jsonb_agg(to_jsonb(t) - $2::text[] order by to_jsonb(t) ->> 'id'), '[]')::text
from {table} t where t.volunteer_id = $1
"""
_VOLUNTEER = "select (to_jsonb(v) - $2::text[])::text from volunteers v where v.id = $1"
_ACCOUNT = """
select jsonb_build_object('username', a.username, 'displayName', a.display_name,
  'createdAt', a.created_at, 'lastSignedInAt', a.last_signed_in_at)::text
from accounts a join volunteers v on v.account_id = a.id where v.id = $1
"""
# What the person complained of; what others complained of them is the others' own.
_COMPLAINTS = """
select coalesce(jsonb_agg(jsonb_build_object('topic', c.topic, 'text', c.text,
  'status', c.status, 'outcome', c.outcome, 'createdAt', c.created_at) order by c.id), '[]')::text
from complaints c join volunteers v on v.account_id = c.complainant_account_id where v.id = $1
"""
# Who looked at the ID number, in which capacity, for what.
_LOOKS = """
select coalesce(jsonb_agg(jsonb_build_object('at', at, 'capacity', capacity,
  'purpose', detail ->> 'purpose') order by id), '[]')::text
from audit_log where action = 'volunteer.id_number_revealed' and subject_type = 'Volunteer'
  and subject_id = $1
"""


async def fetch_all(write: Write, volunteer_id: int) -> Mapping[str, Any]:
    """The rows about a volunteer, by name; the ID number is not among them."""
    found: dict[str, Any] = {
        "volunteer": _one(await write.run(_VOLUNTEER, volunteer_id, HIDDEN)),
        "account": _one(await write.run(_ACCOUNT, volunteer_id)),
        "complaints": _one(await write.run(_COMPLAINTS, volunteer_id)),
        "looksAtIdNumber": _one(await write.run(_LOOKS, volunteer_id)),
    }
    for name, table in TABLES.items():
        found[name] = _one(await write.run(_ROWS.format(table=table), volunteer_id, HIDDEN))
    return {name: _named(value) for name, value in found.items()}


def _one(rows: Any) -> Any:
    return json.loads(rows[0][0]) if rows else None


def _named(value: Any) -> Any:
    """The rows with their columns named as the schema names fields."""
    if isinstance(value, list):
        return [_named(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {_camel(name): each for name, each in value.items()}


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
