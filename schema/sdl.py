"""The schemas as text: one snapshot per role, compared in tests and reviewed as diffs."""

from collections.abc import Mapping
from pathlib import Path

from permissions.viewer import Role
from schema.build import build_schemas
from schema.role_schema import RoleSchema

SNAPSHOTS = Path(__file__).parent / "sdl"


def print_role(schema: RoleSchema) -> str:
    """The schema of a role in the schema definition language."""
    return schema.as_str() + "\n"


def snapshot(role: Role) -> Path:
    """Where the snapshot of a role is kept."""
    return SNAPSHOTS / f"{role.value.lower()}.graphql"


def texts() -> Mapping[Role, str]:
    """The schema of each role, as the classes now give it."""
    return {role: print_role(schema) for role, schema in build_schemas().items()}


def write_snapshots() -> None:
    """Writes the snapshot of each role."""
    for role, text in texts().items():
        snapshot(role).write_text(text, encoding="utf-8")


def differing() -> list[str]:
    """The names of the snapshots that are missing or not what the classes give."""
    return [
        snapshot(role).name
        for role, text in texts().items()
        if not snapshot(role).exists() or snapshot(role).read_text(encoding="utf-8") != text
    ]
