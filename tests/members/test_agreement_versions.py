"""A changed file begins a version from its day; what was stays, and the database sees to it."""

import html
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from kok.access import ROLES
from kok.errors import Refused
from kok.models import AuditEvent, Document
from members.actions import Original, change_authority, check_agreement, load_agreement
from members.actions.versions import end_newest
from members.models import Agreement, AgreementVersion, AnnexBody, AnnexVersion, Body, Clause, ObligationRule, Seat
from members.pages.agreement import PERIODS, original_of
from members.queries import bodies_on
from members.queries.versions import wording_of
from members.rules.agreement import Agreed, Annex, Municipality
from members.rules.codes import Loading, ResponsibleRole
from members.rules.wording import PERIODS as PLACES
from members.rules.wording import WordingChange
from tests.builders import (
    WETTERAU_FILE,
    a_body,
    a_seat,
    a_user,
    amended,
    an_agreement,
    another_agreement,
    renamed,
    the_body,
    the_partner,
    wetterau,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
DAY = date(2026, 1, 1)
UNSIGNED = ("Unterzeichnet am", "01.03.2022", "nicht angegeben")  # a file that does not say when it was signed
TABLES = (Agreement, AgreementVersion, AnnexBody, AnnexVersion, Body, Clause, ObligationRule, AuditEvent, Document)


@pytest.fixture
def agreement():
    return an_agreement()


def load(file, **values):
    return load_agreement(file=file, by=None, now=NOW, **values)


def three_meetings(on=DAY):
    return amended(on=on, reason="Beschluss", meetings=replace(wetterau().meetings, minimum_per_year=3))


def stored():
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


def test_given_a_changed_file_when_checked_then_the_change_is_told_and_nothing_is_written(agreement):
    before = stored()
    found = check_agreement(file=three_meetings(), now=NOW, original=Original("neu.txt", b"neu"))
    assert found.loading is Loading.AMENDED
    (started,) = found.started
    assert (started.title, started.number, started.starts_on, started.reason) == ("Vereinbarung", 2, DAY, "Beschluss")
    assert [(each.place, each.before, each.after) for each in started.changes] == [
        ("Sitzungen im Jahr", "2", "3"),
        UNSIGNED,
    ]
    assert stored() == before


def test_given_a_changed_file_when_checked_by_command_then_it_says_that_nothing_happened(agreement, tmp_path, capsys):
    text = WETTERAU_FILE.read_text(encoding="utf-8")
    file = tmp_path / "neu.toml"
    text = text.replace("\n[version]\n", '\n[version]\nvalid_from = 2026-01-01\nreason = "Probe"\n').replace(
        "notice_days = 14", "notice_days = 21"
    )
    file.write_text(text, encoding="utf-8")
    before = stored()
    call_command("load_agreement", str(file), check=True)
    told = capsys.readouterr().out
    assert told.startswith(
        "Die Vereinbarung Wetteraukreis würde angepasst.\nVereinbarung, Fassung 2, gilt ab 01.01.2026"
    )
    assert "  Ladungsfrist in Tagen\n    bisher: 14\n    neu:    21\n" in told
    assert told.endswith("Es wurde nichts geändert. Ohne --check wird die Datei geladen.\n")
    assert stored() == before


def test_given_two_versions_when_either_file_is_loaded_again_then_both_are_known(agreement):
    load(three_meetings())
    before = stored()
    assert load(wetterau()).loading is Loading.UNCHANGED
    assert load(three_meetings()).loading is Loading.UNCHANGED
    assert stored() == before


@pytest.mark.parametrize("day", [date(2022, 3, 1), date(2025, 12, 31), DAY])
def test_given_a_version_when_another_would_begin_before_or_with_it_then_it_is_refused(agreement, day):
    load(three_meetings())
    before = stored()
    other = replace(three_meetings(day), termination=replace(wetterau().termination, months=3))
    with pytest.raises(Refused, match=r"version\.valid_from: Die Vereinbarung sagt etwas anderes als die Fassung vom"):
        load(other)
    assert stored() == before


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        (
            "valid_from",
            date(2026, 7, 1),
            "In der Datei steht 01.07.2026. Der Wortlaut ist schon gespeichert, und dort ",
        ),
        ("signed_on", date(2020, 1, 1), "In der Datei steht 01.01.2020."),
        ("reason", "Ein anderer Grund", "In der Datei steht „Ein anderer Grund“."),
    ],
)
def test_given_a_loaded_version_when_only_its_day_or_reason_is_another_then_it_is_refused_and_not_passed_over(
    agreement, name, value, told
):
    load(three_meetings())
    before, file = stored(), three_meetings()
    with pytest.raises(Refused, match=rf"version\.{name}: ") as refused:
        load(replace(file, version=replace(file.version, **{name: value})))
    assert told in refused.value.sentence
    assert stored() == before


