"""Makes the pictures of the README: starts the demo in a folder that is thrown away, signs in, looks, stops."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PROJECT = Path(__file__).resolve().parents[1]
IMAGES = PROJECT / "docs" / "images"
DAY = "2026-11-30T09:00"  # a Monday; the holder of the Geschäftsführung that year is WHO
WHO = "wetteraukreis-secretariat"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=de-DE"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _demo() -> Iterator[tuple[str, str]]:
    """The address and the password of a running demo."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="kok-bilder-") as folder:
        environment = {**os.environ, "KOK_VAR": folder, "KOK_NOW": DAY}
        process = subprocess.Popen(
            [PROJECT / "bin" / "run", "--port", str(port)], env=environment, stdout=subprocess.PIPE
        )
        try:
            if not any(line.startswith(b"Beenden") for line in process.stdout or ()):
                raise SystemExit("Die Vorführung ist nicht gestartet.")
            yield f"http://127.0.0.1:{port}", (Path(folder) / "demo-password.txt").read_text().strip()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def _sign_in(page: Page, address: str, password: str) -> None:
    page.goto(address)
    page.get_by_label("Benutzername").fill(WHO)
    page.get_by_label("Passwort").fill(password)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.get_by_role("heading", level=1, name="Kooperationskonferenz Wetteraukreis").wait_for()


def main() -> int:
    """Writes docs/images/*.png."""
    with _demo() as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="de-DE", timezone_id="Europe/Berlin")
        _sign_in(page, address, password)
        page.screenshot(path=IMAGES / "uebersicht.png")
        browser.close()
    sys.stdout.write("Das Bild in docs/images ist neu.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
