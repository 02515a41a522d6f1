"""What is given about stations."""

from typing import Any

import strawberry
from strawberry import UNSET

from db.enums import StationPhase, SupportKind
from permissions.viewer import Role
from resolvers.stations.keeping import Keeper, PageChanges
from resolvers.stations.opening import PhaseChange, SubPlatform
from resolvers.stations.settings import DEFAULT_ACCENT, SupportChannel, TrainingLink
from schema.ids import number_of
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.texts import is_storable
from schema.visibility import PERSONS, input_field, input_type

DEPARTMENTS = frozenset({Role.DEPARTMENT})
ID = "Global id of the station (分站标识)"
TEXTS = ("headline", "intro", "footer")


@input_type(to=PERSONS, description="Way to a station's support (客服渠道)")
class SupportChannelInput:
    """A way to support."""

    kind: SupportKind = input_field(to=PERSONS, description="Kind (类型)", required=True)
    label: str = input_field(to=PERSONS, description="What it is called (名称)", required=True)
    value: str = input_field(
        to=PERSONS, description="Number, address or account (号码)", required=True
    )


@input_type(to=PERSONS, description="Where to learn the system (培训资料)")
class TrainingLinkInput:
    """Where a manual or a film is."""

    title: str = input_field(to=PERSONS, description="Title (名称)", required=True)
    url: str = input_field(to=PERSONS, description="Address (网址)", required=True)


@input_type(to=PERSONS, description="Page of a station to change (修改分站页面)")
class UpdateStationInput:
    """What is to become different; what is left out stays, null empties it."""

    station_id: strawberry.ID = input_field(to=PERSONS, description=ID, required=True)
    headline: str | None = input_field(to=PERSONS, description="Line below the name (标语)")
    intro: str | None = input_field(to=PERSONS, description="Introduction (简介)")
    footer: str | None = input_field(to=PERSONS, description="Line at the foot (页脚)")
    accent: str | None = input_field(to=PERSONS, description="Colour, as #b3261e (主题色)")
    support_channels: list[SupportChannelInput] | None = input_field(
        to=PERSONS, description="All ways to support, at most 20 (客服渠道)"
    )
    training_links: list[TrainingLinkInput] | None = input_field(
        to=PERSONS, description="All training links, at most 20 (培训资料)"
    )
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)

    @property
    def changes(self) -> PageChanges:
        """What is to become different."""
        given: dict[str, Any] = {name: getattr(self, name) for name in (*TEXTS, "accent")}
        texts = {name: (text or "").strip() for name, text in given.items() if text is not UNSET}
        if "accent" in texts:
            texts["accent"] = texts["accent"].lower() or DEFAULT_ACCENT
        channels, links = self.support_channels, self.training_links
        return PageChanges(
            texts=texts,
            channels=None
            if channels is UNSET
            else [
                SupportChannel(kind=each.kind, label=each.label.strip(), value=each.value.strip())
                for each in channels or ()
            ],
            links=None
            if links is UNSET
            else [
                TrainingLink(title=each.title.strip(), url=each.url.strip()) for each in links or ()
            ],
        )


@input_type(to=DEPARTMENTS, description="Sub-platform to open (开通分平台)")
class OpenStationInput:
    """A station of a field of service."""

    region_code: str = input_field(
        to=DEPARTMENTS, description="Code of the region it serves (区划代码)", required=True
    )
    code: str = input_field(
        to=DEPARTMENTS, description="Code of the station, as CQ (站点代码)", required=True
    )
    name: str = input_field(to=DEPARTMENTS, description="Name (站点名称)", required=True)
    host: str = input_field(
        to=DEPARTMENTS, description="Host name of its own (独立域名)", required=True
    )
    service_categories: list[str] = input_field(
        to=DEPARTMENTS, description="Codes of its categories of service (服务领域)", required=True
    )
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)

    def wish(self, region_id: int | None) -> SubPlatform:
        """What is to be opened."""
        return SubPlatform(
            region_id=region_id,
            code=self.code.strip(),
            name=self.name.strip(),
            host=self.host.strip().lower(),
            categories=tuple(
                each if is_storable(each) else "" for each in dict.fromkeys(self.service_categories)
            ),
        )


@input_type(to=DEPARTMENTS, description="Phase of a station to set (设置运行阶段)")
class SetStationPhaseInput:
    """The phase that a station is to go into."""

    station_id: strawberry.ID = input_field(to=DEPARTMENTS, description=ID, required=True)
    phase: StationPhase = input_field(
        to=DEPARTMENTS, description="Phase to go into (运行阶段)", required=True
    )
    batch: int | None = input_field(
        to=DEPARTMENTS, description="Batch of the trial run (试运行批次)"
    )
    reason: str | None = input_field(
        to=DEPARTMENTS, description="Why, when a trial is broken off (原因)"
    )
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)

    @property
    def change(self) -> PhaseChange:
        """The phase, with what it needs."""
        return PhaseChange(
            station_id=_number(self.station_id),
            phase=self.phase,
            batch=or_none(self.batch),
            reason=(or_none(self.reason) or "").strip(),
        )


@input_type(to=DEPARTMENTS, description="Person who keeps a station's page (分站管理员)")
class StationAdminInput:
    """An account, by username and name, and a station."""

    station_id: strawberry.ID = input_field(to=DEPARTMENTS, description=ID, required=True)
    username: str = input_field(
        to=DEPARTMENTS, description="Username of the account (用户名)", required=True
    )
    name: str = input_field(to=DEPARTMENTS, description="Name of the account (姓名)", required=True)
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)

    @property
    def keeper(self) -> Keeper:
        """Who, and of which station; a text that nobody can have is nobody's."""
        return Keeper(
            station_id=_number(self.station_id),
            username=self.username.strip().lower() if is_storable(self.username) else "",
            name=self.name.strip() if is_storable(self.name) else "",
        )


def _number(global_id: str) -> int:
    return number_of(global_id, "Station", field="input.stationId")
