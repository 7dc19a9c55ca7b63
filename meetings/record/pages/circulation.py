"""Before a draft goes out, and before it comes back: what is missing, what to look at, who is told, what follows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kok import seen
from kok.step_pages import StepPage
from kok.words import plural
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.rules.outgoing import Suspicion, birth_date_like
from meetings.record.documents.going_out import parts_of_draft
from meetings.record.models import Minutes, MinutesVersion
from meetings.record.queries.distribution import Recipient
from meetings.record.queries.mailed import by_letter
from meetings.record.queries.minutes import MinutesText
from meetings.record.queries.readiness import draft_of, quorum_of, texts_in
from meetings.record.queries.versions import readable_of
from meetings.record.rules.minutes import missing_for_circulation

WITHOUT_QUORUM = (
    "Das Protokoll enthält Beschlüsse. Nach der Anwesenheit fehlte aber: {absent}. Ein Beschluss braucht das "
    "Einvernehmen aller Partner. Berichtigen Sie die Anwesenheit, oder streichen Sie den Beschluss."
)


@dataclass(frozen=True)
class DraftGoingOut:
    """A draft before it is circulated, and who would be told."""

    minutes: Minutes
    text: MinutesText
    recipients: list[Recipient]

    @property
    def missing(self) -> list[tuple[str, str]]:
        """What is missing, each with its place on the page of the writers."""
        anchors = {"": "angaben"} | {entry.item.number: f"top-{entry.item.pk}" for entry in self.text.entries}
        return [(gap.sentence, anchors[gap.number]) for gap in missing_for_circulation(draft_of(self.text))]

    @property
    def suspicions(self) -> tuple[Suspicion, ...]:
        """Places that look like a date of birth (5.5)."""
        return birth_date_like(texts_in(self.text), year=self.minutes.meeting.meets_on.year)

    @property
    def doubt(self) -> str:
        """Why resolutions of these minutes are in doubt, as a sentence; "" where they are not (finding 15)."""
        found = quorum_of(self.text)
        if found.is_quorate is not False or not any(entry.resolutions for entry in self.text.entries):
            return ""
        return WITHOUT_QUORUM.format(absent=", ".join(found.absent))

    @property
    def shown(self) -> str:
        """The marks of the text and of whom it goes to."""
        return seen.marks(parts_of_draft(self.minutes, self.recipients))


BACK = (
    "Das Protokoll wird wieder bearbeitet, als Fassung {next}. Bis Sie sie versenden, lesen alle weiter die Fassung "
    "{number}, mit Ihrem Grund; wenn Sie sie sperren, liest sie niemand mehr. Genehmigungen der Fassung {number} "
    "bleiben verzeichnet, gelten aber nicht mehr: Alle genehmigen neu. Wer die Fassung {number} erhalten hat, bekommt "
    "eine Nachricht ohne den Grund."
)
LETTERS = {  # by whether it is the version that is taken back now
    True: (
        "Einen Brief mit dieser Fassung {have} erhalten: {names}. Dorthin geht keine Mail. Schreiben Sie auch davon "
        "einen Brief, und vermerken Sie ihn unter „An wen ging was“."
    ),
    False: (
        "Einen Brief mit der Fassung {number} {have} erhalten: {names}. Dorthin geht keine Mail. Wenn Sie auch diese "
        "Fassung sperren, bitten Sie mit einem Brief, sie zu vernichten, und vermerken Sie ihn unter „An wen ging was“."
    ),
}


def taking_back(page: MeetingPage, minutes: Minutes) -> StepPage:
    """What happens when circulated minutes become a draft again, and who must be told by letter."""
    return StepPage(
        above=f"Protokoll {page.meeting.number}, Fassung {minutes.version}",
        heading="Zurück in den Entwurf",
        notes=[BACK.format(number=minutes.version, next=minutes.version + 1), *_letters(readable_of(minutes))],
        submit="Zurück in den Entwurf holen",
        cancel_url=page.url("minutes"),
    )


def _letters(versions: Iterable[MinutesVersion]) -> Iterator[str]:
    for version in versions:
        if names := [row.name for row in by_letter(version)]:
            have = plural(len(names), "hat", "haben")
            yield LETTERS[version.counts].format(number=version.number, have=have, names="; ".join(names))
