"""The cover and the proof of a project: files that its team's people have uploaded."""

from db.enums import FilePurpose
from db.events import SubjectType
from db.queries.files import attach_files, detach_files
from db.write import Write
from permissions.errors import UserErrorCode
from resolvers.acting import Refused
from resolvers.project_form import ProjectForm

PURPOSES = {
    FilePurpose.COVER: ("cover_file_id", "coverFileId"),
    FilePurpose.PROOF: ("proof_file_id", "proofFileId"),
}


async def attach(
    write: Write, project_id: int, team_id: int, before: ProjectForm | None, form: ProjectForm
) -> None:
    """Gives the project the files that its form names anew.

    Raises:
        Refused: a file is not there, or not the account's to give; then nothing was done.
    """
    subject = (SubjectType.PROJECT, project_id)
    given: list[FilePurpose] = []
    for purpose, (name, field) in PURPOSES.items():
        old, new = getattr(before, name, None), getattr(form, name)
        if new is None or new == old:
            continue
        if not await _give(write, new, purpose, subject, team_id):
            for other in given:
                await detach_files(write, subject, other)
            raise Refused.because(UserErrorCode.NOT_FOUND, field, "No such file of yours.")
        given.append(purpose)


async def _give(
    write: Write, file_id: int, purpose: FilePurpose, subject: tuple[SubjectType, int], team_id: int
) -> bool:
    owner = write.account_id
    if owner is None:
        return False
    found = await attach_files(
        write, [file_id], owner=owner, purpose=purpose, subject=subject, team_id=team_id
    )
    return file_id in found
