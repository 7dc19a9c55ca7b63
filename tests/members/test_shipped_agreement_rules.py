"""The shipped Wetterau file says what was signed: its words, its people, its bodies, its obligations."""

import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from kok.workdays import Policy
from members.rules.agreement_file import parse
from members.rules.codes import BodyKind, BodyScope, PartnerKind, Recurrence, Reference, Strength

FOLDER = Path(__file__).parents[2] / "agreements"
ORIGINAL = (FOLDER / "wetterau-2022.txt").read_text(encoding="utf-8")
PARSED = parse((FOLDER / "wetterau-2022.toml").read_text(encoding="utf-8"))


def test_given_the_signed_wording_when_shipped_then_not_a_byte_of_it_was_changed():
    digest = hashlib.sha256((FOLDER / "wetterau-2022.txt").read_bytes()).hexdigest()
    assert digest == "3f4882f02834f210c30d1017527d09e82649012ee193dc018193390f25346387"


def words(text: str) -> list[str]:
    """Words without what line ends did to them: hyphens are left out on both sides."""
    joined = re.sub(r"(\w)-\s*\n\s*(\w)", r"\1\2", text)
    return re.sub(r"(?<=\w)-(?=\w)", "", joined).split()


def as_printed(number: str, text: str, note: str) -> str:
    """Undoes the mends of the reading version, which its notes name one by one."""
    for printed, mended in re.findall(r"Im Original steht „([^“]+)“ statt „([^“]+)“\.", note):
        assert text.count(mended) == 1, (number, mended)
        text = text.replace(mended, printed)
    return text


def test_given_the_reading_version_when_its_mends_are_undone_then_it_equals_the_signed_wording_word_by_word():
    parts = ["Präambel", as_printed("0", PARSED.preamble.text, PARSED.preamble.reading_note)]
    for clause in PARSED.clauses:
        letter = re.fullmatch(r"8([a-f])", clause.number)
        parts.append(f"{letter[1]})" if letter else f"{clause.number}.")
        parts += [clause.heading, as_printed(clause.number, clause.text, clause.reading_note)]
    body = ORIGINAL[ORIGINAL.index("Präambel") : ORIGINAL.index("Friedberg und Kassel, 01.03.2022")]
    assert words("\n\n".join(parts)) == words(body)


def test_given_the_reading_version_when_searched_then_exactly_the_known_slips_are_mended():
    notes = " ".join(clause.reading_note for clause in PARSED.clauses)
    assert re.findall(r"Im Original steht „([^“]+)“", notes) == [
        "im Landkreis/der Stadt tätigen", "Job Center", "in der in der", "von ihm/ihr", "einmal im Jahr, die",
        "mit gewöhnlichen Aufenthalt", "HAG SGB IX",
    ]  # fmt: skip


def test_given_the_reading_version_when_searched_then_no_word_is_torn_by_a_line_end():
    text = "\n\n".join([PARSED.preamble.text, *(clause.text for clause in PARSED.clauses)])
    assert re.findall(r"\w+- \w+", text) == [
        "Beratungs- und", "zielgruppen- und", "Gesprächs- und", "Betreuungs- und",
    ]  # fmt: skip
    assert sorted(set(re.findall(r"\w+-[a-zäöü]\w+", text))) == ["nicht-professionellen"]


def test_given_the_title_parties_signatures_and_annexes_when_compared_then_each_stands_in_the_original():
    original = " ".join(ORIGINAL.split())
    agreement = PARSED.agreement
    printed = [agreement.title, *(seat.printed for seat in PARSED.seats), *(annex.heading for annex in PARSED.annexes)]
    printed += [f"gez. {signatory.name} {signatory.office}" for signatory in PARSED.signatories]
    printed += [body.name for body in PARSED.bodies]
    for partner in PARSED.partners:
        printed += [partner.name, partner.short_name, partner.represented_by, partner.address.street]
        printed.append(f"{partner.address.postal_code} {partner.address.city}")
    assert [text for text in printed if text not in original] == []
    assert f"tritt am {agreement.in_force_on:%d.%m.%Y} in Kraft" in original
    assert f"Friedberg und Kassel, {agreement.signed_on:%d.%m.%Y}" in original
    assert original.count("gez. ") == len(PARSED.signatories)


def test_given_the_shipped_file_when_parsed_then_partners_rotation_and_notice_are_those_of_the_agreement():
    assert [(partner.slug, partner.kind) for partner in PARSED.partners] == [
        ("wetteraukreis", PartnerKind.COUNTY),
        ("lwv-hessen", PartnerKind.LWV),
    ]
    assert (PARSED.rotation.years, PARSED.rotation.anchor_on) == (2, date(2022, 3, 1))
    assert PARSED.meetings.minimum_per_year == 2
    assert PARSED.termination.months == 6
    basis = PARSED.legal_bases[0]
    assert (basis.law, basis.version_of, basis.section) == ("HAG/SGB IX", date(2018, 9, 13), "§ 5")


