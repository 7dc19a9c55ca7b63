"""What a password must be, in the words of this application: help beside the field and errors at it.

Django's checks with our sentences; its German ones blame the password ("zu üblich") and do not say what to do.
"""

from django.contrib.auth import password_validation

DIFFERENT = "Die beiden Passwörter sind verschieden. Schreiben Sie zweimal dasselbe."


class LongEnough(password_validation.MinimumLengthValidator):
    """At least so many signs."""

    def get_error_message(self) -> str:
        """What to do instead."""
        return f"Dieses Passwort hat weniger als {self.min_length} Zeichen. Nehmen Sie mehr, etwa mehrere Wörter."

    def get_help_text(self) -> str:
        """Beside the field."""
        return f"Mindestens {self.min_length} Zeichen, etwa mehrere Wörter."


class NotCommon(password_validation.CommonPasswordValidator):
    """None of those that are tried first."""

    def get_error_message(self) -> str:
        """What to do instead."""
        return "Dieses Passwort benutzen viele, deshalb wird es leicht erraten. Nehmen Sie ein anderes."

    def get_help_text(self) -> str:
        """Beside the field."""
        return "Keines, das viele benutzen."


class NotLikeTheAccount(password_validation.UserAttributeSimilarityValidator):
    """Nothing that stands in the account."""

    def get_error_message(self) -> str:
        """What to do instead."""
        return "Dieses Passwort ähnelt Ihrem Benutzernamen oder Ihrer E-Mail-Adresse. Nehmen Sie ein anderes."

    def get_help_text(self) -> str:
        """Beside the field."""
        return "Keines, das Ihrem Benutzernamen oder Ihrer E-Mail-Adresse ähnelt."
