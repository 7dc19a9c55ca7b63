"""The check of all seals as an auditor asks for it and a worker carries it out."""

from django.test import Client
from django.urls import reverse

from kok import clock
from tests.roles import by_worker
from transitions.actions import checking


def checked(client: Client, mail: str = "") -> str:
    """The page with the result."""
    asked = client.post(reverse("transitions-log:check"), {"nachricht": mail})
    assert asked.status_code == 302, asked.content.decode()
    by_worker(checking.run, asked["Location"].rstrip("/").rpartition("/")[2], clock.now())
    answer = client.get(asked["Location"])
    assert answer.status_code == 200
    return answer.content.decode()
