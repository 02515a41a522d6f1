"""Contacts and posts of projects, as they are given."""

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry import UNSET

from permissions.errors import InvalidInput
from resolvers.project_posts import PostForm
from schema.inputs.volunteer import KEY
from schema.visibility import TEAMS, input_field, input_type


@input_type(to=TEAMS, description="Contact of a project (联系人)")
class ProjectContactInput:
    """Whom volunteers ask."""

    name: str = input_field(to=TEAMS, description="Name (姓名)", required=True)
    mobile: str = input_field(to=TEAMS, description="Mobile number (手机)", required=True)
    mobile_public: bool = input_field(
        to=TEAMS, description="Whether the mobile number is public (手机是否公开)", default=False
    )
    landline: str | None = input_field(to=TEAMS, description="Telephone (固定电话)")
    landline_public: bool = input_field(
        to=TEAMS, description="Whether the telephone is public (固定电话是否公开)", default=False
    )
    email: str | None = input_field(to=TEAMS, description="Email (电子邮箱)")
    email_public: bool = input_field(
        to=TEAMS, description="Whether the email is public (邮箱是否公开)", default=False
    )

    @property
    def columns(self) -> Mapping[str, Any]:
        """The contact as a project's form has it."""
        return {
            "contact_name": self.name.strip(),
            "contact_mobile": self.mobile.strip(),
            "contact_mobile_public": self.mobile_public,
            "contact_landline": text_or_none(self.landline),
            "contact_landline_public": self.landline_public,
            "contact_email": text_or_none(self.email),
            "contact_email_public": self.email_public,
        }


@input_type(to=TEAMS, description="Post of a new project (岗位)")
class PostInput:
    """A post."""

    name: str = input_field(to=TEAMS, description="Name of the post (岗位名称)", required=True)
    planned: int = input_field(to=TEAMS, description="Planned volunteers (计划人数)", required=True)
    description: str | None = input_field(
        to=TEAMS, description="Description of the post (岗位描述)"
    )
    conditions: str | None = input_field(to=TEAMS, description="Conditions (岗位条件)")

    @property
    def post(self) -> PostForm:
        """The post, with texts trimmed."""
        return PostForm(
            name=self.name.strip(),
            planned=self.planned,
            description=text_or_none(self.description),
            conditions=text_or_none(self.conditions),
        )


@input_type(to=TEAMS, description="Post to add (增加岗位)")
class AddPostInput:
    """A post more."""

    project_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the project (项目标识)", required=True
    )
    post: PostInput = input_field(to=TEAMS, description="Post (岗位)", required=True)
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


@input_type(to=TEAMS, description="Changes of a post; what is left out stays (修改岗位)")
class UpdatePostInput:
    """Changes of a post."""

    post_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the post (岗位标识)", required=True
    )
    name: str | None = input_field(to=TEAMS, description="Name of the post (岗位名称)")
    planned: int | None = input_field(to=TEAMS, description="Planned volunteers (计划人数)")
    description: str | None = input_field(to=TEAMS, description="Description (岗位描述)")
    conditions: str | None = input_field(to=TEAMS, description="Conditions (岗位条件)")
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def changes(self) -> Mapping[str, Any]:
        """What to change, and nothing that was left out.

        Raises:
            InvalidInput: null, for what is never empty.
        """
        for name in ("name", "planned"):
            if getattr(self, name) is None:
                raise InvalidInput(f"input.{name}", f"{name} cannot be null; leave it out.")
        found: dict[str, Any] = {}
        if self.name is not UNSET:
            found["name"] = (self.name or "").strip()
        if self.planned is not UNSET:
            found["planned"] = self.planned
        for name in ("description", "conditions"):
            if getattr(self, name) is not UNSET:
                found[name] = text_or_none(getattr(self, name))
        return found


@input_type(to=TEAMS, description="Post to remove (删除岗位)")
class RemovePostInput:
    """A post."""

    post_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the post (岗位标识)", required=True
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


def text_or_none(given: Any) -> str | None:
    """A text trimmed; None if there is none in it."""
    return (given.strip() or None) if isinstance(given, str) else None
