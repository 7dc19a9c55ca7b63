"""Every act and every message has German words, so that no page shows a code."""

import re
from pathlib import Path

import pytest

from kok import outbox
from kok.access import Permission
from kok.documents import _renderers
from kok.templatetags import trail
from kok.vocabulary import ACTS, DOCUMENTS, MAILS

ROOT = Path(__file__).parent.parent.parent
RECORDED = re.compile(r'(?:action=|record\w*\((?:\w+, )?)"([a-z]+\.[a-z_-]+)"')


def recorded():
    files = [path for app in ("members", "meetings", "reporting") for path in (ROOT / app).rglob("actions*/**/*.py")]
    files += [path for app in ("members", "meetings", "reporting") for path in (ROOT / app).rglob("actions.py")]
    return {code for path in files for code in RECORDED.findall(path.read_text(encoding="utf-8"))}


def test_given_the_acts_in_the_code_when_shown_in_the_trail_then_each_has_words():
    found = recorded()
    assert {"seat.assigned", "meeting.planned", "minutes.approved", "role.ended"} <= found
    assert sorted(found - ACTS.words.keys() - set(Permission)) == []


@pytest.mark.parametrize(("register", "words"), [(outbox._builders, MAILS), (_renderers, DOCUMENTS)])
def test_given_the_registered_kinds_when_shown_then_each_has_words(register, words):
    assert sorted(register.keys() - words.words.keys()) == []


def test_given_a_model_when_shown_in_the_trail_then_it_has_its_german_name():
    assert trail.thing("meetings.Meeting") == "Sitzung"
    assert trail.thing("gone.Model") == "gone.Model"
