"""Values that the database keeps but must not tell: encrypted, and found again by a keyed hash.

Both keys are derived from one secret of the installation. Who copies the database without that
secret learns neither the values nor whether a guessed value is among them.
"""

import base64
import hmac
from dataclasses import dataclass
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app

_KEYS = "qcc.sealing.keys"


class SealBroken(ValueError):
    """The sealed value was altered, or sealed with another installation's secret."""


@dataclass(frozen=True, slots=True)
class _Keys:
    fernet: Fernet
    hashing: bytes


def init_app(app: Flask, secret: bytes) -> None:
    """Both keys of this application are derived from the secret."""
    fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"qcc sealed values")))
    app.extensions[_KEYS] = _Keys(fernet, _derive(secret, b"qcc keyed hashes"))


def _keys() -> _Keys:
    keys: _Keys = current_app.extensions[_KEYS]
    return keys


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)


def seal(value: str) -> str:
    """The value encrypted; each time to another text."""
    return _keys().fernet.encrypt(value.encode()).decode()


def unseal(sealed: str) -> str:
    """The value that was sealed; raises SealBroken."""
    try:
        return _keys().fernet.decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken("the sealed value cannot be read") from None


def seal_bytes(data: bytes) -> bytes:
    """The same for the bytes of a file."""
    return _keys().fernet.encrypt(data)


def unseal_bytes(sealed: bytes) -> bytes:
    """The bytes that were sealed; raises SealBroken."""
    try:
        return _keys().fernet.decrypt(sealed)
    except InvalidToken:
        raise SealBroken("the sealed file cannot be read") from None


def keyed_hash(value: str) -> str:
    """Always the same for one value, and telling nothing without the secret: for searching."""
    return hmac.new(_keys().hashing, value.encode(), sha256).hexdigest()
