"""An authority is one row: what changes about it from a day on, for all its agreements, and who may change it."""

from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from kok import jobs, outbox
from kok.access import Permission, authorities_of, can, grants_of, partners_of
from kok.errors import Refused
from kok.models import AuditEvent
from members.actions import change_authority, withdraw_authority_change
from members.actions.authorities import authorities_due
from members.forms import AuthorityForm
from members.models import Authority, AuthorityChange, RoleAssignment
from members.queries import people_with_role
from members.queries.authorities import values_on
from members.rules.authorities import FIELDS
from tests.builders import OTHER_COUNTY, a_second_agreement, a_user, an_agreement, an_authority, give_role, the_partner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY, LATER = date(2026, 9, 1), date(2027, 1, 1)


@pytest.fixture(autouse=True)
def on_1_september(settings):
    settings.KOK_NOW = "2026-09-01T10:00"


@pytest.fixture
def agreement():
    return an_agreement()


@pytest.fixture
def county(agreement):
    return Authority.objects.get(slug="wetteraukreis")


@pytest.fixture
def registrar(agreement):
    return a_user(role="registrar")


def change(authority, by, from_on=TODAY, now=NOW, **values):
    agreement = authority.partners.first().agreement
    change_authority(authority=authority, values=values, from_on=from_on, by=by, agreement=agreement, now=now)
    authority.refresh_from_db()


def test_given_a_change_when_entered_or_withdrawn_then_registrars_and_auditors_of_the_authority_are_told(
    county, registrar
):
    colleague, auditor, stranger = a_user(role="registrar"), a_user(role="auditor"), a_user(role="member")
    neighbour = a_user(role="registrar", partner="lwv-hessen")
    change(county, registrar, from_on=LATER, short_name="Kreis Wetterau")
    planned = county.changes.get()
    withdraw_authority_change(change=planned, by=registrar, agreement=county.partners.get().agreement, now=NOW)
    outbox.deliver(now=NOW)
    for said in ("andere Angaben eingetragen", "zurückgezogen"):
        told = {message.to[0] for message in mail.outbox if said in message.body}
        assert told == {registrar.email, colleague.email, auditor.email}
    assert not any("Kreis Wetterau" in message.body + message.subject for message in mail.outbox)
    assert not {stranger.email, neighbour.email} & {message.to[0] for message in mail.outbox}


@pytest.mark.parametrize("field", ["name", "short_name", "office_name", "street", "city", "office_phone"])
@pytest.mark.parametrize(
    "typed", ["dringend: https://evil.example/kok?", "www.evil", "Wett\u0435rau", "Wet\u202eterau"]
)
def test_given_a_link_or_a_foreign_sign_when_typed_about_an_authority_then_the_form_says_so(county, field, typed):
    values = {name: getattr(county, name) for name in FIELDS}
    form = AuthorityForm(values | {"from_on": "01.09.2026", field: typed}, initial=values)
    assert list(form.errors) == [field]


# From a day on


def test_given_a_change_of_today_when_entered_then_it_counts_at_once_and_yesterday_keeps_the_old_values(
    county, registrar
):
    change(county, registrar, name="Kreis Wetterau", city="Bad Nauheim")
    assert (county.name, county.city) == ("Kreis Wetterau", "Bad Nauheim")
    assert values_on(county, TODAY).name == "Kreis Wetterau"
    assert values_on(county, date(2026, 8, 31)).name == "Wetteraukreis"
    assert values_on(county, date(1990, 1, 1)).city == "Friedberg/Hessen"
    trail = AuditEvent.objects.filter(action__startswith="authority.").order_by("pk")
    values = ("Name: Wetteraukreis; Ort: Friedberg/Hessen", "Name: Kreis Wetterau; Ort: Bad Nauheim")
    assert list(trail.values_list("action", "note", "old", "new")) == [
        ("authority.changed", "Name, Ort ab 01.09.2026", *values),
        ("authority.in-force", "Name, Ort ab 01.09.2026", *values),
    ]
    assert set(trail.values_list("actor_id", "agreement")) == {(registrar.pk, "wetteraukreis")}


def test_given_a_change_of_a_coming_day_when_the_sweep_runs_that_day_then_it_counts_once_and_in_every_agreement(
    settings, county, registrar
):
    change(county, registrar, LATER, office_name="Stabsstelle Teilhabe")
    assert county.office_name == ""
    assert values_on(county, LATER).office_name == "Stabsstelle Teilhabe"
    assert authorities_due() == []
    settings.KOK_NOW = "2027-01-01T00:01"
    assert authorities_due() == [str(county.pk)]
    for _ in range(2):
        jobs.run("kok.put_in_force", str(county.pk), now=datetime(2026, 12, 31, 23, 1, tzinfo=UTC))
    assert the_partner().authority.office_name == "Stabsstelle Teilhabe"
    assert AuditEvent.objects.filter(action="authority.in-force").count() == 1
    assert authorities_due() == []


