"""Signatures of certificates, and the codes that are printed beside their numbers.

Each algorithm draws its own secret from a key of the ring, so that none is used for two things.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from gmssl.sm2 import CryptSM2, default_ecc_table

from db.enums import SignatureAlgorithm
from db.keys import Key
from db.numbers.certificates import ALPHABET

CODE_LENGTH = 8  # 40 bits
SM2_ORDER = int(default_ecc_table["n"], 16)
SM2_SIGNATURE_BYTES = 64
SM2_SIGNER = b"1234567812345678"  # what the standard calls a signer without a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature, what made it, and the digest that names what was signed."""

    algorithm: SignatureAlgorithm
    key_id: str
    digest: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Signs with the newest key; verifies what any key that the station still holds has signed."""

    keys: Sequence[Key]
    algorithm: SignatureAlgorithm = SignatureAlgorithm.ED25519

    @property
    def current(self) -> Key:
        """The key that signs."""
        return self.keys[-1]

    def sign(self, text: bytes) -> Signature:
        """The signature of a text; SM2 takes some 20 ms of CPU, so call it in a thread."""
        key = self.current
        sign = _sign_sm2 if self.algorithm is SignatureAlgorithm.SM2 else _sign_ed25519
        return Signature(
            algorithm=self.algorithm,
            key_id=key.id,
            digest=digest(text, self.algorithm),
            signature=sign(_secret(key, self.algorithm), text),
        )

    def verify(self, text: bytes, given: Signature) -> bool:
        """Whether the text was signed so by a key of the station."""
        key = self._find(given.key_id)
        if key is None or digest(text, given.algorithm) != given.digest:
            return False
        is_sm2 = given.algorithm is SignatureAlgorithm.SM2
        verify = _verify_sm2 if is_sm2 else _verify_ed25519
        return verify(_secret(key, given.algorithm), text, given.signature)

    def code(self, number: str, key_id: str | None = None) -> str:
        """The check code (查验码) of a number under a key, the current one if none is named.

        A key that the station no longer holds gives a code that nobody knows.
        """
        key = self.current if key_id is None else self._find(key_id)
        secret = _secret(key, "code") if key is not None else secrets.token_bytes(32)
        mac = hmac.digest(secret, number.encode(), "sha256")
        return "".join(ALPHABET[byte % len(ALPHABET)] for byte in mac[:CODE_LENGTH])

    def _find(self, key_id: str) -> Key | None:
        return next((key for key in self.keys if key.id == key_id), None)


def digest(text: bytes, algorithm: SignatureAlgorithm) -> bytes:
    """The digest that goes with an algorithm: SM3 with SM2, else SHA-256."""
    is_sm2 = algorithm is SignatureAlgorithm.SM2
    return _sm3(text) if is_sm2 else hashlib.sha256(text).digest()


def _secret(key: Key, use: str) -> bytes:
    return hmac.digest(key.secret, b"certificate:" + str(use).encode(), "sha256")


def _sign_ed25519(secret: bytes, text: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(secret).sign(text)


def _verify_ed25519(secret: bytes, text: bytes, signature: bytes) -> bool:
    public = Ed25519PrivateKey.from_private_bytes(secret).public_key()
    try:
        public.verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _sign_sm2(secret: bytes, text: bytes) -> bytes:
    curve = _sm2(secret)
    while True:
        # The library's own nonces come from a generator that can be predicted.
        nonce = secrets.randbelow(SM2_ORDER - 1) + 1
        signed: str | None = curve.sign(_sm2_digest(curve, text), f"{nonce:064x}")
        if signed is not None:
            return bytes.fromhex(signed)


def _verify_sm2(secret: bytes, text: bytes, signature: bytes) -> bool:
    half = len(signature) // 2
    parts = [int.from_bytes(part, "big") for part in (signature[:half], signature[half:])]
    if len(signature) != SM2_SIGNATURE_BYTES or not all(0 < each < SM2_ORDER for each in parts):
        return False
    curve = _sm2(secret)
    return bool(curve.verify(signature.hex(), _sm2_digest(curve, text)))


def _sm2_digest(curve: CryptSM2, text: bytes) -> bytes:
    """What SM2 signs (GB/T 32918.2): the text behind the signer's name, curve and public key."""
    table = curve.ecc_table
    about = SM2_SIGNER + bytes.fromhex(table["a"] + table["b"] + table["g"] + curve.public_key)
    return _sm3(_sm3((len(SM2_SIGNER) * 8).to_bytes(2, "big") + about) + text)


def _sm3(text: bytes) -> bytes:
    return hashlib.new("sm3", text).digest()


def _sm2(secret: bytes) -> CryptSM2:
    scalar = int.from_bytes(secret, "big") % (SM2_ORDER - 1) + 1
    curve = CryptSM2(private_key=f"{scalar:064x}", public_key="")
    # Set here: the constructor takes leading zeros and fours off a key that begins with 04.
    curve.public_key = curve._kg(scalar, default_ecc_table["g"])  # noqa: SLF001 - it makes no keys
    return curve
