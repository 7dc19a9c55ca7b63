"""What the README promises of two commands, walked by somebody with nothing but Python: python3 -m tests.walk

It runs `bin/run`, signs in, plans a meeting, invites, opens the agenda as PDF and the invitation in the demo's mails,
and stops. Ends with 0 when everything came, else with 1 and what was missing.
"""

import argparse
import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import urljoin

from tests.walk.visitor import Lost, Part, Visitor

_PROJECT = Path(__file__).resolve().parents[2]
_PATIENCE = 300  # seconds for paper and mail, on a machine that has much else to do
_AHEAD = 28  # days from today to the first day that is tried: longer than the invitation must be on its way
_OFFICES = ("wetteraukreis-secretariat", "lwv-hessen-secretariat")
T = TypeVar("T")


def say(words: str) -> None:
    """One line of what was seen, with the seconds since the start."""
    print(f"walk: {time.monotonic() - _BEGAN:4.0f} s  {words}", flush=True)  # noqa: T201


_BEGAN = time.monotonic()


def wait_for(question: Callable[[], T | None], what: str) -> T:
    """The first answer that is not None or empty."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        if answer := question():
            return answer
        if time.monotonic() > deadline:
            raise Lost(f"{what}: not within {_PATIENCE} s")
        time.sleep(0.25)


def start(port: int) -> tuple["subprocess.Popen[str]", str]:
    """The running bin/run, and what it printed until it was ready."""
    command = [_PROJECT / "bin" / "run", "--port", str(port)]
    process = subprocess.Popen(command, cwd=_PROJECT, text=True, stdout=subprocess.PIPE, start_new_session=True)
    assert isinstance(process.stdout, io.TextIOBase)
    printed = ""
    for line in process.stdout:
        printed += line
        if line.startswith("Beenden"):
            return process, printed
    raise Lost(f"bin/run ended with {process.wait()}: {printed}")


def stop(process: "subprocess.Popen[str]", port: int) -> None:
    """Ctrl-C. Raises Lost unless it ends in order and nobody answers any more."""
    process.send_signal(signal.SIGINT)
    last, _ = process.communicate(timeout=120)
    with socket.socket() as probe:
        answers = probe.connect_ex(("127.0.0.1", port)) == 0
    if process.returncode or "Die Anwendung ist beendet." not in last or answers:
        raise Lost(f"bin/run ended with {process.returncode}, port {'still open' if answers else 'closed'}: {last}")


def sign_in(address: str, username: str, password: str) -> Visitor:
    """Somebody at the overview of her agreement."""
    visitor = Visitor(address)
    form = visitor.page.form("Anmelden")
    form.fill("Benutzername", username)
    form.fill("Passwort", password)
    visitor.press("Anmelden", form)
    visitor.page.form("Abmelden")
    return visitor


def plan(secretary: Visitor) -> str:
    """Plans a meeting on the first day from four weeks on that may be one; the day as the pages write it."""
    today = re.search(r"Übersicht am \S+ (\d\d)\.(\d\d)\.(\d{4})", secretary.page.whole.text)
    if not today:
        raise Lost(f"no overview behind the sign-in, but {secretary.page.address}")
    first = date(*(int(part) for part in reversed(today.groups()))) + timedelta(days=_AHEAD)
    secretary.follow("Sitzungen")
    secretary.follow("Sitzung planen")
    for later in range(14):
        day = f"{first + timedelta(days=later):%d.%m.%Y}"
        form = secretary.page.form("Sitzung planen")
        form.fill("Kooperationskonferenz")
        form.fill("An welchem Tag", day)
        form.fill("Wann beginnt", "10:00")
        form.fill("Wann endet", "12:00")
        form.fill("Wo findet", "Kreishaus Friedberg, Raum 204")
        secretary.press("Sitzung planen", form)
        if not secretary.page.offers("Sitzung planen"):
            return day
    raise Lost(f"no day in two weeks is right for a meeting: {secretary.page.whole.text[:2000]}")


def invite(secretary: Visitor) -> int:
    """Sends the invitation from the page of a meeting; how many people get it."""
    secretary.follow("Einladung vorbereiten")
    secretary.press("Text prüfen")
    secretary.wait_for("Einladung an")
    form = secretary.page.form("Einladung an")
    (button,) = form.buttons
    found = re.search(r"\d+", button)
    secretary.press(button, form)
    return int(found.group()) if found else 1


def check_pdf(content: bytes, name: str) -> None:
    """Raises Lost unless it is a whole PDF."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-64:]:
        raise Lost(f"{name} is no PDF: {content[:80]!r}")


