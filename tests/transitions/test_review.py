"""Reading sixty cases through before they go out: index, filter, marks, and two people who look like one."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kok.errors import Refused
from tests.builders import a_second_agreement, a_user, an_agreement
from tests.transitions import world
from tests.transitions.inside import enter
from tests.worlds import built_once
from transitions.actions import doubles, entries, lists
from transitions.models import AccessLogEntry, TransitionCase, TwoPeople
from transitions.pages.review import review_of
from transitions.pages.review_index import Only, ReviewFilter, kinds_of, review_page
from transitions.queries.known import KnownPeople
from transitions.queries.version import rows_of
from transitions.rules.codes import FacilityBasis, LogAction
from transitions.rules.free_texts import ILL, NAMED

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 10)
TWIN = {"family_name": "Zirbelnus", "given_name": "Malwina"}


@built_once(autouse=True, KOK_NOW="2027-03-10T12:00")
def _spring() -> None:
    an_agreement()


def url(name: str, thing: Any) -> str:
    return reverse(f"transitions:{name}", args=["wetteraukreis", thing.pk])


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))


def sixty() -> list[Any]:
    """Different people of three municipalities, one of which nobody knows."""
    towns = ("06440008", "06440016", "06999999")
    return [
        world.case_data(family_name=f"{first}{second}heim", ga_municipality=towns[place % 3])
        for place, (first, second) in enumerate((a, b) for a in "ABDEFGHKLMNPRSTUVWZÄ" for b in ("al", "irb", "osk"))
    ]


def named_in(page: str) -> list[str]:
    return re.findall(r'<h3 id="fall-[^"]+" tabindex="-1">([^<]+)</h3>', page)


def submitted_at_once(people: list[Any], *, by: Any, year: int = 2027) -> Any:
    """A draft into which all came together, as by a file, laid before a second person."""
    draft = world.a_draft([], by=by, year=year)
    entries.add_entries(version=draft, rows=[(data, False) for data in people], by=by, now=world.NOW)
    return world.submitted(draft, by=by)


@built_once
def releaser() -> Any:
    return enter(a_user(role="case-releaser"))


@built_once
def officer() -> Any:
    return world.an_access()


@built_once
def whole(officer: Any) -> Any:
    """A submitted draft with sixty people."""
    return submitted_at_once(sixty(), by=officer)


@built_once
def twins() -> Any:
    """A draft with two people who look like one, and a third."""
    return world.submitted(world.a_draft([world.case_data(), world.case_data(**TWIN), world.people(2)[1]]))


def two(draft: Any) -> list[TransitionCase]:
    """The cases of the two, as an action takes them."""
    found = TransitionCase.objects.filter(entries__version=draft).select_related("transition_list")
    return [case for case in found if case.entries.last().data.family_name.startswith("Zirbelnus")]


# Index and filter


def test_given_sixty_cases_when_the_second_person_reads_them_then_an_index_by_letter_leads_to_each(releaser, whole):
    page = releaser.get(url("release", whole)).content.decode()
    index = page.split('id="verzeichnis"')[1].split("</nav>")[0]
    letters = re.findall(r"<h3>(\w)</h3>", index)
    assert letters == sorted(letters)
    assert len(letters) == 19  # Ä stands with A
    links = re.findall(r'href="#(fall-[^"]+)"', index)
    assert len(links) == 60
    assert all(f'id="{link}"' in page for link in links)
    assert len(named_in(page)) == 60


def test_given_sixty_cases_when_ordered_by_municipality_then_each_stands_below_its_name_and_key(releaser, whole):
    page = releaser.get(f"{url('release', whole)}?nach=gemeinde").content.decode()
    index = page.split('id="verzeichnis"')[1].split("</nav>")[0]
    assert re.findall(r"<h3>([^<]+)</h3>", index) == ["06999999", "Friedberg (Hessen) (06440008)", "Nidda (06440016)"]


def test_given_a_filter_in_the_address_when_the_page_is_opened_again_then_it_shows_the_same_and_what_it_leaves_out(
    releaser: Any, whole: Any
) -> None:
    address = f"{url('release', whole)}?zeigen=gemeinde&gemeinde=06999999"
    for _ in range(2):
        page = releaser.get(address)
        assert len(named_in(page.content.decode())) == 20
        assert "Sie sehen 20 von 60 Fällen. Freigegeben wird die ganze Liste." in text(page)
        assert "60 Fälle freigeben" in text(page)
    refused = releaser.post(address, {"revision": whole.revision})
    assert len(named_in(refused.content.decode())) == 20
    assert "Bestätigen Sie, dass Sie die Liste geprüft haben." in text(refused)


@pytest.mark.parametrize("query", ["zeigen=erfunden", "gemeinde=1&nach=alter", "zeigen=nachmeldung"])
def test_given_an_address_that_means_nothing_here_when_opened_then_all_cases_stand_there(releaser, query):
    draft = world.submitted(world.a_draft(world.people(3)))
    page = releaser.get(f"{url('release', draft)}?{query}")
    assert len(named_in(page.content.decode())) == 3
    assert "Wählen Sie eine der angebotenen Möglichkeiten." not in text(page)


def test_given_a_filter_that_nothing_fits_when_opened_then_it_is_said_and_one_link_shows_all(releaser):
    draft = world.submitted(world.a_draft([world.case_data(), world.case_data(**TWIN, ga_municipality="06440016")]))
    page = text(releaser.get(f"{url('release', draft)}?zeigen=doppelt&gemeinde=06440016"))
    assert "Sie sehen 1 von 2 Fällen" in page
    lists.take_back(version=draft, by=(officer := world.an_access()), now=world.NOW)
    unknown = world.a_draft([world.case_data(ga_municipality="06999999"), world.people(2)[1]], by=officer)
    review = review_of(unknown, TODAY)
    towns = unknown.transition_list.agreement.municipality_names
    nothing = review_page(review, ReviewFilter(Only.UNKNOWN, "06440008"), towns)
    assert (nothing.shown, nothing.groups) == (0, ())


def test_given_what_is_particular_when_counted_then_each_kind_offers_itself_with_its_number(twins):
    officer = world.an_access()
    late = world.case_data(family_name="Spätling", expected_end_on=date(2027, 7, 1), ga_municipality="06999999")
    lists.take_back(version=twins, by=officer, now=world.NOW)
    entries.add_entry(version=twins, data=late, is_late=True, by=officer, now=world.NOW)
    review = review_of(world.fresh(twins), TODAY)
    assert dict(kinds_of(review)) == {Only.NEW: 4, Only.LATE: 1, Only.DOUBLE: 2, Only.UNKNOWN: 1}
    page = review_page(review, ReviewFilter(Only.LATE), {})
    assert [case.name for group in page.groups for case in group.cases] == ["Spätling, Malwine"]


def test_given_late_ones_and_doubles_when_read_then_they_are_marked_in_the_index_and_at_the_case(releaser, twins):
    officer = world.an_access()
    late = world.case_data(family_name="Spätling", expected_end_on=date(2027, 7, 1), ga_municipality="06999999")
    lists.take_back(version=twins, by=officer, now=world.NOW)
    entries.add_entry(version=twins, data=late, is_late=True, by=officer, now=world.NOW)
    page = releaser.get(url("release", twins)).content.decode()
    assert page.count(">Nachmeldung<") + page.count("</span>Nachmeldung<") >= 2
    told = text(releaser.get(url("release", twins)))
    assert told.count("vielleicht doppelt ") == 4  # twice in the index, twice at a case
    assert told.count("Gemeinde prüfen") == 2
    assert told.count("Dieser Gemeindeschlüssel gehört zu keiner Gemeinde der Vereinbarung.") == 1


def test_given_sixty_or_three_cases_when_read_then_the_queries_are_as_many(releaser, officer, whole):
    def queries(draft: Any) -> int:
        with CaptureQueriesContext(connection) as found:
            releaser.get(url("release", draft))
        return len(found)

    three = [replace(each, expected_end_on=date(2029, 7, 1)) for each in world.people(3)]
    assert queries(submitted_at_once(three, by=officer, year=2028)) == queries(whole)


# Two people


def test_given_two_who_look_alike_when_the_second_person_says_they_are_two_then_nobody_asks_again_in_any_version(
    releaser, twins
):
    one, other = two(twins)
    sent = {"one": one.pk, "other": other.pk, "page": "release", "query": "zeigen=doppelt&name=Zirbelnuss&gemeinde="}
    answer = releaser.post(url("two-people", twins), sent)
    assert answer["Location"] == f"{url('release', twins)}?zeigen=doppelt#faelle"
    page = text(releaser.get(answer["Location"]))
    assert "sind als zwei Personen vermerkt" in page
    assert "vielleicht doppelt" not in page
    assert page.count("Als andere Person vermerkt als") == 2
    assert world.fresh(twins).submitted_at  # the draft is what it was
    assert world.fresh(twins).revision == twins.revision
    officer = world.an_access()
    released = world.released(twins, by=world.an_access("case-releaser")).version
    second = world.a_draft([], by=officer)
    assert second.number == released.number + 1
    assert all(not row.duplicates for row in rows_of(second))
    known = KnownPeople(second, officer)
    assert all(not known.alike(entry.data, entry.case) for entry in second.entries.all())


def test_given_two_who_look_alike_when_read_then_each_links_to_the_other_by_name_also_where_it_is_filtered_out(
    releaser: Any,
) -> None:
    born = {"date_of_birth": date(2010, 3, 15), "ga_municipality": "06440016"}
    draft = world.submitted(world.a_draft([world.case_data(), world.case_data(**TWIN, **born)]))
    one, other = two(draft)
    asked = "Ist das dieselbe Person wie Zirbelnus, Malwina"
    assert asked in text(releaser.get(url("release", draft)))
    assert "gleichen sich, das Geburtsdatum weicht um einen Tag ab." in text(releaser.get(url("release", draft)))
    only_one = releaser.get(f"{url('release', draft)}?gemeinde=06440008").content.decode()
    assert "Sie sehen 1 von 2 Fällen" in only_one
    missing = next(case for case in (one, other) if f'id="fall-{case.case_ref}"' not in only_one)
    assert f'href="{url("release", draft)}#fall-{missing.case_ref}"' in only_one
    world.lists.take_back(version=draft, by=world.an_access(), now=world.NOW)
    page = text(enter(a_user(role="case-officer")).get(url("version", draft)))
    assert "gleichen sich, das Geburtsdatum weicht um einen Tag ab." in page
    assert f"Zirbelnus, Malwina (Fall {missing.case_ref})" in page


def test_given_the_whole_list_when_two_are_said_to_be_two_then_the_page_goes_on_at_the_case(releaser, twins):
    one, other = two(twins)
    sent = {"one": one.pk, "other": other.pk, "page": "release", "query": "nach=gemeinden"}
    answer = releaser.post(url("two-people", twins), sent)
    assert answer["Location"] == f"{url('release', twins)}?nach=gemeinden#fall-{one.case_ref}"
    page = releaser.get(answer["Location"]).content.decode()
    assert f'id="fall-{one.case_ref}" tabindex="-1"' in page
    assert 'id="faelle" tabindex="-1"' in page


def test_given_what_was_said_when_it_is_taken_back_then_the_two_are_marked_again_and_the_log_knows_both(
    releaser, twins
):
    one, other = two(twins)
    sent = {"one": other.pk, "other": one.pk, "page": "version"}
    releaser.post(url("two-people", twins), sent)
    releaser.post(url("two-people", twins), sent)
    assert TwoPeople.objects.count() == 1
    answer = releaser.post(url("two-people", twins), {**sent, "again": "ja"})
    assert answer["Location"] == f"{url('version', twins)}#faelle"
    assert not TwoPeople.objects.exists()
    assert sum(bool(row.duplicates) for row in rows_of(twins)) == 2
    lines = AccessLogEntry.objects.filter(action=LogAction.COMPARED).values_list("case_ref", flat=True)
    assert sorted(lines) == sorted([one.case_ref, other.case_ref] * 3)


def test_given_the_page_of_the_draft_when_two_look_alike_then_the_officer_can_say_it_there(twins):
    author = world.an_access()
    client = enter(author.user)
    client.post(url("take-back", twins))
    page = client.get(url("version", twins)).content.decode()
    assert "Das ist eine andere Person" in page
    one, other = two(twins)
    told = text(
        client.post(url("two-people", twins), {"one": one.pk, "other": other.pk, "page": "version"}, follow=True)
    )
    assert "Vielleicht doppelt" not in told


def test_given_cases_of_others_when_they_are_to_be_told_apart_then_refused_and_nothing_is_noted(releaser, twins):
    one, other = two(twins)
    receiver = enter(a_user(role="case-receiver", partner="lwv-hessen"))
    lwv, second = world.an_access("case-receiver"), world.an_access("case-releaser")
    elsewhere = world.a_draft(by=world.an_access(agreement=a_second_agreement()))
    theirs = TransitionCase.objects.get(entries__version=elsewhere)
    good = {"one": one.pk, "other": other.pk, "page": "version"}
    assert receiver.post(url("two-people", twins), good).status_code == 404
    assert releaser.post(url("two-people", elsewhere), good).status_code == 404
    for sent in ({**good, "other": theirs.pk}, {**good, "other": one.pk}):
        assert "Ob zwei Fälle eine Person sind" in text(releaser.post(url("two-people", twins), sent, follow=True))
    for sent in ({**good, "one": "x"}, {**good, "page": "//example.org"}, {}):
        assert releaser.post(url("two-people", twins), sent).status_code == 404
    with pytest.raises(Refused, match="benennende Träger"):
        doubles.say_two_people(cases=[one, other], by=lwv, now=world.NOW)
    assert not TwoPeople.objects.exists()
    released = world.released(twins, by=second).version
    assert releaser.post(url("two-people", released), good).status_code == 302  # who was quicker


def test_given_the_table_when_a_pair_is_written_twice_or_the_other_way_round_then_the_database_refuses(twins):
    first, second = sorted(two(twins), key=lambda case: case.pk)
    by = world.an_access().user
    for pair in ((second, first), (first, first)):
        with pytest.raises(IntegrityError), transaction.atomic():
            TwoPeople.objects.create(one=pair[0], other=pair[1], said_at=world.NOW, said_by=by)


# Entering in later versions


def test_given_a_later_version_when_one_more_person_is_entered_then_home_and_contact_are_as_in_the_last_own_entry():
    officer, colleague = world.an_access(), world.an_access()
    draft = world.a_draft([], by=officer)
    homes = ("Haus am See", "Haus im Wald")
    for place, home in enumerate(homes):
        moment = world.NOW + timedelta(minutes=place)
        data = world.case_data(facility_name=home, given_name=home[-3:], date_of_birth=date(2010, 1, place + 1))
        entries.add_entry(version=draft, data=data, is_late=False, by=officer, now=moment)
    entries.add_entry(
        version=draft, data=world.case_data(facility_name="Anderes"), is_late=False, by=colleague, now=world.NOW
    )
    world.released(draft)
    later = world.a_draft([], by=officer)
    page = enter(officer.user).get(url("entry-new", later))
    assert page.context["form"]["facility_name"].value() == "Haus im Wald"
    assert page.context["form"]["contact_phone"].value() == "06031 83-0"
    assert enter(colleague.user).get(url("entry-new", later)).context["form"]["facility_name"].value() == "Anderes"


def test_given_free_texts_that_say_too_much_when_the_second_person_reads_then_they_are_marked_and_can_be_picked_out(
    releaser: Any,
) -> None:
    first, second = world.people(2)
    telling = replace(
        first, contact_unit=f"bei {second.given_name} {second.family_name}", facility_name="Haus 2, GdB 80"
    )
    draft = world.submitted(world.a_draft([telling, second], by=world.an_access()))
    page = text(releaser.get(url("release", draft)))
    assert f"Ansprechstelle: {NAMED}" in page
    assert f"Einrichtung: {ILL}" in page
    assert page.count("Text prüfen") == 2  # in the index and at the case
    review = review_of(draft, TODAY)
    assert [bool(each.doubts) for each in review.cases] == [False, True]  # by name
    assert [each.data for each in review_page(review, ReviewFilter(Only.TELLING), {}).groups[0].cases] == [telling]


# What changed since it was read


LATER = world.NOW + timedelta(days=1)


def taken_back_and_changed(draft: Any, by: Any, name: str, **changes: Any) -> None:
    """By the officer, while the second person has the page open."""
    lists.take_back(version=world.fresh(draft), by=by, now=LATER)
    entry = next(each for each in draft.entries.select_related("case") if each.data.family_name == name)
    data = replace(entry.data, **changes)
    entries.change_entry(entry=entry, data=data, is_late=False, seen=entry.changed_at, by=by, now=LATER)
    world.submitted(world.fresh(draft), by=by, now=LATER)


def carried(page: Any) -> dict[str, str]:
    """What the form of the release carries of what the page shows."""
    fields = dict(re.findall(r'name="(revision|read_at|shown)" value="([^"]*)"', page.content.decode()))
    return {**fields, "is_read": "on"}


def test_given_sixty_cases_of_which_one_changed_since_they_were_read_when_released_then_that_one_is_named(
    releaser, officer, whole
):
    shown = releaser.get(url("release", whole))
    assert "seitdem" not in text(shown)
    taken_back_and_changed(whole, officer, "Zoskheim", facility_place="Butzbach")
    for _ in range(2):
        refused = releaser.post(url("release", whole), carried(shown) | {"revision": "1"})
        assert "Das wurde nicht ausgeführt Der Entwurf hat sich geändert" in text(refused)
        assert "Bitte prüfen Sie Ihre Angaben" not in text(refused)
        assert "Seitdem ist ein Fall neu oder geändert. Alles andere steht da wie vorher." in text(refused)
        assert "(geändert)" in text(refused)
        assert "(neu)" not in text(refused)
    only = re.search(r'href="([^"]+\?zeigen=seitdem[^"#]+)#', refused.content.decode())
    assert only
    page = releaser.get(unescape(only[1]))
    [name] = named_in(page.content.decode())
    assert name.startswith("Zoskheim, ")
    assert "Sie sehen 1 von 60 Fällen." in text(page)
    done = releaser.post(unescape(only[1]), carried(page), follow=True)
    assert "Die Liste ist freigegeben und übermittelt." in text(done)


def test_given_somebody_removed_since_a_draft_was_read_when_released_then_the_fallzeichen_is_told(releaser):
    officer = world.an_access()
    draft = world.submitted(world.a_draft(world.people(3), by=officer), by=officer)
    shown = releaser.get(url("release", draft))
    lists.take_back(version=world.fresh(draft), by=officer, now=LATER)
    gone = draft.entries.select_related("case").first()
    entries.remove_entry(entry=gone, seen=gone.changed_at, by=officer, now=LATER)
    world.submitted(world.fresh(draft), by=officer, now=LATER)
    refused = text(releaser.post(url("release", draft), carried(shown)))
    assert "Seitdem wurde ein Fall entfernt." in refused
    assert f"Entfernt: {gone.case.case_ref} ." in refused


def test_given_a_draft_given_back_and_submitted_anew_when_read_again_then_only_what_changed_is_marked(releaser):
    officer = world.an_access()
    draft = world.submitted(world.a_draft(world.people(3), by=officer), by=officer)
    back = {"reason": "SPOKEN", **carried(releaser.get(url("give-back", draft)))}
    releaser.post(url("give-back", draft), back)
    entry = draft.entries.select_related("case").first()
    later = AccessLogEntry.objects.get(action=LogAction.GIVEN_BACK).at + timedelta(minutes=1)
    data = replace(entry.data, facility_place="Butzbach")
    entries.change_entry(entry=entry, data=data, is_late=False, seen=entry.changed_at, by=officer, now=later)
    world.submitted(world.fresh(draft), by=officer, now=later)
    page = releaser.get(url("release", draft))
    assert "zurückgegeben. Seitdem ist ein Fall neu oder geändert." in text(page)
    assert page.content.decode().count("seitdem geändert</span>") == 2  # in the index and at the case


def test_given_ages_that_do_not_fit_when_the_list_is_read_then_they_can_be_picked_out_and_are_told_before_submission(
    releaser: Any,
) -> None:
    young = world.case_data(family_name="Junker", date_of_birth=date(2012, 1, 1), facility_basis=FacilityBasis.P134_4)
    draft = world.a_draft([*world.people(2), young])
    told = text(enter(a_user(role="case-officer")).get(url("submit", draft)))
    assert "um eine Prüfung gebeten: mit fraglichem Alter (1). Sie können" in told
    page = releaser.get(f"{url('release', world.submitted(draft))}?zeigen=alter")
    assert [name.partition(",")[0] for name in named_in(page.content.decode())] == ["Junker"]
    assert "mit fraglichem Alter (1)" in text(page)
