"""The demo shows what would have been sent, attachments included; it opens no other file."""

import pytest
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

PAGE = "kok:demo-mail"
pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings, tmp_path):
    """Two mails in one file of the sink, the second one with a calendar file."""
    settings.KOK_MAIL_IN_FILES = True
    settings.EMAIL_FILE_PATH = str(tmp_path)
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path))
    backend.open()
    for subject in ("Erste", "Einladung für Müller & Söhne"):
        message = EmailMessage(subject, "Guten Tag", to=["a@example.org"], connection=backend)
        if subject != "Erste":
            message.attach("einladung.ics", b"BEGIN:VCALENDAR", "text/calendar")
        message.send()
    backend.close()
    return tmp_path


def test_given_mails_in_the_sink_when_looked_at_then_the_newest_comes_first_and_its_file_opens(client, sink):
    page = client.get(reverse(PAGE)).content.decode()
    assert page.index("Einladung für Müller &amp; Söhne") < page.index("Erste")
    link = page.split('<a href="?mail=')[1].split('"')[0].replace("&amp;", "&")
    answer = client.get(f"{reverse(PAGE)}?mail={link}")
    assert (answer.headers["Content-Type"], b"".join(answer.streaming_content)) == ("text/calendar", b"BEGIN:VCALENDAR")


@pytest.mark.parametrize("query", ["mail=..%2Fdemo-password&anlage=1", "mail=x&anlage=1", "anlage=../../etc/passwd"])
def test_given_an_attachment_that_is_none_when_asked_for_then_it_does_not_exist(client, sink, query):
    assert client.get(f"{reverse(PAGE)}?{query}").status_code == 404