def test_given_a_due_change_that_no_worker_saw_when_another_is_entered_then_the_due_one_comes_first(county, registrar):
    change(county, registrar, LATER, city="Bad Nauheim")
    on_new_year = datetime(2027, 1, 1, 8, 0, tzinfo=UTC)
    change(county, registrar, LATER, now=on_new_year, city="Butzbach")
    assert county.city == "Butzbach"
    assert values_on(county, date(2026, 12, 31)).city == "Friedberg/Hessen"
    assert [row.replaced["city"] for row in county.changes.all()] == ["Friedberg/Hessen", "Bad Nauheim"]


def test_given_a_planned_change_when_withdrawn_then_it_never_counts_and_one_in_force_stays(county, registrar):
    change(county, registrar, LATER, city="Bad Nauheim")
    planned = county.changes.get()
    common = {"by": registrar, "agreement": the_partner().agreement}
    withdraw_authority_change(change=planned, now=NOW, **common)
    assert values_on(county, LATER).city == "Friedberg/Hessen"
    line = AuditEvent.objects.get(action="authority.withdrawn")
    assert (line.note, line.old, line.new) == ("Ort ab 01.01.2027", "Ort: Friedberg/Hessen", "Ort: Bad Nauheim")
    change(county, registrar, city="Butzbach")
    for row in (planned, county.changes.get()):
        with pytest.raises(Refused, match="gilt inzwischen oder wurde schon zurückgezogen"):
            withdraw_authority_change(change=row, now=NOW, **common)
    assert county.changes.count() == 1


