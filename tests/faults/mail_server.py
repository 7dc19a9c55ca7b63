"""The one stand-in of the house: a mail server that does what a test tells it."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any


@dataclass
class MailServer:
    """Answers as it is told, and keeps what it accepted."""

    accepted: list[Any] = field(default_factory=list)
    refused_address: str = ""  # gets 550 at RCPT
    answer: str = "250 OK"
    seconds: float = 0  # before it answers
    keeps_first: bool = False  # accepts before the wait, as when the answer is lost on its way
    holds: bool = False  # answers nobody until this is taken back
    is_asked: bool = False
    waiting: int = 0  # senders that have no answer yet; one that is killed waits no longer

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Called for each recipient."""
        if address == self.refused_address:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Called for each mail."""
        self.is_asked = True
        if keeps_first := self.keeps_first:
            self._keep(envelope)
        self.waiting += 1
        try:  # ends here when the sender goes away
            await asyncio.sleep(self.seconds)
            while self.holds:
                await asyncio.sleep(0.02)
        finally:
            self.waiting -= 1
        if self.answer.startswith("250") and not keeps_first:
            self._keep(envelope)
        return self.answer

    def _keep(self, envelope: Any) -> None:
        self.accepted.append(message_from_bytes(envelope.content, policy=policy.default))

    def behave(self) -> None:
        """From now on like any mail server."""
        self.refused_address, self.answer, self.seconds = "", "250 OK", 0
        self.keeps_first = self.holds = self.is_asked = False
