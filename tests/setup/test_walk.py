""".ci/walk with stand-ins for what it calls, and how the walk reads pages."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kok.embedded import PROJECT
from tests.walk.visitor import Lost, read

PRINTED = "echo '    apt-get install --no-install-recommends libpango-1.0-0' >&2"
# What bin/setup does, how .ci/walk ends, and what root installed.
SET_UPS = {
    "it comes through": ("true", 0, ""),
    "it fails": ("exit 1", 76, ""),
    "packages are missing until they are installed": (f"[[ -e INSTALLED ]] || {PRINTED}", 0, "libpango-1.0-0"),
    "without them it does not go on": (f"[[ -e INSTALLED ]] || {{ {PRINTED}; exit 1; }}", 0, "libpango-1.0-0"),
    "they are missing whatever is installed": (PRINTED, 76, "libpango-1.0-0"),
}


@pytest.mark.parametrize("case", SET_UPS)
def test_given_a_set_up_when_walked_then_only_one_that_came_through_is_judged(tmp_path: Path, case: str) -> None:
    body, code, installed = SET_UPS[case]
    stand_ins = {
        "kok/bin/setup": body, "path/apt-get": '[[ $1 != install ]] || echo "$*" >INSTALLED',
        "path/unshare": 'shift; exec "$@"', "path/python3": '[[ $1 == -c ]] || echo "walked with $http_proxy"',
    }  # fmt: skip
    for name, text in stand_ins.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/usr/bin/env bash\n{text}\n".replace("INSTALLED", str(tmp_path / "installed")))
        path.chmod(0o755)
    (tmp_path / "kok/.ci").mkdir()
    shutil.copy2(PROJECT / ".ci/walk", tmp_path / "kok/.ci/walk")
    environment = os.environ | {"PATH": f"{tmp_path / 'path'}:{os.environ['PATH']}"}
    done = subprocess.run([tmp_path / "kok/.ci/walk"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert ("walked with http://192.0.2.1:3128" in done.stdout) == (code == 0)
    written = (tmp_path / "installed").read_text() if installed else ""
    assert installed in written


PAGE = """<a href="/a"><span>Zum</span> <b>Anfang</b></a>
<form method="get"><input name="q"></form>
<form method="post" action="/neu"><input type="hidden" name="token" value="x">
<input type="radio" name="body" value="1" id="one" checked><label for="one">Konferenz</label>
<input type="radio" name="body" value="2" id="two"><label for="two">Beirat</label>
<label for="day">An welchem Tag? <small>(TT.MM.JJJJ)</small></label><input name="day" id="day">
<input type="checkbox" name="never" id="never">
<select name="kind"><option value="a"><option value="b" selected></select>
<button><span>Sitzung</span> planen</button></form>
<article><h2>Einladung</h2><a href="?mail=1">Tagesordnung.pdf</a></article>"""


def test_given_a_page_when_a_form_is_filled_by_its_labels_then_it_sends_what_a_browser_would() -> None:
    form = read("http://x/", PAGE).form("Sitzung planen")
    form.fill("Beirat")
    form.fill("An welchem Tag", "02.12.2026")
    assert (form.action, form.data()) == ("/neu", b"token=x&body=2&day=02.12.2026&kind=b")


def test_given_a_page_when_read_then_links_and_articles_are_found_by_their_words() -> None:
    page = read("http://x/", PAGE)
    assert page.whole.link("Zum Anfang") == "/a"
    (article,) = page.articles
    assert (article.text, article.link(".pdf")) == ("EinladungTagesordnung.pdf", "?mail=1")


def test_given_a_page_when_something_is_missing_then_somebody_is_lost() -> None:
    page = read("http://x/", PAGE)
    with pytest.raises(Lost, match="no button „Absagen“"):
        page.form("Absagen")
    with pytest.raises(Lost, match=r"no field „Ort“, only \['Konferenz', 'Beirat', 'An welchem Tag"):
        page.form("Sitzung planen").fill("Ort", "hier")
