"""The accounts of the installation: who can sign in, and who is Technik. No content, no roles of others."""

from collections.abc import Callable
from functools import partial

from django.core.paginator import Paginator
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kok import clock, second_factor
from kok.access import Permission, installation
from kok.requests import Request
from kok.step_pages import Act, Done, in_two_steps, turned_back
from kok.words import day
from members import actions
from members.forms import EndRoleForm, FirstAccountForm, NameForm, PeriodForm
from members.pages.accounts import state_of
from members.queries import accounts as queries
from members.queries.leaving import accounts_to_close
from members.queries.power import PowerRegister
from members.queries.requests import requests_to_confirm
from members.rules.power import ADMIN, WAITS
from members.views.lookup import require_read_or_post

TWO = "Die Rolle Technik beginnt erst, wenn eine zweite Person sie bestätigt: jemand aus der Technik oder Stammdaten."

TWO_FOR_A_NAME = (
    f"Der Name ändert sich erst, wenn eine zweite Person es innerhalb von {WAITS.days} Tagen bestätigt: jemand mit der "
    "Rolle Stammdaten, sonst bei einem anderen Partner derselben Vereinbarung."
)


@installation(Permission.ACCOUNTS_ADMIN)
@require_safe
def accounts(request: Request) -> HttpResponse:
    """All accounts, and who runs the installation."""
    page = Paginator(queries.accounts(), 50).get_page(request.GET.get("seite"))
    context = {
        "page": page,
        "accounts": [(user, state_of(user)) for user in page],
        "with_factor": second_factor.holders(user.pk for user in page),
        "only_registrars": PowerRegister(clock.now()).powers.only_registrars(),
        "technicians": queries.technical_roles(clock.today()),
        "to_close": list(accounts_to_close(clock.now())),
        "waiting": requests_to_confirm(request.user, clock.now()),
        "crumbs": [("Konten", None)],
    }
    return render(request, "members/administration.html", context)


def _act(
    heading: str, submit: str, consequences: list[str], perform: Callable[[], Done], check: Callable[[], object]
) -> Act:
    """`check` raises Refused before the page promises what the act would refuse."""
    overview = reverse("accounts:list")

    def told() -> list[str]:
        check()
        return consequences

    return Act(
        heading=heading,
        submit=submit,
        consequences=told,
        perform=perform,
        cancel_url=overview,
        crumbs=[("Konten", overview), (heading, None)],
    )


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def invite(request: Request) -> HttpResponse:
    """A new account for Technik; its role waits for a second person."""
    form = FirstAccountForm(request.POST or None)

    def perform() -> Done:
        actions.invite_technician(**form.cleaned_data, by=request.user, now=clock.now())
        return f"Das Konto „{form.cleaned_data['username']}“ ist angelegt.", reverse("accounts:requests")

    def check() -> None:
        actions.check_technician(**form.cleaned_data, by=request.user, now=clock.now())

    told = ["Das Konto wird angelegt. Die Person bekommt eine Mail mit einem Link und legt ihr Passwort fest.", TWO]
    act = _act("Konto für die Technik einladen", "Konto anlegen und Einladung senden", told, perform, check)
    return in_two_steps(request, form, act)


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def ask_technik(request: Request, pk: int) -> HttpResponse:
    """Asks for the role Technik for an account that exists."""
    user = get_object_or_404(queries.accounts(), pk=pk)
    if user.pk == request.user.pk:
        own = "Rollen für Ihr eigenes Konto gibt eine andere Person der Technik."
        return turned_back(request, own, reverse("accounts:list"))
    form = PeriodForm(request.POST or None, initial={"from_on": clock.today()})

    def asked(act: Callable[..., object]) -> None:
        act(user=user, role=ADMIN, place=None, **form.period, by=request.user, now=clock.now())

    def perform() -> Done:
        asked(actions.ask_role)
        return f"Die Rolle Technik ist für „{user.username}“ beantragt.", reverse("accounts:requests")

    act = _act(
        f"Rolle Technik beantragen: {user.username}",
        "Rolle beantragen",
        [TWO],
        perform,
        partial(asked, actions.check_request),
    )
    return in_two_steps(request, form, act)


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def ask_name(request: Request, pk: int) -> HttpResponse:
    """Asks for another name of somebody whom nobody else administers alone, such as the only registrar of a house."""
    user = get_object_or_404(queries.accounts(), pk=pk)
    now = clock.now()
    if sentence := actions.refusal(lambda: actions.check_may_ask_for_name(user=user, by=request.user, now=now)):
        return turned_back(request, sentence, reverse("accounts:list"))
    form = NameForm(request.POST or None, initial=model_to_dict(user.person, NameForm.base_fields))

    def perform() -> Done:
        actions.ask_name(user=user, **form.cleaned_data, by=request.user, now=now)
        return f"Für „{user.username}“ ist ein anderer Name beantragt.", reverse("accounts:requests")

    act = _act(
        f"Anderen Namen beantragen: {user.username}",
        "Namen beantragen",
        [TWO_FOR_A_NAME],
        perform,
        lambda: actions.check_name(user=user, **form.cleaned_data, by=request.user, now=now),
    )
    return in_two_steps(request, form, act)


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def end_technik(request: Request, pk: int) -> HttpResponse:
    """Takes the role Technik away at once or on a day."""
    role = get_object_or_404(queries.technical_roles(clock.today()), pk=pk)
    form = EndRoleForm(request.POST or None, may_go_on=False, initial={"when": EndRoleForm.NOW})

    def ended(act: Callable[..., object]) -> None:
        act(assignment=role, last_on=form.cleaned_data["last_on"], by=request.user, now=clock.now())

    def perform() -> Done:
        last_on = form.cleaned_data["last_on"]
        ended(actions.end_role)
        until = f"bis zum {day(last_on)}" if last_on else "nicht mehr"
        return f"„{role.user.username}“ hat die Rolle Technik {until}.", reverse("accounts:list")

    told = ["Das Konto verliert die Rolle Technik. Was mit ihr getan wurde, bleibt, andere Rollen auch."]
    act = _act(
        f"Rolle Technik beenden: {role.user.username}", "So eintragen", told, perform, partial(ended, actions.check_end)
    )
    return in_two_steps(request, form, act)
