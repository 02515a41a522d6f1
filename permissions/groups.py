"""Who sets which permission group for whom (seed document, 三(四)); the table is in ``rights``."""

from collections.abc import Mapping

from db.enums import HubLevel, PermissionGroup
from permissions.facts import TeamFacts
from permissions.rights import RIGHTS

# What the superior hub gives a hub of a level; nobody is given more (seed document, 三(四)).
PRESCRIBED: Mapping[HubLevel, PermissionGroup] = {
    HubLevel.NATION: PermissionGroup.SENIOR_QUICK,
    HubLevel.PROVINCE: PermissionGroup.SENIOR_QUICK,
    HubLevel.CITY: PermissionGroup.SENIOR_QUICK,
    HubLevel.DISTRICT: PermissionGroup.SENIOR_QUICK,
    HubLevel.TOWN: PermissionGroup.MIDDLE_QUICK,
    HubLevel.COMMUNITY: PermissionGroup.JUNIOR_QUICK,
}
# 区域内志愿者管理 belongs to a hub, which has a region to answer for.
HIGHEST_OF_OTHERS = PermissionGroup.MIDDLE_QUICK
# The hubs that other teams ask for a higher group.
RAISING = frozenset({HubLevel.NATION, HubLevel.PROVINCE, HubLevel.CITY, HubLevel.DISTRICT})


def is_within(group: PermissionGroup, bound: PermissionGroup) -> bool:
    """Whether a group has no right that the bound lacks."""
    return RIGHTS[group] <= RIGHTS[bound]


def default_group(
    *, hub_level: HubLevel | None, is_legal: bool, is_filed: bool = False
) -> PermissionGroup:
    """The group of a team whose registration has just succeeded.

    A legal person's is set by the system, whatever its level, until the superior hub sets another.
    A team on file publishes its projects: an office has vouched for it, though it may not take
    teams as a legal person may.
    """
    if is_legal:
        return PermissionGroup.MIDDLE
    if hub_level is not None:
        return PRESCRIBED[hub_level]
    return PermissionGroup.JUNIOR_PROJECT if is_filed else PermissionGroup.BASIC


def highest_group(hub_level: HubLevel | None) -> PermissionGroup:
    """The most that anyone may give a hub of the level, or a team that is none."""
    return HIGHEST_OF_OTHERS if hub_level is None else PRESCRIBED[hub_level]


def setting_hub(team: TeamFacts) -> TeamFacts | None:
    """The hub that sets a team's group; None leaves it to a department.

    A hub's is the nearest working hub above it. Any other team's are its district hub and those
    above that: the nearest working one is given, ``may_set`` knows the rest.
    """
    return next((above for above in team.ancestors() if may_set(above, team)), None)


def may_set(setter: TeamFacts, team: TeamFacts) -> bool:
    """Whether a team is one of those that set another's group."""
    hubs = [above for above in team.ancestors() if above.hub_level is not None and above.works]
    if team.hub_level is not None:
        return bool(hubs) and hubs[0].id == setter.id
    if team.is_legal:  # it answers to its registration authority, to no hub
        return False
    return any(hub.id == setter.id and hub.hub_level in RAISING for hub in hubs)


def may_be_set(group: PermissionGroup, team: TeamFacts, *, by: PermissionGroup | None) -> bool:
    """Whether a group may be given to a team: nothing above its level or above the setter's own.

    ``by`` is the setter's group, None for a department. PENDING is a state, not a gift.
    """
    if group is PermissionGroup.PENDING or not is_within(group, highest_group(team.hub_level)):
        return False
    return by is None or is_within(group, by)


def rehung_group(team: TeamFacts, to: TeamFacts | None) -> PermissionGroup:
    """The group of a team after it was hung under ``to``; ``team`` is as it stood before.

    A hub keeps its own as far as its level allows. Another team keeps a raised group only under
    the hub that could have raised it; elsewhere it begins again with the default. A group that
    still waits stays.
    """
    if team.group is PermissionGroup.PENDING:
        return team.group
    if team.hub_level is not None:
        kept = is_within(team.group, PRESCRIBED[team.hub_level])
        return team.group if kept else PRESCRIBED[team.hub_level]
    default = default_group(hub_level=None, is_legal=team.is_legal, is_filed=team.is_filed)
    if is_within(team.group, default):
        return team.group
    before, after = _raising_hub(team.contact), _raising_hub(to)
    return team.group if before is not None and before == after else default


def _raising_hub(contact: TeamFacts | None) -> int | None:
    """The nearest hub at or above a contact team that could have raised a group there."""
    while contact is not None:
        if contact.hub_level in RAISING:
            return contact.id
        contact = contact.contact
    return None
