"""Whether an account is as the application wrote it; one that is not opens nothing (ADR 23).

Who only writes to the database can put a password of his own over that of an account, or his address, open a closed
one, or copy his second factor into it. Account, new address and second factors are sealed like roles and lists; here
they are asked for before somebody is let in, a link is mailed, or one is followed.
"""

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from kok.models import Sealing, User

FACTORS = Sealing("factors", "Zweiter Faktor", without=("last_used_at",))
FACTORS.watch(Authenticator)


def stands(user: User) -> bool:
    """Whether this account, as it was read, and all its second factors are as they were sealed. Raises KeyLost."""
    return user.sealing.stands(user) and factors_stand(user)


def factors_stand(user: User) -> bool:
    """Whether nothing was put among the second factors of an account, nor changed there. Raises KeyLost."""
    return _all_stand(Authenticator.objects.filter(user=user.pk))


def hold_factors(user: User) -> bool:
    """The same, and until the end of the transaction nobody changes them. Raises KeyLost.

    Asked before a proof is looked at: a spare code that is struck off twice leaves the row as it was sealed.
    """
    return _all_stand(Authenticator.objects.select_for_update().filter(user=user.pk))


def _all_stand(factors: QuerySet[Authenticator]) -> bool:
    numbers = [factor.pk for factor in factors]
    return len(FACTORS.standing(numbers)) == len(numbers)


def take_off(user: User) -> None:
    """Takes all second factors of an account off, also those that nobody sealed, and tells the chain of it."""
    numbers = list(Authenticator.objects.filter(user=user.pk).values_list("pk", flat=True))
    standing = FACTORS.standing(numbers)
    Authenticator.objects.filter(pk__in=numbers).delete()
    FACTORS.tell_gone(number for number in numbers if str(number) not in standing)
