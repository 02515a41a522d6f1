"""Heads of the chain, signed with Ed25519: what was sealed by then cannot be laid anew."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.audit.chain import Link
from db.keys import Key, KeyRing, Purpose


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A place of the chain as it was signed."""

    link: Link
    signed_at: datetime
    key_id: str
    signature: bytes


def sign_head(key: Key, station: int, link: Link, now: datetime) -> SignedHead:
    """The head of a station's chain, signed."""
    signature = _private(key).sign(_message(station, link, now))
    return SignedHead(link, now, key.id, signature)


def signature_fault(keys: KeyRing, station: int, head: SignedHead) -> str | None:
    """Why the signature of a head is no good; None if it is."""
    key = keys.find(Purpose.AUDIT, head.key_id)
    if key is None:
        return f"the head was signed with the key {head.key_id}, which is not here"
    try:
        _private(key).public_key().verify(
            head.signature, _message(station, head.link, head.signed_at)
        )
    except InvalidSignature:
        return "the signature of the head is not good"
    return None


def _private(key: Key) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key.secret)


def _message(station: int, link: Link, now: datetime) -> bytes:
    moment = now.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(["audit head", station, link.no, link.hash.hex(), moment]).encode()
