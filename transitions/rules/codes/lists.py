"""How lists and their cases live (domain.md 0.3), and why something becomes of them."""

from kok.codes import Code


class VersionState(Code):
    """A version of a list: prepared, transmitted, confirmed, replaced by a newer one, its names erased."""

    DRAFT = "DRAFT", "Entwurf"
    RELEASED = "RELEASED", "freigegeben"
    ACKNOWLEDGED = "ACKNOWLEDGED", "Empfang bestätigt"
    CLOSED = "CLOSED", "abgeschlossen"
    ERASED = "ERASED", "gelöscht"


class ReturnReason(Code):
    """Why the second person gives a draft back; no free text (5.3)."""

    DATA = "DATA", "Angaben zu einem Fall sind fraglich"
    MISSING = "MISSING", "jemand fehlt auf der Liste"
    NOT_HERE = "NOT_HERE", "jemand gehört nicht auf die Liste"
    DOUBLE = "DOUBLE", "zwei Fälle sind vielleicht dieselbe Person"
    FREE_FIELD = "FREE_FIELD", "ein freies Feld sagt mehr, als nötig ist"
    SPOKEN = "SPOKEN", "mündlich besprochen"


class ReceiptMatch(Code):
    """What a version says against its receipt; ERASED: people were erased, and everything else is as handed over."""

    EQUAL = "EQUAL", "wie übermittelt"
    ERASED = "ERASED", "Angaben gelöscht"
    DIFFERENT = "DIFFERENT", "nicht mehr wie übermittelt"


class CaseState(Code):
    """How the naming of a person stands."""

    NAMED = "NAMED", "benannt"
    CONFIRMED = "CONFIRMED", "Schulende bestätigt"
    POSTPONED = "POSTPONED", "verschoben"
    WITHDRAWN = "WITHDRAWN", "zurückgenommen"
    MOVED_AWAY = "MOVED_AWAY", "verzogen"
    DECEASED = "DECEASED", "verstorben"

    @property
    def is_on_list(self) -> bool:
        """Whether the person still stands on the list."""
        return self in (CaseState.NAMED, CaseState.CONFIRMED)


class CaseOutcome(Code):
    """What became of a case; the LWV records it."""

    TAKEN_OVER_BY_LWV = "TAKEN_OVER_BY_LWV", "vom LWV Hessen übernommen"
    NO_LWV_BENEFIT = "NO_LWV_BENEFIT", "keine Leistung des LWV Hessen"
    OTHER_CARRIER = "OTHER_CARRIER", "anderer Träger zuständig"


class EndReason(Code):
    """Why the county takes a case off the list; no free text (5.3)."""

    SCHOOL_EXTENDED = "SCHOOL_EXTENDED", "Schulzeit verlängert"
    NAMED_BY_MISTAKE = "NAMED_BY_MISTAKE", "irrtümlich benannt"
    NOT_ENTITLED = "NOT_ENTITLED", "keine Eingliederungshilfe mehr"
    SUBJECT_REQUEST = "SUBJECT_REQUEST", "Löschung auf Verlangen der Person"
    OBJECTION = "OBJECTION", "Widerspruch der Person"
    MOVED = "MOVED", "Zuständigkeit eines anderen Trägers"
    DEATH = "DEATH", "verstorben"


# Which reasons fit which ending; the first one is proposed.
REASONS: dict[CaseState, tuple[EndReason, ...]] = {
    CaseState.POSTPONED: (EndReason.SCHOOL_EXTENDED,),
    CaseState.WITHDRAWN: (
        EndReason.NAMED_BY_MISTAKE,
        EndReason.NOT_ENTITLED,
        EndReason.SUBJECT_REQUEST,
        EndReason.OBJECTION,
    ),
    CaseState.MOVED_AWAY: (EndReason.MOVED,),
    CaseState.DECEASED: (EndReason.DEATH,),
}
DEMANDED = (EndReason.SUBJECT_REQUEST, EndReason.OBJECTION)  # what the person may ask for, whatever else is true


class ProposalAnswer(Code):
    """What the county says to a proposal of an earlier list, and how that is told afterwards."""

    TAKE = "take", "auf diese Liste genommen"
    DECLINE = "decline", "nicht auf diese Liste genommen"
    AGAIN = "again", "wieder vorgeschlagen"


class EventKind(Code):
    """What happened to a case; its history holds no name."""

    NAMED = "NAMED", "auf die Liste genommen"
    CORRECTED = "CORRECTED", "Angaben berichtigt"
    KEPT = "KEPT", "nur das Fallzeichen übermittelt, Verarbeitung eingeschränkt"
    CONFIRMED = "CONFIRMED", "Schulende bestätigt"
    ENDED = "ENDED", "von der Liste genommen"
    OUTCOME = "OUTCOME", "Ergebnis eingetragen"
    OUTCOME_REVOKED = "OUTCOME_REVOKED", "Ergebnis zurückgenommen"
    PROPOSED = "PROPOSED", "auf die nächste Liste genommen"
    ADVANCED = "ADVANCED", "Löschung vorgezogen"
    ADVANCE_REVOKED = "ADVANCE_REVOKED", "vorgezogene Löschung zurückgenommen"
    ERASED = "ERASED", "Angaben gelöscht"
