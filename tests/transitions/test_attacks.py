"""Somebody attacks the sealed list on purpose: what he sends, forges and replays leads nowhere and leaves no name."""

import logging
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from kok import clock, sheets
from kok.errors import Refused
from members.models import RoleAssignment
from tests.builders import OTHER_COUNTY, a_second_agreement, a_user, an_agreement, give_role
from tests.roles import as_worker
from tests.test_sealed_names import dump
from tests.transitions import world
from tests.transitions.inside import enter, proven
from tests.worlds import built_once
from transitions.actions import entries, importing, lists, releasing
from transitions.documents import list_print
from transitions.models import (
    AccessLogEntry,
    Acknowledgement,
    CaseEntry,
    DataSubjectRequest,
    PendingImport,
    TransitionCase,
    TransitionListVersion,
    TransmissionReceipt,
)
from transitions.queries.disclosure import people_of
from transitions.rules.codes import CaseState, EndReason
from transitions.rules.columns import HEADINGS

pytestmark = pytest.mark.django_db
NAME = "Zirbelnuss"
TYPED = {
    "family_name": "Neuling", "given_name": "Malwine", "date_of_birth": "14.03.2010", "salutation": "",
    "ga_municipality": "06440008", "facility_name": "Internat Haus Lindenhöhe", "facility_place": "Bad Nauheim",
    "facility_basis": "P134", "education_kind": "SCHOOL", "expected_end_on": "7.2028", "certainty": "LIKELY",
    "lwv_responsibility": "LIKELY", "contact_unit": "Fachdienst Soziale Hilfen", "contact_phone": "06031 83-0",
    "legal_representative_kind": "PARENTS", "informed_on": "20.01.2027", "ba_procedure_started": "",
    "lwv_involved": "",
}  # fmt: skip


@built_once(autouse=True, KOK_NOW="2027-03-10T12:00")
def home():
    return an_agreement()


@built_once
def author(home):
    return world.an_access(agreement=home)


@built_once
def officer(author):
    return enter(author.user)


@built_once
def receiver(home):
    return enter(a_user(role="case-receiver", partner="lwv-hessen", agreement=home))


@built_once
def foreign():
    """The list of another county with the same LWV, released."""
    there = a_second_agreement()
    draft = world.a_draft(by=world.an_access(agreement=there))
    return world.released(draft).version


def url(name, thing=None, slug="wetteraukreis"):
    return reverse(f"transitions:{name}", args=[slug, *([getattr(thing, "pk", thing)] if thing else [])])


def stored():
    """Everything of the lists, in the order of its keys."""
    models = (
        TransitionListVersion, TransitionCase, CaseEntry, PendingImport, TransmissionReceipt, Acknowledgement,
        DataSubjectRequest,
    )  # fmt: skip
    return [list(model.objects.order_by("pk").values()) for model in models]


# Keys of others


def test_given_the_lwv_of_one_region_when_it_uses_keys_of_another_then_nothing_exists_and_nothing_changes(
    foreign, receiver
):
    entry, before = foreign.entries.get(), stored()
    offered = {"passphrase": "abcd-efgh-kmnp-qrst-uvwx-yz23"}
    posts = [
        (url("acknowledge", foreign), {}), (url("outcome", entry.case), {"outcome": "TAKEN_OVER_BY_LWV"}),
        (url("outcome-revoke", entry.case), {}), (url("export", foreign), offered),
        (url("case-export", entry.case), offered),
    ]  # fmt: skip
    for address, form in posts:
        assert receiver.post(address, form).status_code == 404
        assert receiver.post(address.replace("wetteraukreis", OTHER_COUNTY), form).status_code == 404
    for name, key in [("version", foreign), ("receipt", foreign), ("print", foreign), ("case", entry.case)]:
        assert receiver.get(url(name, key)).status_code == 404
    assert stored() == before


