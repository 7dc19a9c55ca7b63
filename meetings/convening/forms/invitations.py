"""What must be confirmed before an invitation goes out, and the answer to it."""

from collections.abc import Iterator, Mapping

from django import forms

from kok.codes import choices
from kok.forms import CarefulForm, Label, PersonName
from meetings.convening.actions.notice import Consent, PartnerConsent
from meetings.convening.forms.checked import CheckedForm
from meetings.convening.models import Invitation
from meetings.convening.rules.codes import ConsentWay
from members.models import Partner

Answer = Invitation.Answer


class InviteForm(CheckedForm):
    """The revision that was looked at; a reason, and who consented, only where the Ladungsfrist is short.

    Before the check of names (`is_asked`) only what goes out is typed; what is confirmed comes with the sending.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)
    urgency_reason = Label(
        label="Warum ist die Sitzung dringlich?",
        help_text="Der Grund steht in der Einladung. Nennen Sie keine Leistungsberechtigten.",
        max_length=300,
    )
    without_address = forms.BooleanField(label="Wer keine E-Mail-Adresse hat, wird auf anderem Weg eingeladen.")

    def __init__(
        self,
        data: Mapping[str, object] | None,
        *,
        initial: dict[str, object],
        partners: list[Partner],
        needs_consent: bool,
        lacks_address: bool,
        is_asked: bool,
        warnings: bool,
    ) -> None:
        super().__init__(data, initial=initial, warnings=warnings)
        asked = {"urgency_reason": needs_consent, "without_address": is_asked and lacks_address}
        for name, is_wanted in asked.items():
            if not is_wanted:
                del self.fields[name]
        self.consenting = partners if is_asked and needs_consent else []
        for partner in self.consenting:
            self._ask_consent_of(partner)

    def _ask_consent_of(self, partner: Partner) -> None:
        """Who consented, when and how: the minutes tell it."""
        who, on, way = _names(partner)
        called = partner.short_name
        self.fields[who] = PersonName(
            label=f"{called}: Wer hat der kurzen Ladungsfrist zugestimmt?",
            help_text="Alle Partner müssen zustimmen. Im Protokoll steht, wer, wann und wie.",
            max_length=201,
        )
        self.fields[on] = forms.DateField(label=f"{called}: Wann?")
        self.fields[way] = forms.ChoiceField(
            label=f"{called}: Wie?", choices=[("", "Bitte wählen"), *choices(ConsentWay)]
        )

    @property
    def consent(self) -> Consent:
        """What the action takes; the reason is what was asked about."""
        return Consent(given=tuple(self._given()), without_address=self.cleaned_data.get("without_address", False))

    def _given(self) -> Iterator[PartnerConsent]:
        for partner in self.consenting:
            name, on, way = (self.cleaned_data[field] for field in _names(partner))
            yield PartnerConsent(partner.pk, name, on, ConsentWay(way))

    @property
    def typed_reason(self) -> str:
        """The reason of urgency as it was typed."""
        return str(self.cleaned_data.get("urgency_reason", ""))


def _names(partner: Partner) -> tuple[str, str, str]:
    """The fields about the consent of a partner: who, when, how."""
    return f"consent_name_{partner.pk}", f"consent_on_{partner.pk}", f"consent_way_{partner.pk}"


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
