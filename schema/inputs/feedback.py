"""What feedback on the trial is given: the form of annex 1 of the notice of 2021."""

from datetime import date
from typing import TypeVar

from db.enums import TrialLevel, TrialModule
from resolvers.trial_feedback import Answers, Form
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.types.feedback import (
    ACCOUNTS_WORK,
    DEPARTMENTS,
    IS_STABLE,
    LEVELS_REACHED,
    MEETS_NEEDS,
    MODULES_TRIED,
    ORGANISED,
    SUPPORT_REACHABLE,
    WISHES,
)
from schema.visibility import input_field, input_type

T = TypeVar("T")


@input_type(to=DEPARTMENTS, description="Feedback on the trial (试运行意见反馈表)")
class SubmitTrialFeedbackInput:
    """The form, question by question; who organised no trial answers the first alone."""

    unit: str = input_field(to=DEPARTMENTS, description="Unit (单位)", required=True)
    filled_on: date = input_field(to=DEPARTMENTS, description="Date (日期)", required=True)
    contact_name: str = input_field(to=DEPARTMENTS, description="Contact (联系人)", required=True)
    contact_phone: str = input_field(
        to=DEPARTMENTS, description="Phone of the contact (联系电话)", required=True
    )
    organised: bool = input_field(
        to=DEPARTMENTS,
        description=f"Question 1: was a trial organised? ({ORGANISED})",
        required=True,
    )
    levels_reached: list[TrialLevel] | None = input_field(
        to=DEPARTMENTS,
        description=f"Question 2: which levels did it reach? ({LEVELS_REACHED})",
    )
    accounts_work: bool | None = input_field(
        to=DEPARTMENTS,
        description=f"Question 3: can all accounts sign in? ({ACCOUNTS_WORK})",
    )
    modules_tried: list[TrialModule] | None = input_field(
        to=DEPARTMENTS, description=f"Question 4: which modules were tried? ({MODULES_TRIED})"
    )
    support_reachable: bool | None = input_field(
        to=DEPARTMENTS, description=f"Question 5: is support within reach? ({SUPPORT_REACHABLE})"
    )
    is_stable: bool | None = input_field(
        to=DEPARTMENTS, description=f"Question 6: does it run stably? ({IS_STABLE})"
    )
    meets_needs: bool | None = input_field(
        to=DEPARTMENTS, description=f"Question 7: does it meet the needs? ({MEETS_NEEDS})"
    )
    wishes: str | None = input_field(
        to=DEPARTMENTS, description=f"Question 8: what is to become better? ({WISHES})"
    )
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)

    @property
    def form(self) -> Form:
        """The form as it is handed in."""
        return Form(
            unit=self.unit.strip(),
            filled_on=self.filled_on,
            contact_name=self.contact_name.strip(),
            contact_phone=self.contact_phone.strip(),
            answers=Answers(
                organised=self.organised,
                levels_reached=tuple(dict.fromkeys(or_none(self.levels_reached) or ())),
                accounts_work=or_none(self.accounts_work),
                modules_tried=tuple(dict.fromkeys(or_none(self.modules_tried) or ())),
                support_reachable=or_none(self.support_reachable),
                is_stable=or_none(self.is_stable),
                meets_needs=or_none(self.meets_needs),
                wishes=(or_none(self.wishes) or "").strip(),
            ),
        )
