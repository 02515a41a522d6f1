"""The public check over HTTP: the page, the query, the pace; and the files."""

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio

from db.enums import CertificateStatus, TeamAdminRole
from db.keys import Purpose
from db.session import Database
from db.signatures import Signer
from gateway.rate_limit import DAY, MINUTE
from gateway.throttle import PACES
from permissions.viewer import Viewer
from resolvers.certificate_checks import PACE as CERTIFICATE_CHECKS
from resolvers.certificate_wish import Wish
from tests.api.client import KEYS, Client, forget_paces, running
from tests.certificates.office import Office
from tests.certificates.test_paper import text_of
from tests.small_world import NOW, Planter, connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIGNER = Signer(keys=KEYS.all(Purpose.CERTIFICATE))
CHECK = "/certificates/check"


@dataclass(frozen=True, slots=True)
class Desk:
    """A station with one issued certificate of one volunteer."""

    client: Client
    office: Office
    volunteer: Viewer
    number: str
    certificate_id: int

    @property
    def code(self) -> str:
        return SIGNER.code(self.number)

    async def get(self, path: str, viewer: Viewer | None = None, **headers: str) -> httpx.Response:
        if viewer is not None:
            assert viewer.account_id is not None
            headers["Authorization"] = f"Bearer {self.client.token(viewer.account_id)}"
            headers["X-Acting-As"] = viewer.capacity
        return await self.client.http.get(path, headers={"host": "national.localhost", **headers})


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def front(url: str, redis_url: str) -> AsyncIterator[Desk]:
    async with Database(url) as database, running(url, redis_url) as client:
        office = await Office.open(Planter(database))
        yield await opened(client, office)


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def forget_pace(redis_url: str) -> None:
    await forget_paces(redis_url)


async def opened(client: Client, office: Office) -> Desk:
    """The desk with a certificate of its own."""
    volunteer, viewer = await office.person(name="李小明")
    await office.record(volunteer, minutes=100)
    asked = await office.requested(viewer)
    manager = await office.forest.manager("team")
    await office.issued(manager, asked.subject_id, remark="<b>服务月</b>")
    assert asked.subject_id is not None
    async with connected(office.database.url) as connection:
        number = await number_of(connection, asked.subject_id)
    return Desk(client, office, viewer, number, asked.subject_id)


async def number_of(db: Any, certificate_id: int | None) -> str:
    number: str = await db.fetchval(
        "select certificate_no from certificates where id = $1", certificate_id
    )
    return number


async def test_page_shows_masked_name_hours_and_remark(front: Desk) -> None:
    answer = await front.get(f"{CHECK}?no={front.number}&code={front.code}")

    assert answer.status_code == 200
    assert '<p class="verdict">有效</p>' in answer.text
    assert "李*明" in answer.text
    assert "1.67 小时" in answer.text
    assert "&lt;b&gt;服务月&lt;/b&gt;" in answer.text
    assert "李小明" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "script" not in answer.text


@pytest.mark.parametrize(
    ("query", "header", "word"),
    [
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "志愿服务记录证明查验"),
        ("", "en-GB,en;q=0.9", "Check a certificate"),
        ("?lang=en", "zh-CN", "Check a certificate"),
        ("?lang=zh-CN", "en", "志愿服务记录证明查验"),
        ("", "", "志愿服务记录证明查验"),
    ],
)
async def test_page_speaks_the_language_of_who_reads(
    front: Desk, query: str, header: str, word: str
) -> None:
    answer = await front.get(f"{CHECK}{query}", **{"Accept-Language": header})

    assert word in answer.text
    assert "verdict" not in answer.text.partition("</style>")[2]


async def test_page_echoes_nothing_that_runs(front: Desk) -> None:
    answer = await front.get(f"{CHECK}?no=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&code=x")

    assert "<script" not in answer.text
    assert "未查到" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_query_and_page_say_the_same(front: Desk) -> None:
    answer = await front.client.ask(
        "query ($n: String!, $c: String!) { verifyCertificate(number: $n, code: $c)"
        " { state maskedName hours remark } }",
        {"n": front.number, "c": front.code},
    )

    assert answer.good["verifyCertificate"] == {
        "state": "VALID",
        "maskedName": "李*明",
        "hours": "1.67",
        "remark": "<b>服务月</b>",
    }
    assert answer.statements <= 2