def test_given_a_county_when_it_sends_keys_of_another_county_then_nothing_exists_and_nothing_changes(
    foreign, officer, author
):
    draft, entry = world.a_draft(by=author), foreign.entries.get()
    beside = world.a_draft([], by=world.an_access(agreement=foreign.transition_list.agreement), year=2028)
    before = stored()
    for name in ("entry", "entry-remove", "entry-end", "entry-keep"):
        form = TYPED | {"seen": entry.changed_at.isoformat(), "version": str(draft.pk), "ending": "DECEASED"}
        assert officer.post(url(name, entry), form).status_code == 404
    for name in ("entry-new", "submit", "discard", "import-take-over", "import-discard", "take-back", "proposals"):
        form = TYPED | {"revision": beside.revision, "version": str(draft.pk)}
        assert officer.post(url(name, beside), form).status_code == 404
    assert officer.post(url("confirm", entry.case)).status_code == 404
    assert stored() == before


@pytest.mark.parametrize("answer", ["take", "decline"])
def test_given_a_case_that_is_no_proposal_when_it_is_sent_as_one_then_nothing_changes(foreign, officer, author, answer):
    own = world.released(world.a_draft(by=author)).version.entries.get().case
    draft = world.a_draft([], by=author, year=2028)
    before = stored()
    for case in (own.pk, foreign.entries.get().case.pk, uuid4(), "unfug", ""):
        officer.post(url("proposals", draft), {"case": case, "answer": answer})
    assert stored() == before


def test_given_the_request_of_the_other_partner_when_changed_or_made_then_it_does_not_exist(
    officer, receiver, author, home
):
    version = world.released(world.a_draft(by=author)).version
    form = {"kind": "ACCESS", "received_on": "09.03.2027", "case_ref": version.entries.get().case.case_ref}
    lwv = home.partners.get(authority__slug="lwv-hessen")
    officer.post(url("request-new"), form | {"partner": lwv.pk})
    assert not DataSubjectRequest.objects.exists()
    receiver.post(url("request-new"), form | {"partner": lwv.pk})
    theirs, before = DataSubjectRequest.objects.get(), stored()
    for name in ("request-complete", "request-answer"):
        typed = {"case_ref": "", "answer": "REFUSED", "answered_on": "10.03.2027"}
        assert officer.post(url(name, theirs), typed).status_code == 404
    assert officer.get(url("request", theirs)).status_code == 404
    assert stored() == before


# Forms


@pytest.mark.parametrize(
    "forged",
    [
        {"facility_basis": "WOHNHEIM"}, {"education_kind": "school"}, {"certainty": "SICHER"},
        {"lwv_responsibility": "0"}, {"legal_representative_kind": "Erna Muster"}, {"salutation": "Dr."},
        {"ba_procedure_started": "true"}, {"expected_end_on": "7.99999"}, {"expected_end_on": "7.2031"},
        {"date_of_birth": "01.01.0001"}, {"date_of_birth": "30.02.2010"}, {"family_name": "Zir\u202ebel"},
        {"given_name": "Mal\u200bwine"}, {"facility_name": "Haus\u2066Tal"}, {"family_name": "=cmd|'x'!A0"},
        {"family_name": "a\0b"}, {"family_name": "x" * 101}, {"contact_phone": "javascript:alert(1)"},
        {"ga_municipality": "\u0660\u0666\u0664\u0664\u0660\u0660\u0660\u0668"}, {"informed_on": "01.01.2999"},
    ],
    ids=str,
)  # fmt: skip
def test_given_a_forged_value_when_sent_then_nothing_is_stored(officer, author, forged):
    draft = world.a_draft([], by=author)
    assert officer.post(url("entry-new", draft), TYPED | forged).status_code == 200
    assert not CaseEntry.objects.exists()


def test_given_fields_of_the_table_when_sent_along_then_none_of_them_is_taken(officer, author):
    draft = world.a_draft([], by=author)
    extra = {
        "case": str(uuid4()), "case_ref": "UE-2027-XXXX", "named_at": "2020-01-01", "state": "WITHDRAWN",
        "version": str(uuid4()), "content": "gAAAAA", "changed_by": "1", "ending": "DECEASED", "id": str(uuid4()),
        "outcome": "x", "authors": "", "revision": "99", "diagnosis": "geheim", "is_changed": "", "year": "2031",
    }  # fmt: skip
    officer.post(url("entry-new", draft), TYPED | extra)
    entry, now = CaseEntry.objects.select_related("case").get(), world.fresh(draft)
    assert (entry.version_id, entry.changed_by, entry.ending, entry.is_changed) == (draft.pk, author.user, "", True)
    assert (entry.case.named_at, entry.case.state, entry.case.outcome) == (None, CaseState.NAMED, "")
    assert entry.case.case_ref != "UE-2027-XXXX"
    assert (now.authors, now.revision) == ([author.user.pk], draft.revision + 1)
    assert "geheim" not in str(entry.opened)