def test_given_the_shipped_file_when_parsed_then_the_seven_seats_have_the_holders_of_annex_1():
    assert [(seat.partner, seat.holder.family_name, seat.holder.given_name) for seat in PARSED.seats] == [
        ("wetteraukreis", "Schestakoff", "Simone"), ("wetteraukreis", "Kannieß", "Mark"),
        ("wetteraukreis", "Weber", "Mark"), ("wetteraukreis", "Krasnov", "Sarah-Elisa"),
        ("lwv-hessen", "Olt", "Benedikt"), ("lwv-hessen", "Leiter", "Stefan"), ("lwv-hessen", "Courtin", "Claudia"),
    ]  # fmt: skip
    for seat in PARSED.seats:
        names = f"{seat.holder.family_name}, {seat.holder.given_name}"
        assert seat.printed.startswith(as_printed("Anlage 1", names, seat.reading_note))
        assert (seat.unit or seat.function) in seat.printed


def test_given_the_shipped_file_when_parsed_then_the_conference_and_two_bodies_of_the_first_category_are_there():
    assert [(body.slug, body.kind, body.scope) for body in PARSED.bodies] == [
        ("kok", BodyKind.CONFERENCE, BodyScope.CROSS),
        ("diversitaets-und-inklusionsbeirat", BodyKind.ADVISORY_BOARD, BodyScope.CROSS),
        ("psychosozialer-beirat", BodyKind.ADVISORY_BOARD, BodyScope.CROSS),
    ]
    assert PARSED.bodies[0].number_prefix == "KoK-06440"


BOTH = ("wetteraukreis", "lwv-hessen")
COUNTY, LWV = ("wetteraukreis",), ("lwv-hessen",)
OBLIGATIONS = [
    ("O-01", "5", ("secretariat",), "PER_MEETING", "MUST"), ("O-02", "5", BOTH, "MEETINGS_PER_YEAR", "MUST"),
    ("O-03", "5", BOTH, "SECRETARIAT_CHANGE", "MUST"), ("O-04", "8b", COUNTY, "YEARLY", "MUST"),
    ("O-05", "8c", COUNTY, "YEARLY", "MUST"), ("O-06", "8d", LWV, "YEARLY", "MUST"),
    ("O-07", "8e", LWV, "NONE", "MUST"), ("O-08", "7", BOTH, "NONE", "MUST"), ("O-09", "7", BOTH, "NONE", "MUST"),
    ("O-10", "9", LWV, "NONE", "MUST"), ("O-11", "8a", BOTH, "NONE", "MUST"), ("O-12", "3", BOTH, "NONE", "MUST"),
    ("O-13", "4", BOTH, "NONE", "MUST"), ("O-14", "6", BOTH, "NONE", "SHOULD"), ("O-15", "11", BOTH, "NONE", "MUST"),
    ("O-16", "12", BOTH, "NONE", "RIGHT"),
]  # fmt: skip


def test_given_the_shipped_file_when_parsed_then_its_obligations_are_those_of_the_table():
    found = [(o.code, o.clause, o.debtors, o.recurrence, o.strength) for o in PARSED.obligations]
    assert found == [(*row[:3], Recurrence(row[3]), Strength(row[4])) for row in OBLIGATIONS]


@pytest.mark.parametrize(
    ("index", "first_year", "reference"),
    [
        (3, 2022, Reference.LEAVERS_OF_FOLLOWING_YEAR),
        (4, 2023, Reference.REFERENCE_DATE_PREVIOUS_YEAR_END),
        (5, 2023, Reference.REFERENCE_DATE_PREVIOUS_YEAR_END),
    ],
    ids=["8b", "8c", "8d"],
)
def test_given_a_yearly_report_when_parsed_then_it_is_due_on_30_april_and_rolls_forward(index, first_year, reference):
    found = PARSED.obligations[index]
    assert (found.day, found.month, found.policy) == (30, 4, Policy.ROLL_FORWARD)
    assert (found.first_year, found.last_year, found.reference) == (first_year, None, reference)


def test_given_8c_when_parsed_then_nil_is_expected_from_the_law_change_on_and_marked_as_no_part_of_the_agreement():
    nil = {o.code: o.nil_expected_from for o in PARSED.obligations if o.nil_expected_from}
    assert nil == {"O-05": date(2024, 12, 31)}
    assert "nicht Teil der Vereinbarung" in PARSED.obligations[4].note