async def test_guessing_is_slowed_down_on_the_page_and_in_queries(
    front: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_minute, a_day = PACES[CERTIFICATE_CHECKS]
    assert (a_minute.size, a_minute.span) == (30, MINUTE)
    # As if no time went by: what is left grows by one only long after the last of these.
    slowly = (replace(a_minute, span=DAY), a_day)
    monkeypatch.setitem(cast("Any", PACES), CERTIFICATE_CHECKS, slowly)
    statuses = [
        (await front.get(f"{CHECK}?no=C{n:019d}&code=00000000")).status_code for n in range(40)
    ]
    refused = await front.get(f"{CHECK}?no={front.number}&code={front.code}")
    asked = await front.client.ask(
        '{ verifyCertificate(number: "C1", code: "1") { state } }', host="cq.localhost"
    )

    assert statuses == [200] * 30 + [429] * 10
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "查验过于频繁" in refused.text
    assert asked.codes == ["RATE_LIMITED"]


async def test_pdf_is_for_who_may_have_it(front: Desk) -> None:
    path = f"/certificates/{front.number}.pdf"
    forest = front.office.forest
    manager = await forest.manager("team")
    officer = await forest.officer(forest.region)
    _, stranger = await front.office.person()
    await forest.plant("other")
    other = await forest.manager("other")

    answers = [
        (await front.get(path, who)).status_code
        for who in (front.volunteer, manager, officer, stranger, other, None)
    ]

    assert answers == [200, 200, 200, 404, 404, 401]


async def test_code_is_told_to_who_may_have_the_certificate_as_a_file(front: Desk) -> None:
    manager = await front.office.forest.manager("team")
    reviewer = await front.office.forest.manager("team", TeamAdminRole.REVIEWER)
    person, waiting = await front.office.person()
    await front.office.record(person)
    await front.office.requested(waiting)
    own = "{ viewer { volunteer { certificates { nodes { checkCode viewerCan { download } } } } } }"
    of_team = "{ viewer { team { certificates { nodes { checkCode viewerCan { download } } } } } }"

    async def told(viewer: Viewer, document: str, whose: str) -> list[tuple[str | None, bool]]:
        assert viewer.account_id is not None
        answer = await front.client.ask(
            document, viewer=viewer.account_id, acting_as=viewer.capacity
        )
        nodes = answer.good["viewer"][whose]["certificates"]["nodes"]
        return [(each["checkCode"], each["viewerCan"]["download"]) for each in nodes]

    assert await told(front.volunteer, own, "volunteer") == [(front.code, True)]
    assert await told(waiting, own, "volunteer") == [(None, False)]
    assert (front.code, True) in await told(manager, of_team, "team")
    assert set(await told(reviewer, of_team, "team")) == {(None, False)}


async def test_pdf_holds_the_certificate_and_is_kept_nowhere(front: Desk) -> None:
    answer = await front.get(f"/certificates/{front.number}.pdf", front.volunteer)

    text = text_of(answer.content)
    assert "兹证明李小明（" in text
    assert f"http://cq.localhost:8000{CHECK}" in text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"] == f'attachment; filename="{front.number}.pdf"'


async def test_revoked_and_unknown_certificates_have_no_pdf(front: Desk) -> None:
    revoked = await opened(front.client, front.office)
    manager = await front.office.forest.manager("team")
    await front.office.ended(manager, revoked.certificate_id, CertificateStatus.REVOKED)

    for name in (revoked.number, "C0", "..%2f..%2fetc%2fpasswd", "%00"):
        answer = await front.get(f"/certificates/{name}.pdf", revoked.volunteer)
        assert answer.status_code == 404


async def test_withdrawn_consent_takes_the_id_number_off_the_paper(front: Desk) -> None:
    volunteer, viewer = await front.office.person()
    await front.office.identify(volunteer)
    await front.office.record(volunteer)
    printed = await front.office.printed(viewer, Wish(shows_id_number=True))
    async with connected(front.office.database.url) as db:
        path = f"/certificates/{await number_of(db, printed.subject_id)}.pdf"
        before = text_of((await front.get(path, viewer)).content)

        await db.execute(
            "update consents set withdrawn_at = now() where volunteer_id = $1", volunteer.id
        )
        after = text_of((await front.get(path, viewer)).content)

    assert ("0017" in before, "0017" in after) == (True, False)


async def test_archive_holds_what_the_team_issued_in_those_days(front: Desk) -> None:
    manager = await front.office.forest.manager("team")
    day = NOW.date().isoformat()

    answer = await front.get(f"/certificates.zip?since={day}&until={day}", manager)
    empty = await front.get("/certificates.zip?since=2020-01-01&until=2020-01-02", manager)

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert f"{front.number}.pdf" in archive.namelist()
        assert archive.testzip() is None
        assert "李小明" in text_of(archive.read(f"{front.number}.pdf"))
    assert zipfile.ZipFile(io.BytesIO(empty.content)).namelist() == []


@pytest.mark.parametrize(
    "days", ["", "since=2026-05-01", "since=2026-05-02&until=2026-05-01", "since=a&until=b",
             "since=2020-01-01&until=2026-01-01", "since=0001-01-01&until=0001-01-02",
     "since=9999-01-01&until=9999-12-31"],
)  # fmt: skip
async def test_archive_of_senseless_days_is_refused(front: Desk, days: str) -> None:
    manager = await front.office.forest.manager("team")

    assert (await front.get(f"/certificates.zip?{days}", manager)).status_code == 400


async def test_archive_is_for_who_issues(front: Desk) -> None:
    day = NOW.date().isoformat()

    answers = [
        (await front.get(f"/certificates.zip?since={day}&until={day}", who)).status_code
        for who in (front.volunteer, None)
    ]

    assert answers == [403, 401]