@pytest.mark.parametrize("seen", ["2020-01-01T00:00:00+00:00", "2027-03-10", "0", "9999-12-31T23:59:59+14:00"])
def test_given_a_forged_state_when_saving_over_somebody_then_nothing_is_overwritten(officer, author, seen):
    entry = world.a_draft(by=author).entries.get()
    answer = officer.post(url("entry", entry), TYPED | {"seen": seen})
    assert answer.status_code == 200
    assert CaseEntry.objects.get().data.family_name == NAME


@pytest.mark.parametrize("revision", ["-1", "999", "", "1e1", "9" * 40])
def test_given_a_forged_revision_when_releasing_then_nothing_goes_out(author, revision):
    draft = world.submitted(world.a_draft(by=author), by=author)
    releaser = enter(a_user(role="case-releaser"))
    assert (
        releaser.post(url("release", draft), {"revision": revision, "is_read": "on", **world.shown(draft)}).status_code
        == 200
    )
    assert not TransmissionReceipt.objects.exists()


# Four eyes and replays


def test_given_both_roles_when_one_wrote_and_another_submitted_then_neither_of_them_releases(author):
    submitter = world.an_access(user=a_user(role="case-officer"))
    draft = world.submitted(world.a_draft(by=author), by=submitter)
    for somebody in (submitter, author):
        give_role(somebody.user, role="case-releaser")
        with pytest.raises(Refused):
            releasing.release(version=draft, revision=draft.revision, by=somebody, now=clock.now())


def test_given_acts_when_replayed_then_the_second_changes_nothing(officer, receiver, author):
    draft = world.a_draft(by=author)
    importing.hold_rows(
        version=draft, rows=[(world.case_data(given_name="Ida"), False)], by=author, now=clock.now()
    )  # fmt: skip
    seen = world.seen(draft)
    for _ in range(2):
        officer.post(url("import-take-over", draft), seen)
    assert draft.entries.count() == 2
    version = world.released(draft).version
    receiver.post(url("acknowledge", version))
    case, before = version.entries.first().case, stored()
    receiver.post(url("acknowledge", version))
    officer.post(url("submit", version), {"revision": world.fresh(version).revision})
    enter(a_user(role="case-releaser")).post(
        url("release", version), {"revision": "2", "is_read": "on", **world.shown(draft)}
    )
    assert stored() == before
    receiver.post(url("outcome", case), {"outcome": "NO_LWV_BENEFIT", "is_meant": "on"})
    after = stored()
    receiver.post(url("outcome", case), {"outcome": "OTHER_CARRIER", "is_meant": "on"})
    assert stored() == after


# The door


def test_given_an_open_area_when_the_role_ends_today_or_the_account_is_closed_then_the_door_is_shut(author):
    draft = world.a_draft(by=author)
    other = a_user(role="case-officer")
    client, closed = enter(author.user), enter(other)
    RoleAssignment.objects.filter(user=author.user).update(period=(date(2022, 3, 1), clock.today()))
    assert client.get(url("version", draft)).status_code == 404
    assert closed.get(url("version", draft)).status_code == 200
    other.is_active = False
    other.save()
    answer = closed.get(url("version", draft))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_given_every_address_that_changes_something_when_the_token_is_missing_then_it_is_refused(author):
    version = world.released(world.a_draft(by=author)).version
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=author, now=clock.now())
    entry, before = draft.entries.get(), stored()
    user = a_user(role="case-officer")
    for role, partner in (("case-releaser", "wetteraukreis"), ("case-receiver", "lwv-hessen")):
        give_role(user, role=role, partner=partner)
    inside = enter(user)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = inside.cookies
    sent = [("leave", None), ("acknowledge", version), ("export", version)]
    sent += [
        (name, draft) for name in ("submit", "discard", "release", "take-back", "proposals", "entry-new", "import")
    ]
    sent += [(name, entry) for name in ("entry", "entry-remove", "entry-end", "entry-keep")]
    sent += [(name, entry.case) for name in ("confirm", "outcome", "case-export")]
    for name, thing in sent:
        assert strict.post(url(name, thing), TYPED).status_code == 403, name
        assert strict.put(url(name, thing)).status_code == 403, name
    assert stored() == before


