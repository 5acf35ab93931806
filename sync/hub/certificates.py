"""The hub's own certificate authority: made at setup, pinned by every station, known to nobody else.

What a station trusts is this authority and not a date: its own clock may be years wrong on the very day it
is needed. So stations check who signed, not when; the hub renews its certificate by itself long before it ends.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

AUTHORITY_DAYS: Final = 30 * 365
CERTIFICATE_DAYS: Final = 398
RENEW_DAYS: Final = 60
"""Renewed when fewer days are left."""


@dataclass(frozen=True, slots=True, repr=False)
class Issued:
    """A certificate and its private key, both PEM; the key is unencrypted: whoever stores it locks it."""

    certificate: bytes
    key: bytes


def make_authority(hospital: str, now: datetime | None = None) -> Issued:
    """Return a new certificate authority of ``hospital``."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Downtime hub authority {hospital}")
    begin = now or datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=False, key_cert_sign=True, crl_sign=True, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = _bare(name, name, key.public_key(), begin, AUTHORITY_DAYS)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    made = made.add_extension(usage, critical=True)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return _issued(made, key, key)


def make_certificate(
    authority: Issued, names: Sequence[str], now: datetime | None = None, days: int = CERTIFICATE_DAYS
) -> Issued:
    """Return a certificate of the hub for host ``names`` (addresses or names), signed by ``authority``."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509.oid import ExtendedKeyUsageOID

    above = x509.load_pem_x509_certificate(authority.certificate)
    above_key = load_pem_private_key(authority.key, None)
    assert isinstance(above_key, ec.EllipticCurvePrivateKey), "the authority's key is one we made"
    key = ec.generate_private_key(ec.SECP256R1())
    begin = now or datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=False, crl_sign=False, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = _bare(_name("Downtime hub"), above.subject, key.public_key(), begin, days)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(usage, critical=True)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    made = made.add_extension(
        x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False
    )
    made = made.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(above_key.public_key()), critical=False
    )
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return _issued(made, key, above_key)


def fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of a PEM certificate, hex: what a person compares, or a code carries part of.

    Raises:
        ValueError: it is no certificate.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    read = x509.load_pem_x509_certificate(certificate)
    return hashlib.sha256(read.public_bytes(Encoding.DER)).hexdigest()


def days_left(certificate: bytes, now: datetime | None = None) -> int:
    """Return how many whole days a PEM certificate goes on; negative once it has ended."""
    from cryptography import x509

    ends = x509.load_pem_x509_certificate(certificate).not_valid_after_utc
    return (ends - (now or datetime.now(UTC))).days


def names_of(certificate: bytes) -> set[str]:
    """Return the host names and addresses a PEM certificate is for."""
    from cryptography import x509

    read = x509.load_pem_x509_certificate(certificate)
    alternative = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in alternative}


def locked_key(key: bytes, password: bytes) -> bytes:
    """Return a PEM key encrypted with ``password``."""
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
        load_pem_private_key,
    )

    opened = load_pem_private_key(key, None)
    return opened.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))


def _bare(name: Any, issuer: Any, public: Any, begin: datetime, days: int) -> Any:
    from cryptography import x509

    made = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(public)
    made = made.serial_number(x509.random_serial_number())
    # A day earlier: the PC that looks at it in a browser may be some hours behind.
    made = made.not_valid_before(begin - timedelta(days=1))
    return made.not_valid_after(begin + timedelta(days=days))


def _issued(made: Any, key: Any, signer: Any) -> Issued:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    certificate = made.sign(signer, SHA256()).public_bytes(Encoding.PEM)
    return Issued(certificate, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _name(common: str) -> Any:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _alternative(name: str) -> Any:
    from cryptography import x509

    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
