"""Guessing is slowed down, and nobody who sits elsewhere is locked out by it; nothing of it is kept in plain."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from kok import clock, known_devices, networks, throttle
from kok.database import rights
from kok.models import Attempts, SignInEvent, UsedCode
from kok.models.accounts import MOST_ATTEMPTS
from tests.builders import PASSWORD, a_factor, a_user, an_agreement, app_code
from tests.roles import as_worker

HOME, ELSEWHERE, NEXT_DOOR = "192.0.2.7", "203.0.113.9", "192.0.2.201"
TOO_MANY = "zu viele Versuche"


@pytest.fixture
def person(db):
    return a_user(username="erika")


def client_at(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def try_in(client: Client, name: str = "erika", password: str = PASSWORD) -> bool:
    answer = client.post(reverse("account_login"), {"login": name, "password": password})
    return answer.status_code == 302


def guess(address: str, name: str = "erika", *, times: int = 6) -> Client:
    client = client_at(address)
    for _ in range(times):
        try_in(client, name, "falsch")
    return client


def code() -> str:
    return app_code()


def windows_end(at: datetime) -> None:
    """As time passes; web cannot say so."""
    with as_worker():
        Attempts.objects.update(ends_at=at)


# Passwords


def test_given_a_guesser_elsewhere_when_the_owner_signs_in_then_nothing_stops_him(person):
    guesser = guess(ELSEWHERE, times=20)
    refused = guesser.post(reverse("account_login"), {"login": "erika", "password": PASSWORD})
    assert refused.status_code == 429
    assert TOO_MANY in refused.content.decode()
    assert try_in(client_at(HOME))


def test_given_a_guesser_in_the_same_house_when_others_sign_in_then_only_the_one_name_waits(person):
    a_user(username="otto")
    guess(HOME, times=20)
    assert not try_in(client_at(NEXT_DOOR))
    assert try_in(client_at(NEXT_DOOR), "otto")


def test_given_a_device_that_signed_in_before_when_somebody_beside_it_guesses_then_it_stays_usable(person):
    own = client_at(HOME)
    assert try_in(own)
    own.post(reverse("account_logout"))
    guess(HOME, times=20)
    assert not try_in(client_at(HOME))
    assert try_in(own)


def test_given_a_known_device_when_it_guesses_itself_then_it_waits_too_but_not_the_owner(person):
    stolen = client_at(HOME)
    assert try_in(stolen)
    stolen.post(reverse("account_logout"))
    for _ in range(5):
        assert not try_in(stolen, password="falsch")
    assert not try_in(stolen)
    assert try_in(client_at(HOME))


def test_given_a_network_that_tries_a_hundred_names_when_the_next_one_comes_then_it_waits_and_a_known_device_does_not(
    person,
):
    own = client_at(HOME)
    assert try_in(own)
    own.post(reverse("account_logout"))
    for number in range(100):
        assert throttle.password(f"name-{number}", network="192.0.2.0/24", device="").is_allowed()
    assert not try_in(client_at(HOME))
    assert try_in(own)
    assert try_in(client_at(ELSEWHERE))


def test_given_three_hundred_people_behind_one_address_when_every_fifth_mistypes_once_then_all_get_in(db):
    for number in range(300):
        tries = [throttle.password(f"name-{number}", network="192.0.2.0/24", device="") for _ in range(2)]
        if number % 5 == 0:
            assert tries[0].is_allowed()
        assert tries[1].is_allowed()
        tries[1].succeeded()


def test_given_a_name_that_waits_when_it_is_tried_on_and_on_then_the_rest_of_the_house_is_not_charged_for_it(person):
    guess(HOME, times=120)
    assert Attempts.objects.get(kind="network").number == 5


def test_given_five_wrong_ones_when_the_time_is_over_then_one_may_try_again(person):
    guess(HOME)
    windows_end(clock.machine_now() - timedelta(seconds=1))
    assert try_in(client_at(HOME))


@pytest.mark.parametrize("ends_in", [timedelta(minutes=5), timedelta(days=9000)], ids=["a window", "years"])
def test_given_the_most_that_sql_can_write_into_every_counter_when_an_ordinary_window_is_over_then_all_get_in(
    person, ends_in
):
    guess(HOME, times=1)
    now = clock.machine_now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempts.objects.update(number=MOST_ATTEMPTS + 1)
    Attempts.objects.update(number=MOST_ATTEMPTS)
    windows_end(now + ends_in)
    assert try_in(client_at(HOME)) == (ends_in > timedelta(minutes=5))
    windows_end(now)
    assert try_in(client_at(HOME))


def window_in_the_database(kind):
    with connection.cursor() as cursor:
        cursor.execute("SELECT kok_window(%s)", [kind])
        return cursor.fetchone()[0]


def test_given_every_limit_when_compared_with_the_trigger_then_both_know_the_same_windows_and_what_is_given_back(db):
    limits = [each for each in vars(throttle).values() if isinstance(each, throttle.Limit)]
    for limit in limits:
        assert window_in_the_database(limit.kind) == timedelta(seconds=limit.seconds), limit
        throttle.LimitedAttempt(((limit, "x"),)).is_allowed()
        throttle.LimitedAttempt(((limit, "x"),)).succeeded()
    given_back = set(Attempts.objects.filter(number=0).values_list("kind", flat=True))
    assert given_back == {"password", "code", "password-device", "code-device", "network"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kok_attempts SET number = 0",
        "UPDATE kok_attempts SET number = number - 1",
        "UPDATE kok_attempts SET ends_at = now()",
        "UPDATE kok_attempts SET ends_at = ends_at + interval '1 second', number = 1",
        "UPDATE kok_attempts SET subject = 'x'",
        "UPDATE kok_attempts SET kind = 'x'",
        "DELETE FROM kok_attempts",
        "INSERT INTO kok_attempts (kind, subject, number, ends_at) VALUES ('code', 'x', 1, now() + interval '1 hour')",
    ],
)
def test_given_what_was_counted_when_web_sets_it_back_by_sql_then_the_database_refuses(person, statement):
    if not rights.is_separate():
        pytest.fail(rights.ONE_ROLE)
    for _ in range(3):
        throttle.person(person.pk).is_allowed()
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("is_known", [False, True])
def test_given_somebody_with_the_password_who_counts_down_by_sql_when_he_guesses_codes_then_fifty_an_hour(
    with_app, is_known
):
    if not rights.is_separate():
        pytest.fail(rights.ONE_ROLE)
    device = "x" if is_known else ""
    allowed = 0
    for _ in range(60):
        allowed += throttle.code(with_app.pk, network=ELSEWHERE, device=device).is_allowed()
        with suppress(IntegrityError), transaction.atomic():
            Attempts.objects.filter(kind__in=["code", "network", "code-device"]).update(number=F("number") - 1)
        with suppress(IntegrityError), transaction.atomic():
            Attempts.objects.filter(kind__in=["code-anywhere", "code-device-long"]).update(number=F("number") - 1)
    assert allowed == 50
    windows_end(clock.machine_now())
    assert throttle.code(with_app.pk, network=ELSEWHERE, device=device).is_allowed()


@pytest.mark.parametrize("statement", ["DELETE FROM kok_usedcode", "UPDATE kok_usedcode SET used_at = '2020-01-01'"])
def test_given_a_used_code_when_web_takes_the_note_away_by_sql_then_the_database_refuses(with_app, statement):
    if not rights.is_separate():
        pytest.fail(rights.ONE_ROLE)
    assert throttle.is_first_use(with_app.pk, "123456")
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert not throttle.is_first_use(with_app.pk, "123456")


def test_given_every_limit_when_counted_as_far_as_it_goes_then_the_database_takes_it():
    limits = [each for each in vars(throttle).values() if isinstance(each, throttle.Limit)]
    assert max(limit.number for limit in limits) + 2 == MOST_ATTEMPTS


def test_given_upper_case_and_blanks_when_guessed_then_it_is_one_name(person):
    guess(HOME, "erika", times=3)
    guess(HOME, "  ERIKA ", times=2)
    assert not try_in(client_at(HOME))


def test_given_a_session_when_its_password_is_guessed_in_the_form_for_a_new_one_then_it_is_counted_too(person):
    client = client_at(HOME)
    assert try_in(client)
    new = {"password1": "ein-ganz-anderes-Kennwort", "password2": "ein-ganz-anderes-Kennwort"}
    for _ in range(5):
        client.post(reverse("account_change_password"), {"oldpassword": "falsch", **new})
    page = client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new}).content.decode()
    assert TOO_MANY in page
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_given_twenty_at_once_when_counted_then_five_may_try():
    def one(_: int) -> bool:
        try:
            return throttle.password("erika", network="192.0.2.0/24", device="").is_allowed()
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(one, range(20))) == 5


# Codes


@pytest.fixture
def with_app(person):
    an_agreement()
    a_factor(person)
    return person


def at_the_code(address: str) -> Client:
    client = client_at(address)
    answer = client.post(reverse("account_login"), {"login": "erika", "password": PASSWORD})
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    return client


def send_code(client: Client, typed: str) -> bool:
    return client.post(reverse("mfa_authenticate"), {"code": typed}).status_code == 302


def test_given_a_code_that_was_used_when_it_is_typed_again_in_any_spelling_then_it_is_refused(with_app):
    now = code()
    assert send_code(at_the_code(HOME), now)
    for again in (now, f"{now[:3]} {now[3:]}", f"{now[:3]}-{now[3:]}"):
        assert not send_code(at_the_code(ELSEWHERE), again)
    [used] = UsedCode.objects.all()
    assert now not in f"{used.code_hash}"
    assert re.fullmatch("[0-9a-f]{64}", used.code_hash)


def test_given_a_code_that_was_used_yesterday_when_the_same_digits_come_again_then_they_are_right(with_app):
    assert throttle.is_first_use(with_app.pk, "123456")
    assert not throttle.is_first_use(with_app.pk, "123 456")
    with as_worker():
        UsedCode.objects.update(used_at=clock.machine_now() - timedelta(hours=2))
    assert throttle.is_first_use(with_app.pk, "123456")
    assert not throttle.is_first_use(with_app.pk, "123456")


def test_given_somebody_who_knows_the_password_when_he_guesses_codes_elsewhere_then_the_owner_gets_in(with_app):
    thief = at_the_code(ELSEWHERE)
    for _ in range(5):
        assert not send_code(thief, "000000")
    assert not send_code(thief, code())
    assert send_code(at_the_code(HOME), code())


def test_given_a_thief_in_many_networks_when_he_guesses_codes_then_he_waits_and_the_known_device_does_not(with_app):
    own = at_the_code(HOME)
    assert send_code(own, code())
    with as_worker():
        UsedCode.objects.all().delete()
    own.post(reverse("account_logout"))
    for number in range(49):  # his own right one counts too
        assert throttle.code(with_app.pk, network=f"198.51.{number}.0/24", device="").is_allowed()
    refused = at_the_code(ELSEWHERE).post(reverse("mfa_authenticate"), {"code": code()})
    assert refused.status_code == 429
    assert "warten Sie eine Stunde" in refused.content.decode()
    own.post(reverse("account_login"), {"login": "erika", "password": PASSWORD})
    assert send_code(own, code())


def test_given_spare_codes_when_one_is_used_then_it_works_once(with_app):
    spare = Authenticator(user=with_app, type=Authenticator.Type.RECOVERY_CODES).wrap().activate(with_app)
    typed = spare.get_unused_codes()[0]
    assert send_code(at_the_code(HOME), typed)
    assert not send_code(at_the_code(HOME), typed)


# The cookie of a known device


def test_given_a_sign_in_when_the_device_becomes_known_then_the_cookie_tells_nothing_and_no_script_reads_it(person):
    client = client_at(HOME)
    try_in(client)
    cookie = client.cookies[known_devices.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", known_devices.LASTS)
    assert "erika" not in cookie.value
    assert cookie.value.count(":") == 2  # number, moment, signature


def test_given_the_cookie_of_another_account_or_a_forged_one_when_sent_then_the_device_is_unknown(person, rf):
    other = a_user(username="otto")
    client = client_at(HOME)
    try_in(client)
    mine = client.cookies[known_devices.COOKIE].value
    request = rf.get("/")
    request.COOKIES[known_devices.COOKIE] = mine
    assert known_devices.number_of(request, person.pk)
    assert known_devices.number_of(request, other.pk) == known_devices.number_of(request, None) == ""
    request.COOKIES[known_devices.COOKIE] = f"x{mine}"
    assert known_devices.number_of(request, person.pk) == ""


def test_given_six_people_at_one_machine_when_all_have_signed_in_then_the_last_five_are_known_and_keep_their_number(
    db, rf
):
    people, client = [a_user(username=f"person-{number}") for number in range(6)], client_at(HOME)
    for each in people:
        assert try_in(client, each.username)
        client.post(reverse("account_logout"))
    request = rf.get("/")
    request.COOKIES[known_devices.COOKIE] = client.cookies[known_devices.COOKIE].value
    numbers = [known_devices.number_of(request, each.pk) for each in people]
    assert [bool(number) for number in numbers] == [False, True, True, True, True, True]
    assert try_in(client, "person-3")
    request.COOKIES[known_devices.COOKIE] = client.cookies[known_devices.COOKIE].value
    assert [known_devices.number_of(request, each.pk) for each in people] == numbers


# What is kept


def test_given_attempts_when_the_table_is_read_then_no_name_and_no_address_stands_there(person):
    guess(HOME)
    client_at(HOME).post(reverse("account_reset_password"), {"email": person.email})
    rows = list(Attempts.objects.values_list("kind", "subject"))
    assert {kind for kind, _ in rows} >= {"password", "network"}
    assert all(re.fullmatch("[0-9a-f]{64}", subject) for _, subject in rows)


def test_given_what_happens_when_signing_in_then_it_is_written_down_without_a_name_that_was_typed(person):
    guess(HOME, times=9)
    guess("2001:db8:1:2::3", "niemand", times=1)
    assert try_in(client_at(ELSEWHERE))
    told = list(SignInEvent.objects.order_by("pk").values_list("kind", "user_id", "network"))
    assert told == [
        *[("WRONG_PASSWORD", person.pk, "192.0.2.0/24")] * 5,
        ("TOO_MANY", person.pk, "192.0.2.0/24"),
        ("WRONG_PASSWORD", None, "2001:db8:1::/48"),
        ("SIGNED_IN", person.pk, "203.0.113.0/24"),
    ]


def test_given_a_wrong_and_a_used_code_when_sent_then_both_are_written_down(with_app):
    client, now = at_the_code(HOME), code()
    send_code(client, "000000")
    send_code(client, now)
    send_code(at_the_code(HOME), now)
    kinds = SignInEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["WRONG_FACTOR", "SIGNED_IN", "WRONG_FACTOR"]


def test_given_a_page_that_a_role_does_not_open_when_asked_for_then_it_is_written_down_by_its_name(db):
    an_agreement()
    member = a_user(role="member")
    client = client_at(HOME)
    client.force_login(member)
    assert client.get("/wetteraukreis/sitzungen/neu").status_code == 403
    event = SignInEvent.objects.get()
    assert (event.kind, event.user, event.page) == ("REFUSED", member, "/…/sitzungen/neu")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", ""),
    ],
)
def test_given_an_address_when_shortened_then_the_machine_is_gone(address, network):
    assert networks.shortened(address, v4=24, v6=64) == network
