"""What must be confirmed before an invitation goes out, and the answer to it."""

from typing import Any

from django import forms

from kok.forms import CarefulForm, Label
from meetings.convening.actions.invitations import Consent
from meetings.convening.forms.checked import CheckedForm
from meetings.convening.models import Invitation
from members.models import Partner

Answer = Invitation.Answer


class InviteForm(CheckedForm):
    """The revision that was looked at; reason and consent only where the Ladungsfrist is short.

    Before the check of names (`is_asked`) only what goes out is typed; what is confirmed comes with the sending.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, partners: list[Partner], is_short: bool, lacks_address: bool, is_asked: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_short:
            self.fields["urgency_reason"] = Label(
                label="Warum ist die Sitzung dringlich?",
                help_text="Der Grund steht in der Einladung. Nennen Sie keine Leistungsberechtigten.",
                max_length=300,
            )
        if is_asked and is_short:
            self.fields["partners"] = forms.MultipleChoiceField(
                label="Wer stimmt der kurzen Ladungsfrist zu?",
                help_text="Alle Partner müssen zustimmen.",
                choices=[(partner.pk, partner.short_name) for partner in partners],
                widget=forms.CheckboxSelectMultiple,
            )
        if is_asked and lacks_address:
            self.fields["without_address"] = forms.BooleanField(
                label="Wer keine E-Mail-Adresse hat, wird auf anderem Weg eingeladen."
            )

    @property
    def consent(self) -> Consent:
        """What the action takes; the reason is what was asked about."""
        return Consent(
            partners=frozenset(int(pk) for pk in self.cleaned_data.get("partners", ())),
            without_address=self.cleaned_data.get("without_address", False),
        )

    @property
    def urgency_reason(self) -> str:
        """As it was typed."""
        return str(self.cleaned_data.get("urgency_reason", ""))


class WithholdForm(CarefulForm):
    """Why nobody may read any more what was sent."""

    careful = ("reason",)

    reason = forms.CharField(
        label="Warum darf das niemand mehr lesen?",
        help_text="Ein Satz genügt. Nennen Sie keine Namen: Der Grund steht bei den Unterlagen der Sitzung.",
        max_length=200,
    )


class InvitationAnswerForm(forms.Form):
    """Whether somebody comes."""

    answer = forms.ChoiceField(
        label="Nehmen Sie an der Sitzung teil?",
        choices=[
            (Answer.ACCEPTED, "Ja, ich nehme teil"),
            (Answer.DECLINED, "Nein, ich nehme nicht teil"),
            (Answer.DEPUTY, "Nein, meine Stellvertretung kommt"),
        ],
        widget=forms.RadioSelect,
    )
