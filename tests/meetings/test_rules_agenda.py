"""The agenda a meeting begins with (domain.md 7.4) and the order of its items."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.convening.rules.agenda import PlanningPartner, place_of_new, presents_figures, standard_agenda
from meetings.convening.rules.numbering import agenda_numbers
from meetings.convening.rules.ordering import AgendaLine, indent, insert, move_down, move_up, outdent, parents

PARTNERS = [PlanningPartner("Wetteraukreis", is_regional=False), PlanningPartner("LWV Hessen", is_regional=True)]


NAME = "Kooperationskonferenz"
PUNKTE = {
    "2": "Ziele", "3": "Mitwirkung von behinderten Menschen", "4": "Steuerung der Leistungen",
    "5": "Kooperations-/Planungsgremien", "6": "Qualitätssicherung", "7": "Planung", "8": "Übergänge",
    "8a": "", "8b": "", "8c": "", "8d": "", "8e": "", "9": "Transparenz – Berichtswesen",
    "11": "Anpassung der Kooperationsvereinbarung",
}  # fmt: skip


def printed(agenda):
    numbers = agenda_numbers([item.level for item in agenda])
    return [f"{number} {item.title}" for number, item in zip(numbers, agenda, strict=True)]


def planned(**kind):
    return standard_agenda(PARTNERS, conference=NAME, headings=PUNKTE, **kind)


def test_given_a_spring_meeting_of_the_conference_when_planned_then_it_has_the_agenda_of_the_rule_book():
    assert printed(
        standard_agenda(PARTNERS, conference=NAME, is_conference=True, with_figures=True, headings=PUNKTE)
    ) == [
        "1 Begrüßung und Feststellungen",
        "2 Genehmigung des letzten Protokolls",
        "3 Aufgabenkontrolle",
        "4 Mitwirkung: Rückmeldungen aus den Gremien nach Anlage 2 (Punkt 3)",
        "5 Steuerung, Konzepte und Austausch mit Leistungserbringern (Punkt 4)",
        "6 Planung (Punkt 7)",
        "6.1 Wetteraukreis: Einrichtungen für Kinder und Jugendliche",
        "6.2 LWV Hessen: besondere Wohnformen, Einbeziehung nach Punkt 8e",
        "7 Übergänge: Regelungen nach Punkt 8a, zu Punkt 8b nur Zahlen",
        "8 Daten nach den Punkten 8c, 8d und 9",
        "9 Qualitätszirkel und Fachtage (Punkt 6)",
        "10 Änderungsbedarf an der Vereinbarung und den Anlagen (Punkt 11)",
        "11 Termine und Geschäftsführung",
        "12 Verschiedenes",
    ]


@pytest.mark.parametrize(
    ("meets_on", "others", "does"),
    [
        ("2026-05-20", [], True),
        ("2026-05-01", [], True),
        ("2026-04-30", [], False),
        ("2026-02-10", ["2026-06-10"], False),
        ("2026-10-07", ["2026-02-10", "2026-04-30"], True),
        ("2026-10-07", ["2026-06-10"], False),
        ("2026-06-10", ["2026-10-07"], True),
        ("2026-06-10", ["2026-06-10"], True),
    ],
)
def test_given_figures_due_on_30_april_when_a_meeting_is_planned_then_the_first_one_after_presents_them(
    meets_on, others, does
):
    days = [date.fromisoformat(each) for each in others]
    assert presents_figures(date.fromisoformat(meets_on), date(2026, 4, 30), days) == does


def test_given_an_autumn_meeting_of_the_conference_when_planned_then_the_figures_are_left_out():
    agenda = printed(
        standard_agenda(PARTNERS, conference=NAME, is_conference=True, with_figures=False, headings=PUNKTE)
    )
    assert agenda[9] == "8 Qualitätszirkel und Fachtage (Punkt 6)"
    assert len(agenda) == 13


def test_given_other_punkte_when_a_meeting_is_planned_then_its_agenda_names_only_those_that_there_are():
    headings = {"2": "Planung und Steuerung", "7": "Kündigung", "8b": "", "8d": ""}
    agenda = standard_agenda(PARTNERS, conference=NAME, is_conference=True, with_figures=True, headings=headings)
    assert printed(agenda)[3:12] == [
        "4 Mitwirkung: Rückmeldungen aus den Gremien nach Anlage 2",
        "5 Steuerung, Konzepte und Austausch mit Leistungserbringern (Punkt 2)",
        "6 Planung (Punkt 2)",
        "6.1 Wetteraukreis: Einrichtungen für Kinder und Jugendliche",
        "6.2 LWV Hessen: besondere Wohnformen",
        "7 Übergänge: Regelungen, zu Punkt 8b nur Zahlen",
        "8 Daten nach Punkt 8d",
        "9 Qualitätszirkel und Fachtage",
        "10 Änderungsbedarf an der Vereinbarung und den Anlagen",
    ]


def test_given_a_meeting_of_a_beirat_when_planned_then_it_has_the_short_agenda():
    assert printed(
        standard_agenda(PARTNERS, conference=NAME, is_conference=False, with_figures=True, headings=PUNKTE)
    ) == [
        "1 Begrüßung und Feststellungen",
        "2 Genehmigung des letzten Protokolls",
        "3 Aufgabenkontrolle",
        "4 Bericht aus der Kooperationskonferenz",
        "5 Verschiedenes",
    ]


@pytest.mark.parametrize(
    ("codes", "behind", "place"),
    [
        ([], "", 0),
        (["", ""], "", 2),
        (["dates", "other"], "", 1),
        (["other", "dates"], "", 2),
        (["figures", "dates", "other"], "figures", 1),
        (["dates", "other"], "figures", 1),
    ],
)
def test_given_an_agenda_when_an_item_is_new_then_it_stands_behind_its_subject_or_before_the_closing_one(
    codes, behind, place
):
    assert place_of_new(codes, behind) == place


def lines(text):
    """`1 2 .3` is items 1 and 2, with 3 below 2."""
    return tuple(AgendaLine(int(word.lstrip(".")), 2 if word.startswith(".") else 1) for word in text.split())


def words(order):
    return " ".join("." * (line.level - 1) + str(line.key) for line in order)


@pytest.mark.parametrize(
    ("before", "key", "place", "after"),
    [
        ("1 .2 3 4", 4, 0, "4 1 .2 3"),
        ("1 .2 3 4", 4, 1, "1 .2 4 3"),
        ("1 2 3 .4", 3, 1, "1 3 .4 2"),
        ("1 2", 2, 9, "1 2"),
    ],
)
def test_given_lines_when_one_is_put_at_a_place_then_parts_stay_with_their_items(before, key, place, after):
    assert words(insert(lines(before), key, place)) == after


@pytest.mark.parametrize(
    ("before", "move", "key", "after"),
    [
        ("1 2 3", move_up, 2, "2 1 3"),
        ("1 2 3", move_up, 1, "1 2 3"),
        ("1 .2 3 .4 .5 6", move_up, 3, "3 .4 .5 1 .2 6"),
        ("1 .2 .3", move_up, 3, "1 .3 .2"),
        ("1 .2 3 .4", move_up, 4, "1 .2 3 .4"),
        ("1 2 3", move_down, 2, "1 3 2"),
        ("1 2 3", move_down, 3, "1 2 3"),
        ("1 .2 .3 4 .5", move_down, 1, "4 .5 1 .2 .3"),
        ("1 .2 .3 4", move_down, 2, "1 .3 .2 4"),
        ("1 .2 .3 4", move_down, 3, "1 .2 .3 4"),
        ("1 2 3", indent, 2, "1 .2 3"),
        ("1 .2 3", indent, 3, "1 .2 .3"),
        ("1 2", indent, 1, "1 2"),
        ("1 2 .3", indent, 2, "1 2 .3"),
        ("1 .2", indent, 2, "1 .2"),
        ("1 .2 .3 4", outdent, 2, "1 .3 2 4"),
        ("1 .2 .3 4", outdent, 3, "1 .2 3 4"),
        ("1 .2", outdent, 1, "1 .2"),
    ],
)
def test_given_an_agenda_when_an_item_is_moved_then_it_and_its_sub_items_go_along(before, move, key, after):
    assert words(move(lines(before), key)) == after


def test_given_an_agenda_when_stored_then_each_sub_item_knows_its_item():
    assert parents(lines("1 .2 .3 4")) == {1: None, 2: 1, 3: 1, 4: None}


agendas = st.lists(st.sampled_from([1, 2]), min_size=1, max_size=8).map(
    lambda levels: tuple(AgendaLine(key, 1 if key == 0 else level) for key, level in enumerate(levels))
)


@given(agendas, st.data())
def test_given_any_agenda_when_any_item_moves_then_none_is_lost_and_the_first_is_no_sub_item(agenda, data):
    key = data.draw(st.sampled_from([line.key for line in agenda]))
    move = data.draw(st.sampled_from([move_up, move_down, indent, outdent]))
    moved = move(agenda, key)
    assert sorted(line.key for line in moved) == sorted(line.key for line in agenda)
    assert moved[0].level == 1
    others = {line.key: line.level for line in agenda if line.key != key}
    assert {line.key: line.level for line in moved if line.key != key} == others


@given(agendas, st.data())
def test_given_any_agenda_when_an_item_moves_up_and_down_then_it_is_back(agenda, data):
    key = data.draw(st.sampled_from([line.key for line in agenda]))
    up = move_up(agenda, key)
    assert up == agenda or move_down(up, key) == agenda