def test_given_rows_that_contradict_themselves_when_written_then_the_database_refuses_them(county):
    planned = {"authority": county, "from_on": LATER, "values": {"city": "X"}}
    AuthorityChange.objects.create(**planned)
    for wrong in (planned, planned | {"done_at": NOW}, planned | {"replaced": {"city": "Y"}}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuthorityChange.objects.create(**wrong)
    for values in ({"slug": "wetteraukreis"}, {"slug": "neu", "kgs": "6440"}, {"slug": "neu", "kgs": "06440"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            an_authority(**values)


# What was signed, and what was wrong


@pytest.mark.parametrize(
    ("from_on", "said"),
    [
        (date(2020, 1, 1), "Am 01.03.2022 ist eine Vereinbarung der Behörde in Kraft getreten"),
        (date(2022, 3, 1), "Am 01.03.2022 ist eine Vereinbarung der Behörde in Kraft getreten"),
        (date(2022, 3, 2), "Eine Änderung liegt höchstens ein Jahr zurück"),
    ],
)
def test_given_a_day_that_was_signed_or_long_ago_when_a_change_is_entered_then_it_is_refused(
    county, registrar, from_on, said
):
    with pytest.raises(Refused, match=said):
        change(county, registrar, from_on, city="Butzbach")
    assert not county.changes.exists()
    change(county, registrar, date(2025, 9, 1), city="Butzbach")
    assert county.city == "Butzbach"


def test_given_an_agreement_of_later_when_a_change_before_it_is_entered_then_it_is_refused(county, registrar):
    agreement = a_second_agreement()
    lwv, whole = (
        Authority.objects.get(slug="lwv-hessen"),
        a_user(role="registrar", partner="lwv-hessen", everywhere=True),
    )
    type(agreement).objects.filter(pk=agreement.pk).update(
        in_force_on=date(2026, 8, 1), rotation_anchor_on=date(2026, 8, 1)
    )
    with pytest.raises(Refused, match=r"Am 01\.08\.2026 ist eine Vereinbarung"):
        change(lwv, whole, date(2026, 8, 1), city="Darmstadt")
    change(lwv, whole, date(2026, 8, 2), city="Darmstadt")
    change(county, registrar, date(2026, 7, 1), city="Butzbach")


@pytest.mark.parametrize("values", [{"name": "landeswohlfahrtsverband  Hessen"}, {"short_name": "LWV Hessen"}])
def test_given_the_name_of_another_authority_when_entered_then_it_is_refused(county, registrar, values):
    with pytest.raises(Refused, match="heißt schon eine andere Behörde"):
        change(county, registrar, **values)
    assert not county.changes.exists()


def test_given_a_wrong_entry_with_later_ones_when_entered_again_from_its_day_then_the_right_one_counts_and_both_stay(
    county, registrar
):
    change(county, registrar, date(2026, 3, 1), name="Kreis Weterau", street="Ring 1")
    change(county, registrar, date(2026, 6, 1), city="Butzbach", street="Ring 2")
    change(county, registrar, date(2026, 3, 1), name="Kreis Wetterau", street="Ring 11")
    assert (county.name, county.street, county.city) == ("Kreis Wetterau", "Ring 2", "Butzbach")
    in_april, in_february = values_on(county, date(2026, 4, 1)), values_on(county, date(2026, 2, 1))
    assert (in_april.name, in_april.street, in_april.city) == ("Kreis Wetterau", "Ring 11", "Friedberg/Hessen")
    assert (in_february.name, in_february.street) == ("Wetteraukreis", "Europaplatz")
    assert county.changes.count() == 3
    line = AuditEvent.objects.filter(action="authority.in-force").latest("pk")
    assert line.old == "Name: Kreis Weterau; Straße: Ring 1"
    assert line.new == "Name: Kreis Wetterau; Straße: Ring 11"


# Who may


def test_given_an_authority_in_two_agreements_when_a_registrar_of_one_changes_it_then_it_is_refused(agreement):
    other = a_second_agreement()
    lwv = Authority.objects.get(slug="lwv-hessen")
    here = a_user(role="registrar", partner="lwv-hessen", agreement=agreement)
    with pytest.raises(Refused, match="in allen ihren Vereinbarungen"):
        change(lwv, here, city="Darmstadt")
    assert lwv.city == "Kassel"
    give_role(here, role="registrar", partner="lwv-hessen", agreement=other)
    change(lwv, _afresh(here), city="Darmstadt")
    whole = a_user(role="registrar", partner="lwv-hessen", everywhere=True)
    change(lwv, whole, city="Kassel")
    assert {partner.authority.city for partner in lwv.partners.all()} == {"Kassel"}


def _afresh(user):
    """As in the next request: what an account may is read once in each."""
    return type(user).objects.get(pk=user.pk)


# Roles for an authority


def test_given_a_role_for_an_authority_when_asked_then_it_counts_in_all_its_agreements_and_tomorrows(agreement):
    user = a_user(role="reporter", partner="lwv-hessen", everywhere=True)
    other = a_second_agreement()
    for place in (agreement, other):
        assert partners_of(user, Permission.FIGURES_DELIVER, place) == {the_partner("lwv-hessen", place).pk}
        assert [each.user_id for each in people_with_role("reporter", the_partner("lwv-hessen", place), TODAY)] == [
            user.pk
        ]
    lwv = {Authority.objects.get(slug="lwv-hessen").pk}
    assert authorities_of(user, Permission.FIGURES_DELIVER) == lwv
    assert authorities_of(user, Permission.FIGURES_DELIVER, spanning=True) == lwv
    assert not can(user, Permission.FIGURES_DELIVER)


def test_given_a_role_for_a_partner_when_asked_elsewhere_then_it_opens_nothing(agreement):
    other = a_second_agreement()
    user = a_user(role="reporter", partner="lwv-hessen", agreement=other)
    assert not can(user, Permission.AGREEMENT_READ, agreement)
    assert can(user, Permission.AGREEMENT_READ, other)
    assert authorities_of(user, Permission.AGREEMENT_READ) == {Authority.objects.get(slug="lwv-hessen").pk}
    assert authorities_of(user, Permission.AGREEMENT_READ, spanning=True) == frozenset()


def test_given_grants_when_read_then_one_query_tells_them_with_their_agreements(agreement, django_assert_num_queries):
    a_second_agreement()
    user = a_user(role="admin")
    give_role(user, role="member", agreement=agreement)
    give_role(user, role="auditor", partner="lwv-hessen", everywhere=True)
    with django_assert_num_queries(1):
        held = {(grant.role, grant.agreement and grant.agreement.slug) for grant in grants_of(user)}
    assert held == {
        ("admin", None), ("auditor", "wetteraukreis"), ("auditor", OTHER_COUNTY), ("member", "wetteraukreis"),
    }  # fmt: skip


@pytest.mark.parametrize("wrong", ["nobody", "both", "admin-of-a-partner", "partner-without-agreement"])
def test_given_a_role_that_is_for_nobody_or_for_two_when_written_then_the_database_refuses_it(agreement, wrong):
    user, partner = a_user(), the_partner()
    whole = {"role": "member", "agreement": agreement, "partner": partner}
    values = {
        "nobody": {"role": "member"},
        "both": whole | {"authority": partner.authority},
        "admin-of-a-partner": whole | {"role": "admin"},
        "partner-without-agreement": whole | {"agreement": None},
    }[wrong]
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=user, period=(TODAY, None), **values)