def test_given_a_loaded_anlage_when_only_its_day_is_another_then_it_is_refused(agreement):
    file = amended(on=DAY, annex="2", bodies=wetterau().bodies[:1])
    load(file)
    before = stored()
    moved = tuple(replace(each, valid_from=date(2026, 7, 1)) if each.valid_from else each for each in file.annexes)
    with pytest.raises(Refused, match=r"annex\[\d\]\.valid_from: In der Datei steht 01\.07\.2026"):
        load(replace(file, annexes=moved))
    assert stored() == before


def test_given_nothing_loaded_when_the_first_file_is_an_amended_one_then_it_is_refused():
    with pytest.raises(Refused, match=r"Laden Sie zuerst die Fassung, die mit der Vereinbarung am 01\.03\.2022 begann"):
        load(three_meetings())
    assert not Agreement.objects.exists()


def test_given_two_versions_when_the_row_of_the_agreement_is_read_then_it_knows_the_numbers_of_every_day(
    agreement, django_assert_num_queries
):
    load(three_meetings())
    with django_assert_num_queries(1):
        found = Agreement.objects.get()
        assert [found.meetings_of_year(year) for year in (2022, 2025, 2026)] == [2, 2, 3]
        assert [(each.number, each.starts_on, each.ends_on) for each in found.terms] == [
            (1, date(2022, 3, 1), date(2025, 12, 31)),
            (2, DAY, None),
        ]


def test_given_a_longer_notice_when_meetings_are_asked_then_the_day_of_the_invitation_decides(agreement):
    load(amended(on=DAY, periods=replace(wetterau().periods, notice_days=21, minutes_days=7)))
    found = Agreement.objects.get()
    assert found.notice_days_for(date(2025, 12, 20)) == 14
    assert found.notice_days_for(date(2026, 1, 10)) == 14  # the invitation was due in December, by the old rule
    assert found.notice_days_for(date(2026, 1, 21)) == 14  # 21 days before is still in December
    assert found.notice_days_for(date(2026, 1, 22)) == 21
    assert [found.minutes_days_for(day) for day in (date(2025, 12, 31), DAY)] == [14, 7]


def test_given_all_seven_periods_when_loaded_then_all_are_stored(agreement):
    stored_periods = agreement.versions.values_list(
        "planning_days", "proposal_days", "notice_days", "paper_days", "draft_days", "minutes_days", "objection_days"
    )
    assert stored_periods.get() == (56, 21, 14, 7, 7, 14, 14)


# What Anlagen say


def test_given_a_body_that_a_new_anlage_leaves_out_when_it_still_has_seats_then_it_is_refused(agreement):
    a_seat(body=the_body("psychosozialer-beirat"))
    with pytest.raises(
        Refused, match=r"Das Gremium „psychosozialer-beirat“ fehlt und endet am 31\.12\.2025\. Es hat danach noch S"
    ):
        load(amended(on=DAY, annex="2", bodies=wetterau().bodies[:-1]))


def test_given_a_new_body_in_an_anlage_when_asked_then_it_exists_from_its_first_day(agreement):
    circle = replace(
        wetterau().bodies[1], slug="kreis", kind="QUALITY_CIRCLE", name="Zirkel", short_name="Z", number_prefix="QZ-1"
    )
    load(amended(on=DAY, annex="2", bodies=(*wetterau().bodies, circle)))
    assert "kreis" not in [body.slug for body in bodies_on(agreement, date(2025, 12, 31))]
    assert "kreis" in [body.slug for body in bodies_on(agreement, DAY)]


