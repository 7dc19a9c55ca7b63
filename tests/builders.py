"""What tests need to begin: an agreement, accounts, people, bodies, meetings. Plain functions, all data invented.

Only the agreement is the real one, loaded from the shipped file; its seats pass to invented holders.
"""

import re
from base64 import b32encode
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from kok import allauth_adapter, clock, outbox, statutory
from kok.access import ROLES
from kok.models import OutboxMessage, User
from meetings.models import AgendaItem, Meeting
from members.actions import load_agreement
from members.models import Agreement, AnnexBody, Authority, Body, Partner, Person, RoleAssignment, Seat, SeatAssignment
from members.rules import agreement as wanted
from members.rules.agreement import Version
from members.rules.agreement_file import AgreementFile, parse
from members.rules.codes import BodyKind, PartnerKind
from tests.remembered import remembered

WETTERAU_FILE = Path(__file__).parent.parent / "agreements" / "wetterau-2022.toml"
INTRODUCED_AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
MUSTERKREIS_FILE = Path(__file__).parent / "agreements" / "musterkreis-2023.toml"
OTHER_COUNTY = "nachbarkreis"
FACTOR_SECRET = b32encode(b"zwanzig Byte im Test").decode()
PASSWORD = "ein-langes-Testkennwort"
HOLDERS = [
    ("Antonia", "Abel"), ("Bernd", "Busch"), ("Clara", "Curtius"), ("David", "Dorn"),
    ("Emma", "Ehlers"), ("Farid", "Fuchs"), ("Greta", "Gerlach"),
]  # fmt: skip
_number = count(1)


@cache
def wetterau() -> AgreementFile:
    """What the shipped file says."""
    return parse(WETTERAU_FILE.read_text(encoding="utf-8"))


def publish_pages(*, by: User) -> None:
    """A version of every page that the operator owes, so that nothing is missing."""
    for page in statutory.unpublished():
        statutory.publish(page=page, text="[Video](https://example.org/)", base=0, by=by, now=INTRODUCED_AT)


def an_outbox_row(*, next_try_at: datetime, **fields: Any) -> OutboxMessage:
    """A row of the outbox as the application writes it."""
    row = OutboxMessage(**{"kind": "x", "key": "x", "created_at": next_try_at} | fields, next_try_at=next_try_at)
    row.put_mark()
    row.save()
    return row


def an_agreement(*, with_addresses: bool = True) -> Agreement:
    """The Wetterau agreement: partners wetteraukreis and lwv-hessen, KoK and two Beiräte, seven seats since 2022.

    The holders are HOLDERS in order, with addresses such as abel@example.org; no deputies, no accounts.
    """
    name = "wetterau" if with_addresses else "wetterau without addresses"
    remembered(name, lambda: _load_wetterau(with_addresses=with_addresses), empty=Authority)
    return Agreement.objects.get(slug="wetteraukreis")


def _load_wetterau(*, with_addresses: bool) -> None:
    load_agreement(file=wetterau(), by=None, now=INTRODUCED_AT)
    assignments = SeatAssignment.objects.filter(seat__body__agreement__slug="wetteraukreis").order_by("seat__position")
    for assignment, (given_name, family_name) in zip(assignments.select_related("person"), HOLDERS, strict=True):
        person = assignment.person
        person.given_name, person.family_name = given_name, family_name
        person.email = f"{family_name.lower()}@example.org" if with_addresses else ""
        person.save()


def another_agreement() -> Agreement:
    """One with nothing as in the Wetterau: three partners (LWV first), 15.05., three meetings, 21 and 28 days.

    Its bodies are konferenz and teilhabebeirat, its holders Licht, Kern and Stern at example.org.
    """
    load_agreement(file=parse(MUSTERKREIS_FILE.read_text(encoding="utf-8")), by=None, now=INTRODUCED_AT)
    agreement = Agreement.objects.get(slug="musterkreis")
    for assignment in SeatAssignment.objects.filter(seat__body__agreement=agreement).select_related("person"):
        person = assignment.person
        person.email = f"{person.family_name.lower()}@example.org"
        person.save()
    return agreement


