"""Certificates made on the spot by an authority of our own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


class Authority:
    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._sign("Autorite", self._key.public_key(), x509.BasicConstraints(ca=True, path_length=0))

    def vouch(self, host: str) -> bytes:
        """The key and certificate of a host, PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return pem + self._sign(host, key.public_key(), x509.SubjectAlternativeName([x509.DNSName(host)]))

    def _sign(self, subject: str, key: ec.EllipticCurvePublicKey, extension: x509.ExtensionType) -> bytes:
        now = datetime.now(UTC)
        lifetime = (now - timedelta(days=1), now + timedelta(days=1))
        builder = x509.CertificateBuilder(
            _name("Autorite"), _name(subject), key, x509.random_serial_number(), *lifetime
        )
        signed = builder.add_extension(extension, critical=True).sign(self._key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)