@pytest.mark.parametrize(("operator", "run_by"), [("lwv-hessen", "LWV Hessen"), (None, "allen Partnern")])
def test_given_a_new_body_when_checked_then_all_that_it_begins_with_is_told(agreement, operator, run_by):
    circle = replace(
        wetterau().bodies[1], slug="kreis", kind="QUALITY_CIRCLE", name="Qualitätszirkel Wohnen", short_name="Wohnen",
        number_prefix="QZ-1", operator=operator,
    )  # fmt: skip
    file = amended(on=DAY, annex="2", bodies=(*wetterau().bodies, circle))
    (started,) = check_agreement(file=file, now=NOW).started
    assert [(each.place, each.before, each.after) for each in started.changes] == [
        ("Gremium Wohnen, Art", "", "Qualitätszirkel"),
        ("Gremium Wohnen, Name", "", "Qualitätszirkel Wohnen"),
        ("Gremium Wohnen, Kurzname im Text", "", "Wohnen"),
        ("Gremium Wohnen, Nummernkreis", "", "QZ-1"),
        ("Gremium Wohnen, Zielgruppe", "", "zielgruppenübergreifend"),
        ("Gremium Wohnen, geführt von", "", run_by),
    ]


def test_given_versions_signed_on_other_days_when_read_then_the_changes_name_both_days(agreement, client):
    file = three_meetings()
    load(replace(file, version=replace(file.version, signed_on=date(2025, 12, 1))))
    client.force_login(a_user(role="member"))
    page = client.get(reverse("members:agreement", args=["wetteraukreis"])).content.decode()
    row = re.search(r'<th scope="row">Unterzeichnet am</th>.*?</tr>', page, re.S)
    assert row is not None
    assert re.findall(r"\d\d\.\d\d\.\d{4}", row.group()) == ["01.03.2022", "01.12.2025"]


def test_given_a_list_with_new_municipalities_when_checked_by_command_then_each_is_named(agreement, tmp_path, capsys):
    file = tmp_path / "neu.toml"
    text = WETTERAU_FILE.read_text(encoding="utf-8")
    file.write_text(text.replace('name = "Altenstadt"', 'name = "Altenstadt (Hessen)"'), encoding="utf-8")
    call_command("load_agreement", str(file), check=True)
    told = capsys.readouterr().out
    assert "  Gemeinde 06440001\n    bisher: Altenstadt\n    neu:    Altenstadt (Hessen)\n" in told


def test_given_a_line_of_anlage_1_when_it_changes_then_only_its_annex_gets_a_version_and_seats_stay(agreement):
    seats = (replace(wetterau().seats[0], printed="Neu gedruckt"), *wetterau().seats[1:])
    (started,) = load(amended(on=DAY, annex="1", seats=seats)).started
    assert (started.title, [change.place for change in started.changes]) == (
        "Anlage 1",
        ["Teilnehmende von: Wetteraukreis"],
    )
    assert [len(version.seats) for version in agreement.annexes.filter(annex="1")] == [7, 7]
    assert the_body().seats.count() == 7
    line = AuditEvent.objects.get(action="agreement.amended")
    assert line.new == "Anlage 1, Fassung 2 ab 01.01.2026: Teilnehmende von: Wetteraukreis"


def test_given_an_anlage_that_is_gone_when_loaded_then_it_is_refused(agreement):
    third = replace(wetterau().annexes[1], number="3", heading="Netzwerk", valid_from=DAY, reason="Beschluss")
    load(replace(wetterau(), annexes=(*wetterau().annexes, third)))
    with pytest.raises(Refused, match="Die Anlage 3 fehlt"):
        load(wetterau())


