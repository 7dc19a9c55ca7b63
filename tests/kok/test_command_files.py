"""A file that a command cannot read: one sentence with the whole path and what to do, exit code 1, nothing stored."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db
NOBODY = 65534  # root may read everything, so as root somebody else asks

# Every command that reads a file.
READING = {"load_agreement": (), "import_dataset": (), "erase": ("--reapply",), "check_seals": ("--mail",)}


@contextmanager
def closed(folder: Path) -> Iterator[None]:
    """Whoever runs the test may not enter this folder until the end of the block."""
    folder.chmod(0o000)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
            importlib.invalidate_caches()  # where nobody may read the project, Python remembers folders as empty
        folder.chmod(0o700)


def refused(capsys: pytest.CaptureFixture[str], name: str, path: Path) -> str:
    with pytest.raises(SystemExit) as ended:
        call_command(name, *READING[name], str(path))
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (1, "")
    assert len(told.err.splitlines()) <= 2  # figures say in a line of their own that the file has one error
    return told.err


@pytest.mark.parametrize("name", READING)
@pytest.mark.parametrize("file", ["datei.toml", "offen/fehlt.toml"])
def test_given_a_file_that_may_not_be_read_when_a_command_wants_it_then_it_says_who_may_not_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, file: str
) -> None:
    folder = tmp_path / "geschlossen"
    (folder / "offen").mkdir(parents=True)
    (folder / "datei.toml").write_text("x")
    refused(capsys, name, tmp_path / "fehlt.toml")  # and with that all is imported, while the project may be read
    with closed(folder):
        said = refused(capsys, name, folder / file)
    assert f"{folder / file} darf der Benutzer " in said
    assert "Geben Sie ihm das Recht" in said


@pytest.mark.parametrize("name", READING)
def test_given_a_relative_path_that_leads_nowhere_when_a_command_follows_it_then_it_names_the_whole_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)  # as kok-manage changes the folder
    assert f"{tmp_path / 'fehlt.toml'} gibt es nicht." in refused(capsys, name, Path("fehlt.toml"))
