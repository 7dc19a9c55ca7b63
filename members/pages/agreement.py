"""The agreement to read as of a day: Punkt by Punkt, what was new when, and what the application calculates with."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain

from django.urls import reverse

from kok.models import Document
from kok.words import day as in_words
from members.models import Agreement, AgreementVersion, AnnexVersion, Clause, ObligationRule, Partner
from members.pages.versions import Chapter, history_of, reading_of
from members.queries import conference_of
from members.queries.agreement import original_of, signed_for
from members.queries.authorities import partners_as_of
from members.queries.versions import annexes_of, begun_by, on_day, versions_of, wording_of
from members.rules.agreement import LegalBasis
from members.rules.codes import Recurrence, Strength
from members.rules.wording import SEATS, SECRETARIAT, short_names


@dataclass(frozen=True)
class Owed:
    """An obligation with how binding it is, and its debtors in words."""

    rule: ObligationRule
    strength: Strength
    debtors: str


@dataclass(frozen=True)
class ClauseReading:
    """One Punkt with the obligations that the agreement file draws from it, in their order."""

    clause: Clause
    obligations: tuple[Owed, ...]

    @property
    def heading(self) -> str:
        """The heading, which may break after a slash ("Informationsgeber/Stakeholder/…") on a narrow screen."""
        return self.clause.heading.replace("/", "/\u200b")

    @property
    def is_part(self) -> bool:
        """Whether this is a part such as 8a of a Punkt."""
        return not self.clause.number.isdigit()


@dataclass(frozen=True)
class Setting:
    """What the application calculates with. `source` says whether the agreement says so or somebody proposes it."""

    rule: str
    source: str
    tone: str
    remark: str


PAGES, OF_BODIES = {SEATS: "members:seats"}, "members:bodies"  # of an Anlage
SAID, READ, PROPOSED = ("Vereinbarung", "neutral"), ("Lesart", "info"), ("Vorschlag", "info")


def _source(clause: str | None, stands_there: tuple[str, str] = SAID) -> tuple[str, str]:
    """Where a rule with a Punkt comes from; one without it is a proposal."""
    return stands_there if clause else PROPOSED


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
    said: dict[str, str] = {}
    for owed in chain.from_iterable(reading.obligations for reading in clauses):
        said[owed.rule.recurrence] = said[owed.strength] = f"Punkt {owed.rule.clause}"
    office, meetings = said.get(Recurrence.SECRETARIAT_CHANGE, ""), said.get(Recurrence.MEETINGS_PER_YEAR, "")
    may_decide = f"Beschließen kann die Frist: {conference}."
    return [
        Setting(
            f"Die Geschäftsführung wechselt alle {agreement.rotation_years} Jahre. "
            f"Es beginnt: {partners[0].short_name}.",
            *_source(office),
            office,
        ),
        Setting(
            f"Die Geschäftsführung wird ab dem {in_words(agreement.rotation_anchor_on)} gezählt.",
            *READ,
            _anchor_remark(agreement),
        ),
        Setting(
            f"Im Kalenderjahr finden mindestens {version.meetings_per_year} Sitzungen statt.",
            *_source(meetings, READ),
            _quoted(clauses, "jährlich", meetings) + "Gelesen wird: im Kalenderjahr.",
        ),
        Setting(
            f"Die Frist für eine Kündigung beträgt {version.termination_months} Monate zum Jahresende.",
            *_source(said.get(Strength.RIGHT)),
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
        yield Setting(rule.format(getattr(version, name)), *_source(agreed.get(name)), " ".join(told))


def _anchor_remark(agreement: Agreement) -> str:
    """The day on which counting begins is read from the coming into force, or the file names another (R-SEC-1)."""
    if agreement.rotation_anchor_on == agreement.in_force_on:
        return "Gelesen wird: ab dem Inkrafttreten."
    return f"So steht der Tag in der Datei der Vereinbarung. Inkrafttreten: {in_words(agreement.in_force_on)}."


def _quoted(clauses: Sequence[ClauseReading], word: str, of: str = "") -> str:
    """That the wording has this word, where it has: anywhere, or in the Punkt that is asked for."""
    has_it = any(word in each.clause.text for each in clauses if of in ("", f"Punkt {each.clause.number}"))
    return f"{of or 'Der Wortlaut'} sagt „{word}“. " if has_it else ""


UNUSED = "Festgehalten; die Anwendung rechnet noch nicht damit."


@dataclass(frozen=True)
class AnnexLink:
    """A version of an Anlage, and the page of its content."""

    annex: AnnexVersion
    url: str


@dataclass(frozen=True)
class AgreementReading:
    """What holds on a day (`shown`), beside what holds today (`holding`), with partners named as then."""

    agreement: Agreement
    day: date
    today: date
    version: AgreementVersion
    versions_of_annexes: Collection[Sequence[AnnexVersion]]
    history: list[Chapter]
    partners: list[Partner]

    @cached_property
    def shown(self) -> Chapter:
        """What held together on that day."""
        return reading_of(self.history, self.day)

    @property
    def signing(self) -> str:
        """When this version was signed, and what is known instead."""
        if self.version.signed_on:
            return f"Unterzeichnet am {in_words(self.version.signed_on)}"
        return (
            "Unterzeichnung dieser Fassung nicht angegeben, die Vereinbarung ist unterzeichnet am "
            f"{in_words(self.agreement.signed_on)}"
        )

    @property
    def is_of_today(self) -> bool:
        """Whether that is what holds today."""
        return self.shown == reading_of(self.history, self.today)

    @property
    def is_to_come(self) -> bool:
        """Whether it holds only from a coming day on."""
        return self.shown.starts_on > self.today

    @property
    def is_before_all(self) -> bool:
        """Whether there was no agreement on that day."""
        return self.day < self.agreement.in_force_on

    @property
    def following(self) -> Chapter | None:
        """What comes after it, where its day is still to come."""
        later = self.history[: self.history.index(self.shown)]
        return next((each for each in later[-1:] if each.starts_on > self.today), None)

    @property
    def signed(self) -> list[tuple[Partner, list[dict[str, str]]]]:
        """The partners, each with who signed for it."""
        return [(partner, signed_for(partner, self.version)) for partner in self.partners]

    @cached_property
    def clauses(self) -> list[ClauseReading]:
        """Punkt by Punkt."""
        names = {SECRETARIAT: "Geschäftsführung", **short_names(self.partners)}
        owed = defaultdict(list)
        for rule in self.version.obligation_rules.all():
            debtors = ", ".join(names.get(debtor, debtor) for debtor in rule.debtors)
            owed[rule.clause].append(Owed(rule, Strength(rule.strength), debtors))
        return [ClauseReading(clause, tuple(owed[clause.number])) for clause in self.version.clauses.all()]

    @property
    def annexes(self) -> list[AnnexLink]:
        """The Anlagen of that day."""
        as_of = "" if self.is_of_today else f"?am={self.shown.starts_on.isoformat()}"
        begun = (begun_by(versions, self.shown.starts_on) for versions in self.versions_of_annexes)
        slug, shown = self.agreement.slug, filter(None, begun)
        return [AnnexLink(annex, reverse(PAGES.get(annex.annex, OF_BODIES), args=[slug]) + as_of) for annex in shown]

    @property
    def settings(self) -> list[Setting]:
        """What the application calculates with."""
        conference = conference_of(self.agreement).called_on(self.shown.starts_on).name
        return settings_of(self.agreement, self.version, self.partners, self.clauses, conference)

    @property
    def legal_bases(self) -> tuple[LegalBasis, ...]:
        """Where the law says so."""
        return wording_of(self.version).legal_bases

    @cached_property
    def original(self) -> Document | None:
        """The unchanged wording."""
        return original_of(self.agreement, self.version.number)


def agreement_on(agreement: Agreement, day: date, today: date) -> AgreementReading:
    """The agreement as of a day, and what was new when."""
    versions = versions_of(agreement)
    version = on_day(versions, day)
    partners = partners_as_of(agreement, version.period.lower)
    names = short_names(partners)
    annexes = annexes_of(agreement)
    history = history_of(versions, annexes, names)
    return AgreementReading(agreement, day, today, version, annexes.values(), history, partners)
