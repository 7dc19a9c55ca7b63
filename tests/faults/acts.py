"""What the secretariat does through the pages, and what must then be true: nothing lost, nothing twice."""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tests.faults.house import SECRETARIAT, House, Part
from tests.processes import wait_until
from tests.walk.__main__ import sign_in
from tests.walk.visitor import Lost, Visitor

SWEEP = 5.0  # seconds; beat asks six times more rarely
MESSAGES = """
SELECT message.state, message.message_id, message."to", message.attempts
  FROM kok_outboxmessage message
  JOIN meetings_invitation invitation ON invitation.id = (message.context->>'invitation')::bigint
  JOIN meetings_invitationround sent ON sent.id = invitation.round_id
 WHERE message.kind = 'invitation' AND sent.meeting_id = %s
 ORDER BY message.id"""
PAPERS = """
SELECT document.state, document.content, document.sha256
  FROM kok_document document
  JOIN meetings_invitationround sent ON sent.id = document.object_id
 WHERE document.kind = 'agenda' AND sent.meeting_id = %s"""


@dataclass(frozen=True)
class Meeting:
    """A planned meeting, and what the house knows of its invitation."""

    house: House
    path: str

    @property
    def number(self) -> int:
        """Its number in the address."""
        return int(self.path.rstrip("/").rpartition("/")[2])

    def rounds(self) -> int:
        """How often it was invited to."""
        [(found,)] = self.house.query(
            "SELECT count(*) FROM meetings_invitationround WHERE meeting_id = %s", self.number
        )
        return int(found)

    def states(self) -> Counter[str]:
        """How many of its mails stand in which state."""
        return Counter(str(state) for state, *_ in self.house.query(MESSAGES, self.number))

    def recipients(self) -> list[str]:
        """To whom its mails go."""
        return [str(address) for _, _, address, _ in self.house.query(MESSAGES, self.number)]

    def tries(self) -> list[int]:
        """How often each of its mails was tried in vain."""
        return [int(attempts) for *_, attempts in self.house.query(MESSAGES, self.number)]

    def paper(self) -> str:
        """The state of its agenda as PDF."""
        [(state, content, checksum)] = self.house.query(PAPERS, self.number)
        if state == "DONE":
            assert bytes(content).startswith(b"%PDF-")
            assert hashlib.sha256(content).hexdigest() == checksum
        return str(state)

    def is_told(self) -> bool:
        """Whether the worker is done with it."""
        return self.paper() == "DONE" and set(self.states()) == {"SENT"}

    def mails(self) -> Counter[str]:
        """How often the mail server accepted each of its messages, by Message-ID; every one has the agenda with it."""
        ours = {str(message_id) for _, message_id, *_ in self.house.query(MESSAGES, self.number)}
        accepted = [mail for mail in self.house.mail_server.accepted if mail["Message-ID"] in ours]
        for mail in accepted:
            kinds = sorted(part.get_content_type() for part in mail.iter_attachments())
            assert kinds == ["application/pdf", "text/calendar"]
        return Counter(str(mail["Message-ID"]) for mail in accepted)

    def assert_told_once(self, *, again: int = 0) -> None:
        """Waits until PDF and mails are out: one round, one PDF, one mail for each.

        Up to `again` messages may have come twice, with the same number. Sweeps come as from beat, only oftener: what
        was queued while somebody delivers waits for the next one.
        """
        sweep = time.monotonic() + SWEEP

        def is_told() -> bool:
            nonlocal sweep
            if time.monotonic() >= sweep:
                self.house.ask("kok.sweep")
                sweep = time.monotonic() + SWEEP
            return self.is_told()

        wait_until(is_told, seconds=120, what="the invitation")
        states, mails = self.states(), self.mails()
        assert (self.rounds(), self.paper(), set(states)) == (1, "DONE", {"SENT"})
        assert len(mails) == states["SENT"] > 1, "one is lost"
        assert sum(mails.values()) - len(mails) <= again, "one came twice"


@dataclass(frozen=True)
class Secretary:
    """Plans and invites at one web part, each meeting on a day of its own."""

    house: House
    url: str
    visitor: Visitor
    days: Iterator[date]

    @classmethod
    def at(cls, house: House, url: str, days: Iterator[date]) -> "Secretary":
        """Signed in there."""
        return cls(house, url, sign_in(url, SECRETARIAT, house.password), days)

    def elsewhere(self) -> "Secretary":
        """The same person at another web part, in another browser."""
        return Secretary.at(self.house, self.house.web(), self.days)

    def plan(self) -> Meeting:
        """A meeting with the usual agenda."""
        self.visitor.open(f"{self.url}/wetteraukreis/sitzungen/neu")
        form = self.visitor.page.form("Sitzung planen")
        form.fill("Kooperationskonferenz")
        form.fill("An welchem Tag", f"{next(self.days):%d.%m.%Y}")
        form.fill("Wann beginnt", "10:00")
        form.fill("Wann endet", "12:00")
        form.fill("Wo findet", "Kreishaus Friedberg, Raum 204")
        page = self.visitor.press("Sitzung planen", form)
        assert re.search(r"/sitzungen/\d+/$", page.address), page.whole.text
        return Meeting(self.house, page.address.removeprefix(self.url))

    def invite(self, meeting: Meeting | None = None) -> Meeting:
        """Sends the invitation of a meeting, of a new one when none is named. Raises Lost where it does not go on."""
        meeting = meeting or self.plan()
        self.prepare(meeting)
        self.send()
        return meeting

    def prepare(self, meeting: Meeting) -> None:
        """Has the text looked at, until the worker answered or nobody waits for it any longer."""
        self.visitor.open(f"{self.url}{meeting.path}einladen")
        if "Text prüfen" in self.visitor.page.whole.text:  # not where somebody else asked about the same text
            self.visitor.press("Text prüfen")
        self.visitor.wait_for("Einladung an")

    def send(self) -> None:
        """Sends what was prepared. Raises Lost where it does not go on."""
        form = self.visitor.page.form("Einladung an")
        if "Wer keine E-Mail-Adresse hat" in self.visitor.page.whole.text:
            form.fill("Wer keine E-Mail-Adresse hat")
        page = self.visitor.press("Einladung an", form)
        if not page.address.endswith("/unterlagen/"):
            raise Lost(page.whole.text)

    def invite_without_answer(self, *, keeps_first: bool = False) -> tuple[Part, Meeting]:
        """A worker that handed the first mail over, while the mail server answers nobody until it is told to behave.

        `keeps_first`: it has accepted that mail all the same.
        """
        server = self.house.mail_server
        server.holds, server.keeps_first = True, keeps_first
        worker = self.house.worker()
        meeting = self.invite()
        wait_until(lambda: server.is_asked, seconds=60, what="the first mail")
        return worker, meeting
