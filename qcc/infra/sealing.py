"""Values that the database keeps but must not tell: encrypted, and found again by a keyed hash.

Both keys are derived from one secret of the installation. Who copies the database without that
secret learns neither the values nor whether a guessed value is among them.
"""

import base64
import hmac
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_fernet: Fernet | None = None
_hash_key = b""


class SealBroken(ValueError):
    """The sealed value was altered, or sealed with another installation's secret."""


def use_secret(secret: bytes) -> None:
    """Derive the keys; done once, when the application starts."""
    global _fernet, _hash_key
    _fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"qcc sealed values")))
    _hash_key = _derive(secret, b"qcc keyed hashes")


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)


def seal(value: str) -> str:
    """The value encrypted; each time to another text."""
    if _fernet is None:
        raise RuntimeError("no secret was set")
    return _fernet.encrypt(value.encode()).decode()


def unseal(sealed: str) -> str:
    """The value that was sealed; raises SealBroken."""
    if _fernet is None:
        raise RuntimeError("no secret was set")
    try:
        return _fernet.decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken("the sealed value cannot be read") from None


def seal_bytes(data: bytes) -> bytes:
    """The same for the bytes of a file."""
    if _fernet is None:
        raise RuntimeError("no secret was set")
    return _fernet.encrypt(data)


def unseal_bytes(sealed: bytes) -> bytes:
    """The bytes that were sealed; raises SealBroken."""
    if _fernet is None:
        raise RuntimeError("no secret was set")
    try:
        return _fernet.decrypt(sealed)
    except InvalidToken:
        raise SealBroken("the sealed file cannot be read") from None


def keyed_hash(value: str) -> str:
    """Always the same for one value, and telling nothing without the secret: for searching."""
    return hmac.new(_hash_key, value.encode(), sha256).hexdigest()
