"""What is asked at the door: why, and the code of the second factor unless it was just given."""

from collections.abc import Collection
from operator import attrgetter

from allauth.core import context
from allauth.mfa.models import Authenticator
from django import forms
from django.core.signing import BadSignature, Signer
from django.http import QueryDict

from kok import account_seals, allauth_adapter, clock, genuine, second_factor, sign_ins
from kok.access import Permission, can
from kok.account_forms import Reauthenticate
from kok.factor_forms import KeyAgain
from kok.forms import offer
from kok.models import User
from kok.requests import Request
from members.models import Agreement
from members.queries.access import roles_stand
from members.queries.foundation import foundation
from transitions.rules.codes import EntryReason

PREFIX = "eintritt"
TAMPERED = (
    "Ihr Konto, eine Ihrer Rollen oder die Vereinbarung mit ihren Partnern wurde an der Anwendung vorbei geändert. Der "
    "Bereich öffnet sich damit nicht. Sagen Sie es sofort der Technik und der Person, die bei Ihnen prüft."
)
# Label, hint and attributes of the field for the code.
APP = (
    "Welchen Code zeigt Ihre Authentifizierungs-App?",
    "Sechs Ziffern. Ein Ersatzcode geht auch.",
    {"autocomplete": "one-time-code", "inputmode": "numeric"},
)
SPARE = (
    "Wie lautet einer Ihrer Ersatzcodes?",
    "Nur wenn Sie Ihren Sicherheitsschlüssel nicht zur Hand haben.",
    {"autocomplete": "off"},
)
REASONS: dict[Permission, tuple[EntryReason, ...]] = {
    Permission.CASES_DRAFT: (
        EntryReason.PREPARE,
        EntryReason.OUTCOME,
        EntryReason.SUBJECT_REQUEST,
        EntryReason.QUESTION,
    ),
    Permission.CASES_RELEASE: (EntryReason.RELEASE, EntryReason.SUBJECT_REQUEST, EntryReason.QUESTION),
    Permission.CASES_RECEIVE: (
        EntryReason.RECEIVE,
        EntryReason.OUTCOME,
        EntryReason.SUBJECT_REQUEST,
        EntryReason.QUESTION,
    ),
}
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of a field
_signer = Signer(salt="transitions.held")


def reasons_for(user: User, agreement: Agreement) -> list[EntryReason]:
    """The reasons that fit what this person may do here, in the order of the list."""
    held = [permission for permission in REASONS if can(user, permission, agreement)]
    fitting = {reason for role in held for reason in REASONS[role]}
    return sorted(fitting, key=list(EntryReason).index)


class EntryForm(Reauthenticate):
    """A reason of the list and a code, whose attempts are counted, or the answer of a security key."""

    reason = forms.ChoiceField(label="Warum öffnen Sie den Bereich?", widget=forms.RadioSelect)
    credential = forms.CharField(required=False, widget=forms.HiddenInput)
    # A code is used up by checking it, so the reason is looked at first; a key answers instead of a code.
    field_order = ("reason", "credential", "code")

    def __init__(
        self,
        request: Request,
        agreement: Agreement,
        *,
        is_answered: bool,
        reasons: Collection[EntryReason] = (),
        is_inside: bool = False,
        **kwargs: object,
    ) -> None:
        """`reasons`: what the page that somebody wants is opened for; `is_inside`: only the reason is to be given."""
        super().__init__(request.POST if is_answered else None, user=request.user, prefix=PREFIX, **kwargs)
        self.agreement = agreement
        if is_inside:
            self.fields["reason"].label = "Aus welchem Grund arbeiten Sie weiter?"
        self._ask_reason(reasons_for(request.user, agreement), reasons)
        self.has_key = False
        if is_inside or second_factor.is_proven(request):
            del self.fields["code"]
        else:
            self.has_key = second_factor.has_key(request.user)
            self._ask_code()
        if not self.has_key:
            del self.fields["credential"]

    def _ask_reason(self, held: list[EntryReason], wanted: Collection[EntryReason]) -> None:
        """Of the reasons that fit this person those for which the page is opened; all, where none of them is."""
        offered = [each for each in held if each in wanted] or held
        offer(self, "reason", map(attrgetter("value", "label"), offered))
        if len(offered) == 1:
            self.initial["reason"] = offered[0].value

    def _ask_code(self) -> None:
        """Of the app or of the list of spare codes; not needed where a key can answer."""
        code = self.fields["code"]
        code.required = not self.has_key
        code.label, code.help_text, attrs = APP if self.has_app else SPARE
        code.widget.attrs = dict(attrs)
        if self.initial.get("reason"):  # somebody comes back: the code is where he goes on
            code.widget.attrs["autofocus"] = True

    def key_options(self) -> dict[str, object]:
        """What the browser asks the key with."""
        return allauth_adapter.key_request(self.user)

    def clean_credential(self) -> str:
        """Checks the answer of a key."""
        answer: str = self.cleaned_data["credential"]
        if answer and "reason" in self.cleaned_data:
            form = KeyAgain({"credential": answer}, user=self.user)
            if not form.is_valid():
                raise forms.ValidationError(form.errors["credential"])
            self.authenticator = form.cleaned_data["credential"]
        return answer

    def clean_code(self) -> str:
        """Checks the code, but spares it while the reason is missing or when a key has answered."""
        if "reason" not in self.cleaned_data or self.proof:
            return ""
        if not self.cleaned_data["code"]:
            what = "den Code" if self.has_app else "einen Ersatzcode"
            raise forms.ValidationError(f"Geben Sie {what} ein, oder bestätigen Sie mit Ihrem Sicherheitsschlüssel.")
        return super().clean_code()

    def clean(self) -> dict[str, object]:
        """Whoever is let in here is who the application knows: also where no code is asked for."""
        cleaned: dict[str, object] = super().clean()
        if self.errors:
            return cleaned
        if not (account_seals.stands(self.user) and roles_stand(self.user)):
            sign_ins.record(sign_ins.Kind.TAMPERED, context.request, account=self.user.pk, now=clock.now())
            raise forms.ValidationError(TAMPERED)
        if not genuine.stand(foundation(self.agreement)):
            raise forms.ValidationError(TAMPERED)
        return cleaned

    @property
    def proof(self) -> Authenticator | None:
        """The second factor that was right; None when none was asked for."""
        return getattr(self, "authenticator", None)


class HeldInput:
    """What was sent to a page after the time was over: its fields, kept on the page that asks for the code."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._of = f"{request.user.pk} {request.path}"
        self._signature = request.POST.get(f"{PREFIX}-of")

    @property
    def is_answer(self) -> bool:
        """Whether the page that asks for the code sent this."""
        return self._signature is not None

    @property
    def is_foreign(self) -> bool:
        """Whether somebody else, or another page, was asked."""
        try:
            return self.is_answer and _signer.unsign(self._signature or "") != self._of
        except BadSignature:
            return True

    @property
    def signature(self) -> str:
        """Binds the page to the person and the address."""
        return _signer.sign(self._of)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Every field that was sent, but those of the door and the token against forged requests."""
        own = self._given()
        own.pop(_TOKEN, None)
        return [(name, value) for name, values in own.lists() for value in values]

    def give_back(self) -> None:
        """Leaves in the request what was sent at first."""
        self._request.POST = self._given()  # type: ignore[assignment]

    def _given(self) -> QueryDict:
        """All of it but what the door asked."""
        sent = self._request.POST.copy()
        for name in self._request.POST:
            if name.startswith(f"{PREFIX}-"):
                del sent[name]
        return sent
