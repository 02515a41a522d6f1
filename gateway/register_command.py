"""The command ``documents register``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.table import Column, Table

from gateway.access import viewer_named
from gateway.command_desk import Desk, on_station, print_table, talk, tell
from gateway.document_checks import Candidate, check_documents
from gateway.document_store import announce
from gateway.documents import Documents
from gateway.manifests import read_manifest
from gateway.progress import ProgressBars
from gateway.registration import ClientUnknown, Registered, store_documents
from gateway.settings import Settings
from gateway.trial_runs import Trial, TrialRuns
from permissions.viewer import PUBLIC, Role, Viewer
from resolvers.partners import partner_named
from schema.build import build_schemas

ClientOption = Annotated[str, typer.Option("--client", help="Whose documents.")]
RoleOption = Annotated[
    Role | None,
    typer.Option("--role", case_sensitive=False, help="Whose schema; of a partner always PARTNER."),
]


def register(
    manifest: Annotated[
        Path, typer.Argument(help="Apollo's or Relay's manifest, or a folder of .graphql files.")
    ],
    *,
    client: ClientOption,
    role: RoleOption = None,
    variables: Annotated[
        Path | None,
        typer.Option(help="JSON of variables by operation; those queries are run once."),
    ] = None,
    account: Annotated[
        str | None, typer.Option(help="Username that the queries are run as, to count their SQL.")
    ] = None,
    acting_as: Annotated[
        str | None, typer.Option(help="That account's capacity, as in X-Acting-As.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and report only.")] = False,
) -> None:
    """Register the documents of a manifest, all or none; what was registered before stays."""
    settings = Settings.from_environment()
    documents = read_manifest(manifest)
    given = orjson.loads(variables.read_bytes()) if variables else {}

    async def run(desk: Desk) -> None:
        whose = await _client(desk, client, role)
        if account is not None:
            whose = await _tried_as(desk, whose, account, acting_as)
        checking = Documents(build_schemas(), settings.limits)
        with ProgressBars(talk) as progress:
            done = iter(range(1, len(documents) + 1))
            candidates = check_documents(
                checking,
                whose.role,
                documents,
                longest_page=settings.limits.page_size,
                most_cost=whose.most_cost,
                tried=given,
                tick=lambda: progress("checking", next(done), len(documents)),
            )
        trials = await _trials(desk, whose.viewer, candidates, given)
        if dry_run:
            outcome = Registered(client=client, role=whose.role)
        else:
            outcome = await store_documents(
                desk.database,
                client,
                whose.role,
                candidates,
                schema_hash=checking.schema_hashes[whose.role],
            )
            if outcome.revision is not None:
                await announce(desk.redis)
        _report(outcome, candidates, trials, dry_run=dry_run)

    on_station(settings, run)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whose:
    """Whose documents are registered, and what one of them may cost."""

    role: Role
    viewer: Viewer | None
    most_cost: int | None = None


async def _client(desk: Desk, client: str, role: Role | None) -> _Whose:
    async with desk.database.read() as snapshot:
        partner = await partner_named(snapshot, client)
    if partner is not None:
        if role not in {None, Role.PARTNER}:
            raise ClientUnknown(f"The client {client} is a partner.")
        return _Whose(role=Role.PARTNER, viewer=partner.viewer, most_cost=partner.cost_per_minute)
    if role is None:
        roles = {row.role for row in await desk.rows(client)}
        if len(roles) != 1:
            raise ClientUnknown(f"Say with --role whose schema the client {client} uses.")
        role = Role(roles.pop())
    return _Whose(role=role, viewer=PUBLIC if role is Role.PUBLIC else None)


async def _tried_as(desk: Desk, whose: _Whose, username: str, acting_as: str | None) -> _Whose:
    """The client, whose queries are tried as an account.

    Raises:
        AccessQuestionRefused, CapacityNotHeld: there is no such account or capacity.
        ClientUnknown: in that capacity the account has another role than the client.
    """
    async with desk.database.read() as snapshot:
        viewer = await viewer_named(snapshot, username, acting_as)
    if viewer.role is not whose.role:
        raise ClientUnknown(
            f"As {viewer.capacity}, {username} has the role {viewer.role.value},"
            f" and these documents are of {whose.role.value}."
        )
    return replace(whose, viewer=viewer)


async def _trials(
    desk: Desk, viewer: Viewer | None, candidates: Sequence[Candidate], given: Any
) -> dict[str, Trial]:
    if not given:
        return {}
    if viewer is None:
        tell("Queries of this role are not tried: name an account with --account.")
        return {}
    runs = TrialRuns(
        settings=desk.settings, keys=desk.station.keys, database=desk.database, viewer=viewer
    )
    trials = {}
    for each in candidates:
        for operation in each.operations:
            if operation.name in given and each.prepared is not None:
                trial = await runs.run(each.prepared, operation.name, given[operation.name])
                if trial is not None:
                    trials[operation.name] = trial
    return trials


def _report(
    outcome: Registered, candidates: Sequence[Candidate], trials: dict[str, Trial], *, dry_run: bool
) -> None:
    table = Table(
        "operation",
        "kind",
        "role",
        "price",
        "at most",
        "SQL",
        "outcome",
        Column("id", overflow="fold"),
    )
    for each in candidates:
        for operation in each.operations:
            trial = trials.get(operation.name)
            state = "checked" if dry_run else outcome.outcome(each.document.id)
            if trial is not None and trial.errors:
                state += f"; the trial failed: {trial.errors[0]}"
            table.add_row(
                operation.name,
                operation.kind,
                outcome.role.value,
                f"{operation.price:g}",
                f"{operation.most:g}",
                str(trial.statements) if trial is not None else "",
                state,
                each.document.id,
            )
    print_table(table)
    if not dry_run:
        tell(
            f"{len(outcome.new)} documents are new, {len(outcome.back)} came back,"
            f" {len(outcome.known)} were registered."
        )
