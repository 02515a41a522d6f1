"""What ties a volunteer to a team: the states in which a row of theirs lets the team see them.

What waits or stands ties (DOMAIN §8, minimum scope). An invitation does not yet, nor does what was
refused, declined, cancelled or left; a record ties for as long as it is kept.
"""

from collections.abc import Mapping

from db.enums import MembershipStatus, RecordStatus, SignUpStatus

TYING: Mapping[str, tuple[str, ...]] = {
    "memberships": (MembershipStatus.JOINED, MembershipStatus.APPLYING),
    "sign_ups": (
        SignUpStatus.APPLIED,
        SignUpStatus.ACCEPTED,
        SignUpStatus.ATTENDED,
        SignUpStatus.NO_SHOW,
    ),
    "service_records": (
        RecordStatus.OPEN,
        RecordStatus.APPLIED,
        RecordStatus.NOT_EFFECTIVE,
        RecordStatus.EFFECTIVE,
        RecordStatus.DISPUTED,
    ),
}
