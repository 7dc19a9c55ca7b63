"""Names of young people are written in the letters of everybody else: typed, read from a file, looked for."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.builders import a_user, an_agreement
from tests.transitions import world
from tests.transitions.import_files import a_csv, a_sheet, saved
from tests.transitions.inside import enter
from tests.transitions.test_county_pages import TYPED
from tests.transitions.test_person_search import SUBJECT, a_request
from tests.transitions.world import seen
from tests.worlds import built_once
from transitions.actions.importing import take_over
from transitions.models import AccessLogEntry, CaseEntry, PendingImport
from transitions.rules.codes import LogAction
from transitions.rules.people import check_data

pytestmark = pytest.mark.django_db
HEADINGS = {"family_name": "Familienname", "given_name": "Vorname"}
BORNE = {
    "Şahin": "Şahin",
    "Đorđević": "Đorđević",
    "Nguyễn": "Nguyễn",
    "Nguye\u0302\u0303n": "Nguyễn",  # the same in three signs for one letter
    "O'Brien": "O'Brien",
    "D’Arcy": "D’Arcy",
    "von der Heide-Müller": "von der Heide-Müller",
    "  von\u00a0der  Heide ": "von der Heide",
    "Weiß": "Weiß",
    "Çağlayan Øster": "Çağlayan Øster",
    "Szczęśniak": "Szczęśniak",
    "Əliyeva": "Əliyeva",
}
REFUSED = {
    "Zirbelnu\u0455s": "An der 9. Stelle steht „\u0455“ (U+0455, kyrillisch).",
    "Иван": "An der 1. Stelle steht „И“ (U+0418, kyrillisch).",
    "\u0391nna": "An der 1. Stelle steht „\u0391“ (U+0391, griechisch).",
    "Mal\u200bwine": "An der 4. Stelle steht ein Zeichen, das man nicht sieht oder das andere verändert (U+200B).",
    "Mal\u200dwine": "An der 4. Stelle steht ein Zeichen, das man nicht sieht oder das andere verändert (U+200D).",
    "Mal\u00adwine": "An der 4. Stelle steht ein Zeichen, das man nicht sieht oder das andere verändert (U+00AD).",
    "Malwine\u202e": "An der 8. Stelle steht ein Zeichen, das man nicht sieht oder das andere verändert (U+202E).",
    "\uff2dalwine": "An der 1. Stelle steht „\uff2d“ (U+FF2D, in voller Breite).",
    "M\u0251lwine": "An der 2. Stelle steht „\u0251“ (U+0251).",
    "www.zirbelnuss": "Hier steht keine Adresse aus dem Internet",
    "Malwine 2": "In einem Namen stehen keine Ziffern.",
}


@built_once(autouse=True, KOK_NOW="2027-03-11T12:00")
def _spring() -> None:
    an_agreement()


@built_once
def author() -> Any:
    return world.an_access()


@built_once
def draft(author: Any) -> Any:
    return world.a_draft([], by=author)


@built_once
def officer(author: Any) -> Any:
    return enter(author.user)


def url(name: str, thing: Any) -> str:
    return reverse(f"transitions:{name}", args=["wetteraukreis", thing.pk])


@pytest.mark.parametrize(("typed", "kept"), BORNE.items())
def test_given_a_name_that_people_bear_when_typed_then_it_is_kept_with_one_sign_for_each_letter(
    officer, draft, typed, kept
):
    officer.post(url("entry-new", draft), TYPED | dict.fromkeys(HEADINGS, typed))
    data = CaseEntry.objects.get().data
    assert {field: getattr(data, field) for field in HEADINGS} == dict.fromkeys(HEADINGS, kept)


@pytest.mark.parametrize("field", HEADINGS)
def test_given_names_that_people_bear_when_read_from_a_file_then_they_are_kept_as_if_typed(
    officer, author, draft, field
):
    content = a_csv(*({HEADINGS[field]: typed} for typed in dict.fromkeys(BORNE) if typed != "Nguyễn"))
    answer = officer.post(url("import", draft), {"file": SimpleUploadedFile("Liste.csv", content)})
    assert answer.status_code == 302, answer.context["problems"]
    take_over(version=draft, **seen(draft), by=author, now=world.NOW)
    assert {getattr(entry.data, field) for entry in CaseEntry.objects.all()} == set(BORNE.values())


@pytest.mark.parametrize(("typed", "said"), REFUSED.items())
def test_given_a_name_that_looks_like_another_when_typed_then_the_field_names_the_sign_and_nothing_is_stored(
    officer, draft, typed, said
):
    answer = officer.post(url("entry-new", draft), TYPED | dict.fromkeys(HEADINGS, typed))
    form = answer.context["form"]
    assert list(form.errors) == list(HEADINGS)
    for field in HEADINGS:
        assert re.sub(", nach „[^“]*“,", "", form.errors[field][0]).startswith(said), field
    assert not CaseEntry.objects.exists()


@pytest.mark.parametrize("field", HEADINGS)
def test_given_one_name_that_looks_like_another_when_typed_then_the_error_stands_at_this_field_only(
    officer, draft, field
):
    form = officer.post(url("entry-new", draft), TYPED | {field: "Иван"}).context["form"]
    assert list(form.errors) == [field]
    assert re.sub(", nach „[^“]*“,", "", form.errors[field][0]).startswith(REFUSED["Иван"])
    assert not CaseEntry.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("field", HEADINGS)
def test_given_names_that_look_like_others_when_read_from_a_file_then_each_cell_is_named_and_nothing_is_stored(
    officer, draft, field, kind
):
    rows = [{HEADINGS[field]: typed} for typed in REFUSED]
    content = a_csv(*rows) if kind == "csv" else saved(a_sheet(*rows))
    answer = officer.post(url("import", draft), {"file": SimpleUploadedFile(f"Liste.{kind}", content)})
    found = answer.context["problems"]
    assert [(each.row, each.heading) for each in found] == [(row, HEADINGS[field]) for row in range(2, len(rows) + 2)]
    for problem, said in zip(found, REFUSED.values(), strict=True):
        assert problem.sentence.startswith(said)
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize("field", ["facility_name", "facility_place", "contact_unit"])
def test_given_a_house_or_an_office_when_it_holds_letters_of_another_script_then_it_is_refused_as_elsewhere(field):
    told = check_data(world.case_data(**{field: "Haus Lind\u0435nhöhe 2"}), world.NOW.date())
    assert [name for name, _ in told] == [field]
    assert "(U+0435, kyrillisch)" in told[0][1]


@pytest.mark.parametrize("field", HEADINGS)
def test_given_a_request_when_a_name_is_looked_for_in_other_letters_then_that_is_said_and_not_that_nobody_is_there(
    field,
):
    request = a_request()
    client = enter(a_user(role="case-officer"), SUBJECT)
    typed = {"family_name": "Zirbelnuss", "given_name": "Malwine", "date_of_birth": "14.03.2010"}
    answer = client.post(url("request-search", request), typed | {field: "M\u0430lwine"})
    assert "(U+0430, kyrillisch)" in answer.context["form"].errors[field][0]
    assert answer.context["found"] is None
    assert not AccessLogEntry.objects.filter(action=LogAction.SEARCH).exists()
