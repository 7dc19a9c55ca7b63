"""Every proof of a second factor or of a mailbox is counted, and what was wrong is written down."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from kok import clock, known_devices, networks, sign_ins, throttle
from kok.sign_ins import Kind


@contextmanager
def counted(request: HttpRequest, account: int) -> Iterator[None]:
    """Around the check of a code or key: a ValidationError of it says that it was wrong; a right one does not count.

    Raises ValidationError itself, before anything is checked, where somebody tried too often.
    """
    device = known_devices.number_of(request, account)
    attempt = throttle.code(account, network=networks.network_of(request), device=device)
    if not attempt.is_allowed():
        sign_ins.brake(request, account=account, is_first=attempt.was_just_closed)
        is_for_long = attempt.closed_by in (throttle.CODE_ANYWHERE, throttle.CODE_ON_DEVICE_FOR_LONG)
        raise get_adapter().validation_error("too_many_codes" if is_for_long else "too_many_login_attempts")
    try:
        yield
    except ValidationError:
        sign_ins.record(Kind.WRONG_FACTOR, request, account=account, now=clock.now())
        raise
    attempt.succeeded()
