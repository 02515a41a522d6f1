"""The categories of service."""

from sqlalchemy import select

from db.models import ServiceCategory
from db.queries.rows import ServiceCategoryRow
from db.statements import prepare

SERVICE_CATEGORIES = prepare(
    select(ServiceCategory.code, ServiceCategory.name)
    .where(ServiceCategory.is_enabled)
    .order_by(ServiceCategory.position, ServiceCategory.code),
    ServiceCategoryRow,
)
