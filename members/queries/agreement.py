"""What the page of the agreement reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from kok import words
from kok.models import Document
from members.models import Agreement, AgreementVersion, Authority, Clause, ObligationRule, Partner
from members.rules.codes import Recurrence, Strength
from members.rules.wording import SECRETARIAT

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


def clause_of(agreement: Agreement, recurrence: Recurrence, day: date) -> str:
    """The Punkt that owes what recurs so, by the version of a day; "" where it names none."""
    rule = ObligationRule.objects.filter(version=agreement.terms_on(day).id, recurrence=recurrence).first()
    return rule.clause if rule else ""


def headings_on(agreement: Agreement, day: date) -> dict[str, str]:
    """The Punkte of the version of a day, each number with its heading."""
    clauses = Clause.objects.filter(version=agreement.terms_on(day).id)
    return {clause.number: clause.heading for clause in clauses}


def signed_for(partner: Partner, version: AgreementVersion) -> list[dict[str, str]]:
    """Who signed this version for a partner; nobody is named under words of which no file says that he signed them."""
    return [each for each in version.signatories if each["partner"] == partner.slug] if version.signed_on else []


def authorities_by_slug() -> dict[str, Authority]:
    """Every authority that is a partner somewhere, by its short name."""
    return {found.slug: found for found in Authority.objects.filter(partners__isnull=False).distinct()}


def clauses_of(version: AgreementVersion, names: Mapping[str, str]) -> list[ClauseReading]:
    """A version Punkt by Punkt, with what `versions_of` read. `names` are the short names of the partners by slug."""
    names = {SECRETARIAT: "Geschäftsführung", **names}
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
    office, meetings = said.get(Recurrence.SECRETARIAT_CHANGE, ""), said.get(Recurrence.MEETINGS_PER_YEAR, "")
    may_decide = f"Beschließen kann die Frist: {conference}."
    return [
        Setting(
            f"Die Geschäftsführung wechselt alle {agreement.rotation_years} Jahre. "
            f"Es beginnt: {partners[0].short_name}.",
            *(SAID if office else PROPOSED),
            office,
        ),
        Setting(
            f"Die Geschäftsführung wird ab dem {words.day(agreement.rotation_anchor_on)} gezählt.",
            *READ,
            _anchor_remark(agreement),
        ),
        Setting(
            f"Im Kalenderjahr finden mindestens {version.meetings_per_year} Sitzungen statt.",
            *(READ if meetings else PROPOSED),
            _quoted(clauses, "jährlich", meetings) + "Gelesen wird: im Kalenderjahr.",
        ),
        Setting(
            f"Die Frist für eine Kündigung beträgt {version.termination_months} Monate zum Jahresende.",
            *(SAID if Strength.RIGHT in said else PROPOSED),
            said.get(Strength.RIGHT, ""),
        ),
        *_periods(version, {"notice_days": _quoted(clauses, "rechtzeitig") + may_decide, "minutes_days": may_decide}),
    ]


PERIODS = {
    "notice_days": "Eingeladen wird spätestens {} Tage vor der Sitzung (Ladungsfrist).",
    "minutes_days": "Das Protokoll wird spätestens {} Tage nach der Sitzung versandt.",
    "planning_days": "Der Termin steht {} Tage vor der Sitzung fest.",
    "proposal_days": "Punkte werden bis {} Tage vor der Sitzung vorgeschlagen.",
    "paper_days": "Die Unterlagen liegen {} Tage vor der Sitzung vor.",
    "draft_days": "Der Entwurf des Protokolls geht {} Tage nach der Sitzung an die übrigen Partner.",
    "objection_days": "Einwendungen sind {} Tage nach dem Versand des Protokolls möglich.",
}


def _periods(version: AgreementVersion, proposed: Mapping[str, str]) -> Iterator[Setting]:
    """Each period, and whether this agreement names it, in which Punkt, or nobody has agreed it.

    `proposed` are the remarks to proposals with which the application calculates; the others have no function yet.
    """
    agreed = {each["period"]: f"Punkt {each['clause']}." for each in version.agreed_periods}
    for name, rule in PERIODS.items():
        unused = "" if name in proposed else UNUSED
        told = filter(None, (agreed.get(name) or proposed.get(name), unused))
        yield Setting(rule.format(getattr(version, name)), *(SAID if name in agreed else PROPOSED), " ".join(told))


def _anchor_remark(agreement: Agreement) -> str:
    """The day on which counting begins is read from the coming into force, or the file names another (R-SEC-1)."""
    if agreement.rotation_anchor_on == agreement.in_force_on:
        return "Gelesen wird: ab dem Inkrafttreten."
    return f"So steht der Tag in der Datei der Vereinbarung. Inkrafttreten: {words.day(agreement.in_force_on)}."


def _quoted(clauses: Sequence[ClauseReading], word: str, of: str = "") -> str:
    """That the wording has this word, where it has: anywhere, or in the Punkt that is asked for."""
    has_it = any(word in each.clause.text for each in clauses if of in ("", f"Punkt {each.clause.number}"))
    return f"{of or 'Der Wortlaut'} sagt „{word}“. " if has_it else ""


UNUSED = "Festgehalten; die Anwendung rechnet noch nicht damit."


def originals_of(agreement: Agreement) -> QuerySet[Document]:
    """The unchanged wordings of all versions as they were loaded beside their files, without their bytes."""
    found = Document.objects.filter(kind=ORIGINAL, object_id=agreement.pk, state=Document.State.DONE)
    return found.defer("content")


def original_of(agreement: Agreement, number: int) -> Document | None:
    """That of one version."""
    return originals_of(agreement).filter(version=number).first()
