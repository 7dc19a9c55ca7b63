"""The pages of the own account that are ours: which role waits for a second factor, and the proof of the mailbox."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kok import mail_proof
from kok.access import ROLES, signed_in, waiting_grants_of
from kok.factor_forms import CodeForm
from kok.requests import Request, act


@signed_in
@require_safe
def factor(request: Request) -> HttpResponse:
    """Says which roles wait for a second factor; when none does, it leads back to where somebody was kept out."""
    roles = sorted({ROLES[grant.role].title for grant in waiting_grants_of(request.user)})
    if not roles:
        return redirect(request.session.pop("way_back", "kok:start"))
    return render(request, "kok/factor.html", {"roles": roles})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def prove_mail(request: Request) -> HttpResponse:
    """Sends a code to the own address and asks for it; then the page that wanted the proof follows."""
    form = CodeForm(request.POST if "code" in request.POST else None)
    with act() as attempt:
        if answer := _gone_on(request, form):
            return answer
    is_asked = mail_proof.is_asked(request)
    if attempt.refusal and form.is_bound and is_asked:  # another code may be typed
        form.add_error("code", attempt.sentence)
    context = {
        "form": form,
        "is_asked": is_asked,
        "minutes": mail_proof.CODE_HOLDS // 60,
        "refused_because": "" if form.errors else attempt.sentence,
    }
    return render(request, "kok/prove_mail.html", context)


def _gone_on(request: Request, form: CodeForm) -> HttpResponse | None:
    """What follows the code that was typed, or the wish for one; None for who only looks. Raises Refused."""
    if form.is_valid():
        mail_proof.check_code(request, form.cleaned_data["code"])
        return redirect(_wanted(request))
    if request.method == "POST" and not form.is_bound:
        mail_proof.send_code(request)
        return redirect(request.get_full_path())
    return None


def _wanted(request: Request) -> str:
    """Only the pages that ask for this proof; whatever else an address names leads to the one that sets up an app."""
    wanted = request.GET.get("next", "")
    return wanted if mail_proof.is_way_on(wanted) else reverse("mfa_activate_totp")