def amended(*, on: date, annex: str = "", reason: str = "Beschluss", **parts: Any) -> AgreementFile:
    """The shipped file with other parts from a day on, as a version of the agreement or of an Anlage."""
    file = wetterau()
    if not annex:
        return replace(file, version=Version(valid_from=on, reason=reason), **parts)
    annexes = tuple(
        replace(each, valid_from=on, reason=reason) if each.number == annex else each for each in file.annexes
    )
    return replace(file, annexes=annexes, **parts)


def renamed(slug: str = "psychosozialer-beirat", *, name: str, short_name: str) -> tuple[wanted.BodyData, ...]:
    """The bodies of the shipped file, one of them with another name."""
    bodies = wetterau().bodies
    return tuple(replace(body, name=name, short_name=short_name) if body.slug == slug else body for body in bodies)


def a_second_agreement(*, lists_due: tuple[int, int] = (4, 30)) -> Agreement:
    """Another county with the same LWV; its bodies have the same short names. `lists_due`: month and day of 8b."""
    text = WETTERAU_FILE.read_text(encoding="utf-8").replace('"wetteraukreis"', f'"{OTHER_COUNTY}"')
    text = text.replace('name = "Wetteraukreis"', 'name = "Nachbarkreis"').replace("06440", "06441")
    file, (month, day) = parse(text), lists_due
    obligations = tuple(
        replace(each, month=month, day=day) if each.code == "O-04" else each for each in file.obligations
    )
    load_agreement(file=replace(file, obligations=obligations), by=None, now=INTRODUCED_AT)
    return Agreement.objects.get(slug=OTHER_COUNTY)


def the_partner(slug: str = "wetteraukreis", agreement: Agreement | None = None) -> Partner:
    """A partner of an agreement, of the only one when none is named."""
    found = agreement or Agreement.objects.get()
    return found.partners.get(authority__slug=slug)


def an_authority(slug: str, **values: Any) -> Authority:
    """An authority that is in no agreement yet: a Sonderstatusstadt unless `values` say otherwise."""
    defaults = {"kind": PartnerKind.SPECIAL_STATUS_TOWN, "name": slug.capitalize(), "short_name": slug.capitalize()}
    return Authority.objects.create(slug=slug, **defaults | values)


def the_body(slug: str = "kok", agreement: Agreement | None = None) -> Body:
    """A body of an agreement, of the only one when none is named."""
    found = agreement or Agreement.objects.get()
    return found.bodies.get(slug=slug)


def a_user(
    *,
    role: str | None = None,
    partner: str | None = "wetteraukreis",
    agreement: Agreement | None = None,
    username: str | None = None,
    everywhere: bool = False,
    with_factor: bool = True,
) -> User:
    """An account that may sign in with PASSWORD, named `<partner>-<role>-<number>`.

    `role` for that partner since 2022, see `give_role`. `role=None`: an account that may nothing.
    """
    name = username or f"{partner or 'installation'}-{role or 'ohne-rolle'}-{next(_number)}"
    user = User.objects.create_user(name, f"{name}@example.org", PASSWORD)
    if role:
        give_role(user, role=role, partner=partner, agreement=agreement, everywhere=everywhere, with_factor=with_factor)
    return user


def a_factor(user: User) -> Authenticator:
    """The authenticator app of this account; its secret is FACTOR_SECRET when it is made here."""
    own = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return own or allauth_adapter.add_app(user, FACTOR_SECRET)


def with_mailbox(client: Client) -> Client:
    """The same session after its person typed the code that a mail brought."""
    address = reverse("kok:prove-mail")
    client.post(address)
    outbox.deliver_kind("account.code", now=clock.now())
    code = re.search(r"^[2-9A-Z]{4}-[2-9A-Z]{4}$", mail.outbox.pop().body, re.MULTILINE)
    assert code is not None
    assert client.post(address, {"code": code[0]}).status_code == 302
    return client


