"""What must be confirmed before an invitation goes out, and the answer to it."""

from collections.abc import Mapping

from django import forms

from kok.forms import CarefulForm, Label, offer
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
    urgency_reason = Label(
        label="Warum ist die Sitzung dringlich?",
        help_text="Der Grund steht in der Einladung. Nennen Sie keine Leistungsberechtigten.",
        max_length=300,
    )
    partners = forms.MultipleChoiceField(
        label="Wer stimmt der kurzen Ladungsfrist zu?",
        help_text="Alle Partner müssen zustimmen.",
        widget=forms.CheckboxSelectMultiple,
    )
    without_address = forms.BooleanField(label="Wer keine E-Mail-Adresse hat, wird auf anderem Weg eingeladen.")

    def __init__(
        self,
        data: Mapping[str, object] | None,
        *,
        initial: dict[str, object],
        partners: list[Partner],
        is_short: bool,
        lacks_address: bool,
        is_asked: bool,
        warnings: bool,
    ) -> None:
        super().__init__(data, initial=initial, warnings=warnings)
        offer(self, "partners", [(partner.pk, partner.short_name) for partner in partners])
        asked = {
            "urgency_reason": is_short,
            "partners": is_asked and is_short,
            "without_address": is_asked and lacks_address,
        }
        for name, is_wanted in asked.items():
            if not is_wanted:
                del self.fields[name]

    @property
    def consent(self) -> Consent:
        """What the action takes; the reason is what was asked about."""
        return Consent(
            partners=frozenset(int(pk) for pk in self.cleaned_data.get("partners", ())),
            without_address=self.cleaned_data.get("without_address", False),
        )

    @property
    def typed_reason(self) -> str:
        """The reason of urgency as it was typed."""
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
