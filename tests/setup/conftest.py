"""A database cluster that was made already, for tests of what becomes of one."""

import subprocess
from pathlib import Path

import pytest

from kok.embedded import Services


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with Services(folder, fsync=False) as services:
        services.start_database()
    return folder / "postgres"


@pytest.fixture
def cluster_var(_made: Path, tmp_path: Path) -> Path:
    """A folder of state in which the embedded database ran before and is empty: the work of `initdb` is done once."""
    var = tmp_path / "var"
    var.mkdir()
    subprocess.run(["cp", "-a", _made, var / "postgres"], check=True)
    return var
