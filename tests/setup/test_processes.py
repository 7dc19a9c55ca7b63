"""The fixtures that start real processes do what they promise."""

import os
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.core.mail import get_connection

from kok.embedded import PROJECT
from tests.processes import Sink, address_for_tests, wait_until


@pytest.mark.slow
def test_given_a_real_worker_when_a_task_is_published_then_it_runs(worker: Path) -> None:
    current_app.send_task("kok.deliver")
    wait_until(lambda: "succeeded" in worker.read_text(), seconds=20)


def test_given_the_sink_when_a_mail_is_sent_then_it_arrives_whole(smtp_sink: Sink) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Einladung für Büdingen"
    port = int(smtp_sink.url.rpartition(":")[2])
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=port)
    connection.open()
    connection.connection.sendmail("a@example.org", ["b@example.org"], mail.as_bytes())
    connection.close()
    assert [message["Subject"] for message in smtp_sink.wait_for(1)] == ["Einladung für Büdingen"]


@pytest.mark.parametrize(
    ("named", "used"),
    [
        ("postgresql://kok@/kok?host=/run/a", "postgresql://kok@/{}?host=/run/a"),
        ("postgresql://kok:x@db.example.org:5432/echt", "postgresql://kok:x@db.example.org:5432/{}"),
        ("postgresql:///kok", "postgresql:///{}"),
    ],
)
def test_given_a_database_that_is_named_when_a_worker_is_started_then_it_works_on_the_test_database_only(
    db: None, named: str, used: str
) -> None:
    ours = str(settings.DATABASES["default"]["NAME"])
    assert ours.startswith("test_")
    assert address_for_tests(named) == used.format(ours)


def test_given_a_child_that_reads_the_settings_of_tests_when_it_ends_then_no_folder_is_left(tmp_path: Path) -> None:
    for run in ({}, {"KOK_TEST_RUN": str(tmp_path)}):
        kept = {name: value for name, value in os.environ.items() if name != "KOK_TEST_RUN"}
        environment = kept | run | {"TMPDIR": str(tmp_path), "KOK_MODE": "production"}
        program = "import os, tests.settings; print(os.environ['KOK_MODE'])"
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout == "demo\n", "tests never work as production does"
        assert list(tmp_path.iterdir()) == []


def test_given_a_template_of_ours_when_it_names_an_unknown_variable_then_the_test_fails() -> None:
    from django.template import Engine, engines
    from django.template.base import Origin, Template
    from django.template.context import Context

    engine: Engine = engines["django"].engine
    ours = Template("{{ nothing }}", Origin(str(PROJECT / "templates" / "probe.html")), engine=engine)
    with pytest.raises(AssertionError, match=r"probe\.html: nothing is not defined"):
        ours.render(Context())
    theirs = Template("a{{ nothing }}b", Origin(os.devnull), engine=engine)
    assert theirs.render(Context()) == "ab"
