"""The scans that a team is registered with: its certificate, its application form."""

from collections.abc import Sequence

from db.enums import FilePurpose
from db.events import SubjectType
from db.queries import files
from db.write import Write
from permissions.errors import UserErrorCode
from resolvers.acting import Refused

FIELD = "scanFileIds"


async def check_scans(write: Write, team_id: int, scan_ids: Sequence[int] | None) -> None:
    """That every file is a scan, free and sent by the account, or the team's already.

    Raises:
        Refused: one is missing, another's, or given away; nothing was written.
    """
    if not scan_ids:
        return
    # SECURITY: a file of another's is a missing one.
    found = await files.lock_to_give(
        write,
        scan_ids,
        owner=write.account_id or 0,
        purpose=FilePurpose.SCAN,
        subject=(SubjectType.TEAM, team_id),
    )
    if not found.issuperset(scan_ids):
        raise Refused.because(UserErrorCode.NOT_FOUND, FIELD, "No such scan of yours.")


async def attach_scans(write: Write, team_id: int, scan_ids: Sequence[int] | None) -> None:
    """Gives the team, which stands by now, the checked scans in place of those it had."""
    if scan_ids is None:
        return
    subject = (SubjectType.TEAM, team_id)
    await files.detach_files(write, subject, FilePurpose.SCAN, besides=scan_ids)
    await files.attach_files(
        write,
        scan_ids,
        owner=write.account_id or 0,
        purpose=FilePurpose.SCAN,
        subject=subject,
        team_id=team_id,
    )
