"""What a station's page shows, and who keeps it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db.enums import SupportKind
from db.queries.rows import ServiceCategoryRow, StationRow
from db.queries.stations import STATION_ADMINS, StationAdminRow
from gateway.engine.rows import is_instance_of
from permissions.actions import Action
from permissions.decide import decide_all
from permissions.gather import gather
from resolvers.stations.settings import (
    PageTexts,
    SupportChannel,
    TrainingLink,
    channels_of,
    links_of,
    page_of,
)
from schema.costs import sized
from schema.info import Info
from schema.visibility import EVERYONE, PERSONS, attribute, batched, object_type

SOME = 5


@object_type(to=EVERYONE, description="Category of service (服务类别)")
class ServiceCategory:
    """A category of service; the objects are ``ServiceCategoryRow``."""

    is_type_of = staticmethod(is_instance_of(ServiceCategoryRow))

    code: str = attribute(to=EVERYONE, description="Code of the category (类别代码)")
    name: str = attribute(to=EVERYONE, description="Name of the category (类别名称)")


@object_type(to=EVERYONE, description="Texts and colour of a station's page (页面设置)")
class StationPage:
    """What a station's page says; the objects are ``PageTexts``."""

    headline: str = attribute(to=EVERYONE, description="Line below the name (标语)")
    intro: str = attribute(to=EVERYONE, description="Introduction (简介)")
    footer: str = attribute(to=EVERYONE, description="Line at the foot (页脚)")
    accent: str = attribute(to=EVERYONE, description="Colour, as #b3261e (主题色)")


@object_type(to=EVERYONE, description="Way to a station's support (客服渠道)")
class StationSupportChannel:
    """A way to support; the objects are ``SupportChannel``."""

    kind: SupportKind = attribute(to=EVERYONE, description="Kind (类型)")
    label: str = attribute(to=EVERYONE, description="What it is called (名称)")
    value: str = attribute(to=EVERYONE, description="Number, address or account (号码)")


@object_type(to=EVERYONE, description="Where to learn the system (培训资料)")
class StationTrainingLink:
    """Where a manual or a film is; the objects are ``TrainingLink``."""

    title: str = attribute(to=EVERYONE, description="Title (名称)")
    url: str = attribute(to=EVERYONE, description="Address (网址)")


@object_type(to=PERSONS, description="Person who keeps a station's page (分站管理员)")
class StationAdmin:
    """Who keeps a page; the objects are ``StationAdminRow``."""

    username: str = attribute(to=PERSONS, description="Username (用户名)")
    display_name: str = attribute(to=PERSONS, description="Name (姓名)")
    since: datetime = attribute(to=PERSONS, description="Since when (任职时间)")


@batched(
    StationPage,
    to=EVERYONE,
    description="Texts and colour of the page (页面设置)",
    needs=("page",),
)
def page(parents: Sequence[StationRow]) -> list[PageTexts]:
    """What each page says."""
    return [page_of(row.page) for row in parents]


@batched(
    list[StationSupportChannel],
    to=EVERYONE,
    description="Ways to support (客服渠道)",
    needs=("support",),
    hints=(sized(SOME),),
)
def support_channels(parents: Sequence[StationRow]) -> list[Sequence[SupportChannel]]:
    """The ways to the support of each."""
    return [channels_of(row.support) for row in parents]


@batched(
    list[StationTrainingLink],
    to=EVERYONE,
    description="Where to learn the system (培训资料)",
    needs=("support",),
    hints=(sized(SOME),),
)
def training_links(parents: Sequence[StationRow]) -> list[Sequence[TrainingLink]]:
    """Where each says one learns."""
    return [links_of(row.support) for row in parents]


@batched(
    list[ServiceCategory] | None,
    to=EVERYONE,
    description="Categories of a sub-platform, none for a whole station (服务领域)",
    needs=("service_categories",),
    hints=(sized(SOME),),
    name="serviceCategories",
)
async def categories(parents: Sequence[StationRow], info: Info) -> Any:
    """The categories of each sub-platform that are enabled."""
    enabled = await info.context.loaders.service_categories()
    return [
        None
        if row.service_categories is None
        else [each for each in enabled if each.code in row.service_categories]
        for row in parents
    ]


@batched(
    list[StationAdmin] | None,
    to=PERSONS,
    description="Who keeps the page, for them and for the department (分站管理员)",
    needs=("id",),
    hints=(sized(SOME),),
)
async def administrators(parents: Sequence[StationRow], info: Info) -> Any:
    """Who keeps each station, None where it is none of the viewer's business."""
    context = info.context
    facts = await gather(context.snapshot, "Station", {row.id for row in parents})
    decided = decide_all(Action.STATION_UPDATE, context.viewer, facts.values())
    seen = {station_id for station_id, each in zip(facts, decided, strict=True) if each.allowed}
    found: dict[int, list[StationAdminRow]] = {each: [] for each in seen}
    if seen:
        for row in await context.snapshot.fetch(STATION_ADMINS, ids=sorted(seen)):
            found[row.station_id].append(row)
    return [found.get(row.id) for row in parents]