def test_given_a_later_anlage_without_a_day_when_loaded_then_the_day_is_asked_for(agreement):
    third = replace(wetterau().annexes[1], number="3", heading="Netzwerk")
    with pytest.raises(Refused, match=r"annex\[3\]\.valid_from: Anlage 3 kommt neu hinzu"):
        load(replace(wetterau(), annexes=(*wetterau().annexes, third)))


def test_given_a_list_without_a_municipality_when_loaded_then_entries_still_know_its_name(agreement):
    few = (Municipality(ags="06440099", name="Neustadt"), *wetterau().municipalities[1:])
    found = load(replace(wetterau(), municipalities=few))
    assert (found.loading, found.started) == (Loading.AMENDED, ())
    assert found.municipalities == (WordingChange("Gemeinde 06440099", "", "Neustadt"),)
    names = Agreement.objects.get().municipality_names
    assert (names["06440099"], names["06440001"], len(names)) == ("Neustadt", "Altenstadt", 26)


# Original bytes


def test_given_two_versions_with_their_wording_when_downloaded_then_each_day_has_its_own_bytes(agreement, client):
    load(wetterau(), original=Original("alt.txt", b"alt"))
    load(three_meetings(), original=Original("neu.txt", b"neu"))
    load(wetterau(), original=Original("anders.txt", b"anders"))
    client.force_login(a_user(role="member"))
    address = reverse("members:original", args=["wetteraukreis"])
    for day, content in (("2025-12-31", b"alt"), ("2026-01-01", b"neu")):
        assert b"".join(client.get(address, {"am": day})) == content
    assert [original_of(agreement, number).filename for number in (1, 2)] == ["alt.txt", "neu.txt"]


def reworded(**version):
    clauses = tuple(
        replace(each, text=each.text.replace("30.04.", "31.05.")) if each.number == "8b" else each
        for each in wetterau().clauses
    )
    file = amended(on=DAY, reason="Änderungsvereinbarung", clauses=clauses)
    return replace(file, version=replace(file.version, **version))


@pytest.mark.parametrize("way", ["check", "load"])
def test_given_other_words_beside_the_text_of_before_when_loaded_then_refused_and_the_punkt_is_named(agreement, way):
    signed = Original("wetterau-2022.txt", b"bis zum 30.04.")
    load(wetterau(), original=signed)
    before, act = stored(), check_agreement if way == "check" else load_agreement
    more = {} if way == "check" else {"by": None}
    with pytest.raises(Refused, match=r"wetterau-2022\.txt: .* In der neuen Fassung steht anderes: Punkt 8b, Text\."):
        act(file=reworded(), now=NOW, original=signed, **more)
    assert stored() == before
    assert load(three_meetings(), original=signed).loading is Loading.AMENDED, "a number is no word of the text"


def test_given_a_later_version_without_its_signing_when_read_then_nobody_signed_it(agreement, client):
    (started,) = load(reworded()).started
    assert "Unterzeichnung nicht angegeben" in started.remains[0]
    client.force_login(a_user(role="member"))
    address = reverse("members:agreement", args=["wetteraukreis"])
    now, then = (client.get(address, {"am": day}).content.decode() for day in ("2026-05-01", "2025-05-01"))
    assert "Unterzeichnung dieser Fassung nicht angegeben" in now
    assert not re.search(r"Unterzeichnet am \d", now)
    assert "gez." not in now
    assert "Unterzeichnet am 01.03.2022" in then
    assert "gez." in then
    with pytest.raises(Refused, match=r"version\.signed_on: In der Datei steht 20\.12\.2025\. .* dort steht nichts"):
        load(reworded(signed_on=date(2025, 12, 20)))


def test_given_an_agreement_without_its_original_when_read_then_the_page_compares_itself_with_none(agreement, client):
    client.force_login(a_user(role="member"))
    address = reverse("members:agreement", args=["wetteraukreis"])
    assert "bereinigte Fassung" not in client.get(address).content.decode()
    load(wetterau(), original=Original("alt.txt", b"alt"))
    assert "bereinigte Fassung" in client.get(address).content.decode()


