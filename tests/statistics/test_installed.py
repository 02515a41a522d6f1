"""The functions and triggers of the database are those of the code."""

from typing import Any

from db.ledger.reading_function import FUNCTION
from db.ledger.triggers import trigger_statements

COUNTED = {
    *(
        "volunteers",
        "volunteer_identities",
        "teams",
        "memberships",
        "projects",
        "posts",
        "sign_ups",
    ),
    *("service_records", "reviews", "regions"),
}


async def test_functions_are_those_of_the_code(db: Any) -> None:
    """Who changes them adds a migration that makes them anew."""
    rows = await db.fetch("select proname, prosrc from pg_proc where proname like 'ledger\\_%'")
    texts = [*trigger_statements(), FUNCTION]

    assert {row["proname"] for row in rows} == {
        *(f"ledger_{table}" for table in COUNTED),
        *("ledger_place_record", "ledger_figures"),
    }
    for row in rows:
        assert any(row["prosrc"].strip() in text for text in texts), row["proname"]


async def test_every_counted_table_tells_of_every_change(db: Any) -> None:
    rows = await db.fetch(
        "select tgrelid::regclass::text, tgname from pg_trigger"
        " where not tgisinternal and tgname like 'ledger\\_%'"
    )

    assert {tuple(row) for row in rows} == {
        *((table, f"ledger_{act}") for table in COUNTED for act in ("insert", "update", "delete")),
        ("service_records", "ledger_place"),
    }
