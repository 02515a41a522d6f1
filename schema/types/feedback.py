"""Feedback on the trial of system 2.0, as departments read it (annex 1 of the notice of 2021)."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from db.enums import TrialLevel, TrialModule
from db.queries.entities import REGION
from db.queries.rows import RegionRow
from db.queries.trial_feedback import FeedbackRow, FeedbackSumsRow
from permissions.viewer import Role
from resolvers.trial_feedback import answers_of
from schema.info import Info
from schema.pagination import lazy_type
from schema.references import referred
from schema.visibility import attribute, batched, object_type

DEPARTMENTS = frozenset({Role.DEPARTMENT})

# The questions of the form, word for word.
ORGANISED = "是否组织系统 2.0 版试用工作？"
LEVELS_REACHED = "系统 2.0 版试用至哪个层级？"
ACCOUNTS_WORK = "各级账号是否可以正常登陆？"
MODULES_TRIED = "系统 2.0 版已试用哪些模块？"
SUPPORT_REACHABLE = "信息系统客服渠道是否畅通？"
IS_STABLE = "系统 2.0 版运行是否稳定？"
MEETS_NEEDS = "系统 2.0 版是否满足现有志愿服务业务需求？"
WISHES = "系统 2.0 版有哪些功能需要继续完善？"


Region = lazy_type("Region", "schema.types.region")


class YesNo(NamedTuple):
    """How many forms say yes, and how many no."""

    yes: int
    no: int


class Chosen(NamedTuple):
    """How many forms name one choice."""

    choice: Any
    forms: int


@object_type(to=DEPARTMENTS, description="Answers to a yes-or-no question (是否统计)")
class YesNoCount:
    """How many forms say yes or no; those that leave it open are neither."""

    yes: int = attribute(to=DEPARTMENTS, description="Forms that say yes (是)")
    no: int = attribute(to=DEPARTMENTS, description="Forms that say no (否)")


@object_type(to=DEPARTMENTS, description="Forms that name a level (试用层级统计)")
class TrialLevelCount:
    """How many forms name a level."""

    choice: TrialLevel = attribute(to=DEPARTMENTS, description="Level (层级)")
    forms: int = attribute(to=DEPARTMENTS, description="Forms that name it (份数)")


@object_type(to=DEPARTMENTS, description="Forms that name a module (试用模块统计)")
class TrialModuleCount:
    """How many forms name a module."""

    choice: TrialModule = attribute(to=DEPARTMENTS, description="Module (模块)")
    forms: int = attribute(to=DEPARTMENTS, description="Forms that name it (份数)")


@object_type(to=DEPARTMENTS, description="Feedback of a unit on the trial (试运行意见反馈表)")
class TrialFeedback:
    """The newest form of a region's department; the objects are ``FeedbackRow``."""

    unit: str = attribute(to=DEPARTMENTS, description="Unit (单位)")
    filled_on: date = attribute(to=DEPARTMENTS, description="Date (日期)")
    contact_name: str = attribute(to=DEPARTMENTS, description="Contact (联系人)")
    contact_phone: str = attribute(to=DEPARTMENTS, description="Phone of the contact (联系电话)")
    created_at: datetime = attribute(to=DEPARTMENTS, description="When it came in (提交时间)")

    @batched(Region, to=DEPARTMENTS, description="Region of the unit (区划)")
    @staticmethod
    async def region(parents: Sequence[FeedbackRow], info: Info) -> Sequence[RegionRow | None]:
        return await referred(info, REGION, [each.region_id for each in parents])

    @batched(bool, to=DEPARTMENTS, description=f"Question 1: was a trial organised? ({ORGANISED})")
    @staticmethod
    def organised(parents: Sequence[FeedbackRow]) -> list[bool]:
        return [answers_of(each).organised for each in parents]

    @batched(
        list[TrialLevel],
        to=DEPARTMENTS,
        description=f"Question 2: which levels did it reach? ({LEVELS_REACHED})",
    )
    @staticmethod
    def levels_reached(parents: Sequence[FeedbackRow]) -> list[Sequence[TrialLevel]]:
        return [answers_of(each).levels_reached for each in parents]

    @batched(
        bool | None,
        to=DEPARTMENTS,
        description=f"Question 3: can all accounts sign in? ({ACCOUNTS_WORK})",
    )
    @staticmethod
    def accounts_work(parents: Sequence[FeedbackRow]) -> list[bool | None]:
        return [answers_of(each).accounts_work for each in parents]

    @batched(
        list[TrialModule],
        to=DEPARTMENTS,
        description=f"Question 4: which modules were tried? ({MODULES_TRIED})",
    )
    @staticmethod
    def modules_tried(parents: Sequence[FeedbackRow]) -> list[Sequence[TrialModule]]:
        return [answers_of(each).modules_tried for each in parents]

    @batched(
        bool | None,
        to=DEPARTMENTS,
        description=f"Question 5: is support within reach? ({SUPPORT_REACHABLE})",
    )
    @staticmethod
    def support_reachable(parents: Sequence[FeedbackRow]) -> list[bool | None]:
        return [answers_of(each).support_reachable for each in parents]

    @batched(
        bool | None, to=DEPARTMENTS, description=f"Question 6: does it run stably? ({IS_STABLE})"
    )
    @staticmethod
    def is_stable(parents: Sequence[FeedbackRow]) -> list[bool | None]:
        return [answers_of(each).is_stable for each in parents]

    @batched(
        bool | None,
        to=DEPARTMENTS,
        description=f"Question 7: does it meet the needs? ({MEETS_NEEDS})",
    )
    @staticmethod
    def meets_needs(parents: Sequence[FeedbackRow]) -> list[bool | None]:
        return [answers_of(each).meets_needs for each in parents]

    @batched(str, to=DEPARTMENTS, description=f"Question 8: what is to become better? ({WISHES})")
    @staticmethod
    def wishes(parents: Sequence[FeedbackRow]) -> list[str]:
        return [answers_of(each).wishes for each in parents]