def paper(secretary: Visitor) -> str:
    """Waits for the agenda on the page behind the invitation, as somebody who loads it again; its name."""

    def finished() -> str | None:
        secretary.open(secretary.page.address)
        return next((name for name, _ in secretary.page.whole.links if name.endswith(".pdf herunterladen")), None)

    name = wait_for(finished, "the agenda as PDF")
    check_pdf(secretary.fetch(secretary.address(name))[1], name)
    return name.removesuffix(" herunterladen")


def mails(secretary: Visitor, day: str, number: int) -> tuple[Part, ...]:
    """The invitations in the demo's mails, as soon as all are there."""
    secretary.follow("Gesendete Mails ansehen")

    def sent() -> tuple[Part, ...] | None:
        page = secretary.open(secretary.page.address)
        found = tuple(mail for mail in page.articles if re.match(rf"\S.*Einladung.*{day}", mail.text))
        return found if len(found) >= number else None

    return wait_for(sent, f"{number} invitations in the demo's mails")


def check_mail(secretary: Visitor, mail: Part) -> None:
    """Raises Lost unless an entry for the calendar and the agenda hang on it."""
    files = {name: secretary.fetch(urljoin(secretary.page.address, target))[1] for name, target in mail.links}
    calendar = next((content for content in files.values() if content.startswith(b"BEGIN:VCALENDAR")), b"")
    if b"METHOD:REQUEST" not in calendar or b"BEGIN:VEVENT" not in calendar:
        raise Lost(f"no invitation for a calendar in {sorted(files)}")
    pdf = next((name for name in files if name.endswith(".pdf")), None)
    if pdf is None:
        raise Lost(f"no agenda in {sorted(files)}")
    check_pdf(files[pdf], pdf)


def walk(address: str, password: str) -> None:
    """From the sign-in to the mail. Raises Lost where it does not go on."""
    for username in _OFFICES:  # the conference's year belongs to one of them
        secretary = sign_in(address, username, password)
        say(f"signed in as {username}")
        day = plan(secretary)
        say(f"planned a meeting on {day}")
        if secretary.page.whole.link("Einladung vorbereiten"):
            break
    number = invite(secretary)
    say(f"invited {number}")
    say(f"opened {paper(secretary)}")
    found = mails(secretary, day, number)
    for mail in found:
        check_mail(secretary, mail)
    say(f"read {len(found)} mails, each with its entry for the calendar and the agenda")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    """0 when everything came."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.walk", description=__doc__)
    parser.add_argument("--port", type=int, default=_free_port(), help="of the application (else a free one)")
    port = parser.parse_args().port
    process = None
    try:
        process, printed = start(port)
        say(f"bin/run answers, as {'root' if os.getuid() == 0 else 'an ordinary user'}")
        found = re.search(r"(http://\S+)[\s\S]*Passwort für alle: (\S+)", printed)
        if not found:
            raise Lost(f"neither address nor password in {printed}")  # noqa: TRY301
        walk(*found.groups())
        stop(process, port)
    except (Lost, subprocess.TimeoutExpired) as error:
        say(f"LOST: {error}")
        return 1
    finally:
        if process and process.poll() is None:
            process.terminate()
            process.communicate()
    say("stopped; everything was there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
