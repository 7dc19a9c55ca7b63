"""Settings of the tests: the real ones, with a throw-away folder of state and strict templates.

Importing them starts nothing. The addresses of the servers are known before they run; `tests/conftest.py` starts
the database with the first test that needs one, the fixture `broker` starts the broker. Until then the broker is
down, and the application must bear that.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, urlsplit

from kok.database.roles import WEB
from kok.embedded import PROJECT, Services


def _made_for_this_run() -> str:
    """A folder that goes with the process that made it."""
    folder, maker = tempfile.mkdtemp(prefix="kok-tests-"), os.getpid()

    def remove() -> None:
        if os.getpid() == maker:  # no child that was forked
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    os.environ["KOK_TEST_RUN"] = folder
    return folder


def with_options(url: str, options: str) -> str:
    """The same address with settings of the session, in place of those it had."""
    parts = urlsplit(url)
    rest = [each for each in parts.query.split("&") if each and not each.startswith("options=")]
    return parts._replace(query="&".join([*rest, f"options={quote(options)}"])).geturl()


# One folder for a whole run: the processes of pytest-xdist and every child inherit the variable.
IS_FIRST = "KOK_TEST_RUN" not in os.environ
RUN = Path(os.environ.get("KOK_TEST_RUN") or _made_for_this_run())
VAR = RUN / os.environ.get("PYTEST_XDIST_WORKER", "main")

os.environ["KOK_VAR"] = str(VAR)
os.environ["KOK_MODE"] = "demo"
# A server that is named without DATABASE_OWNER_URL is one of one role: tests of the roles fail there, all others run.
if "DATABASE_OWNER_URL" not in os.environ and "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_OWNER_URL"] = Services(RUN).database.server.url
if "DATABASE_OWNER_URL" in os.environ and IS_FIRST:  # a child is told its own
    os.environ["DATABASE_URL"] = with_options(os.environ["DATABASE_OWNER_URL"], f"-c role={WEB}")
os.environ["KOK_SECURITY_CONTACT"] = "mailto:sicherheit@kok.example.org"
os.environ["REDIS_URL"] = Services(VAR).broker.server.url

from kok.settings import *  # noqa: E402, F403
from kok.settings import STORAGES, TEMPLATES  # noqa: E402


class UndefinedVariable(str):
    """Django formats `string_if_invalid` when a template names a variable that does not exist: a defect of ours."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> str:
        context = sys._getframe(1).f_locals.get("context")
        template = getattr(getattr(context, "render_context", None), "template", None)
        origin = str(template.origin.name) if template else ""
        if origin.startswith(str(PROJECT / "templates")):
            raise AssertionError(f"{origin}: {variable} is not defined")
        return ""


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")  # type: ignore[index]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True  # else every client of a test looks at every static file before it asks for a page
MFA_TOTP_TOLERANCE = 1  # the 30 seconds of a code may end between making and typing it
if "pytest" in sys.modules:
    LOGGING: dict[str, object] = {}  # pytest catches the log
