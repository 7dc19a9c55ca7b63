"""What the page of the agreement reads."""

from dataclasses import dataclass

from kok.models import Document
from members.models import Agreement, Clause, ObligationRule, Partner

ORIGINAL = "agreement.original"


@dataclass(frozen=True)
class ClauseReading:
    """One Punkt with the obligations that the agreement file draws from it."""

    clause: Clause
    obligations: tuple[ObligationRule, ...]

    @property
    def is_part(self) -> bool:
        """Whether this is a part such as 8a of a Punkt."""
        return not self.clause.number.isdigit()


def partners_of_agreement(agreement: Agreement) -> list[Partner]:
    """The partners in the order of the secretariat."""
    return list(agreement.partners.all())


def clauses_of(agreement: Agreement) -> list[ClauseReading]:
    """The agreement Punkt by Punkt, in two queries."""
    owed: dict[str, list[ObligationRule]] = {}
    for rule in agreement.obligation_rules.all():
        owed.setdefault(rule.clause, []).append(rule)
    return [ClauseReading(clause, tuple(owed.get(clause.number, ()))) for clause in agreement.clauses.all()]


def original_of(agreement: Agreement) -> Document | None:
    """The unchanged wording as it was loaded beside the file, without its bytes."""
    found = Document.objects.filter(kind=ORIGINAL, object_id=agreement.pk, state=Document.State.DONE)
    return found.defer("content").first()
