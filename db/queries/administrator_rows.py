"""Administrators as they are listed: an office, with what is known of its holder's account."""

from datetime import datetime

from sqlalchemy import FromClause, func, select

from db.models import Account, DepartmentUser, Region
from db.rows import Row


class AdministratorRow(Row):
    """An administrator of a department; seen when they last signed in, or when they were named."""

    id: int
    account_id: int
    region_id: int
    region_path: str
    username: str
    display_name: str
    title: str | None
    granted_at: datetime
    granted_by: str | None
    last_signed_in_at: datetime | None
    seen_at: datetime
    reminded_at: datetime | None
    must_change_password: bool


def administrators() -> FromClause:
    """Those who act for departments now, with what is known of their accounts."""
    user = DepartmentUser.__table__
    region = Region.__table__
    account = Account.__table__.alias("account")
    by = Account.__table__.alias("by")
    return (
        select(
            user.c.id,
            user.c.account_id,
            user.c.region_id,
            region.c.path.label("region_path"),
            account.c.username,
            account.c.display_name,
            user.c.title,
            user.c.granted_at,
            by.c.display_name.label("granted_by"),
            account.c.last_signed_in_at,
            func.coalesce(account.c.last_signed_in_at, user.c.granted_at).label("seen_at"),
            user.c.reminded_at,
            account.c.must_change_password,
        )
        .select_from(
            user.join(region, region.c.id == user.c.region_id)
            .join(account, account.c.id == user.c.account_id)
            .join(by, by.c.id == user.c.granted_by_id, isouter=True)
        )
        .where(user.c.revoked_at.is_(None))
        .subquery("administrators")
    )
