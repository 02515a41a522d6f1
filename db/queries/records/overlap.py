"""Whether a span of a volunteer's time is taken by another record.

Records of one volunteer never overlap, so of those that begin before a span only the last can
reach into it. One that is open has no end yet: it takes the moment at which it began.
"""

_FORM = """(
  exists (
    select from service_records o
    where o.volunteer_id = {volunteer} and o.starts_at >= {starts} and o.starts_at < {ends}
      and o.status not in ('VOID', 'REJECTED') and o.id <> {itself})
  or exists (
    select from (
      select o.ends_at from service_records o
      where o.volunteer_id = {volunteer} and o.starts_at < {starts}
        and o.status not in ('VOID', 'REJECTED', 'OPEN') and o.id <> {itself}
      order by o.starts_at desc limit 1) before
    where before.ends_at > {starts}))"""


def overlaps(volunteer: str, starts: str, ends: str, *, itself: str = "0") -> str:
    """The condition in SQL, over expressions in SQL; to be asked under the volunteer's lock."""
    return _FORM.format(volunteer=volunteer, starts=starts, ends=ends, itself=itself)


def minutes_between(volunteer: str, begin: str, end: str, *, itself: str = "0") -> str:
    """The minutes that the volunteer's records hold which begin between two moments."""
    return f"""coalesce((
      select sum(o.minutes) from service_records o
      where o.volunteer_id = {volunteer} and o.starts_at >= {begin} and o.starts_at < {end}
        and o.status not in ('VOID', 'REJECTED') and o.id <> {itself}), 0)"""  # noqa: S608 - expressions of ours
