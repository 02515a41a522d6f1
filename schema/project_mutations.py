"""What is done about projects and their posts: fields of the mutation root."""

from typing import Any

from resolvers.project_posts import add_post, remove_post, update_post
from resolvers.project_states import (
    close_project,
    disable_project,
    enable_project,
    submit_project,
    withdraw_project,
)
from resolvers.projects import create_project, update_project
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.project_orders import ProjectInput, ProjectOrderInput
from schema.inputs.project_parts import AddPostInput, RemovePostInput, UpdatePostInput
from schema.inputs.projects import CreateProjectInput, UpdateProjectInput
from schema.payloads.projects import ProjectPayload
from schema.visibility import EVERYONE, MANAGERS, TEAMS, object_type, root


@object_type(to=EVERYONE, description="What is done about projects (项目变更)")
class ProjectMutations:
    """Fields of the mutation root."""

    @root(
        to=TEAMS, description="Make a project, as a draft (创建项目)", graphql_type=ProjectPayload
    )
    @staticmethod
    async def create_project(info: Info, input: CreateProjectInput) -> Any:
        context = info.context
        outcome = await create_project(
            context.database,
            context.viewer,
            input.project,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Change a project, as far as its state allows (修改项目)",
        graphql_type=ProjectPayload,
    )
    @staticmethod
    async def update_project(info: Info, input: UpdateProjectInput) -> Any:
        context = info.context
        outcome = await update_project(
            context.database,
            context.viewer,
            number_of(input.project_id, "Project", field="input.projectId"),
            input.changes,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Hand a project in: published at once, or by its reviewer (提交发布)",
        graphql_type=ProjectPayload,
    )
    @staticmethod
    async def submit_project(info: Info, input: ProjectInput) -> Any:
        context = info.context
        outcome = await submit_project(
            context.database,
            context.viewer,
            input.number,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Take back a project that waits for its review (撤回提交)",
        graphql_type=ProjectPayload,
    )
    @staticmethod
    async def withdraw_project(info: Info, input: ProjectInput) -> Any:
        context = info.context
        outcome = await withdraw_project(
            context.database, context.viewer, input.number, or_none(input.idempotency_key)
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(to=MANAGERS, description="Disable a project (停用项目)", graphql_type=ProjectPayload)
    @staticmethod
    async def disable_project(info: Info, input: ProjectOrderInput) -> Any:
        context = info.context
        outcome = await disable_project(
            context.database,
            context.viewer,
            input.order,
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=MANAGERS,
        description="Enable a project again, while its team is enabled (启用项目)",
        graphql_type=ProjectPayload,
    )
    @staticmethod
    async def enable_project(info: Info, input: ProjectOrderInput) -> Any:
        context = info.context
        outcome = await enable_project(
            context.database,
            context.viewer,
            input.order,
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Close a project before its end (提前结项)",
        graphql_type=ProjectPayload,
    )
    @staticmethod
    async def close_project(info: Info, input: ProjectOrderInput) -> Any:
        context = info.context
        outcome = await close_project(
            context.database, context.viewer, input.order, or_none(input.idempotency_key)
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(to=TEAMS, description="Add a post to a project (增加岗位)", graphql_type=ProjectPayload)
    @staticmethod
    async def add_post(info: Info, input: AddPostInput) -> Any:
        context = info.context
        outcome = await add_post(
            context.database,
            context.viewer,
            number_of(input.project_id, "Project", field="input.projectId"),
            input.post.post,
            or_none(input.idempotency_key),
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(to=TEAMS, description="Change a post (修改岗位)", graphql_type=ProjectPayload)
    @staticmethod
    async def update_post(info: Info, input: UpdatePostInput) -> Any:
        context = info.context
        outcome = await update_post(
            context.database,
            context.viewer,
            number_of(input.post_id, "Post", field="input.postId"),
            input.changes,
            or_none(input.idempotency_key),
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Remove a post that nobody signed up to (删除岗位)",
        graphql_type=ProjectPayload,
    )
    @staticmethod
    async def remove_post(info: Info, input: RemovePostInput) -> Any:
        context = info.context
        outcome = await remove_post(
            context.database,
            context.viewer,
            number_of(input.post_id, "Post", field="input.postId"),
            or_none(input.idempotency_key),
        )
        await context.wrote(outcome.consistency_token)
        return outcome
