"""An agreement file is loaded as a whole or not at all, twice without change, and never rewrites the past."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command

from kok.errors import Refused
from kok.models import AuditEvent, Document
from members.actions import Original, change_authority, load_agreement
from members.models import (
    Agreement,
    AgreementVersion,
    AnnexBody,
    AnnexVersion,
    Authority,
    Body,
    Clause,
    ObligationRule,
    Partner,
    Person,
    Seat,
    SeatAssignment,
)
from members.queries.agreement import original_of
from members.queries.authorities import as_of
from members.rules.agreement import Address, Version
from members.rules.codes import Loading, PartnerKind
from tests.builders import WETTERAU_FILE, a_user, wetterau

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)  # already the 6th in Hessen


def load(file=None, **values):
    return load_agreement(file=file or wetterau(), by=None, now=NOW, **values).loading


STORED = (
    Agreement, AgreementVersion, AnnexBody, AnnexVersion, Authority, Partner, Body, Clause, ObligationRule, Seat,
    SeatAssignment, Person,
)  # fmt: skip


def stored():
    return [list(model.objects.order_by("pk").values()) for model in STORED]


def test_given_the_shipped_file_when_loaded_then_the_agreement_stands_as_signed():
    assert load() is Loading.LOADED
    agreement = Agreement.objects.get(slug="wetteraukreis")
    assert (agreement.in_force_on, agreement.rotation_years) == (date(2022, 3, 1), 2)
    version = agreement.versions.get()
    assert (version.meetings_per_year, version.termination_months) == (2, 6)
    assert (version.period.lower, version.period.upper) == (date(2022, 3, 1), None)
    assert agreement.introduced_on == date(2026, 1, 6)
    assert version.legal_basis == [{"law": "HAG/SGB IX", "version_of": "2018-09-13", "section": "§ 5"}]
    assert [
        (each.slug, each.represented_by, each.authority.postal_code, each.authority.kgs)
        for each in agreement.partners.all()
    ] == [
        ("wetteraukreis", "Kreisausschuss", "61169", "06440"),
        ("lwv-hessen", "Verwaltungsausschuss", "34117", ""),
    ]
    assert list(agreement.bodies.values_list("kind", "operator__authority__slug")) == [
        ("CONFERENCE", None),
        ("ADVISORY_BOARD", "wetteraukreis"),
        ("ADVISORY_BOARD", "wetteraukreis"),
    ]
    clauses = list(version.clauses.values_list("number", flat=True))
    assert clauses[0] == "1"
    assert {"8a", "8f", "12"} < set(clauses)
    assert version.obligation_rules.count() == 16
    assert version.obligation_rules.get(code="O-05").responsible_role == "reporter"


def test_given_anlage_1_when_loaded_then_seven_holders_sit_since_the_day_in_force_without_address():
    load()
    held = SeatAssignment.objects.select_related("person", "seat").order_by("seat__position")
    assert [str(assignment.person) for assignment in held] == [
        "Simone Schestakoff",
        "Mark Kannieß",
        "Mark Weber",
        "Sarah-Elisa Krasnov",
        "Benedikt Olt",
        "Stefan Leiter",
        "Claudia Courtin",
    ]
    assert {assignment.period.lower for assignment in held} == {date(2022, 3, 1)}
    assert {assignment.period.upper for assignment in held} == {None}
    assert {person.email for person in Person.objects.all()} == {""}
    leiter = Person.objects.get(family_name="Leiter")
    assert (leiter.given_name, leiter.employer.slug) == ("Stefan", "lwv-hessen")
    assert leiter.assignments.get().seat.function == "Teamleitung"


def test_given_a_loaded_agreement_when_the_same_file_is_loaded_then_nothing_is_written():
    load()
    before = stored()
    assert load() is Loading.UNCHANGED
    assert stored() == before
    assert AuditEvent.objects.filter(object_kind="members.Agreement").count() == 1


def test_given_a_loaded_agreement_when_wording_changes_then_a_new_version_begins_and_seats_stay():
    load()
    Person.objects.filter(family_name="Olt").update(email="olt@example.org")
    file = wetterau()
    changed = replace(
        file,
        version=Version(valid_from=date(2026, 1, 1), reason="Beschluss"),
        agreement=replace(file.agreement, title="Neuer Titel"),
        partners=(replace(file.partners[0], represented_by="Kreistag"), file.partners[1]),
        periods=replace(file.periods, notice_days=21),
    )
    assert load(changed) is Loading.AMENDED
    agreement = Agreement.objects.get()
    before, now = agreement.versions.all()
    assert (before.period.upper, now.period.lower) == (date(2026, 1, 1), date(2026, 1, 1))
    assert (before.title, before.notice_days) == (file.agreement.title, 14)
    assert (now.title, now.notice_days) == ("Neuer Titel", 21)
    county = agreement.partners.first()
    as_of([county], date(2025, 12, 31))
    assert county.represented_by == "Kreisausschuss"
    as_of([county], date(2026, 1, 1))
    assert county.represented_by == "Kreistag"
    assert Seat.objects.count() == 7
    assert Person.objects.get(family_name="Olt").email == "olt@example.org"
    assert [version.obligation_rules.count() for version in (before, now)] == [16, 16]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: replace(f, rotation=replace(f.rotation, years=3)), "rotation.years"),
        (lambda f: replace(f, agreement=replace(f.agreement, in_force_on=date(2022, 4, 1))), "agreement.in_force_on"),
        (lambda f: replace(f, partners=f.partners[::-1]), "partner: Diese Angabe steht fest"),
        (lambda f: replace(f, bodies=f.bodies[:-1]), "annex[2].valid_from: Anlage 2 sagt etwas anderes"),
        (lambda f: replace(f, seats=f.seats[:2]), "annex[1].valid_from: Anlage 1 sagt etwas anderes"),
        (lambda f: replace(f, agreement=replace(f.agreement, region="Anders")), "agreement.region: Diese Angabe"),
        (
            lambda f: replace(f, bodies=(replace(f.bodies[0], number_prefix="ANDERS"), *f.bodies[1:])),
            "Beim Gremium „kok“",
        ),
        (
            lambda f: replace(f, obligations=f.obligations[1:]),
            "version.valid_from: Die Vereinbarung sagt etwas anderes",
        ),
    ],
)
def test_given_a_loaded_agreement_when_a_file_would_rewrite_the_past_then_it_is_refused(change, said):
    load()
    before = stored()
    with pytest.raises(Refused) as refused:
        load(change(wetterau()))
    assert said in refused.value.sentence
    assert "Es wurde nichts geändert." in refused.value.sentence
    assert stored() == before


@pytest.mark.parametrize(
    ("number", "prefix", "said"),
    [("KV-06440", "X", "agreement.number"), ("KV-2", "KoK-06440", "body[1].number_prefix")],
)
def test_given_another_agreement_when_its_numbers_are_used_again_then_it_is_refused(number, prefix, said):
    load()
    file = wetterau()
    other = replace(
        file,
        agreement=replace(file.agreement, slug="anders", number=number),
        bodies=(replace(file.bodies[0], number_prefix=prefix),),
    )
    with pytest.raises(Refused) as refused:
        load(other)
    assert said in refused.value.sentence
    assert Agreement.objects.count() == 1


# An authority that several files name


def elsewhere(partner=None, *, number=2, in_force_on=date(2022, 3, 1)):
    """The agreement of another county with the LWV; `partner` stands in the place of the county."""
    file = wetterau()
    county = partner or replace(
        file.partners[0],
        slug=f"kreis-{number}",
        name=f"Kreis {number}",
        short_name=f"Kreis {number}",
        kgs=f"0650{number}",
    )
    bodies = tuple(
        replace(body, number_prefix=f"{body.number_prefix}-{number}", operator=body.operator and county.slug)
        for body in file.bodies
    )
    return replace(
        file,
        agreement=replace(file.agreement, slug=f"anders-{number}", number=f"KV-{number}", in_force_on=in_force_on),
        rotation=replace(file.rotation, anchor_on=in_force_on),
        partners=(county, file.partners[1]),
        bodies=bodies,
        seats=tuple(
            replace(seat, partner=county.slug if seat.partner == "wetteraukreis" else seat.partner)
            for seat in file.seats
        ),
    )


def test_given_a_second_agreement_with_the_lwv_when_loaded_then_authority_and_people_are_not_doubled():
    load()
    load(elsewhere())
    assert Authority.objects.count() == 3
    lwv = Authority.objects.get(slug="lwv-hessen")
    assert (lwv.kind, lwv.kgs, lwv.partners.count()) == ("LWV", "", 2)
    assert Authority.objects.get(slug="kreis-2").kgs == "06502"
    assert Person.objects.filter(family_name="Courtin").count() == 1
    assert Person.objects.get(family_name="Courtin").assignments.count() == 2


def kassel(kind, kgs="06502", **values):
    return replace(
        wetterau().partners[0], slug="kassel", kind=kind, kgs=kgs, name="Kassel", short_name="Kassel", **values
    )


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (
            kassel(PartnerKind.COUNTY, kgs="06503"),
            ["partner[1].kind", "„COUNTY“", "„CITY“", "partner[1].kgs", "„06503“", "„06502“"],
        ),
        (kassel(PartnerKind.CITY, kgs="06611"), ["partner[1].kgs", "„06611“", "„06502“"]),
        (
            replace(kassel(PartnerKind.CITY), name="Stadt Kassel", short_name="Stadt"),
            ["partner[1].name", "„Stadt Kassel“", "„Kassel“", "partner[1].short_name"],
        ),
        (
            kassel(PartnerKind.CITY, address=Address(street="Ring 1", postal_code="34117", city="Kassel")),
            ["partner[1].address.street", "„Ring 1“", "„Europaplatz“", "partner[1].address.city"],
        ),
    ],
)
def test_given_two_files_that_disagree_about_an_authority_when_loaded_then_both_values_and_the_way_out_are_said(
    second, said
):
    load(elsewhere(kassel(PartnerKind.CITY)))
    before = stored()
    with pytest.raises(Refused) as refused:
        load(elsewhere(second, number=3))
    for words in [*said, "Es wurde nichts geändert.", "anderen Kurznamen (slug)", "auf ihrer Seite", "ab einem Tag"]:
        assert words in refused.value.sentence
    assert stored() == before


def test_given_a_changed_file_when_loaded_by_command_then_it_says_what_changed_and_from_which_day(tmp_path, capsys):
    load()
    text = WETTERAU_FILE.read_text(encoding="utf-8")
    changed = tmp_path / "anders.toml"
    changed.write_text(
        text.replace("\n[version]\n", '\n[version]\nvalid_from = 2026-01-01\nreason = "Probe"\n')
        .replace("minimum_per_year = 2", "minimum_per_year = 3")
        .replace('heading = "Kooperationspartner"', 'heading = "Partner"'),
        encoding="utf-8",
    )
    call_command("load_agreement", changed)
    told = capsys.readouterr().out
    assert "ist angepasst.\nVereinbarung, Fassung 2, gilt ab 01.01.2026. Anlass: Probe\n" in told
    assert "  Punkt 1, Überschrift\n    bisher: Kooperationspartner\n    neu:    Partner\n" in told
    assert "  Sitzungen im Jahr\n    bisher: 2\n    neu:    3\n" in told
    assert "Was vor dem ersten Tag einer neuen Fassung galt, bleibt, wie es war" in told
    line = AuditEvent.objects.get(action="agreement.amended")
    said = "Vereinbarung, Fassung 2 ab 01.01.2026: Punkt 1, Überschrift, Sitzungen im Jahr, Unterzeichnet am"
    assert (line.old, line.new) == ("", said)


def test_given_a_new_authority_with_the_name_of_another_when_loaded_then_both_are_named_and_nothing_is_stored():
    load()
    file = elsewhere()
    county, lwv = file.partners
    twin = replace(file, partners=(replace(county, name="WETTERAUKREIS", short_name="LK Wetterau"), lwv))
    before = stored()
    with pytest.raises(Refused, match="heißt schon die Behörde „wetteraukreis“, die Datei nennt") as refused:
        load(twin)
    assert "braucht sie einen anderen" in str(refused.value)
    assert stored() == before


def test_given_a_new_authority_with_the_key_of_another_when_loaded_then_both_are_named_and_nothing_is_stored():
    load()
    file = elsewhere()
    before = stored()
    with pytest.raises(
        Refused, match=r"partner\[1\]\.kgs: „06440“ ist schon der Schlüssel der Behörde „wetteraukreis“"
    ):
        load(replace(file, partners=(replace(file.partners[0], kgs="06440"), file.partners[1])))
    assert stored() == before


def test_given_words_of_the_agreement_when_they_differ_then_the_files_do_not_disagree():
    load(elsewhere(kassel(PartnerKind.CITY)))
    load(elsewhere(kassel(PartnerKind.CITY, represented_by="Der Magistrat"), number=3))
    assert Authority.objects.get(slug="kassel").partners.count() == 2


def test_given_what_nobody_said_when_a_later_file_says_it_then_the_authority_learns_it():
    load()
    file = elsewhere()
    said = replace(file.partners[1], exists_from=date(1953, 5, 7))
    load(replace(file, partners=(file.partners[0], said)))
    lwv = Authority.objects.get(slug="lwv-hessen")
    assert (lwv.period.lower, lwv.period.upper) == (date(1953, 5, 7), None)


def test_given_a_renamed_authority_when_files_are_loaded_then_each_is_compared_with_the_day_it_came_into_force():
    load()
    agreement = Agreement.objects.get()
    lwv = Authority.objects.get(slug="lwv-hessen")
    by = a_user(role="registrar", partner="lwv-hessen")
    change_authority(
        authority=lwv, values={"name": "LWV neu"}, from_on=date(2024, 1, 1), by=by, agreement=agreement,
        now=datetime(2024, 1, 8, 8, 0, tzinfo=UTC),
    )  # fmt: skip
    assert load(elsewhere(number=2, in_force_on=date(2023, 12, 31))) is Loading.LOADED
    with pytest.raises(Refused, match="In der Datei steht „Landeswohlfahrtsverband Hessen“, gespeichert ist „LWV neu“"):
        load(elsewhere(number=3, in_force_on=date(2024, 1, 1)))
    later = elsewhere(number=3, in_force_on=date(2024, 1, 1))
    assert load(replace(later, partners=(later.partners[0], replace(later.partners[1], name="LWV neu"))))
    changed = replace(
        wetterau(),
        version=Version(valid_from=date(2025, 1, 1), reason="Beschluss"),
        agreement=replace(wetterau().agreement, title="Neuer Titel"),
    )
    assert load(changed) is Loading.AMENDED
    lwv.refresh_from_db()
    assert lwv.name == "LWV neu"


def test_given_an_authority_that_says_otherwise_by_now_when_the_known_file_is_loaded_then_it_is_refused_too():
    load()
    Authority.objects.filter(slug="lwv-hessen").update(name="LWV neu")
    with pytest.raises(Refused, match="In der Datei steht „Landeswohlfahrtsverband Hessen“, gespeichert ist „LWV neu“"):
        load()


def test_given_an_authority_that_does_not_exist_yet_when_a_file_names_it_then_it_is_refused():
    with pytest.raises(Refused, match=r"Die Behörde „kassel“ besteht am 01.03.2022 nicht"):
        load(elsewhere(kassel(PartnerKind.CITY, exists_from=date(2026, 1, 1))))
    assert not Authority.objects.exists()
    load(elsewhere(kassel(PartnerKind.CITY, exists_until=date(2025, 12, 31)), number=2))
    with pytest.raises(Refused, match=r"Die Behörde „kassel“ besteht am 01.01.2026 nicht"):
        load(elsewhere(kassel(PartnerKind.CITY), number=3, in_force_on=date(2026, 1, 1)))


def test_given_the_wording_beside_the_file_when_loaded_then_it_is_kept_byte_by_byte(capsys):
    call_command("load_agreement", str(WETTERAU_FILE))
    call_command("load_agreement", str(WETTERAU_FILE), json=True)
    document = original_of(Agreement.objects.get(), 1)
    assert bytes(Document.objects.get(pk=document.pk).content) == WETTERAU_FILE.with_suffix(".txt").read_bytes()
    said = capsys.readouterr().out
    assert said.startswith("Die Vereinbarung Wetteraukreis ist geladen.\n")
    assert '"result": "unchanged"' in said


def test_given_an_original_that_came_later_when_loaded_again_then_it_is_kept_although_nothing_changed():
    load()
    assert load(original=Original("w.txt", b"Wortlaut")) is Loading.UNCHANGED
    assert original_of(Agreement.objects.get(), 1).filename == "w.txt"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('street = "Europaplatz", ', "", "partner[1].address.street"),
        ('family_name = "Olt"', 'family_nam = "Olt"', "seat[5].holder.family_nam"),
        ("[rotation]", "[rotation", "Zeile"),
        ("years = 2", 'years = "zwei"', "rotation.years"),
    ],
)
def test_given_a_wrong_file_when_loaded_then_the_place_is_named_and_nothing_is_written(
    tmp_path, capsys, old, new, said
):
    text = WETTERAU_FILE.read_text(encoding="utf-8")
    assert old in text
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("load_agreement", str(wrong))
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert said in told.err
    assert told.out == ""
    assert not Agreement.objects.exists()
    assert not Document.objects.exists()


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_given_no_readable_file_when_loaded_then_a_sentence_says_so(tmp_path, capsys, content):
    path = tmp_path / "file.toml"
    if content:
        path.write_bytes(content)
    with pytest.raises(SystemExit):
        call_command("load_agreement", str(path))
    assert "Es wurde nichts geändert." in capsys.readouterr().err
