"""Who is responsible for whom since when in Hessen (sachliche Zuständigkeit, § 2 HAG/SGB IX; domain.md 3.5).

The rules are the table `RULES` below: when the law changes, a line ends and a new one begins. Age plays no part:
what counts is the end of school, not the 18th birthday.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise, takewhile

from kok import words
from kok.errors import require
from members.rules.agreement import LegalBasis
from transitions.rules.codes import Carrier, Evidence, PeopleGroup


@dataclass(frozen=True)
class ResponsibilityRule:
    """`carrier` is responsible for `group` in `[valid_from, valid_to)`; None: no end is known."""

    group: PeopleGroup
    carrier: Carrier
    valid_from: date
    valid_to: date | None
    legal_basis: LegalBasis
    mark: Evidence
    source: str

    def is_valid_on(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def proof(self) -> str:
        """Where this was read, or that it is an own reading."""
        return f"{self.mark.label}: {self.source}"


@dataclass(frozen=True)
class ResponsibilityChange:
    """On `on` the responsibility for a group passed from one carrier to another."""

    group: PeopleGroup
    on: date
    before: Carrier
    after: Carrier


START, REFORM = date(2020, 1, 1), date(2024, 1, 1)
TOO_EARLY = (
    "Die Regeln beginnen am {start} mit dem HAG/SGB IX. Für die Zeit davor ist nichts hinterlegt. Wählen Sie einen "
    "späteren Tag."
)
LAW_ENDS_ON = date(2029, 12, 31)  # HAG/SGB IX is limited until then (domain.md 0.1, finding 5)

_OLD = LegalBasis(law="HAG/SGB IX", version_of=date(2018, 9, 13), section="§ 2")
_OLD_2 = LegalBasis(law="HAG/SGB IX", version_of=date(2018, 9, 13), section="§ 2 Abs. 2")
_NEW = LegalBasis(law="HAG/SGB IX", version_of=date(2023, 5, 24), section="§ 2")
_ACT = "Änderungsgesetz vom 24.05.2023 (GVBl. S. 360)"
_TEXT = "Gesetzestext in der Fassung nach 2023"
_LWV = "Überblick des LWV Hessen über seine Leistungen"
_OTHERWISE = f"„im Übrigen“ im Gesetzestext; {_LWV}"

RULES: tuple[ResponsibilityRule, ...] = (
    ResponsibilityRule(PeopleGroup.SCHOOL, Carrier.LOCAL, START, REFORM, _OLD, Evidence.FOUND, _ACT),
    ResponsibilityRule(PeopleGroup.SCHOOL, Carrier.LOCAL, REFORM, None, _NEW, Evidence.FOUND, f"{_ACT}; {_TEXT}"),
    ResponsibilityRule(PeopleGroup.AFTER_SCHOOL, Carrier.LWV, START, REFORM, _OLD, Evidence.FOUND, _LWV),
    ResponsibilityRule(PeopleGroup.AFTER_SCHOOL, Carrier.LWV, REFORM, None, _NEW, Evidence.FOUND, f"{_TEXT}; {_LWV}"),
    ResponsibilityRule(PeopleGroup.CONTINUED, Carrier.LWV, START, REFORM, _OLD, Evidence.OWN, _OTHERWISE),
    ResponsibilityRule(PeopleGroup.CONTINUED, Carrier.LWV, REFORM, None, _NEW, Evidence.OWN, _OTHERWISE),
    ResponsibilityRule(
        PeopleGroup.AFTER_LIMIT, Carrier.LOCAL, START, REFORM, _OLD_2, Evidence.FOUND, f"{_ACT}; {_LWV}"
    ),
    ResponsibilityRule(PeopleGroup.AFTER_LIMIT, Carrier.LWV, REFORM, None, _NEW, Evidence.FOUND, f"{_ACT}; {_LWV}"),
)

# The end of school decides, at the longest the end of Sekundarstufe II.
EXAMPLES: tuple[tuple[str, PeopleGroup], ...] = (
    ("Wer mit 20 Jahren noch eine Förderschule besucht", PeopleGroup.SCHOOL),
    ("Wer mit 17 Jahren die Schule verlassen hat", PeopleGroup.AFTER_SCHOOL),
)


def rules_on(day: date) -> tuple[ResponsibilityRule, ...]:
    """One rule for each group. Raises Refused before 2020, when the law began."""
    require(day >= START, TOO_EARLY.format(start=words.day(START)))
    return tuple(rule for rule in RULES if rule.is_valid_on(day))


def responsible(group: PeopleGroup, on: date) -> ResponsibilityRule:
    """The rule for a group on a day. Raises Refused as `rules_on`."""
    return next(rule for rule in rules_on(on) if rule.group == group)


def history(group: PeopleGroup) -> tuple[ResponsibilityRule, ...]:
    """All rules for a group, oldest first, without a gap."""
    return tuple(sorted((rule for rule in RULES if rule.group == group), key=lambda rule: rule.valid_from))


def since(group: PeopleGroup, on: date) -> date:
    """Since when the carrier of that day is responsible, also across versions of the law. Raises as `rules_on`."""
    carrier = responsible(group, on).carrier
    begun = [rule for rule in history(group) if rule.valid_from <= on]
    return [rule.valid_from for rule in takewhile(lambda rule: rule.carrier == carrier, reversed(begun))][-1]


def changes() -> tuple[ResponsibilityChange, ...]:
    """Where the responsibility for a group passed to another carrier."""
    return tuple(
        ResponsibilityChange(group, after.valid_from, before.carrier, after.carrier)
        for group in PeopleGroup
        for before, after in pairwise(history(group))
        if before.carrier != after.carrier
    )
