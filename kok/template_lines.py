"""Lines of a template are for whoever reads it: a sentence that goes on below is one line of the page.

So a template may be broken where people can read it, and no page sends the blanks of its layout in the middle of text.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

# A break with text, or the inside of a tag, on at least one side. Between two tags it stays as it is.
BREAK = re.compile(r"(?<=[^\s>}])[ \t]*\n\s*(?=\S)|(?<=[>}])[ \t]*\n\s*(?=[^\s<{])")


def unbroken(source: str) -> str:
    """The source of a page without the breaks in its sentences."""
    return BREAK.sub(" ", source)


class Loader(filesystem.Loader):
    """Reads templates of pages so, and all others (mails, texts) as they stand."""

    def get_contents(self, origin: Origin) -> str:
        """The source of a template. Raises TemplateDoesNotExist."""
        source = str(super().get_contents(origin))
        return unbroken(source) if origin.name.endswith(".html") else source
