"""What mutations of articles are given, and what lists of them can be narrowed by."""

import strawberry

from db.enums import SubmissionStatus
from resolvers.submissions.writing import Article
from schema.filters import FilterBuilder
from schema.info import Info
from schema.inputs.filters import REGION, UNDER
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.pagination import Filters
from schema.visibility import EVERYONE, PERSONS, input_field, input_type

SUBMISSION = "Global id of the article (稿件标识)"
FIELD = "input.submissionId"


@input_type(to=EVERYONE, description="Which articles (稿件筛选)")
class SubmissionFilter:
    """Narrows a list of articles."""

    region: str | None = input_field(to=EVERYONE, description=REGION)
    under: strawberry.ID | None = input_field(to=EVERYONE, description=UNDER)
    status: list[SubmissionStatus] | None = input_field(to=EVERYONE, description="States (状态)")

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        builder = FilterBuilder()
        await builder.region(info, self.region)
        builder.under(info, self.under)
        builder.members("status", self.status, "f_status")
        return builder.built()


@input_type(to=PERSONS, description="Article to draft (写稿)")
class CreateSubmissionInput:
    """A draft for a team."""

    team_id: strawberry.ID = input_field(
        to=PERSONS, description="Global id of the team (投稿队伍)", required=True
    )
    title: str = input_field(
        to=PERSONS, description="Title, at most 100 characters (标题)", required=True
    )
    body: str = input_field(
        to=PERSONS, description="Text, at most 20,000 characters (正文)", required=True
    )
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)

    @property
    def article(self) -> Article:
        """What it says."""
        return Article(self.title.strip(), self.body.strip())


@input_type(to=PERSONS, description="Article to change; what is left out stays (改稿)")
class UpdateSubmissionInput:
    """What an article is to say instead."""

    submission_id: strawberry.ID = input_field(to=PERSONS, description=SUBMISSION, required=True)
    title: str | None = input_field(to=PERSONS, description="Title (标题)")
    body: str | None = input_field(to=PERSONS, description="Text (正文)")
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)

    @property
    def article(self) -> Article:
        """What changes."""
        title, body = or_none(self.title), or_none(self.body)
        return Article(
            None if title is None else title.strip(), None if body is None else body.strip()
        )


@input_type(to=PERSONS, description="Article to hand in, take back or publish (稿件操作)")
class SubmissionOrderInput:
    """An article that goes on without a word."""

    submission_id: strawberry.ID = input_field(to=PERSONS, description=SUBMISSION, required=True)
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)


@input_type(to=PERSONS, description="Article to return or to take offline (退稿或下线)")
class SubmissionOpinionInput:
    """An article that goes no further, and why."""

    submission_id: strawberry.ID = input_field(to=PERSONS, description=SUBMISSION, required=True)
    opinion: str = input_field(
        to=PERSONS, description="Opinion, at most 500 characters (意见)", required=True
    )
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)
