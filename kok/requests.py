"""What views get and how they act: typed requests, one way to say a refusal, one way to go on.

A view is translation: it asks, lets a form read, hands over to one action, and says what came of it. How that is
written down shows `docs/architecture.md`, "A request".
"""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django_htmx.middleware import HtmxDetails

from kok import seen
from kok.errors import Refused

if TYPE_CHECKING:  # by name only: the kernel imports neither its own tables here nor those of the apps
    from kok.models import User
    from kok.sessions import SessionStore
    from members.models import Agreement

Crumbs = list[tuple[str, str | None]]
"""Where one is: words with their address, the page itself without one."""

T = TypeVar("T")
LONGEST_NUMBER = 9  # signs: what fits into every column for numbers


class Request(HttpRequest):
    """A request of somebody signed in. It is Django's own; this only tells what else stands on it.

    `agreement` is set by `@requires`: on pages outside every agreement there is none.
    """

    user: "User"
    session: "SessionStore"
    htmx: HtmxDetails
    agreement: "Agreement"


class Attempt(AbstractContextManager["Attempt"]):
    """An act under way. What it refuses is said where `teller` shows it, and kept."""

    def __init__(self, teller: HttpRequest | BaseForm | None, field: str | None) -> None:
        self._teller, self._field = teller, field
        self.refusal: Refused | None = None

    @property
    def sentence(self) -> str:
        """Why nothing happened; "" where nothing was refused."""
        return self.refusal.sentence if self.refusal else ""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        """Takes a refusal, and nothing else."""
        if not isinstance(error, Refused):
            return False
        self.refusal = error
        if isinstance(self._teller, HttpRequest):
            messages.error(self._teller, error.sentence)
        elif self._teller is not None:
            seen.refuse(self._teller, error, self._field)
        return True


def act(teller: HttpRequest | BaseForm | None = None, field: str | None = None) -> Attempt:
    """`with act(form):` around an action: what it refuses stands on the form, above all fields or at one of them.

    `with act(request):` says it as a message on the next page, `with act() as attempt:` leaves it to a page that shows
    `attempt.sentence`. Inside stands the action and what follows only when it succeeded; after it, what follows else.
    """
    return Attempt(teller, field)


def is_sent(request: HttpRequest, form: BaseForm) -> bool:
    """Whether this form was sent, and can be read."""
    return request.method == "POST" and form.is_valid()


def done(request: HttpRequest, sentence: str, to: str, *args: object) -> HttpResponse:
    """It happened: the sentence, on the page that follows (an address, or the name of one)."""
    messages.success(request, sentence)
    return redirect(to, *args)


def or_404(found: T | None) -> T:
    """What was asked for. What a query does not give this person does not exist."""
    if found is None:
        raise Http404
    return found


def whole_number(text: str) -> int | None:
    """The number that an address or a hidden field holds; None where it holds anything else."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def file_response(
    content: bytes, filename: str, content_type: str = "application/pdf", *, is_shown: bool = False
) -> HttpResponse:
    """A file to keep, or to be shown by the browser."""
    disposition = content_disposition_header(not is_shown, filename)
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})
