"""Asks the indexes for known holes in what the locks name, and says what they could not be asked about.

pip-audit passes a package in silence that its index does not know, as behind a mirror, and ends with 0. That must
not look like "no holes": it counts as not asked.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
LISTS = ("dev", "servers", "npm")  # of requirements/; dev holds base
NONE, HOLES, NOT_ASKED = range(3)


@dataclass
class Answer:
    """What one index said."""

    asked: int = 0
    holes: list[str] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)


def python_answer(found: dict[str, Any] | None) -> Answer:
    """Reads the JSON of pip-audit; None when it had nothing to say."""
    if found is None:
        return Answer(not_asked=["alle Python-Pakete"])
    answer = Answer()
    for package in found["dependencies"]:
        if "skip_reason" in package:
            answer.not_asked.append(package["name"])
            continue
        answer.asked += 1
        for hole in package["vulns"]:
            mended = ", ".join(hole["fix_versions"]) or "noch keiner Fassung"
            answer.holes.append(f"{package['name']} {package['version']}: {hole['id']}, behoben in {mended}")
    return answer


def npm_answer(found: dict[str, Any] | None, locked: int) -> Answer:
    """Reads the JSON of `npm audit` over so many locked packages; None when it had nothing to say."""
    if found is None or "vulnerabilities" not in found:
        return Answer(not_asked=["alle npm-Pakete"])
    holes = [
        f"{name}: {hole['severity']}, Fassungen {hole['range']}" for name, hole in found["vulnerabilities"].items()
    ]
    return Answer(asked=locked, holes=holes)


def verdict(answers: list[Answer]) -> tuple[int, str]:
    """The exit code and what a person reads. Holes count more than what could not be asked."""
    holes = [hole for answer in answers for hole in answer.holes]
    not_asked = [name for answer in answers for name in answer.not_asked]
    lines = [f"Gefragt: {sum(answer.asked for answer in answers)} Pakete. Bekannte Lücken: {len(holes)}."]
    lines += [f"  {hole}" for hole in holes]
    if not_asked:
        lines.append(f"NICHT GEFRAGT: {', '.join(not_asked)}.")
        lines.append(
            "Das Verzeichnis ist von hier nicht zu erreichen oder kennt keine Lücken. Fragen Sie dort noch einmal,"
        )
        lines.append("wo es zu erreichen ist. Dass hier keine Lücke steht, heißt nicht, dass es keine gibt.")
    return HOLES if holes else NOT_ASKED if not_asked else NONE, "\n".join(lines)


def _json_of(command: list[str]) -> dict[str, Any] | None:
    """What the program printed, whatever it ended with; None when that was no JSON object."""
    try:
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        found = json.loads(done.stdout)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _ask_python() -> Answer:
    """pip-audit lives in an environment of its own that is gone afterwards."""
    uv = str(PROJECT / ".venv/bin/uv")
    with tempfile.TemporaryDirectory(prefix="kok-audit-") as folder:
        python = f"{folder}/bin/python"
        for command in (
            [uv, "venv", "--quiet", "--python", sys.executable, "--clear", folder],
            [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, "requirements/audit.txt"],
        ):
            if subprocess.run(command, cwd=PROJECT, check=False).returncode:
                return python_answer(None)
        lists = [part for name in LISTS for part in ("--requirement", f"requirements/{name}.txt")]
        flags = ["--disable-pip", "--format", "json", "--progress-spinner", "off", "--cache-dir", f"{folder}/cache"]
        return python_answer(_json_of([f"{folder}/bin/pip-audit", *flags, *lists]))


def _ask_npm() -> Answer:
    locked = len(json.loads((PROJECT / "package-lock.json").read_text())["packages"]) - 1
    if shutil.which("npm") is None:
        return npm_answer(None, locked)
    return npm_answer(_json_of(["npm", "audit", "--json", "--package-lock-only"]), locked)


def main() -> int:
    """0 none, 1 holes, 2 not everything could be asked."""
    code, text = verdict([_ask_python(), _ask_npm()])
    sys.stdout.write(text + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
