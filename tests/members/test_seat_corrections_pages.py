"""The pages on which wrong entries of a seat are made good: shown before, confirmed, readable afterwards."""

from datetime import date

import pytest

from members import actions
from members.models import Seat
from tests.builders import a_person, a_user, an_agreement
from tests.members.test_seat_corrections import NOW
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
BASE = "/wetteraukreis/mitglieder"
PROMISE = "Das wird geschehen"


@built_once(KOK_NOW="2026-09-01T09:00")
def seat():
    an_agreement()
    return Seat.objects.get(position=1)


@pytest.fixture
def registrar(seat, client):
    client.force_login(a_user(role="registrar", username="pflegerin"))
    return client


@pytest.fixture
def planned(seat):
    nora = a_person("Neu", "Nora")
    return actions.assign_seat(seat=seat, person=nora, capacity="HOLDER", from_on=date(2026, 10, 1), by=None, now=NOW)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def confirmed(client, url, typed):
    """Types, looks at what will happen, confirms what the page carries; what the page said."""
    page = text_of(client.post(url, typed))
    assert PROMISE in page
    seen = {"seen": page.split('name="seen" value="')[1].split('"')[0]} if 'name="seen"' in page else {}
    response = client.post(url, {**typed, **seen, "confirmed": "1"})
    assert response.status_code == 302, text_of(response)
    return page


def test_given_a_future_entry_when_withdrawn_by_its_page_then_every_reader_of_the_seat_sees_what_it_was(
    registrar, client, seat, planned
):
    here = f"{BASE}/sitze/{seat.pk}/"
    assert "Zurücknehmen: Nora Neu" in text_of(registrar.get(here))
    url = f"{BASE}/besetzungen/{planned.pk}/streichen/"
    assert "Antonia Abel bleibt an dieser Stelle eingetragen." in text_of(registrar.get(url))
    page = confirmed(registrar, url, {"goes_on": "on"})
    assert "entfällt, bevor sie beginnt" in page
    assert "Antonia Abel bleibt eingetragen, ohne Ende." in page
    client.force_login(a_user(role="member", username="leserin"))
    page = text_of(client.get(here))
    assert "Berichtigungen" in page
    assert "Nora Neu, Mitglied, ab 01.10.2026" in page
    assert "Antonia Abel, Mitglied, 01.03.2022 bis 30.09.2026" in page
    assert "pflegerin" in page
    assert "streichen/" not in page
    page = text_of(client.get(f"{BASE}/?am=01.10.2026"))
    assert "Am 01.10.2026 sind alle 7 Sitze besetzt." in page
    assert "Antonia Abel" in page
    assert "Nora Neu" not in page


def test_given_a_wrong_last_day_when_corrected_by_its_page_then_the_lists_tell_what_is_so(registrar, seat):
    row = seat.assignments.get()
    actions.end_assignment(assignment=row, last_on=date(2026, 8, 31), by=None, now=NOW)
    assert "ist einer von 7 Sitzen nicht besetzt" in text_of(registrar.get(f"{BASE}/"))
    url = f"{BASE}/besetzungen/{row.pk}/berichtigen/"
    typed = {"person": row.person_id, "from_on": "01.03.2022", "last_on": "", "reason": ""}
    page = text_of(registrar.post(url, typed))
    assert PROMISE not in page
    assert 'id="id_reason_error"' in page
    page = confirmed(registrar, url, {**typed, "reason": "Das war der falsche Sitz."})
    assert "Bisher steht da: Antonia Abel, Mitglied, 01.03.2022 bis 31.08.2026." in page
    assert "Danach steht da: Antonia Abel, Mitglied, ab 01.03.2022." in page
    page = text_of(registrar.get(f"{BASE}/sitze/{seat.pk}/"))
    assert "Das war der falsche Sitz." in page
    assert "Antonia Abel hat diesen Sitz seit dem 01.03.2022." in page
    assert "sind alle 7 Sitze besetzt" in text_of(registrar.get(f"{BASE}/"))


def test_given_somebody_forgotten_when_filled_in_by_the_page_then_the_day_shows_him(registrar, seat):
    row, vera = seat.assignments.get(), a_person("Vogt", "Vera")
    url, typed = f"{BASE}/sitze/{seat.pk}/nachtragen/", {"person": vera.pk, "capacity": "HOLDER"}
    typed |= {"from_on": "01.03.2022", "last_on": "31.12.2022", "reason": "Wurde 2022 vergessen."}
    page = text_of(registrar.post(url, typed))
    assert "In dieser Zeit ist Antonia Abel eingetragen (ab 01.03.2022)." in page
    assert PROMISE not in page
    assert 'value="31.12.2022"' in page
    assert "Wurde 2022 vergessen." in page
    later = {"person": row.person_id, "from_on": "01.01.2023", "last_on": "", "reason": "Begann erst 2023."}
    confirmed(registrar, f"{BASE}/besetzungen/{row.pk}/berichtigen/", later)
    confirmed(registrar, url, typed)
    assert "Vera Vogt" in text_of(registrar.get(f"{BASE}/?am=01.06.2022"))
    assert "Wurde 2022 vergessen." in text_of(registrar.get(f"{BASE}/sitze/{seat.pk}/"))


def test_given_an_entry_changed_meanwhile_when_an_old_page_is_confirmed_then_nothing_happens(registrar, seat, planned):
    url = f"{BASE}/besetzungen/{planned.pk}/streichen/"
    page = text_of(registrar.post(url, {"goes_on": ""}))
    seen = page.split('name="seen" value="')[1].split('"')[0]
    actions.end_assignment(assignment=planned, last_on=date(2027, 3, 31), by=None, now=NOW)
    page = text_of(registrar.post(url, {"seen": seen, "confirmed": "1"}))
    assert "Jemand anderes hat diese Eintragung inzwischen geändert. Es wurde nichts geändert." in page
    assert seat.assignments.count() == 2
