"""The walk of the README, from a station where nobody acts yet to a certificate that is checked.

It is followed over HTTP as it is written there, each step by an account of its own role, with every
answer held to the one that is shown.
"""

from typing import Any

from tests.small_world import connected
from tests.workflows.tutorial import SECTIONS, Step, read_tutorial, reading

# Each of the story's turns, by what has come of it.
STORY = """
select
  (select array_agg(name order by id) from teams) as teams,
  (select count(*) from team_admins) as managers,
  (select count(*) from memberships where status = 'JOINED') as members,
  (select status from projects) as project,
  (select joined || '/' || planned from posts) as places,
  (select status from sign_ups) as sign_up,
  (select status || ' ' || minutes from service_records) as record,
  (select status || ' ' || minutes from certificates) as certificate,
  (select effective_minutes from volunteers where name = '陈晨') as credited,
  (select count(*) from reviews where state = 'PENDING') as waiting
"""


async def test_tutorial_leads_from_registration_to_a_verified_certificate(
    bare_url: str, redis_url: str
) -> None:
    async with reading(bare_url, redis_url) as reader:
        await reader.follow(read_tutorial("README.md"))

    async with connected(bare_url) as db:
        came_of_it: Any = await db.fetchrow(STORY)
    assert dict(came_of_it) == {
        "teams": ["重庆市志愿服务联合会", "渝北区志愿者协会", "渝北区邻里互助志愿服务队"],
        "managers": 3,
        "members": 1,
        "project": "CLOSED",
        "places": "1/7",
        "sign_up": "ATTENDED",
        "record": "EFFECTIVE 120",
        "certificate": "ISSUED 120",
        "credited": 120,
        "waiting": 0,
    }


def test_both_languages_take_the_same_steps() -> None:
    english, chinese = (read_tutorial(name) for name in SECTIONS)

    assert chinese == english
    names = [step.name for step in english.steps if isinstance(step, Step)]
    assert len(names) > 20
    assert {"Register", "RegisterTeam", "Approve", "SignUp", "CheckOut", "Verify"} <= set(names)