def test_given_a_day_of_signing_that_has_not_come_when_loaded_then_it_is_refused(agreement):
    with pytest.raises(Refused, match=r"version\.signed_on: Am 02\.09\.2026 ist noch nichts unterzeichnet"):
        load(reworded(signed_on=date(2026, 9, 2)))
    assert agreement.versions.count() == 1


def test_given_a_later_version_with_its_signing_when_read_then_it_says_when_and_who(agreement, client):
    (started,) = load(reworded(signed_on=date(2025, 12, 20))).started
    assert started.remains == ()
    client.force_login(a_user(role="member"))
    page = client.get(reverse("members:agreement", args=["wetteraukreis"]), {"am": "2026-05-01"}).content.decode()
    assert "Unterzeichnet am 20.12.2025" in page
    assert "gez." in page


def test_given_an_amended_anlage_1_when_a_seat_is_opened_then_it_is_printed_as_on_that_day(agreement, client, settings):
    seats = (replace(wetterau().seats[0], printed="Neumann, Olga"), *wetterau().seats[1:])
    load(amended(on=DAY, annex="1", seats=seats))
    client.force_login(a_user(role="member"))
    seat = the_body().seats.get(partner__authority__slug="wetteraukreis", position=1)
    for now, printed in (("2025-12-31T09:00", wetterau().seats[0].printed), ("2026-01-01T09:00", "Neumann, Olga")):
        settings.KOK_NOW = now
        page = client.get(reverse("members:seat", args=["wetteraukreis", seat.pk])).content.decode()
        assert f"So gedruckt in Anlage 1</dt><dd>{printed}</dd>" in page


def test_given_two_seats_of_one_function_when_opened_then_each_shows_the_line_at_its_own_place(
    agreement, client, settings
):
    settings.KOK_NOW = "2026-02-01T09:00"
    first = wetterau().seats[0]
    lines = (replace(first, printed="Neumann, Olga"), replace(first, printed="Quast, Ute"), *wetterau().seats[1:])
    load(amended(on=DAY, annex="1", seats=lines))
    client.force_login(a_user(role="member"))
    one = the_body().seats.get(partner__authority__slug="wetteraukreis", position=1)
    two, three = (a_seat(function=one.function) for _ in range(2))
    Seat.objects.filter(pk__in=(two.pk, three.pk)).update(unit=one.unit)
    for seat, printed in ((one, "Neumann, Olga"), (two, "Quast, Ute"), (three, "")):
        page = client.get(reverse("members:seat", args=["wetteraukreis", seat.pk])).content.decode()
        assert ("So gedruckt in Anlage 1" in page) is bool(printed)
        assert printed in page


# The database has the last word


