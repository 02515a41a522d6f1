"""What mutations of answers are given, and of needs and offers that end."""

import strawberry

from resolvers.matching.answering import Wish
from resolvers.matching.closing import Closing
from schema.ids import number_of
from schema.inputs.left_out import or_none
from schema.inputs.matching import OFFERERS
from schema.inputs.volunteer import KEY
from schema.visibility import MANAGERS, PERSONS, TEAMS, input_field, input_type


@input_type(to=MANAGERS, description="Need to close (关闭需求)")
class CloseNeedInput:
    """A need that ends."""

    need_id: strawberry.ID = input_field(
        to=MANAGERS, description="Global id of the need (需求标识)", required=True
    )
    is_met: bool = input_field(
        to=MANAGERS, description="Whether it was met (是否已满足)", required=True
    )
    reason: str | None = input_field(
        to=MANAGERS, description="Why; needed of who closes it from above (原因)"
    )
    project_id: strawberry.ID | None = input_field(
        to=MANAGERS, description="Published project of the team that came of it (对接项目)"
    )
    idempotency_key: str | None = input_field(to=MANAGERS, description=KEY)

    @property
    def closing(self) -> Closing:
        """The end.

        Raises:
            InvalidId: an id of another type.
        """
        project = or_none(self.project_id)
        return Closing(
            number=number_of(self.need_id, "Need", field="input.needId"),
            is_met=self.is_met,
            reason=_trimmed(self.reason),
            project_id=None
            if project is None
            else number_of(project, "Project", field="input.projectId"),
        )


@input_type(to=PERSONS, description="Offer to close (关闭供给)")
class CloseOfferInput:
    """An offer that ends."""

    offer_id: strawberry.ID = input_field(
        to=PERSONS, description="Global id of the offer (供给标识)", required=True
    )
    is_met: bool = input_field(
        to=PERSONS, description="Whether it was taken (是否已对接)", required=True
    )
    reason: str | None = input_field(
        to=PERSONS, description="Why; needed of who closes it from above (原因)"
    )
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)

    @property
    def closing(self) -> Closing:
        """The end.

        Raises:
            InvalidId: an id of another type.
        """
        return Closing(
            number=number_of(self.offer_id, "Offer", field="input.offerId"),
            is_met=self.is_met,
            reason=_trimmed(self.reason),
        )


@input_type(to=OFFERERS, description="Answer to a need (响应需求)")
class AnswerNeedInput:
    """What the acting team or volunteer would help with."""

    need_id: strawberry.ID = input_field(
        to=OFFERERS, description="Global id of the need (需求标识)", required=True
    )
    message: str = input_field(
        to=OFFERERS, description="Message, at most 500 characters (留言)", required=True
    )
    people: int = input_field(
        to=OFFERERS, description="How many people; a volunteer is one (人数)", default=1
    )
    offer_id: strawberry.ID | None = input_field(
        to=OFFERERS, description="Own offer that it comes of (供给标识)"
    )
    idempotency_key: str | None = input_field(to=OFFERERS, description=KEY)

    @property
    def wish(self) -> Wish:
        """The answer.

        Raises:
            InvalidId: an id of another type.
        """
        offer = or_none(self.offer_id)
        return Wish(
            need_id=number_of(self.need_id, "Need", field="input.needId"),
            offer_id=None if offer is None else number_of(offer, "Offer", field="input.offerId"),
            people=self.people,
            message=self.message.strip(),
        )


@input_type(to=TEAMS, description="Offer to ask for help (邀约供给)")
class InviteOfferInput:
    """What the team in need asks of an offer."""

    need_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the own need (需求标识)", required=True
    )
    offer_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the offer (供给标识)", required=True
    )
    message: str = input_field(
        to=TEAMS, description="Message, at most 500 characters (留言)", required=True
    )
    people: int = input_field(to=TEAMS, description="How many people (人数)", default=1)
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def wish(self) -> Wish:
        """The answer.

        Raises:
            InvalidId: an id of another type.
        """
        return Wish(
            need_id=number_of(self.need_id, "Need", field="input.needId"),
            offer_id=number_of(self.offer_id, "Offer", field="input.offerId"),
            people=self.people,
            message=self.message.strip(),
        )


@input_type(to=OFFERERS, description="Answer to decide on (处理对接意向)")
class DecideNeedAnswerInput:
    """An answer that the other side accepts or declines."""

    answer_id: strawberry.ID = input_field(
        to=OFFERERS, description="Global id of the answer (对接意向标识)", required=True
    )
    accept: bool = input_field(
        to=OFFERERS, description="Whether it is accepted (是否接受)", required=True
    )
    reason: str | None = input_field(to=OFFERERS, description="What is said to it (回复)")
    idempotency_key: str | None = input_field(to=OFFERERS, description=KEY)


@input_type(to=OFFERERS, description="Answer to take back (撤回对接意向)")
class WithdrawNeedAnswerInput:
    """An answer that one side takes back."""

    answer_id: strawberry.ID = input_field(
        to=OFFERERS, description="Global id of the answer (对接意向标识)", required=True
    )
    reason: str | None = input_field(to=OFFERERS, description="Why (原因)")
    idempotency_key: str | None = input_field(to=OFFERERS, description=KEY)


def _trimmed(given: str | None) -> str | None:
    return (or_none(given) or "").strip() or None
