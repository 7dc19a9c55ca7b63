"""A new e-mail address: entered by its owner or his registrar, confirmed by its owner, withdrawn meanwhile."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import Permission, requires, signed_in
from kok.errors import Refused
from kok.mail_proof import proven_by_mail
from kok.requests import Request
from kok.second_factor import confirmed_first
from members import actions
from members.forms import AddressForm
from members.queries.access import own_partners
from members.queries.addresses import confirmable, waiting_address
from members.queries.people import persons_of_partners
from members.views.steps import Act, after_asking, in_one_step

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
OWN_CRUMBS: list[tuple[str, str | None]] = [("E-Mail-Adresse", None)]


@signed_in
@confirmed_first
@proven_by_mail
@require_read_or_post
def own(request: Request) -> HttpResponse:
    """The address of the own account and the one that waits; asks for the second factor first.

    Without one it asks for the password and for the mailbox that counts until now.
    """
    user: Any = request.user
    form, here = AddressForm(request.POST or None), reverse("address:own")

    def perform() -> tuple[str, str]:
        actions.ask_for_address(user=user, email=form.cleaned_data["email"], by=user, now=clock.now())
        return "An die neue Adresse geht eine Mail. Öffnen Sie den Link darin und bestätigen Sie, dann gilt sie.", here

    act = Act(
        heading="E-Mail-Adresse",
        submit="Neue Adresse eintragen",
        consequences=list,
        perform=perform,
        cancel_url=reverse("kok:start"),
        crumbs=OWN_CRUMBS,
    )
    return in_one_step(request, form, act, "members/address.html", {"waiting": waiting_address(user, clock.now())})


@signed_in
@confirmed_first
@require_read_or_post
def withdraw_own(request: Request) -> HttpResponse:
    """Takes back what waits at the own account, whoever entered it."""
    user: Any = request.user
    here = reverse("address:own")

    def perform() -> tuple[str, str]:
        actions.withdraw_address(user=user, by=user, now=clock.now())
        return "Die neue Adresse ist zurückgenommen.", here

    return after_asking(request, _withdrawal(perform, here, [("E-Mail-Adresse", here), ("Zurücknehmen", None)]))


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Takes back what a registrar entered for a person of his own partner."""
    partners = own_partners(request.user, Permission.SEATS_MANAGE, request.agreement)
    person = get_object_or_404(persons_of_partners(partners).filter(user__isnull=False), pk=pk)
    agreement: str = request.agreement.slug
    here = reverse("members:person", args=[agreement, person.pk])

    def perform() -> tuple[str, str]:
        actions.withdraw_address(user=person.user, by=request.user, agreement=agreement, now=clock.now())
        return "Die neue Adresse ist zurückgenommen.", here

    people = reverse("members:people", args=[agreement])
    return after_asking(
        request, _withdrawal(perform, here, [("Personen", people), (str(person), here), ("Zurücknehmen", None)])
    )


def _withdrawal(perform: Any, here: str, crumbs: list[tuple[str, str | None]]) -> Act:
    return Act(
        heading="Neue E-Mail-Adresse zurücknehmen",
        submit="Zurücknehmen",
        consequences=lambda: ["Der Link in der Mail an die neue Adresse gilt nicht mehr.", "Die alte Adresse bleibt."],
        perform=perform,
        cancel_url=here,
        crumbs=crumbs,
    )


@signed_in
@require_read_or_post
def confirm(request: Request, pk: int, key: str) -> HttpResponse:
    """Where the link of the mail leads its owner, signed in: opening it changes nothing, the button does."""
    user: Any = request.user
    if request.method == "POST":
        try:
            actions.confirm_address(pk=pk, key=key, by=user, now=clock.now())
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, "Die neue Adresse gilt. Alle Mails der Anwendung gehen jetzt dorthin.")
            return redirect("kok:start")
    change = confirmable(pk, key, clock.now())
    context = {"change": change, "is_own": change is not None and change.user_id == user.pk}
    return render(request, "members/address_confirm.html", context)