def refused(change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_given_a_version_when_another_is_put_on_its_days_then_the_database_refuses(agreement):
    version, annex = agreement.versions.get(), agreement.annexes.get(annex="2")
    for row in (version, annex):
        row.pk, row.number, row.period = None, 2, (DAY, None)
        row._state.adding = True
        refused(row.save)


def test_given_a_version_after_the_first_when_it_has_no_reason_then_the_database_refuses(agreement):
    for row, kind in ((agreement.versions.get(), "agreement"), (agreement.annexes.get(annex="2"), "annex")):
        end_newest([row], DAY)
        row.pk, row.number, row.period = None, 2, (DAY, None)
        row._state.adding = True
        with pytest.raises(IntegrityError, match=f"{kind}_version_has_its_reason"), transaction.atomic():
            row.save()


def test_given_a_loaded_version_when_its_words_are_changed_or_deleted_then_the_database_refuses(agreement):
    load(three_meetings())
    load(amended(on=DAY, annex="2", bodies=renamed(name="Neu", short_name="Neu")))
    for model, change in (
        (AgreementVersion, {"title": "anders"}),
        (AnnexVersion, {"heading": "anders"}),
        (AnnexBody, {"name": "anders"}),
        (Clause, {"text": "anders"}),
        (ObligationRule, {"day": 1}),
    ):
        refused(lambda model=model, change=change: model.objects.update(**change))
        refused(lambda model=model: model.objects.all()._raw_delete("default"))
    ended, newest = agreement.versions.all()
    refused(lambda: AgreementVersion.objects.filter(pk=ended.pk).update(period=(ended.period.lower, None)))
    refused(lambda: AgreementVersion.objects.filter(pk=newest.pk).update(period=(date(2025, 6, 1), None)))
    refused(lambda: Clause.objects.create(version=ended, position=99, number="99", text="dazu"))


def test_given_what_the_database_keeps_beside_a_row_when_somebody_writes_it_then_the_versions_win(agreement):
    Agreement.objects.update(rules=[])
    Body.objects.update(names=[], period=(date(2000, 1, 1), None))
    agreement.partners.update(organs=[])
    assert Agreement.objects.get().terms_on(DAY).notice_days == 14
    assert the_body().name == "Kooperationskonferenz"
    assert the_body().period.lower == date(2022, 3, 1)
    assert agreement.partners.first().represented_by == "Kreisausschuss"


def test_given_a_body_beside_the_file_when_the_file_is_loaded_again_then_the_anlage_is_told_to_differ(agreement):
    a_body()
    with pytest.raises(Refused, match=r"annex\[2\]\.valid_from"):
        load(wetterau())


# The page


def test_given_two_versions_when_the_page_is_opened_then_each_day_shows_its_own_and_what_changed(agreement, client):
    load(three_meetings())
    client.force_login(a_user(role="member"))
    address = reverse("members:agreement", args=["wetteraukreis"])
    now, then = (client.get(address, {"am": day}).content.decode() for day in ("2026-05-01", "2025-05-01"))
    assert "mindestens 3 Sitzungen" in now
    assert "mindestens 2 Sitzungen" in then
    assert "Sie lesen eine frühere Fassung. Sie galt vom 01.03.2022 bis zum 31.12.2025." in then
    assert "frühere Fassung" not in now
    for page in (now, then):
        assert "Vereinbarung: was sich am 01.01.2026 geändert hat" in page
        assert "Anlass: Beschluss" in page


def test_given_a_changed_punkt_when_a_day_before_is_read_then_the_words_that_were_signed_stand_there(agreement, client):
    clauses = tuple(
        replace(clause, text="Ganz andere Worte.") if clause.number == "5" else clause for clause in wetterau().clauses
    )
    load(amended(on=DAY, clauses=clauses))
    client.force_login(a_user(role="member"))
    address = reverse("members:agreement", args=["wetteraukreis"])
    now, then = (wording_on(client, address, day) for day in ("2026-05-01", "2025-05-01"))
    assert ("Ganz andere Worte." in now, "mindestens zweimal jährlich" in now) == (True, False)
    assert ("Ganz andere Worte." in then, "mindestens zweimal jährlich" in then) == (False, True)


def wording_on(client, address, day):
    """The text of Punkt 5 as it is read for a day."""
    page = client.get(address, {"am": day}).content.decode()
    return page.partition('id="punkt-5"')[2].partition('id="punkt-6"')[0]


@pytest.mark.parametrize("amendments", [0, 3])
def test_given_more_versions_when_the_page_is_opened_then_the_queries_stay_the_same(
    agreement, client, django_assert_max_num_queries, amendments
):
    for n in range(amendments):
        load(three_meetings(date(2026, 2 + n, 1)) if n % 2 == 0 else amended(on=date(2026, 2 + n, 1)))
    client.force_login(a_user(role="member"))
    with django_assert_max_num_queries(13):
        assert client.get(reverse("members:agreement", args=["wetteraukreis"])).status_code == 200


def test_given_a_partner_renamed_later_when_members_and_bodies_of_a_day_are_read_then_it_is_called_as_then(
    agreement, client
):
    change_authority(
        authority=the_partner("wetteraukreis").authority,
        values={"short_name": "Neukreis", "name": "Neukreis"},
        from_on=date(2026, 8, 1),
        by=a_user(role="registrar"),
        agreement=agreement,
        now=NOW,
    )
    client.force_login(a_user(role="member"))
    for name, args in (("seats", []), ("bodies", []), ("body", ["psychosozialer-beirat"])):
        address = reverse(f"members:{name}", args=[agreement.slug, *args])
        then, since = (client.get(address, {"am": day}).content.decode() for day in ("2026-07-31", "2026-08-01"))
        assert ("Neukreis" in then, "Neukreis" in since) == (False, True), name


def test_given_an_anlage_that_came_later_when_the_first_version_is_read_then_it_is_not_among_its_anlagen(
    agreement, client
):
    third = Annex(number="3", heading="Schnittstellen", valid_from=DAY, reason="Beschluss")
    load(replace(wetterau(), annexes=(*wetterau().annexes, third)))
    client.force_login(a_user(role="member"))
    address = reverse("members:agreement", args=[agreement.slug])
    before, since = (client.get(address, {"am": day}).content.decode() for day in ("2025-12-31", "2026-01-01"))
    assert ("Anlage 3: Schnittstellen</a>" in before, "Anlage 3: Schnittstellen" in since) == (False, True)


@pytest.mark.parametrize(
    ("day", "said", "unsaid"),
    [
        ("2021-12-31", "Am 31.12.2021 galt die Vereinbarung noch nicht.", "Sie lesen eine frühere Fassung."),
        ("2022-03-01", "Sie lesen eine frühere Fassung.", "galt die Vereinbarung noch nicht."),
        ("2026-01-01", "Der Wortlaut gilt seit dem 01.03.2022.", "Sie lesen eine frühere Fassung."),
        ("quatsch", "Diesen Tag gibt es so nicht.", "galt die Vereinbarung noch nicht."),
    ],
)
def test_given_an_anlage_amended_alone_when_a_day_is_asked_for_then_the_page_says_what_held_on_it(
    agreement, client, day, said, unsaid
):
    load(amended(on=DAY, annex="2", bodies=renamed(name="Beirat", short_name="Beirat")))
    client.force_login(a_user(role="member"))
    page = client.get(reverse("members:agreement", args=[agreement.slug]), {"am": day}).content.decode()
    assert (said in page, unsaid in page) == (True, False)
    shown = "quatsch" if day == "quatsch" else f"{date.fromisoformat(day):%d.%m.%Y}"
    assert f'value="{shown}"' in page


@pytest.mark.parametrize(
    ("address", "said", "unsaid"),
    [
        ("", "Ab dem 01.01.2027 gilt: Vereinbarung, Fassung 2.", "frühere Fassung"),
        ("?am=2027-02-01", "Diese Fassung gilt erst ab dem 01.01.2027.", "Ab dem 01.01.2027 gilt"),
    ],
    ids=["today", "then"],
)
def test_given_a_version_that_is_still_to_come_when_the_page_is_read_then_that_of_today_is_no_old_one(
    settings, agreement, client, address, said, unsaid
):
    settings.KOK_NOW = "2026-12-01T09:00:00+00:00"
    load(three_meetings(date(2027, 1, 1)))
    client.force_login(a_user(role="member"))
    page = client.get(reverse("members:agreement", args=[agreement.slug]) + address).content.decode()
    assert (said in page, unsaid in page) == (True, False)
    assert (f'{reverse("members:seats", args=[agreement.slug])}">Anlage 1' in page) == (address == "")


def test_given_a_day_when_the_partners_are_read_then_their_page_says_what_held_on_it(settings, agreement, client):
    settings.KOK_NOW = "2026-12-01T09:00:00+00:00"
    change_authority(
        authority=the_partner("wetteraukreis").authority, values={"street": "Ring 1"}, from_on=date(2026, 8, 1),
        by=a_user(role="registrar"), agreement=agreement, now=NOW,
    )  # fmt: skip
    client.force_login(a_user(role="member"))
    partner = reverse("members:authority", args=[agreement.slug, "wetteraukreis"])
    page, now = (
        client.get(reverse("members:agreement", args=[agreement.slug]) + query).content.decode()
        for query in ("?am=2026-07-31", "")
    )
    assert f'{partner}?am=2026-07-31">Angaben vom 31.07.2026: Wetteraukreis' in page
    assert f'{partner}">Angaben von heute: Wetteraukreis' in now
    then, today = (client.get(partner + query).content.decode() for query in ("?am=2026-07-31", ""))
    assert ("Angaben vom 31.07.2026" in then, "<dd>Europaplatz" in then) == (True, True)
    assert ("Das gilt heute" in today, "<dd>Ring 1" in today) == (True, True)


def test_given_changed_debtors_and_roles_when_the_table_is_read_then_it_speaks_as_an_official_would(agreement):
    obligations = tuple(
        replace(each, debtors=("lwv-hessen", "wetteraukreis"), responsible_role=ResponsibleRole.CASE_OFFICER)
        if each.code == "O-05"
        else each
        for each in wetterau().obligations
    )
    (started,) = load(amended(on=DAY, obligations=obligations)).started
    assert [(each.place, each.before, each.after) for each in started.changes] == [
        ("Pflicht O-05, Verpflichtete", "Wetteraukreis", "LWV Hessen, Wetteraukreis"),
        ("Pflicht O-05, zuständige Rolle", ROLES["reporter"].title, ROLES["case-officer"].title),
        UNSIGNED,
    ]


def rules_on(client, page):
    """What the application calculates with, as text."""
    table = client.get(page).content.decode().partition('id="rechnung"')[2].partition("</table>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", table)).split())


