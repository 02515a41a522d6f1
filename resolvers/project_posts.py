"""Posts of a project: added, changed, and removed while nobody has signed up (DOMAIN §3.3)."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from db.enums import ProjectStatus
from db.events import DomainEvent, Json, SubjectType
from db.queries import project_posts as queries
from db.queries.entities import POST
from db.queries.project_posts import PostStanding
from db.write import Writable, Write
from permissions.actions import Action
from permissions.errors import UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import (
    Refused,
    Request,
    ids_in_scope,
    perform,
    refuse_if_any,
    require_account,
)
from resolvers.outcomes import Outcome, succeeded
from resolvers.project_access import Held, hold_project
from resolvers.project_form import wording_errors
from resolvers.texts import line_errors, name_errors

MOST_POSTS = 50
MOST_PLANNED = 100_000
LONGEST_NAME, LONGEST_TEXT = 50, 1_000
CHANGEABLE = frozenset(
    {
        ProjectStatus.DRAFT,
        ProjectStatus.REJECTED,
        ProjectStatus.WAITING,
        ProjectStatus.RUNNING,
    }
)
NO_SUCH_POST = UserError(UserErrorCode.NOT_FOUND, "postId", "No such post.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostForm:
    """A post as its team tells it."""

    name: str
    planned: int
    description: str | None = None
    conditions: str | None = None


def posts_errors(posts: Sequence[PostForm]) -> Iterator[UserError]:
    """What is wrong with the posts of a new project; each error names which."""
    if len(posts) > MOST_POSTS:
        yield UserError(UserErrorCode.TOO_LONG, "posts", f"At most {MOST_POSTS} posts.")
        return
    for n, post in enumerate(posts):
        yield from post_errors(post, prefix=f"posts.{n}.")


def post_errors(post: PostForm, *, prefix: str = "") -> Iterator[UserError]:
    """What is wrong with a post."""
    if not post.name:
        yield UserError(UserErrorCode.REQUIRED, f"{prefix}name", "A post has a name.")
    yield from name_errors(f"{prefix}name", post.name, longest=LONGEST_NAME)
    if not 1 <= post.planned <= MOST_PLANNED:
        yield UserError(
            UserErrorCode.INVALID, f"{prefix}planned", f"From 1 to {MOST_PLANNED} volunteers."
        )
    texts = {"description": post.description, "conditions": post.conditions}
    for field, text in texts.items():
        if text is not None:
            line = text.replace("\n", " ")
            yield from line_errors(f"{prefix}{field}", line, longest=LONGEST_TEXT)
    yield from wording_errors({f"{prefix}{field}": text for field, text in texts.items()})


async def insert_posts(write: Write, project_id: int, posts: Sequence[PostForm]) -> list[int]:
    """The ids of new posts of a project, whose lock is held."""
    if not posts:
        return []
    return await queries.insert(
        write,
        project_id,
        names=[each.name for each in posts],
        planned=[each.planned for each in posts],
        descriptions=[each.description for each in posts],
        conditions=[each.conditions for each in posts],
    )


async def add_post(
    database: Writable,
    viewer: Viewer,
    project_id: int,
    post: PostForm,
    idempotency_key: str | None,
) -> Outcome:
    """The project, with one post more.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the project and does not manage its team.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        held = await hold_project(write, viewer, project_id)
        because = _require_changeable(held)
        refuse_if_any(post_errors(post))
        if await queries.count(write, project_id) >= MOST_POSTS:
            raise Refused.because(UserErrorCode.TOO_LONG, "projectId", f"At most {MOST_POSTS}.")
        (post_id,) = await insert_posts(write, project_id, [post])
        write.record(_event("project.post_added", held, post_id, because))
        return succeeded(project_id)

    told = {"project_id": project_id, **asdict(post)}
    request = Request(action="addPost", key=idempotency_key, input=told)
    return await perform(database, viewer, request, work)


async def update_post(
    database: Writable,
    viewer: Viewer,
    post_id: int,
    changes: Mapping[str, Any],
    idempotency_key: str | None,
) -> Outcome:
    """The project with the post changed; what is not named, as in ``PostForm``, stays.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the project and does not manage its team.
    """

    async def change(write: Write, held: Held, post: PostStanding, because: str) -> None:
        before = PostForm(
            name=post.name,
            planned=post.planned,
            description=post.description,
            conditions=post.conditions,
        )
        form = replace(before, **changes)
        refuse_if_any(post_errors(form))
        if form.planned < post.joined:
            raise Refused.because(
                UserErrorCode.BELOW_JOINED, "planned", f"{post.joined} have been accepted."
            )
        await queries.update(write, post.id, **asdict(form))
        write.record(_event("project.post_updated", held, post.id, because))

    request = Request(
        action="updatePost", key=idempotency_key, input={"post_id": post_id, **changes}
    )
    return await _on_post(database, viewer, post_id, request, change)


async def remove_post(
    database: Writable, viewer: Viewer, post_id: int, idempotency_key: str | None
) -> Outcome:
    """The project without the post, to which nobody ever signed up.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the project and does not manage its team.
    """

    async def remove(write: Write, held: Held, post: PostStanding, because: str) -> None:
        if post.is_used:
            raise Refused.because(UserErrorCode.IN_USE, "postId", "Somebody has signed up to it.")
        if post.siblings == 1 and held.project.status in {
            ProjectStatus.WAITING,
            ProjectStatus.RUNNING,
        }:
            raise Refused.because(
                UserErrorCode.REQUIRED, "postId", "A published project keeps a post."
            )
        await queries.delete(write, post.id)
        write.record(_event("project.post_removed", held, post.id, because))

    request = Request(action="removePost", key=idempotency_key, input={"post_id": post_id})
    return await _on_post(database, viewer, post_id, request, remove)


async def _on_post(
    database: Writable,
    viewer: Viewer,
    post_id: int,
    request: Request,
    act: Callable[[Write, Held, PostStanding, str], Awaitable[None]],
) -> Outcome:
    """What is done to one post, under its project's locks."""
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        # SECURITY: a hidden post is a missing one, before anything is said of it.
        seen = await ids_in_scope(write, viewer, POST, [post_id])
        project_id = await queries.fetch_project_of(write, post_id) if seen else None
        if project_id is None:
            raise Refused(NO_SUCH_POST)
        held = await hold_project(write, viewer, project_id)
        because = _require_changeable(held)
        post = await queries.fetch(write, post_id)
        if post is None:
            raise Refused(NO_SUCH_POST)
        await act(write, held, post, because)
        return succeeded(project_id)

    return await perform(database, viewer, request, work)


def _require_changeable(held: Held) -> str:
    because = held.require(Action.PROJECT_UPDATE, "Only a manager of the team may do that")
    if held.project.status not in CHANGEABLE:
        raise Refused.because(
            UserErrorCode.WRONG_STATE,
            "projectId",
            f"The posts of a project that is {held.project.status.value} stay as they are.",
        )
    return because


def _event(name: str, held: Held, post_id: int, because: str) -> DomainEvent:
    detail: dict[str, Json] = {"postId": post_id}
    return DomainEvent(
        name=name,
        subject_type=SubjectType.PROJECT,
        subject_id=held.id,
        because=because,
        payload={"teamId": held.project.team.id, **detail},
        detail=detail,
    )
