"""What follows from sign-ups and records: totals, stars, evaluations, certificates, reviews."""

import hashlib
from datetime import date
from typing import Any

from db.enums import CertificateStatus
from db.numbers.business import SERIAL_BITS
from db.numbers.certificates import ALPHABET, RANDOM_LENGTH, certificate_no
from db.seed.bulk import reserve_ids

# Hours for the first to the fifth star (DOMAIN §7.3), in minutes.
STAR_MINUTES = (6_000, 18_000, 36_000, 60_000, 90_000)
CERTIFICATES = 20

TOTALS = """
update volunteers v set
    effective_minutes = s.minutes,
    star = (select count(*) from unnest($1::bigint[]) as least where s.minutes >= least)
from (
    select volunteer_id, sum(minutes) as minutes from service_records
    where status = 'EFFECTIVE' group by volunteer_id
) s
where s.volunteer_id = v.id and v.id >= $2
"""

NO_SHOWS = """
update volunteers v set no_show_count = s.n
from (
    select volunteer_id, count(*) as n from sign_ups where status = 'NO_SHOW' group by 1
) s
where s.volunteer_id = v.id and v.id >= $1
"""

EVALUATIONS = """
insert into evaluations (province, record_id, volunteer_id, team_id, score, comment, created_at)
select province, id, volunteer_id, team_id, 3 + (id / 10) % 3,
    (array['按时到岗', '服务认真', '深受好评'])[1 + (id / 10) % 3], recorded_at + interval '1 day'
from service_records where status = 'EFFECTIVE' and id % 10 = 0 order by id
"""

AVERAGES = """
update volunteers v set evaluation_count = e.n, evaluation_total = e.total
from (select volunteer_id, count(*) as n, sum(score) as total from evaluations group by 1) e
where v.id = e.volunteer_id
"""

TRAININGS = """
insert into trainings (province, volunteer_id, team_id, name, content, minutes, organiser, held_on)
select t.province, m.volunteer_id, m.team_id,
    (array['志愿者通用知识培训', '应急救护培训', '助老服务技能培训'])[1 + m.id % 3],
    '志愿服务理念、礼仪与安全', 60 * (1 + m.id % 3), t.name, m.joined_at::date + 7
from memberships m join teams t on t.id = m.team_id
where m.status = 'JOINED' and m.id % 20 = 0 order by m.id
"""

AWARDS = """
insert into awards (province, volunteer_id, name, granted_by, granted_on)
select v.province, v.id, (array['优秀志愿者', '最美志愿者'])[1 + v.id % 2],
    r.short_name || '志愿者协会', $1::date - 30 - (v.id % 300)::int
from volunteers v
join regions p on p.id = v.region_id
join regions r on r.level = 'COUNTY' and starts_with(p.path, r.path)
where v.star >= 1 and v.id % 3 = 0 order by v.id
"""

# Reviewers after DOMAIN §4: a branch's organisation, a legal person's authority, else the contact
# team, which is an enabled hub here.
TEAM_REVIEWS = """
insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id,
    created_at)
select province, 'TEAM_REGISTRATION', 'PENDING', 'Team', id, id, contact_team_id,
    $1::date - (id % 9)::int
from teams where status = 'PENDING' and contact_team_id is not null order by id
"""

PROJECT_REVIEWS = """
insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id,
    reviewer_region_id, created_at)
select t.province, 'PROJECT_PUBLICATION', 'PENDING', 'Project', p.id, t.id,
    case when t.registration_status <> 'LEGAL_PERSON' then t.contact_team_id end,
    case when t.registration_status = 'LEGAL_PERSON' then t.registration_authority_id end,
    $1::date - (p.id % 5)::int
from projects p join teams t on t.id = p.team_id
where p.status = 'PENDING' order by p.id
"""

MEMBERSHIP_REVIEWS = """
insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id,
    applicant_account_id, created_at)
select m.province, 'MEMBERSHIP', 'PENDING', 'Membership', m.id, m.team_id, m.team_id, v.account_id,
    m.applied_at
from memberships m join volunteers v on v.id = m.volunteer_id
where m.status = 'APPLYING' order by m.id
"""

CANDIDATES = """
select s.volunteer_id, s.province, s.team_id, sum(s.minutes)::bigint as minutes
from service_records s
where s.status = 'EFFECTIVE' and s.minutes > 0 and s.volunteer_id % 7 = 0
group by s.volunteer_id, s.province, s.team_id order by s.volunteer_id, s.team_id limit $1
"""
CERTIFICATE_RECORDS = """
insert into certificate_records (province, certificate_id, record_id, revision)
select s.province, c.id, s.id, s.revision
from certificates c
join service_records s on s.volunteer_id = c.volunteer_id and s.team_id = c.team_id
where c.id = any($1::bigint[]) and s.status = 'EFFECTIVE' and s.minutes > 0 order by c.id, s.id
"""


async def settle(connection: Any, *, first_volunteer: int, today: date) -> None:
    """Derives what depends on the copied rows; counters agree with the rows they count."""
    await connection.execute("analyze")  # nothing is known of rows just copied
    await connection.execute(TOTALS, list(STAR_MINUTES), first_volunteer)
    await connection.execute(NO_SHOWS, first_volunteer)
    await connection.execute(EVALUATIONS)
    await connection.execute(AVERAGES)
    await connection.execute(TRAININGS)
    await connection.execute(AWARDS, today)
    await connection.execute(TEAM_REVIEWS, today)
    await connection.execute(PROJECT_REVIEWS, today)
    await connection.execute(MEMBERSHIP_REVIEWS)
    await _request_certificates(connection, today)


async def _request_certificates(connection: Any, today: date) -> None:
    """A few volunteers ask a team for a certificate of what it recorded."""
    wanted = await connection.fetch(CANDIDATES, CERTIFICATES)
    ids = await reserve_ids(connection, "certificates", len(wanted))
    records = [
        (
            certificate_id,
            row["province"],
            certificate_no(
                row["province"],
                today,
                station=certificate_id >> SERIAL_BITS,
                tail=_tail(certificate_id),
            ),
            row["volunteer_id"],
            row["team_id"],
            CertificateStatus.REQUESTED,
            row["minutes"],
        )
        for certificate_id, row in zip(ids, wanted, strict=True)
    ]
    await connection.copy_records_to_table(
        "certificates",
        records=records,
        columns=(
            "id", "province", "certificate_no", "volunteer_id", "team_id", "status", "minutes",
        ),
    )  # fmt: skip
    await connection.execute(CERTIFICATE_RECORDS, list(ids))


def _tail(certificate_id: int) -> str:
    """Characters that look random and come out the same each time."""
    mixed = hashlib.sha256(b"certificate:%d" % certificate_id).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in mixed[:RANDOM_LENGTH])