def test_given_another_agreement_when_its_rules_are_read_then_only_what_is_true_of_it_stands_there(agreement, client):
    """Its count begins after the coming into force; its conference and its words are others."""
    other = another_agreement()
    client.force_login(a_user(role="member", partner="musterkreis", agreement=other))
    page = rules_on(client, "/musterkreis/vereinbarung/")
    assert "ab dem 01.09.2023 gezählt. Lesart So steht der Tag in der Datei der Vereinbarung." in page
    assert "Inkrafttreten: 01.07.2023." in page
    assert "Beschließen kann die Frist: Regionalkonferenz Teilhabe." in page
    for said_elsewhere in ("ab dem Inkrafttreten", "„jährlich“", "„rechtzeitig“", "Kooperationskonferenz"):
        assert said_elsewhere not in page
    client.force_login(a_user(role="member", agreement=agreement))
    page = rules_on(client, "/wetteraukreis/vereinbarung/")
    assert "Gelesen wird: ab dem Inkrafttreten." in page
    assert "Punkt 5 sagt „jährlich“. Gelesen wird: im Kalenderjahr." in page
    assert "Der Wortlaut sagt „rechtzeitig“. Beschließen kann die Frist: Kooperationskonferenz." in page


def test_given_every_period_changed_when_loaded_then_each_is_told_and_a_day_shows_its_own(agreement, client):
    before = wetterau().periods
    names = [each.name for each in fields(before)]
    after = replace(before, **{name: getattr(before, name) + 100 for name in names})
    (started,) = load(amended(on=DAY, periods=after)).started
    assert {change.place: (str(change.before), str(change.after)) for change in started.changes} == {
        PLACES[name]: (str(getattr(before, name)), str(getattr(after, name))) for name in names
    } | {UNSIGNED[0]: UNSIGNED[1:]}
    client.force_login(a_user(role="member"))
    for day, periods in (("2025-12-31", before), ("2026-01-01", after)):
        page = rules_on(client, f"/wetteraukreis/vereinbarung/?am={day}")
        assert [name for name in names if PERIODS[name].format(getattr(periods, name)) not in page] == []
        assert page.count("rechnet noch nicht damit") == 5


def test_given_a_period_that_an_amendment_agrees_when_loaded_then_only_that_version_says_so(agreement):
    agreed = (Agreed(period="notice_days", clause="5"),)
    (started,) = load(amended(on=DAY, agreed=agreed)).started
    assert [(change.place, change.after) for change in started.changes] == [
        ("Ladungsfrist in Tagen, vereinbart in", "Punkt 5"),
        (UNSIGNED[0], UNSIGNED[2]),
    ]
    assert [wording_of(version).agreed for version in agreement.versions.all()] == [(), agreed]
