"""What a mail says, from its template `email/KIND.txt`: the subject, an empty line, the text."""

import re
from typing import Any

from django.template.loader import render_to_string

from kok.outbox import Mail, MailAttachment

# A paragraph is one line of the mail; in a template a backslash at the end says that it goes on below.
FOLD = re.compile(r" *\\\n *")


def composed(kind: str, context: dict[str, Any], *attachments: MailAttachment, to: str = "") -> Mail:
    """The mail of this kind; `to` where the row in the outbox names an account and no address."""
    written = FOLD.sub(" ", render_to_string(f"email/{kind}.txt", context))
    subject, _, text = written.partition("\n\n")
    return Mail(" ".join(subject.split()), f"{text.strip()}\n", attachments, to)
