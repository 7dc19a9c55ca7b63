"""The accounts of the installation: who can sign in. No content, no roles of others."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock
from kok.access import Permission, installation
from members import actions
from members.queries import accounts as queries
from members.views.steps import Act, after_asking

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@installation(Permission.ACCOUNTS_ADMIN)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """All accounts, to be closed or opened again."""
    page = Paginator(queries.accounts(), 50).get_page(request.GET.get("seite"))
    return render(request, "members/administration.html", {"page": page, "crumbs": [("Konten", None)]})


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes an account at once."""
    return _switch(
        request,
        pk,
        is_active=False,
        heading="Konto sperren",
        consequences=[
            "Wer gerade angemeldet ist, kommt mit dem nächsten Klick nicht weiter.",
            "Nichts wird gelöscht. Sie können das Konto wieder freigeben.",
        ],
    )


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def open_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a closed account."""
    return _switch(
        request,
        pk,
        is_active=True,
        heading="Konto freigeben",
        consequences=["Das Konto kann sich wieder anmelden, mit seinem Passwort und seinen Rollen."],
    )


def _switch(request: HttpRequest, pk: int, *, is_active: bool, heading: str, consequences: list[str]) -> HttpResponse:
    user: Any = get_object_or_404(queries.accounts(), pk=pk)
    overview = reverse("accounts:list")

    def perform() -> tuple[str, str]:
        actions.set_active(user=user, is_active=is_active, by=request.user, now=clock.now())
        return f"Das Konto „{user.username}“ ist {'freigegeben' if is_active else 'gesperrt'}.", overview

    act = Act(
        heading=f"{heading}: {user.username}",
        submit=heading,
        consequences=lambda: consequences,
        perform=perform,
        cancel_url=overview,
        crumbs=[("Konten", overview), (heading, None)],
    )
    return after_asking(request, act)
