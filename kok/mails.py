"""What a mail says: a notice, whose words stand beside what sends it, or a text that depends on more, as a template.

A template `email/KIND.txt` holds the subject, an empty line, the text.
"""

import re
from collections.abc import Mapping

from django.template.loader import render_to_string

from kok.outbox import Mail, MailAttachment

# A paragraph is one line of the mail; in a template a backslash at the end says that it goes on below.
FOLD = re.compile(r" *\\\n *")
OURS = "Diese Mail kommt von der Anwendung der Kooperationskonferenz. Bitte antworten Sie nicht darauf."


class MailText:
    """The words of a mail that tells one thing: its subject and its paragraphs, in which values stand as `{link}`.

    A paragraph of nothing but a value is left out where that is empty.
    """

    def __init__(self, subject: str, *paragraphs: str) -> None:
        self.parts = (subject, "Guten Tag,", *paragraphs)

    def written(self, values: Mapping[str, object]) -> str:
        """The subject, an empty line, the text."""
        return "\n\n".join(filter(None, (part.format_map(values) for part in self.parts)))


NOTICES: dict[str, MailText] = {}  # by the kind of mail


def add(notices: Mapping[str, MailText]) -> None:
    """Called by apps in `ready()`: the words of these kinds of mail."""
    NOTICES.update(notices)


def composed(kind: str, context: Mapping[str, object], *attachments: MailAttachment, to: str = "") -> Mail:
    """The mail of this kind; `to` where the row in the outbox names an account and no address."""
    notice = NOTICES.get(kind)
    written = notice.written(context) if notice else FOLD.sub(" ", render_to_string(f"email/{kind}.txt", context))
    subject, _, text = written.partition("\n\n")
    return Mail(" ".join(subject.split()), f"{text.strip()}\n", attachments, to)
