"""The mail server: what it gets, how long it may think, and what its answer means, in words that name nobody.

RFC 5321 (4.5.3.2.6) lets a server think for ten minutes about a message that it has been given. Who gives up early and
sends again makes copies. So EMAIL_TIMEOUT holds until the message is handed over, and `answer_within` from then on.
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.header import Header
from functools import partial
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend

from kok.by_class import of_class
from kok.logs import smtp_code

ANSWER_WITHIN = 300.0  # seconds; a task is ended after LONGEST_TASK, and the mails before it took time too


class Message(EmailMessage):
    """Django's, but every header begins on the line of its name: some programs take an empty first line for none."""

    def message(self, **more: Any) -> Any:
        """What goes to the server, its headers checked by Django."""
        message = super().message(**more)
        message.policy = message.policy.clone(max_line_length=None)  # else a long first word goes to the next line
        subject = str(self.subject)
        if not subject.isascii():
            message.replace_header("Subject", Header(subject, "utf-8", header_name="Subject").encode())
        return message


class Unanswered(smtplib.SMTPException):
    """The message was handed over and no answer came: it may have arrived."""


class _Patient(smtplib.SMTP):
    def __init__(self, *args: Any, answer_within: float, **kwargs: Any) -> None:
        self.answer_within = answer_within
        super().__init__(*args, **kwargs)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hands the message over and waits for the answer. Raises Unanswered when there is none."""
        if self.sock:
            self.sock.settimeout(self.answer_within)
        try:
            return super().data(msg)
        except smtplib.SMTPServerDisconnected as error:
            raise Unanswered from error
        finally:
            if self.sock:
                self.sock.settimeout(self.timeout)


class _PatientSSL(_Patient, smtplib.SMTP_SSL):
    pass


class Backend(smtp.EmailBackend):
    """Django's, with patience for the answer to a message."""

    def __init__(self, *args: Any, answer_within: float = ANSWER_WITHIN, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer_within = answer_within

    @property
    def connection_class(self) -> Any:
        """Django asks for the class of the connection here."""
        return partial(_PatientSSL if self.use_ssl else _Patient, answer_within=self.answer_within)


@dataclass(frozen=True)
class MailFailure:
    """Why a message did not go out. `is_final`: the server will not take it later either; `was_answered`: it lives."""

    reason: str
    is_final: bool = False
    was_answered: bool = True


@dataclass(frozen=True)
class MailAttachment:
    """A file of a mail; `mimetype` may carry parameters such as `method=REQUEST`."""

    filename: str
    content: bytes
    mimetype: str


@dataclass(frozen=True)
class Mail:
    """What is sent: plain text, neutral subject, never personal data beyond the address."""

    subject: str
    body: str
    attachments: tuple[MailAttachment, ...] = ()
    to: str = ""  # where the row of the outbox names no address but an account


class NotSent(Exception):
    """The mail was built, and the mail server did not take it."""

    def __init__(self, cause: OSError) -> None:
        self.cause, self.failure = cause, explain(cause)
        super().__init__(self.failure.reason)


def send(mail: Mail, *, to: str, message_id: str, backend: BaseEmailBackend) -> None:
    """Hands a mail over. Raises NotSent."""
    message = Message(mail.subject, mail.body, to=[to], connection=backend, headers={"Message-ID": message_id})
    for attachment in mail.attachments:
        message.attach(attachment.filename, attachment.content, attachment.mimetype)
    try:
        backend.open()
        message.send()
    except OSError as error:
        raise NotSent(error) from error


_REFUSES = (
    (smtplib.SMTPRecipientsRefused, "den Empfänger"),
    (smtplib.SMTPSenderRefused, "den Absender"),
    (smtplib.SMTPAuthenticationError, "die Anmeldung"),
    (OSError, "die Nachricht"),
)
_SILENT = (
    (Unanswered, "hat nicht geantwortet; die Nachricht kann angekommen sein"),
    (TimeoutError, "hat nicht rechtzeitig geantwortet"),
    (smtplib.SMTPServerDisconnected, "hat die Verbindung abgebrochen"),
    (ssl.SSLError, "lässt keine verschlüsselte Verbindung zu"),
    (smtplib.SMTPNotSupportedError, "bietet die eingestellte Verschlüsselung oder Anmeldung nicht an"),
    (OSError, "ist nicht zu erreichen"),
)


def explain(error: OSError) -> MailFailure:
    """What an error of sending means. smtplib's own are all OSError; the words of a server are left out."""
    code = smtp_code(error)
    if code >= 500:  # for good, by RFC 5321 (4.2.1)
        is_final = isinstance(error, smtplib.SMTPRecipientsRefused)
        return MailFailure(f"Der Mailserver lehnt {of_class(error, _REFUSES)} ab ({code}).", is_final=is_final)
    if code:
        return MailFailure(f"Der Mailserver nimmt gerade nichts an ({code}).")
    # smtplib puts an error of its own on top of a wait that was too long
    is_late = isinstance(error.__context__, TimeoutError) and not isinstance(error, Unanswered)
    cause = error.__context__ if is_late else error
    return MailFailure(f"Der Mailserver {of_class(cause, _SILENT)}.", was_answered=False)
