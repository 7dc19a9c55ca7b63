"""What the page of the agreement reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from kok.models import Document
from members.models import Agreement, AgreementVersion, Authority, Clause, ObligationRule, Partner

ORIGINAL = "agreement.original"


@dataclass(frozen=True)
class ClauseReading:
    """One Punkt with the obligations that the agreement file draws from it, each with its debtors in words."""

    clause: Clause
    obligations: tuple[tuple[ObligationRule, str], ...]

    @property
    def heading(self) -> str:
        """The heading, which may break after a slash ("Informationsgeber/Stakeholder/…") on a narrow screen."""
        return self.clause.heading.replace("/", "/\u200b")

    @property
    def is_part(self) -> bool:
        """Whether this is a part such as 8a of a Punkt."""
        return not self.clause.number.isdigit()


def agreed() -> QuerySet[Agreement]:
    """Every agreement that lays something down; one without a version was put in past the application."""
    return Agreement.objects.filter(Exists(AgreementVersion.objects.filter(agreement=OuterRef("pk"))))


def partners_of_agreement(agreement: Agreement) -> list[Partner]:
    """The partners in the order of the secretariat."""
    return list(agreement.partners.all())


def carriers_of(agreement: Agreement) -> list[Partner]:
    """The örtlichen Träger of an agreement in the order of the secretariat: each has its own Kreisschlüssel."""
    return list(agreement.partners.exclude(authority__kgs=""))


def signed_for(partner: Partner, version: AgreementVersion) -> list[dict[str, str]]:
    """Who signed this version for a partner; nobody is named under words of which no file says that he signed them."""
    return [each for each in version.signatories if each["partner"] == partner.slug] if version.signed_on else []


def authorities_by_slug() -> dict[str, Authority]:
    """Every authority that is a partner somewhere, by its short name."""
    return {found.slug: found for found in Authority.objects.filter(partners__isnull=False).distinct()}


def clauses_of(version: AgreementVersion, names: Mapping[str, str]) -> list[ClauseReading]:
    """A version Punkt by Punkt, with what `versions_of` read. `names` are the short names of the partners by slug."""
    names = {"secretariat": "Geschäftsführung", **names}
    owed: dict[str, list[tuple[ObligationRule, str]]] = {}
    for rule in version.obligation_rules.all():
        debtors = ", ".join(names.get(debtor, debtor) for debtor in rule.debtors)
        owed.setdefault(rule.clause, []).append((rule, debtors))
    return [ClauseReading(clause, tuple(owed.get(clause.number, ()))) for clause in version.clauses.all()]


@dataclass(frozen=True)
class Setting:
    """What the application calculates with. `source` says whether the agreement says so or somebody proposes it."""

    rule: str
    source: str
    tone: str
    remark: str


SAID, READ, PROPOSED = ("Vereinbarung", "neutral"), ("Lesart", "info"), ("Vorschlag", "info")


def settings_of(
    agreement: Agreement,
    version: AgreementVersion,
    partners: Sequence[Partner],
    clauses: Sequence[ClauseReading],
    conference: str,
) -> list[Setting]:
    """The rules with their numbers, and which of them nobody has agreed (domain.md 2.1, 2.4, 2.5, 7.3).

    Words are quoted only where this agreement has them; `conference` is what it calls its conference.
    """
    rules = [rule for reading in clauses for rule, _ in reading.obligations]
    said = {key: f"Punkt {rule.clause}" for rule in rules for key in (rule.recurrence, rule.strength)}
    office, meetings = said.get("SECRETARIAT_CHANGE", ""), said.get("MEETINGS_PER_YEAR", "")
    may_decide = f"Beschließen kann die Frist: {conference}."
    return [
        Setting(
            f"Die Geschäftsführung wechselt alle {agreement.rotation_years} Jahre. "
            f"Es beginnt: {partners[0].short_name}.",
            *SAID,
            office,
        ),
        Setting(
            f"Die Geschäftsführung wird ab dem {agreement.rotation_anchor_on:%d.%m.%Y} gezählt.",
            *READ,
            _anchor_remark(agreement),
        ),
        Setting(
            f"Im Kalenderjahr finden mindestens {version.meetings_per_year} Sitzungen statt.",
            *READ,
            _quoted(clauses, "jährlich", meetings) + "Gelesen wird: im Kalenderjahr.",
        ),
        Setting(
            f"Die Frist für eine Kündigung beträgt {version.termination_months} Monate zum Jahresende.",
            *SAID,
            said.get("RIGHT", ""),
        ),
        Setting(
            f"Eingeladen wird spätestens {version.notice_days} Tage vor der Sitzung (Ladungsfrist).",
            *PROPOSED,
            _quoted(clauses, "rechtzeitig") + may_decide,
        ),
        Setting(
            f"Das Protokoll wird spätestens {version.minutes_days} Tage nach der Sitzung versandt.",
            *PROPOSED,
            may_decide,
        ),
        *(Setting(rule, *PROPOSED, UNUSED) for rule in _without_function(version)),
    ]


def _anchor_remark(agreement: Agreement) -> str:
    """The day on which counting begins is read from the coming into force, or the file names another (R-SEC-1)."""
    if agreement.rotation_anchor_on == agreement.in_force_on:
        return "Gelesen wird: ab dem Inkrafttreten."
    return f"So steht der Tag in der Datei der Vereinbarung. Inkrafttreten: {agreement.in_force_on:%d.%m.%Y}."


def _quoted(clauses: Sequence[ClauseReading], word: str, of: str = "") -> str:
    """That the wording has this word, where it has: anywhere, or in the Punkt that is asked for."""
    has_it = any(word in each.clause.text for each in clauses if of in ("", f"Punkt {each.clause.number}"))
    return f"{of or 'Der Wortlaut'} sagt „{word}“. " if has_it else ""


UNUSED = "Festgehalten; die Anwendung rechnet noch nicht damit."


def _without_function(version: AgreementVersion) -> Iterator[str]:
    """Periods that are agreed on or proposed, for which there is no function yet."""
    yield f"Der Termin steht {version.planning_days} Tage vor der Sitzung fest."
    yield f"Punkte werden bis {version.proposal_days} Tage vor der Sitzung vorgeschlagen."
    yield f"Die Unterlagen liegen {version.paper_days} Tage vor der Sitzung vor."
    yield f"Der Entwurf des Protokolls geht {version.draft_days} Tage nach der Sitzung an die übrigen Partner."
    yield f"Einwendungen sind {version.objection_days} Tage nach dem Versand des Protokolls möglich."


def originals_of(agreement: Agreement) -> QuerySet[Document]:
    """The unchanged wordings of all versions as they were loaded beside their files, without their bytes."""
    found = Document.objects.filter(kind=ORIGINAL, object_id=agreement.pk, state=Document.State.DONE)
    return found.defer("content")


def original_of(agreement: Agreement, number: int) -> Document | None:
    """That of one version."""
    return originals_of(agreement).filter(version=number).first()
