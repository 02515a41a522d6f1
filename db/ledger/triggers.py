"""The triggers by which every write of a counted table leaves its change of the ledger.

No write can forget them, whoever makes it: a use case, the clock, a bulk load, a redistricting.
They run within the statement that changes the rows, once for all of them, and append: no row is
changed that another writer might wait for.
"""

from db.ledger.trigger_bodies import BODIES

# The day of a change of stocks: today, unless the transaction says otherwise (``ledger.day``).
TODAY = (
    "coalesce(nullif(current_setting('ledger.day', true), '')::date,"
    " (now() at time zone 'Asia/Shanghai')::date)"
)
SET_DAY = "select set_config('ledger.day', $1::date::text, true)"

_FUNCTION = """
create or replace function ledger_{table}() returns trigger language plpgsql as $body$
declare
  today date := {today};
  present date := (now() at time zone 'Asia/Shanghai')::date;
begin
  if tg_op = 'INSERT' then
    {insert}
  elsif tg_op = 'DELETE' then
    {delete}
  else
    {update}
  end if;
  return null;
end
$body$
"""
_TRIGGERS = {
    "insert": "new table as new_rows",
    "update": "old table as old_rows new table as new_rows",
    "delete": "old table as old_rows",
}
_TRIGGER = """
create or replace trigger ledger_{act} after {act} on {table} referencing {given}
for each statement execute function ledger_{table}()
"""

# Where the team of a record lay on the day of the service; before its history began, where it
# began.
_PLACE_RECORD = """
create or replace function ledger_place_record() returns trigger language plpgsql as $body$
declare
  day date := (new.starts_at at time zone 'Asia/Shanghai')::date;
begin
  new.team_path := coalesce(
    (select a.path from team_attachments a
     where a.team_id = new.team_id and a.valid_from <= day
       and (a.valid_to is null or a.valid_to > day)
     order by a.valid_from desc, a.id desc limit 1),
    (select a.path from team_attachments a
     where a.team_id = new.team_id and a.valid_from > day order by a.valid_from, a.id limit 1),
    (select t.path from teams t where t.id = new.team_id));
  return new;
end
$body$
"""
_PLACE_TRIGGER = """
create or replace trigger ledger_place before insert on service_records
for each row when (new.team_path is null) execute function ledger_place_record()
"""


def function_statements() -> list[str]:
    """The statements that bring what the triggers do up to date; they lock no table."""
    made = [_FUNCTION.format(table=table, today=TODAY, **body) for table, body in BODIES.items()]
    return [_PLACE_RECORD, *made]


def trigger_statements() -> list[str]:
    """The statements that make all functions and triggers, or bring them up to date."""
    triggers = [
        _TRIGGER.format(table=table, act=act, given=given)
        for table in BODIES
        for act, given in _TRIGGERS.items()
    ]
    return [*function_statements(), _PLACE_TRIGGER, *triggers]
