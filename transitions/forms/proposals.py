"""What the page that asks before a proposal is declined sends back."""

from django import forms


class DeclineForm(forms.Form):
    """Of whom it is said, that it is meant, and what of the naming was shown."""

    case = forms.CharField(widget=forms.HiddenInput)
    answer = forms.CharField(widget=forms.HiddenInput)
    is_meant = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)