def _yes_no(question: str, parents: Sequence[FeedbackSumsRow]) -> list[YesNo]:
    return [YesNo(*json.loads(each.said)[question]) for each in parents]


def _chosen(question: str, choices: Any, parents: Sequence[FeedbackSumsRow]) -> list[list[Chosen]]:
    found = [json.loads(each.said)[question] for each in parents]
    return [[Chosen(choice, each[choice.value]) for choice in choices] for each in found]


@object_type(to=DEPARTMENTS, description="Sums over feedback on the trial (试运行意见汇总)")
class TrialFeedbackSummary:
    """What all newest forms of a subtree say; the objects are ``FeedbackSumsRow``."""

    forms: int = attribute(to=DEPARTMENTS, description="Units that answered (反馈单位数)")

    @batched(YesNoCount, to=DEPARTMENTS, description=f"Question 1 ({ORGANISED})")
    @staticmethod
    def organised(parents: Sequence[FeedbackSumsRow]) -> list[YesNo]:
        return _yes_no("organised", parents)

    @batched(list[TrialLevelCount], to=DEPARTMENTS, description=f"Question 2 ({LEVELS_REACHED})")
    @staticmethod
    def levels_reached(parents: Sequence[FeedbackSumsRow]) -> list[list[Chosen]]:
        return _chosen("levels_reached", TrialLevel, parents)

    @batched(YesNoCount, to=DEPARTMENTS, description=f"Question 3 ({ACCOUNTS_WORK})")
    @staticmethod
    def accounts_work(parents: Sequence[FeedbackSumsRow]) -> list[YesNo]:
        return _yes_no("accounts_work", parents)

    @batched(list[TrialModuleCount], to=DEPARTMENTS, description=f"Question 4 ({MODULES_TRIED})")
    @staticmethod
    def modules_tried(parents: Sequence[FeedbackSumsRow]) -> list[list[Chosen]]:
        return _chosen("modules_tried", TrialModule, parents)

    @batched(YesNoCount, to=DEPARTMENTS, description=f"Question 5 ({SUPPORT_REACHABLE})")
    @staticmethod
    def support_reachable(parents: Sequence[FeedbackSumsRow]) -> list[YesNo]:
        return _yes_no("support_reachable", parents)

    @batched(YesNoCount, to=DEPARTMENTS, description=f"Question 6 ({IS_STABLE})")
    @staticmethod
    def is_stable(parents: Sequence[FeedbackSumsRow]) -> list[YesNo]:
        return _yes_no("is_stable", parents)

    @batched(YesNoCount, to=DEPARTMENTS, description=f"Question 7 ({MEETS_NEEDS})")
    @staticmethod
    def meets_needs(parents: Sequence[FeedbackSumsRow]) -> list[YesNo]:
        return _yes_no("meets_needs", parents)
