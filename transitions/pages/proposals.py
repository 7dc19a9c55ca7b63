"""Whom earlier lists propose, whom one declined, and who was quicker."""

from dataclasses import dataclass
from datetime import date
from operator import attrgetter, itemgetter

from kok.words import moment
from members.queries.accounts import name_of
from transitions.models import TransitionCase, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.entering import reference_day_of
from transitions.queries.proposals import Proposal, decision_about, declined_for, named_before, proposals_for
from transitions.queries.restriction import restricted_refs
from transitions.rules import ages
from transitions.rules.codes import ProposalAnswer

ANSWERS: dict[str, str] = {
    ProposalAnswer.TAKE: "Auf diese Liste nehmen",
    ProposalAnswer.DECLINE: "Nicht auf diese Liste",
    ProposalAnswer.AGAIN: "Wieder vorschlagen",
}
WHY = {True: "Auf der Liste {year} verschoben", False: "Auf der Liste {year}, noch ohne Ergebnis"}


@dataclass(frozen=True)
class ProposalsPage:
    """Each proposal with why it is one, and with a hint about its age, "" without one; and those that were declined."""

    proposals: tuple[tuple[Proposal, str, str], ...]
    declined: tuple[Proposal, ...]

    @property
    def cases(self) -> list[TransitionCase]:
        """Everybody of whom the page tells."""
        return list(map(attrgetter("case"), (*map(itemgetter(0), self.proposals), *self.declined)))


def proposals_page(draft: TransitionListVersion, access: Access, today: date) -> ProposalsPage:
    """Without those whose data may only be kept. Whoever shows it logs the looks at `cases`."""
    hidden = restricted_refs(access)
    day = reference_day_of(draft, None, today)
    proposed = proposals_for(draft, hidden)
    reasons = [WHY[each.is_postponed].format(year=each.case.transition_list.year) for each in proposed]
    hints = [ages.basis_doubt(each.data.facility_basis, each.data.date_of_birth, day) for each in proposed]
    return ProposalsPage(
        proposals=tuple(zip(proposed, reasons, hints, strict=True)),
        declined=tuple(declined_for(draft, hidden)),
    )


def decided(draft: TransitionListVersion, wanted: str, answer: str, access: Access) -> str:
    """Who was quicker, when and with which answer, and what this one was; "" where nobody was."""
    named = named_before(draft).exclude(case_ref__in=restricted_refs(access))
    case = {str(each.pk): each for each in named}.get(wanted)
    decision = decision_about(draft, case) if case else None
    if case is None or decision is None:
        return ""
    who = "haben Sie" if decision.by == access.user else f"hat {name_of(decision.by)}"
    told = f"Den Fall {case.case_ref} {who} am {moment(decision.at)} {decision.answer.label}."
    return f"{told} Ihre Wahl „{ANSWERS.get(answer, 'keine')}“ ist nicht eingetragen."
