"""A real SMTP server on loopback, and one that misbehaves byte by byte; certificates of an authority of its own."""

from __future__ import annotations

import asyncio
import email
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from socket import create_server, socket
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "mecra", "Gizli-parola-42"


@dataclass
class Post:
    """What the server took on, and how it behaves: whom it refuses, what it answers to a message."""

    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    answer: str = "250 2.0.0 Ok: queued as 4F2A"
    password: str = PASSWORD
    denial: str = "535 5.7.8 Error: authentication failed"
    before_answer: Callable[[], object] = lambda: None
    hang_up: bool = False
    sign_ins: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            message = email.message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.raw.append(envelope.content)
            self.taken.append((list(envelope.rcpt_tos), message))
        self.before_answer()
        if self.hang_up:
            server.transport.abort()
        return self.answer

    def sign_in(self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        self.sign_ins += 1
        fine = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), self.password.encode())
        return AuthResult(success=fine, handled=fine, message=None if fine else self.denial)


@contextmanager
def serving(
    post: Post,
    directory: Path,
    *,
    security: str = "none",
    signing_in: bool = False,
    name: str = "localhost",
    port: int = 0,
    **more: Any,
) -> Iterator[int]:
    """The port that it answers at. `name`: whom its certificate is for."""
    context = server_context(directory, name) if security != "none" else None
    loop = asyncio.new_event_loop()

    def made() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # signing in within TLS from the first byte on is taken for plain
            return SMTP(
                post, hostname="posta.test", loop=loop, tls_context=context if security == "starttls" else None,
                require_starttls=security == "starttls", auth_required=signing_in, auth_require_tls=security == "starttls",
                authenticator=post.sign_in if signing_in else None, **more,
            )  # fmt: skip

    ready = create_server(("127.0.0.1", port))
    server = loop.run_until_complete(loop.create_server(made, sock=ready, ssl=context if security == "tls" else None))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


@contextmanager
def behaving(behave: Callable[[socket], None]) -> Iterator[int]:
    """A server that does with each connection what it is told; answers its port."""
    listening = create_server(("127.0.0.1", 0))
    listening.settimeout(30)
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            with suppress(OSError):
                connection, _address = listening.accept()
                with connection, suppress(OSError):
                    behave(connection)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        with suppress(OSError):
            socket().connect(listening.getsockname())
        listening.close()


@cache
def _authority() -> tuple[Any, Any]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, _certificate("Örnek Kurum", key, "Örnek Kurum", key, authority=True)


def authority(directory: Path) -> Path:
    """The certificate that ours are trusted by, as a file."""
    path = directory / "kurum-ca.pem"
    path.write_bytes(_authority()[1].public_bytes(serialization.Encoding.PEM))
    return path


def server_context(directory: Path, name: str) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    path = directory / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + _certificate(name, key, "Örnek Kurum", _authority()[0]).public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def _certificate(name: str, key: Any, issuer: str, issuer_key: Any, *, authority: bool = False) -> Any:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if authority:
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        made = made.add_extension(usage, critical=True)
    else:
        names = [x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.2"))]
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return made.sign(issuer_key, hashes.SHA256())
