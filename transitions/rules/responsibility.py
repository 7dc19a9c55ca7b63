"""Who is responsible for whom since when in Hessen (sachliche Zuständigkeit, § 2 HAG/SGB IX; domain.md 3.5).

The rules are the table `RULES` below: when the law changes, a line ends and a new one begins. Age plays no part:
what counts is the end of school, not the 18th birthday.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise, takewhile

from kok.errors import Refused
from members.rules.agreement import LegalBasis
from transitions.rules.case import Code


class Group(Code):
    """For whom somebody is responsible."""

    SCHOOL = "SCHOOL", "Menschen bis zum Ende der Schule"
    AFTER_SCHOOL = "AFTER_SCHOOL", "Menschen nach dem Ende der Schule"
    CONTINUED = "CONTINUED", "Menschen, die schon vor der Regelaltersgrenze Leistungen erhalten haben"
    AFTER_LIMIT = "AFTER_LIMIT", "Menschen, die erst nach der Regelaltersgrenze Leistungen beantragen"


class Carrier(Code):
    """The Träger der Eingliederungshilfe."""

    LOCAL = "LOCAL", "der örtliche Träger"
    LWV = "LWV", "der LWV Hessen"


class Mark(Code):
    """How well a rule is proven."""

    FOUND = "FOUND", "gefunden in"
    OWN = "OWN", "eigene Lesart, zu prüfen; Anhaltspunkt"


@dataclass(frozen=True)
class ResponsibilityRule:
    """`carrier` is responsible for `group` in `[valid_from, valid_to)`; None: no end is known."""

    group: Group
    carrier: Carrier
    valid_from: date
    valid_to: date | None
    legal_basis: LegalBasis
    mark: Mark
    source: str

    def is_valid_on(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def proof(self) -> str:
        """Where this was read, or that it is an own reading."""
        return f"{self.mark.label}: {self.source}"


@dataclass(frozen=True)
class Change:
    """On `on` the responsibility for a group passed from one carrier to another."""

    group: Group
    on: date
    before: Carrier
    after: Carrier


START, REFORM = date(2020, 1, 1), date(2024, 1, 1)
LAW_ENDS_ON = date(2029, 12, 31)  # HAG/SGB IX is limited until then (domain.md 0.1, finding 5)

_OLD = LegalBasis(law="HAG/SGB IX", version_of=date(2018, 9, 13), section="§ 2")
_OLD_2 = LegalBasis(law="HAG/SGB IX", version_of=date(2018, 9, 13), section="§ 2 Abs. 2")
_NEW = LegalBasis(law="HAG/SGB IX", version_of=date(2023, 5, 24), section="§ 2")
_ACT = "Änderungsgesetz vom 24.05.2023 (GVBl. S. 360)"
_TEXT = "Gesetzestext in der Fassung nach 2023"
_LWV = "Überblick des LWV Hessen über seine Leistungen"
_OTHERWISE = f"„im Übrigen“ im Gesetzestext; {_LWV}"

RULES: tuple[ResponsibilityRule, ...] = (
    ResponsibilityRule(Group.SCHOOL, Carrier.LOCAL, START, REFORM, _OLD, Mark.FOUND, _ACT),
    ResponsibilityRule(Group.SCHOOL, Carrier.LOCAL, REFORM, None, _NEW, Mark.FOUND, f"{_ACT}; {_TEXT}"),
    ResponsibilityRule(Group.AFTER_SCHOOL, Carrier.LWV, START, REFORM, _OLD, Mark.FOUND, _LWV),
    ResponsibilityRule(Group.AFTER_SCHOOL, Carrier.LWV, REFORM, None, _NEW, Mark.FOUND, f"{_TEXT}; {_LWV}"),
    ResponsibilityRule(Group.CONTINUED, Carrier.LWV, START, REFORM, _OLD, Mark.OWN, _OTHERWISE),
    ResponsibilityRule(Group.CONTINUED, Carrier.LWV, REFORM, None, _NEW, Mark.OWN, _OTHERWISE),
    ResponsibilityRule(Group.AFTER_LIMIT, Carrier.LOCAL, START, REFORM, _OLD_2, Mark.FOUND, f"{_ACT}; {_LWV}"),
    ResponsibilityRule(Group.AFTER_LIMIT, Carrier.LWV, REFORM, None, _NEW, Mark.FOUND, f"{_ACT}; {_LWV}"),
)

# The end of school decides, at the longest the end of Sekundarstufe II.
EXAMPLES: tuple[tuple[str, Group], ...] = (
    ("Wer mit 20 Jahren noch eine Förderschule besucht", Group.SCHOOL),
    ("Wer mit 17 Jahren die Schule verlassen hat", Group.AFTER_SCHOOL),
)


def rules_on(day: date) -> tuple[ResponsibilityRule, ...]:
    """One rule for each group. Raises Refused before 2020, when the law began."""
    if day < START:
        raise Refused(
            f"Die Regeln beginnen am {START:%d.%m.%Y} mit dem HAG/SGB IX. Für die Zeit davor ist nichts hinterlegt. "
            "Wählen Sie einen späteren Tag."
        )
    return tuple(rule for rule in RULES if rule.is_valid_on(day))


def responsible(group: Group, on: date) -> ResponsibilityRule:
    """The rule for a group on a day. Raises Refused as `rules_on`."""
    return next(rule for rule in rules_on(on) if rule.group == group)


def history(group: Group) -> tuple[ResponsibilityRule, ...]:
    """All rules for a group, oldest first, without a gap."""
    return tuple(sorted((rule for rule in RULES if rule.group == group), key=lambda rule: rule.valid_from))


def since(group: Group, on: date) -> date:
    """Since when the carrier of that day is responsible, also across versions of the law. Raises as `rules_on`."""
    carrier = responsible(group, on).carrier
    begun = [rule for rule in history(group) if rule.valid_from <= on]
    return [rule.valid_from for rule in takewhile(lambda rule: rule.carrier == carrier, reversed(begun))][-1]


def changes() -> tuple[Change, ...]:
    """Where the responsibility for a group passed to another carrier."""
    return tuple(
        Change(group, after.valid_from, before.carrier, after.carrier)
        for group in Group
        for before, after in pairwise(history(group))
        if before.carrier != after.carrier
    )
