"""What waits for a second person: seen, confirmed, refused, withdrawn, by registrars and by Technik."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock
from kok.access import ROLES, Permission, installation, requires
from kok.requests import Request
from kok.words import day, moment
from members import actions
from members.forms import RefuseForm
from members.queries.accounts import name_of
from members.queries.addresses import counts_since
from members.queries.identities import Identities, identities_of
from members.queries.power import PowerRegister
from members.queries.requests import decided_lately, request_for, requests_of
from members.views.steps import Act, Crumbs, after_asking, in_two_steps, turned_back
from members.views.tabs import tabs

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
ENDS = "Der Antrag endet und kann nicht mehr bestätigt werden. Am Konto und an seinen Rollen ändert sich nichts."


@dataclass(frozen=True)
class RequestDesk:
    """Where requests are decided: the pages of an agreement, or those of the installation."""

    space: str
    args: tuple[str, ...]
    above: tuple[str, str]

    def url(self, name: str, *args: Any) -> str:
        """A page of this desk."""
        return reverse(f"{self.space}:{name}", args=[*self.args, *args])

    def crumbs(self, last: str = "") -> Crumbs:
        """The way to a page of this desk."""
        here = ("Zu bestätigen", self.url("requests") if last else None)
        return [self.above, here, (last, None)] if last else [self.above, here]


def _in_agreement(request: Request) -> RequestDesk:
    slug = request.agreement.slug
    return RequestDesk("members", (slug,), ("Mitglieder und Gremien", reverse("members:seats", args=[slug])))


def _of_installation() -> RequestDesk:
    return RequestDesk("accounts", (), ("Konten", reverse("accounts:list")))


def summary(row: Any) -> str:
    """What is asked for, in a few words."""
    if row.is_role:
        return f"Rolle {ROLES[row.role].title}"
    if row.is_name:
        return f"Anderer Name: {row.new_name}"
    return "Zweiten Faktor entfernen" if row.is_factor else "Konto freigeben"


def what_happens(row: Any) -> list[str]:
    """What it opens, in sentences, for the second person."""
    whose = f"„{row.user.username}“ ({name_of(row.user)})"
    if row.is_role:
        role = ROLES[row.role]
        return [f"{whose} bekommt die Rolle {role.title} für {row.whom}.", f"Dafür ist sie da: {role.who}"]
    if row.is_name:
        return [
            f"{whose} heißt in der Anwendung dann {row.new_name}. Ältere Protokolle behalten den alten Namen.",
            "Fragen Sie die Person vorher selbst, zum Beispiel am Telefon, ob sie so heißt.",
        ]
    if row.is_factor:
        return [
            f"Der zweite Faktor des Kontos {whose} wird entfernt, alle seine Sitzungen enden.",
            "Die Person meldet sich mit ihrem Passwort an und richtet einen neuen ein.",
            "Fragen Sie die Person vorher selbst, zum Beispiel am Telefon, ob sie ihn verloren hat.",
        ]
    return [f"Das Konto {whose} kann sich wieder anmelden, mit seinem Passwort und seinen Rollen."]


def address_in_words(user: Any) -> str:
    """Where whoever opens the account reads his mail; the second person compares it before anything counts."""
    if not user.email:
        return "Bei diesem Konto fehlt die E-Mail-Adresse."
    since = counts_since(user)
    if since:
        return (
            f"Mails für dieses Konto gehen an {user.email}, eine Adresse, die erst seit dem {day(since)} gilt. "
            "Bestätigen Sie nur, wenn sie der Person gehört."
        )
    what = "Mails für dieses Konto gehen" if user.has_usable_password() else "Die Einladung ging oder geht"
    return f"{what} an {user.email}. Bestätigen Sie nur, wenn diese Adresse der Person gehört."


def who_is_told(user: Any) -> str:
    """Who gets a mail once it is confirmed; somebody whose invitation is open has that one."""
    if user.has_usable_password() and user.email:
        return "Die Person und alle, die in ihrem Haus Konten pflegen oder prüfen, bekommen eine Mail."
    why = "Sie hat noch kein Passwort gewählt." if user.email else "Bei ihrem Konto fehlt die Adresse."
    return f"Alle, die in ihrem Haus Konten pflegen oder prüfen, bekommen eine Mail, die Person selbst keine. {why}"


def who_it_is(found: Identities) -> list[str]:
    """What tells somebody from others of the same name, in sentences, and which name is new."""
    invited = f"eingeladen hat {found.invited_by}" if found.invited_by else "eingeladen wurde es auf dem Server"
    told = [f"Das Konto gibt es seit dem {day(found.since)}, {invited}."]
    if found.namesakes:
        told.append(
            "Zweite Person dieses Namens: Jemand heißt schon so oder fast so, bei "
            f"{' und '.join(found.namesakes)}. Fragen Sie nach, wer gemeint ist."
        )
    if found.has_twin_user_name:
        told.append("Ein anderer Benutzername sieht fast genauso aus. Fragen Sie nach, welcher gemeint ist.")
    for each in (found.receiver, found.giver):
        if each.renamed_at:
            by = f", eingetragen von „{each.renamed_by}“" if each.renamed_by else ""
            told.append(f"{each.name} („{each.username}“) heißt hier so erst seit {moment(each.renamed_at)}{by}.")
    if found.giver.house:
        told.append(f"Der Antrag kommt von {found.giver.house}.")
    return told


def _list(request: Request, desk: RequestDesk, more: dict[str, Any]) -> HttpResponse:
    lines = [
        {
            "line": line,
            "summary": summary(line.request),
            "opens": ROLES[line.request.role].who if line.request.role else "",
            "who": name_of(line.request.user),
            "giver": name_of(line.request.given_by),
            "urls": {act: desk.url(f"request-{act}", line.request.pk) for act in ("confirm", "refuse", "withdraw")},
        }
        for line in requests_of(request.user, clock.now())
    ]
    decided = [(row, summary(row)) for row in decided_lately(request.user, clock.now())]
    context = {"lines": lines, "decided": decided, "above": desk.above[0], "crumbs": desk.crumbs(), **more}
    return render(request, "members/requests.html", context)


def _found(request: Request, pk: int) -> Any:
    found = request_for(request.user, pk, clock.now())
    if found is None:
        raise Http404
    return found


def _turned_back(request: Request, desk: RequestDesk, check: Callable[[], None]) -> HttpResponse | None:
    """No page that promises what the last click would refuse."""
    sentence = actions.refusal(check) if request.method != "POST" else ""
    return turned_back(request, sentence, desk.url("requests")) if sentence else None


def _act(
    desk: RequestDesk, row: Any, *, heading: str, submit: str, told: list[str], do: Callable[[], str], seen: str = ""
) -> Act:
    asked = f"Beantragt hat es {name_of(row.given_by)} („{row.given_by.username}“), {moment(row.given_at)}."
    return Act(
        heading=heading,
        lead=f"{summary(row)}, Konto „{row.user.username}“",
        submit=submit,
        consequences=lambda: [*told, asked],
        perform=lambda: (do(), desk.url("requests")),
        cancel_url=desk.url("requests"),
        crumbs=desk.crumbs(heading),
        shown=lambda: {"seen": seen},
    )


def _confirm(request: Request, desk: RequestDesk, pk: int) -> HttpResponse:
    row = _found(request, pk)
    found = identities_of(row, clock.now())

    def do() -> str:
        actions.confirm(request=row, by=request.user, seen=request.POST.get("seen", ""), now=clock.now())
        return f"{summary(row)} für „{row.user.username}“ ist bestätigt."

    asked: Any = {"by": request.user, "now": clock.now()}
    if back := _turned_back(request, desk, lambda: actions.check_confirmation(row, **asked)):
        return back
    told = what_happens(row)
    told += [address_in_words(row.user), *who_it_is(found)]
    if row.period:
        first = max(row.period.lower, clock.today())
        told.insert(1, f"Sie gilt ab dem {day(first)}.")
        told.extend(PowerRegister(clock.now()).warnings(row))
    told.append(who_is_told(row.user))
    act = _act(desk, row, heading="Bestätigen", submit="Bestätigen", told=told, do=do, seen=found.fingerprint)
    return after_asking(request, act)


def _refuse(request: Request, desk: RequestDesk, pk: int) -> HttpResponse:
    row, form = _found(request, pk), RefuseForm(request.POST or None)

    def do() -> str:
        actions.refuse(request=row, reason=form.cleaned_data["reason"], by=request.user, now=clock.now())
        return f"{summary(row)} für „{row.user.username}“ ist abgelehnt."

    asked: Any = {"by": request.user, "now": clock.now()}
    if back := _turned_back(request, desk, lambda: actions.check_decision(row, **asked)):
        return back
    told = [ENDS, "Wer es beantragt hat, bekommt eine Mail."]
    act = _act(desk, row, heading="Ablehnen", submit="Ablehnen", told=told, do=do)
    return in_two_steps(request, form, act)


def _withdraw(request: Request, desk: RequestDesk, pk: int) -> HttpResponse:
    row = _found(request, pk)

    def do() -> str:
        actions.withdraw(request=row, by=request.user, now=clock.now())
        return f"{summary(row)} für „{row.user.username}“ ist nicht mehr beantragt."

    if back := _turned_back(request, desk, lambda: actions.check_withdrawal(row, by=request.user)):
        return back
    act = _act(desk, row, heading="Zurücknehmen", submit="Zurücknehmen", told=[ENDS], do=do)
    return after_asking(request, act)


@requires(Permission.ACCOUNTS_MANAGE)
@require_safe
def waiting(request: Request) -> HttpResponse:
    """What waits for a registrar, or for somebody else because he asked for it."""
    return _list(request, _in_agreement(request), {"tabs": tabs(request)})


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def confirm(request: Request, pk: int) -> HttpResponse:
    """The second pair of eyes."""
    return _confirm(request, _in_agreement(request), pk)


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def refuse(request: Request, pk: int) -> HttpResponse:
    """Refuses with a reason."""
    return _refuse(request, _in_agreement(request), pk)


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Takes one's own request back."""
    return _withdraw(request, _in_agreement(request), pk)


@installation(Permission.ACCOUNTS_ADMIN)
@require_safe
def waiting_for_technik(request: Request) -> HttpResponse:
    """What falls to Technik: where no other registrar may confirm, and roles of Technik."""
    return _list(request, _of_installation(), {})


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def confirm_by_technik(request: Request, pk: int) -> HttpResponse:
    """The second pair of eyes."""
    return _confirm(request, _of_installation(), pk)


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def refuse_by_technik(request: Request, pk: int) -> HttpResponse:
    """Refuses with a reason."""
    return _refuse(request, _of_installation(), pk)


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def withdraw_by_technik(request: Request, pk: int) -> HttpResponse:
    """Takes one's own request back."""
    return _withdraw(request, _of_installation(), pk)
