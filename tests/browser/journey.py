"""What a journey through the whole application needs: the application itself, its mails, and people in browsers."""

import email
import email.policy
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from kok.embedded import PROJECT
from tests.faults.house import furnish
from tests.processes import free_port, wait_until

AXE = (PROJECT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
BETWEEN_MAILS = b"\n" + b"-" * 79 + b"\n"
THEIRS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "EMAIL_URL", "KOK_TEST_RUN")
# Web, worker and beat start with a busy machine; a mail waits for a PDF and then at most for its next try.
PATIENCE = 60


@dataclass(frozen=True)
class Application:
    """Web, worker and beat with both servers and the demo, as bin/run starts them; mails are files below `var`."""

    url: str
    var: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> Any:
        """The answer of a management command."""
        command = [sys.executable, "manage.py", *arguments, "--json"]
        done = subprocess.run(command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def mails_to(self, username: str, subject: str) -> list[EmailMessage]:
        """What one account was sent so far, by a part of the subject."""
        files = sorted((self.var / "mail").glob("*.log"))
        parts = [part for file in files for part in file.read_bytes().split(BETWEEN_MAILS) if part.strip()]
        read = [email.message_from_bytes(part.lstrip(), policy=email.policy.default) for part in parts]
        return [mail for mail in read if str(mail["to"]).startswith(f"{username}@") and subject in str(mail["subject"])]

    def mail_to(self, username: str, subject: str) -> EmailMessage:
        """The only mail of that kind, as soon as the worker has sent it."""
        wait_until(lambda: bool(self.mails_to(username, subject)), seconds=PATIENCE, what=f"mail „{subject}“")
        (mail,) = self.mails_to(username, subject)
        return mail


@contextmanager
def started(var: Path, *, now: str) -> Iterator[Application]:
    """The whole application on the state of a house, with its clock at `now`, until the end of the block."""
    furnish(var)
    environment = {name: value for name, value in os.environ.items() if name not in THEIRS}
    environment |= {"KOK_VAR": str(var), "KOK_NOW": now}
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "kok.embedded.supervisor", "--port", str(port)],
        cwd=PROJECT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("Die Anwendung läuft"), first + process.stdout.read()
        yield Application(f"http://localhost:{port}", var, environment)
    finally:
        process.terminate()
        process.communicate(timeout=90)


@contextmanager
def step(name: str) -> Iterator[None]:
    """A part of the journey; a failure tells its name."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"Schritt: {name}")
        raise


class Traveller:
    """One person in a browser of her own. Every page she comes to is looked at once, wide or narrow."""

    def __init__(self, browser: Browser, url: str, *, width: int = 1280, **context: Any) -> None:
        self.url, self.seen, self.problems = url, set[str](), list[str]()
        self.context = browser.new_context(**context, base_url=url, viewport={"width": width, "height": 900})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _listen(self, message: Any) -> None:
        if message.type == "error":
            self.problems.append(f"{self.page.url}: {message.text}")

    def sign_in(self, username: str, password: str) -> None:
        """On the page where she is sent to, or on the page for signing in."""
        if "/konto/login/" not in self.page.url:
            self.open("/konto/login/")
        self.look()
        self.page.get_by_label("Benutzername").fill(username)
        self.page.get_by_label("Passwort", exact=True).fill(password)
        self.press("Anmelden")

    def open(self, path: str) -> None:
        """Goes to an address and looks at the page."""
        self.page.goto(path)
        self.look()

    def follow(self, name: str) -> None:
        """Follows a link that leads to another page."""
        self.page.get_by_role("link", name=name).first.click()
        self.look()

    def press(self, name: str) -> None:
        """Presses a button that leads to another page."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).click()
        self.look()

    def look(self) -> None:
        """Nobody is kept out, nothing runs out of the page, the browser has nothing to complain about."""
        self.page.wait_for_load_state()
        place = re.sub(r"\d+", "N", self.page.url.removeprefix(self.url))
        if place not in self.seen:
            self.seen.add(place)
            found = violations(self.page)
            assert found == [], f"{self.page.url}: {found}"
        assert self.page.evaluate(OVERFLOW) <= 0, f"{self.page.url} runs out of the window"
        assert self.problems == [], self.problems

    def says(self, words: str) -> None:
        """Fails unless the page shows these words."""
        self.page.get_by_text(words).first.wait_for()


OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG and good practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(result => result.violations)")
    return [f"{item['id']}: {item['nodes'][0]['target']}" for item in found]
