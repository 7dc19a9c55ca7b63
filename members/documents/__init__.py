"""Mails about accounts (`accounts`) and about the power of accounts (`power`); none names anybody.

And how a mail about an agreement is written, for the apps above.
"""

from collections.abc import Mapping

from kok import clock, genuine
from kok.mails import composed
from kok.outbox import Mail, MailAttachment
from members.models import Agreement
from members.queries import conference_of
from members.queries.foundation import words_of

ABOUT = "{conference.short_name} {agreement.region}"  # the beginning of the subject of such a mail


def about(agreement: Agreement, kind: str, context: Mapping[str, object], *attachments: MailAttachment) -> Mail:
    """A mail of this kind about an agreement.

    Raises Refused where what the agreement, its authorities or its bodies are called was changed past the application:
    a subject could carry a link of somebody else.
    """
    genuine.check(words_of(agreement))
    return written(agreement, kind, context, *attachments)


def written(agreement: Agreement, kind: str, context: Mapping[str, object], *attachments: MailAttachment) -> Mail:
    """The same for a page that shows it before: it asks nothing."""
    called = conference_of(agreement).called_on(clock.today())
    return composed(kind, {"agreement": agreement, "conference": called, **context}, *attachments)
