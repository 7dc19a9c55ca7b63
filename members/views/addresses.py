"""A new e-mail address: entered by its owner or his registrar, confirmed by its owner, withdrawn meanwhile."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from kok import clock
from kok.access import Permission, requires, signed_in
from kok.mail_proof import proven_by_mail
from kok.requests import Crumbs, Request, act, done
from kok.second_factor import confirmed_first
from kok.step_pages import Act, Done, after_asking, in_one_step
from kok.words import spelled
from members import actions
from members.forms import AddressForm
from members.pages.addresses import confirming
from members.queries.accounts import accounts
from members.queries.addresses import LASTS, confirmable, waiting_address
from members.views.lookup import person_crumbs, person_or_404, require_read_or_post, url_of

if TYPE_CHECKING:
    from kok.models import User


@signed_in
@confirmed_first
@proven_by_mail
@require_read_or_post
def own(request: Request) -> HttpResponse:
    """The address of the own account and the one that waits; asks for the second factor first.

    Without one it asks for the password and for the mailbox that counts until now.
    """
    user, form, here = request.user, AddressForm(request.POST or None), reverse("address:own")

    def perform() -> Done:
        actions.ask_for_address(user=user, email=form.cleaned_data["email"], by=user, now=clock.now())
        return "An die neue Adresse geht eine Mail. Öffnen Sie den Link darin und bestätigen Sie, dann gilt sie.", here

    wanted = Act(
        heading="E-Mail-Adresse",
        submit="Neue Adresse eintragen",
        consequences=list,
        perform=perform,
        cancel_url=reverse("kok:start"),
        crumbs=[("E-Mail-Adresse", None)],
    )
    waiting = waiting_address(user, clock.now())
    return in_one_step(request, form, wanted, "members/address.html", waiting=waiting, lasts=spelled(LASTS.days))


@signed_in
@confirmed_first
@require_read_or_post
def withdraw_own(request: Request) -> HttpResponse:
    """Takes back what waits at the own account, whoever entered it."""
    here = reverse("address:own")
    return _withdrawn(request, request.user, here, [("E-Mail-Adresse", here), ("Zurücknehmen", None)])


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Takes back what a registrar entered for a person of his own partner."""
    person = person_or_404(request, pk)
    user = get_object_or_404(accounts(), person=person)
    crumbs = person_crumbs(request, person, "Zurücknehmen")[1:]
    return _withdrawn(request, user, url_of(request, "person", person.pk), crumbs, request.agreement.slug)


def _withdrawn(request: Request, user: "User", here: str, crumbs: Crumbs, agreement: str = "") -> HttpResponse:
    def perform() -> Done:
        actions.withdraw_address(user=user, by=request.user, agreement=agreement, now=clock.now())
        return "Die neue Adresse ist zurückgenommen.", here

    wanted = Act(
        heading="Neue E-Mail-Adresse zurücknehmen",
        submit="Zurücknehmen",
        consequences=lambda: ["Der Link in der Mail an die neue Adresse gilt nicht mehr.", "Die alte Adresse bleibt."],
        perform=perform,
        cancel_url=here,
        crumbs=crumbs,
    )
    return after_asking(request, wanted)


@signed_in
@require_read_or_post
def confirm(request: Request, pk: int, key: str) -> HttpResponse:
    """Where the link of the mail leads its owner, signed in: opening it changes nothing, the button does."""
    if request.method == "POST":
        with act(request):
            actions.confirm_address(pk=pk, key=key, by=request.user, now=clock.now())
            return done(request, "Die neue Adresse gilt. Alle Mails der Anwendung gehen jetzt dorthin.", "kok:start")
    entrance = confirming(confirmable(pk, key, clock.now()), request.user)
    return render(request, entrance.template, {"entrance": entrance})
