"""Who was told of what was sent, in sentences."""

from collections.abc import Iterable

from kok.models import Dispatch
from kok.words import counted, day, weekday
from meetings.convening.models import Invitation, InvitationRound
from meetings.convening.queries.dispatches import BY_LETTER
from meetings.convening.queries.invitations import results_of


def people(number: int) -> str:
    """So many, in words."""
    return counted(number, "eine Person", "Personen")


def unmailed(invited: Iterable[Invitation]) -> str:
    """Whom of them no mail reaches now, by name and function."""
    return "; ".join(f"{row.name} ({row.function})" for row in invited if not row.person.email)


def how_it_reached(row: Dispatch) -> str:
    """Who has it without a mail, and in which way."""
    who = f"{row.name} ({row.function})" if row.function else row.name
    way = f"Brief vom {day(row.sent_at)}" if row.way == Dispatch.Way.LETTER else "auf anderem Weg, kein Brief vermerkt"
    return f"{who}: {way}"


TOLD = (
    ("promised", "Ohne E-Mail-Adresse, auf anderem Weg zugesagt: {}."),
    ("letters", "Per Brief: {}."),
    ("left", "Nicht versandt, und für den alten Tag geht nichts mehr hinaus: an {}."),
)


def told_of(round_: InvitationRound) -> str:
    """Whom a round told of its day, as sentences without names: by mail, otherwise, by letter, not at all."""
    results = results_of(round_)
    sent = results["SENT"]
    others = {"promised": results["PROMISED"], "letters": results[BY_LETTER]}
    others["left"] = results.total() - sent - sum(others.values())
    invited = f"Für {weekday(round_.meets_on)} ging die Einladung an {people(sent) if sent else 'niemanden'}."
    return " ".join((invited, *(sentence.format(people(others[name])) for name, sentence in TOLD if others[name])))