def app_code(secret: str = FACTOR_SECRET) -> str:
    """What the app shows now."""
    return allauth_adapter.app_code(secret, int(clock.machine_seconds()) // 30)


def give_role(
    user: User,
    *,
    role: str,
    partner: str | None = "wetteraukreis",
    agreement: Agreement | None = None,
    everywhere: bool = False,
    with_factor: bool = True,
) -> RoleAssignment:
    """A role since 2022 for a partner of an agreement, of the only one when none is named; `partner=None` is its first.

    `everywhere`: for the authority of that partner in all its agreements. The role admin is for the installation.
    Whose role needs a second factor gets an authenticator app, unless `with_factor=False`: then the role waits.
    """
    if with_factor and ROLES[role].needs_factor:
        a_factor(user)
    given: dict[str, Any] = {"user": user, "role": role, "period": (date(2022, 3, 1), None), "by_command": True}
    if role != "admin" and everywhere:
        given["authority"] = Authority.objects.get(slug=partner)
    elif role != "admin":
        scope = agreement or Agreement.objects.get()
        found = the_partner(partner, scope) if partner else scope.partners.get(position=1)
        given |= {"agreement": found.agreement, "partner": found}
    return RoleAssignment.objects.create(**given)


def a_person(
    family_name: str = "Muster", given_name: str = "Toni", *, employer: str = "wetteraukreis", **values: Any
) -> Person:
    """Somebody with an address at example.org."""
    values.setdefault("email", f"{family_name.lower()}-{next(_number)}@example.org")
    where = Authority.objects.get(slug=employer)
    return Person.objects.create(employer=where, family_name=family_name, given_name=given_name, **values)


def a_body(*, agreement: Agreement | None = None, **values: Any) -> Body:
    """One more body of Anlage 2 since its newest version, without seats."""
    n = next(_number)
    agreement = agreement or Agreement.objects.get()
    defaults = {"slug": f"gremium-{n}", "kind": BodyKind.QUALITY_CIRCLE, "number_prefix": f"QZ{n}-06440"}
    body = Body.objects.create(agreement=agreement, **defaults | values)
    version = agreement.annexes.filter(annex="2").latest("number")
    AnnexBody.objects.create(
        version=version, body=body, position=100 + n % 1000, name=f"Qualitätszirkel {n}", short_name=f"QZ {n}"
    )
    body.refresh_from_db()
    return body


def a_seat(
    *,
    body: Body | None = None,
    partner: str = "wetteraukreis",
    person: Person | None = None,
    function: str | None = None,
    since: date = date(2022, 3, 1),
) -> Seat:
    """One more seat, held by `person` when one is named."""
    body = body or the_body()
    n = next(_number)
    seat = Seat.objects.create(
        body=body,
        partner=the_partner(partner, body.agreement),
        function=function or f"Fachplanung {n}",
        position=100 + n % 1000,
        period=(since, None),
    )
    if person:
        SeatAssignment.objects.create(seat=seat, person=person, period=(since, None))
    return seat


def a_meeting(
    *, body: Body | None = None, on: date = date(2027, 5, 12), items: tuple[str, ...] = (), **values: Any
) -> Meeting:
    """A planned meeting at 10:00 in Friedberg with the agenda items named; other states by `values`."""
    defaults = {
        "body": body or the_body(),
        "meets_on": on,
        "starts_at": time(10, 0),
        "ends_at": time(12, 0),
        "place": "Kreishaus Friedberg, Raum 204",
    }
    meeting = Meeting.objects.create(**defaults | values)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=n, number=str(n), title=title) for n, title in enumerate(items, 1)
    )
    return meeting


def confirm_as_shown(client: Client, url: str) -> Any:
    """Opens the page of a request and confirms what stands there."""
    seen = re.search(r'name="seen" value="(\w+)"', client.get(url).content.decode())
    return client.post(url, {"confirmed": "1", "seen": seen[1] if seen else ""}, follow=True)