def test_given_unusual_methods_and_headers_when_a_page_of_names_is_asked_for_then_none_is_told_or_kept(officer, author):
    draft = world.a_draft(by=author)
    for name in ("version", "print", "import"):
        for method in ("options", "put", "delete", "patch", "trace"):
            answer = getattr(officer, method)(url(name, draft))
            assert (answer.status_code, answer.content) == (405, b"")
    tricks = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "https://example.org/", "HTTP_X_HTTP_METHOD": "PUT"}
    before = AccessLogEntry.objects.count()
    answer = officer.get(url("version", draft), HTTP_ORIGIN="https://example.org", **tricks)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert not [each for each in answer.headers if each.startswith(("Access-Control", "HX-"))]
    assert officer.head(url("version", draft)).content == b""
    assert AccessLogEntry.objects.count() == before + 2, "who asks by HEAD looks too"


@pytest.mark.parametrize(
    "wanted",
    [
        "//example.org/wetteraukreis/uebergaenge/listen/", "/\\example.org", "https:///example.org",
        "javascript:alert(1)",
        "/wetteraukreis/uebergaenge/listen/?\r\nSet-Cookie: a=b", "/wetteraukreis/uebergaenge/listen/%0d%0aX: y",
        f"/{OTHER_COUNTY}/uebergaenge/listen/", "/konto/logout/", "\t//example.org",
    ],
)  # fmt: skip
def test_given_a_forged_way_back_when_entering_then_it_stays_in_this_agreement_and_in_one_line(author, wanted):
    client = proven(Client(), author.user)
    address = reverse("transitions:enter", args=["wetteraukreis"], query={"next": wanted})
    answer = client.post(address, {"eintritt-reason": "PREPARE"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/wetteraukreis/uebergaenge/listen/")
    assert not {"\r", "\n"} & set(answer["Location"])


@pytest.mark.parametrize("changed", [{"PRODUCTION": True}, {"KOK_MAIL_IN_FILES": False}])
def test_given_production_or_a_real_mail_server_when_codes_of_the_demo_are_asked_for_then_the_page_is_not_there(
    settings, changed
):
    for name, value in changed.items():
        setattr(settings, name, value)
    assert Client().get(reverse("kok:demo-code"), secure=True).status_code == 404


# What is stored


def test_given_the_seal_of_another_case_when_it_is_put_into_a_row_then_neither_is_opened(officer, author, caplog):
    caplog.set_level(logging.CRITICAL)
    draft = world.a_draft(world.people(2), by=author)
    one, other = draft.entries.all()
    CaseEntry.objects.filter(pk=one.pk).update(content=other.content)
    answer = officer.get(url("entry", one))
    assert answer.status_code == 503
    importing.hold_rows(version=draft, rows=[(world.case_data(), False)], by=author, now=clock.now())
    PendingImport.objects.update(content=other.content)
    answer = officer.get(url("import", draft))
    assert answer.status_code == 503


def test_given_hostile_files_when_read_in_then_they_are_refused_and_no_name_of_a_file_is_kept(
    officer, author, tmp_path, settings
):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    draft, bomb, parts = world.a_draft([], by=author), BytesIO(), BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/_rels/workbook.xml.rels", "<a/>")
        packed.writestr("xl/workbook.xml", b"<a>" + b" " * 100_000_000)
    with ZipFile(parts, "w") as packed:
        for number in range(20_000):
            packed.writestr(f"{number}", "")
    row = ["=HYPERLINK(1)", *["x"] * (len(HEADINGS) - 1)]
    files = [
        bomb.getvalue(), parts.getvalue(), b";".join([b"x"] * 500_000), b"Familienname;Vorname\n" + b"a;b\n" * 50_000,
        b'"' + b"a" * 4_000_000, b"x" * 5_000_001, b"%PDF-1.7", sheets.write_csv(HEADINGS, [row]), b"\xff\xfe\x00",
    ]  # fmt: skip
    for content in files:
        file = SimpleUploadedFile(f"{NAME} Malwine.csv", content, content_type=f"text/{NAME}")
        answer = officer.post(url("import", draft), {"file": file})
        assert answer.status_code == 200
        assert NAME not in answer.content.decode()
    assert not PendingImport.objects.exists()
    assert not list(tmp_path.iterdir())
    assert [table for table, text in dump() if NAME in text] == []


def test_given_markup_in_every_text_when_pages_and_paper_are_made_then_it_is_text(officer, author, monkeypatch):
    monkeypatch.setattr("transitions.rules.people.check_data", lambda *_: ())  # as if it had come past the letters
    evil = "<script src=//x></script><img src=http://localhost/x><a href=file:///etc/passwd>"
    draft = world.a_draft([], by=author)
    data = world.case_data(family_name=evil, facility_name=evil, facility_place=evil, contact_unit=evil)
    entry = entries.add_entry(version=draft, data=data, is_late=False, by=author, now=clock.now())
    pages = [url("entry", entry), url("entry-new", draft), url("version", draft), url("print", draft)]
    pages += [url("submit", draft), url("entry-remove", entry)]
    bodies = [officer.get(page).content.decode() for page in pages]
    version = world.released(draft).version
    bodies += [officer.get(url("case", entry.case)).content.decode()]
    bodies += [list_print.html(version, people_of(author, version), now=clock.now())]
    for body in bodies:
        assert "<script src=//x" not in body
        assert "<img src=http:" not in body
        assert "<a href=file:" not in body


def test_given_the_whole_way_of_a_case_when_the_database_is_dumped_then_sessions_and_proofs_name_nobody(
    officer, receiver, author, caplog
):
    caplog.set_level(logging.DEBUG)
    draft = world.a_draft([], by=author)
    officer.post(url("entry-new", draft), TYPED | {"family_name": NAME, "facility_name": "Haus Quittenhof"})
    officer.post(url("entry-new", draft), TYPED | {"family_name": NAME, "expected_end_on": "13.2028"})
    version = world.released(draft).version
    receiver.post(url("acknowledge", version), follow=True)
    case = version.entries.get().case
    receiver.post(url("outcome", case), {"outcome": "NO_LWV_BENEFIT", "is_meant": "on"}, follow=True)
    words = (NAME, "Quittenhof")
    assert [table for table, text in dump() if any(word in text for word in words)] == []
    for client in (officer, receiver):
        assert not any(word in f"{client.cookies} {dict(client.session)}" for word in words)
    assert not any(word in record.getMessage() for record in caplog.records for word in words)


def test_given_a_released_list_when_the_worker_changes_it_then_only_the_seal_may_change(author):
    entry = world.released(world.a_draft(by=author)).version.entries.get()
    for change in ({"ending": "WITHDRAWN", "ending_reason": "ERROR"}, {"content": "x"}, {"case_id": uuid4()}):
        with as_worker(), pytest.raises(DatabaseError), transaction.atomic():
            CaseEntry.objects.filter(pk=entry.pk).update(**change)


def test_given_a_person_who_asked_to_be_forgotten_when_the_version_goes_out_then_no_seal_of_hers_is_left(author):
    version = world.released(world.a_draft(by=author)).version
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=author, now=clock.now())
    entries.end_case(
        entry=draft.entries.get(), ending=CaseState.WITHDRAWN, reason=EndReason.SUBJECT_REQUEST, postponed_to=None,
        by=author, now=clock.now(),
    )  # fmt: skip
    world.released(world.fresh(draft), now=clock.now() + timedelta(minutes=1))
    assert not CaseEntry.objects.exclude(content="").exists()
