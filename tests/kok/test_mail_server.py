"""How long a mail server may think, and what its answers mean to those who read them."""

import asyncio
import smtplib
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction

from kok import mail_server, outbox
from kok.models import OutboxMessage
from tests.processes import free_port

NOW = datetime(2027, 4, 16, 8, 0, tzinfo=UTC)
WORDS = b"<k.muster@example.org> is not known here"
MAYBE = "Der Mailserver hat nicht geantwortet; die Nachricht kann angekommen sein."


def late(error):
    """smtplib says of a wait that was too long that the connection was closed."""
    try:
        try:
            raise TimeoutError("timed out")
        except OSError:
            raise error  # noqa: B904
    except OSError as told:
        return told


def refused(code):
    return smtplib.SMTPRecipientsRefused({"k.muster@example.org": (code, WORDS)})


@pytest.mark.parametrize(
    ("error", "reason", "final", "answered"),
    [
        (refused(550), "lehnt den Empfänger ab (550).", True, True),
        (refused(451), "nimmt gerade nichts an (451).", False, True),
        (smtplib.SMTPSenderRefused(553, WORDS, "kok@example.org"), "lehnt den Absender ab (553).", False, True),
        (smtplib.SMTPAuthenticationError(535, WORDS), "lehnt die Anmeldung ab (535).", False, True),
        (smtplib.SMTPAuthenticationError(454, WORDS), "nimmt gerade nichts an (454).", False, True),
        (smtplib.SMTPDataError(554, WORDS), "lehnt die Nachricht ab (554).", False, True),
        (smtplib.SMTPDataError(452, WORDS), "nimmt gerade nichts an (452).", False, True),
        (smtplib.SMTPConnectError(421, WORDS), "nimmt gerade nichts an (421).", False, True),
        (TimeoutError("timed out"), "hat nicht rechtzeitig geantwortet.", False, False),
        (late(smtplib.SMTPServerDisconnected("x")), "hat nicht rechtzeitig geantwortet.", False, False),
        (late(mail_server.Unanswered()), MAYBE.removeprefix("Der Mailserver "), False, False),
        (smtplib.SMTPServerDisconnected("x"), "hat die Verbindung abgebrochen.", False, False),
        (
            smtplib.SMTPNotSupportedError("x"),
            "bietet die eingestellte Verschlüsselung oder Anmeldung nicht an.", False, False,
        ),
        (ConnectionRefusedError(111, "x"), "ist nicht zu erreichen.", False, False),
        (ssl.SSLCertVerificationError(1, "x"), "lässt keine verschlüsselte Verbindung zu.", False, False),
    ],
)  # fmt: skip
def test_given_an_error_of_sending_when_explained_then_the_reason_is_german_has_the_code_and_names_nobody(
    error, reason, final, answered
):
    assert mail_server.explain(error) == mail_server.MailFailure(f"Der Mailserver {reason}", final, answered)


@dataclass
class Slow:
    """Keeps what it gets at once and answers later."""

    seconds: float
    kept: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):
        """Called for each mail."""
        self.kept.append(envelope.content)
        await asyncio.sleep(self.seconds)
        return "250 OK"


@contextmanager
def slow_mail_server(monkeypatch, *, seconds, timeout, answer_within):
    server, port = Slow(seconds), free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    backend = mail_server.Backend(host="127.0.0.1", port=port, timeout=timeout, answer_within=answer_within)
    monkeypatch.setattr(outbox, "get_connection", lambda **_: backend)
    try:
        yield server
    finally:
        controller.stop()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer_within", "state", "reason"), [(10, "SENT", ""), (0.6, "QUEUED", MAYBE)], ids=["in time", "too late"]
)
def test_given_a_mail_server_that_answers_late_when_delivered_then_a_longer_patience_holds_than_for_connecting(
    monkeypatch, answer_within, state, reason
):
    monkeypatch.setattr(outbox, "_builders", {"duty": lambda row: outbox.Mail("Betreff", "Text")})
    with transaction.atomic():
        outbox.enqueue(kind="duty", key="1", to="a@example.org", context={}, now=NOW)
    with slow_mail_server(monkeypatch, seconds=1, timeout=0.3, answer_within=answer_within) as server:
        outbox.deliver(now=NOW)
    row = OutboxMessage.objects.get()
    assert (row.state, row.error, len(server.kept)) == (state, reason, 1)


@pytest.mark.parametrize("secured", [False, True])
def test_given_the_address_of_a_mail_server_when_a_connection_is_made_then_it_is_the_patient_one(secured):
    backend = get_connection("kok.mail_server.Backend", use_ssl=secured, use_tls=False)
    with pytest.raises(OSError):  # noqa: PT011  nobody listens there
        backend.connection_class("127.0.0.1", 1, timeout=1)
    made = backend.connection_class.func
    assert issubclass(made, smtplib.SMTP_SSL) == secured
    assert backend.answer_within == mail_server.ANSWER_WITHIN > 10 * settings.EMAIL_TIMEOUT
