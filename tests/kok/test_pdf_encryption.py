"""Locked PDFs: what leaves opens with its passphrase only, and is made without leaving a trace."""

import io
import logging
import os
import subprocess

import pikepdf
import pymupdf
import pytest

from kok import vault
from kok.pdf import PdfFailed, apart
from kok.pdf.encryption import encrypt
from kok.pdf.passphrase import ALPHABET, new_passphrase

PAGE = '<html lang="de"><title>Blatt</title><body data-footer="Fuß"><h1>Zitronenfalter</h1></body></html>'
PASSPHRASE = "abcd-efgh-kmnp-qrst-uvwx-yz23"


@pytest.fixture(scope="module")
def locked():
    return apart.render_locked(PAGE, passphrase=PASSPHRASE)


def test_given_a_locked_file_when_opened_then_only_the_right_passphrase_opens_it(locked):
    for wrong in ("", "abcd-efgh-kmnp-qrst-uvwx-yz22", PASSPHRASE.upper()):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(io.BytesIO(locked), password=wrong)
    with pymupdf.open(stream=locked, filetype="pdf") as document:
        assert document.authenticate(PASSPHRASE)
        assert "Zitronenfalter" in document[0].get_text()


def test_given_a_locked_file_when_its_bytes_are_read_then_it_is_aes_256_and_may_be_read_aloud(locked):
    assert b"Zitronenfalter" not in locked
    assert b"Blatt" not in locked
    with pikepdf.open(io.BytesIO(locked), password=PASSPHRASE) as document:
        assert (document.encryption.R, document.encryption.bits) == (6, 256)
        assert document.encryption.stream_method.name == document.encryption.string_method.name == "aesv3"
        assert document.allow.accessibility
        assert not document.allow.modify_other


def test_given_a_short_passphrase_when_used_then_it_is_refused():
    with pytest.raises(ValueError, match="short"):
        encrypt(b"%PDF-", "kurz")


def test_given_passphrases_when_made_then_they_are_long_differ_and_have_no_look_alikes():
    made = {new_passphrase() for _ in range(200)}
    assert len(made) == 200
    assert all(len(text.replace("-", "")) == 24 and set(text) <= {*ALPHABET, "-"} for text in made)
    assert not set(ALPHABET) & set("01oOiIlLj")


@pytest.mark.logs_errors
@pytest.mark.parametrize("end", ["broken", "slow"])
def test_given_a_child_that_fails_when_waited_for_then_a_sentence_comes_and_the_log_says_nothing_of_the_page(
    end, monkeypatch, caplog
):
    def run(command, **kwargs):
        if end == "slow":
            raise subprocess.TimeoutExpired(command, 60, output=kwargs["input"])
        return subprocess.CompletedProcess(command, 1, b"", kwargs["input"])

    monkeypatch.setattr(apart.subprocess, "run", run)
    caplog.set_level(logging.INFO)
    with pytest.raises(PdfFailed, match="nichts ausgegeben"):
        apart.render_locked(PAGE, passphrase=PASSPHRASE)
    assert "Zitronenfalter" not in caplog.text
    assert PASSPHRASE not in caplog.text


def test_given_the_child_when_started_then_page_and_passphrase_come_by_its_standard_input_only(monkeypatch):
    seen = {}

    def run(command, **kwargs):
        seen.update(kwargs, command=command)
        return subprocess.CompletedProcess(command, 0, b"%PDF-1.7", b"")

    monkeypatch.setattr(apart.subprocess, "run", run)
    apart.render_locked(PAGE, passphrase=PASSPHRASE)
    outside = f"{ {name: value for name, value in seen.items() if name != 'input'} } {os.environ}"
    assert PASSPHRASE in seen["input"].decode()
    assert PASSPHRASE not in outside
    assert "Zitronenfalter" not in outside


@pytest.mark.logs_errors
def test_given_a_page_that_cannot_be_drawn_when_locked_then_the_log_names_the_kind_of_the_error_only(caplog):
    with pytest.raises(PdfFailed):
        apart.render_locked(PAGE.replace("<h1>", '<img src="file:///etc/hostname"><h1>'), passphrase=PASSPHRASE)
    assert "the child ended with 3 ValueError" in caplog.text
    assert "hostname" not in caplog.text


def test_given_keys_in_the_environment_when_the_child_is_started_then_it_is_told_none_of_them(monkeypatch):
    told = {}

    def run(command, **options):
        told.update(options["env"])
        return subprocess.CompletedProcess(command, 0, b"%PDF-1.7", b"")

    for name in (*vault.new_keys(), "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        monkeypatch.setenv(name, "geheim")
    monkeypatch.setattr(apart.subprocess, "run", run)
    apart.render_locked(PAGE, passphrase=PASSPHRASE)
    assert "PATH" in told
    assert "geheim" not in told.values()


@pytest.mark.logs_errors
def test_given_an_empty_passphrase_when_a_locked_file_is_asked_for_then_no_open_one_comes_out():
    with pytest.raises(PdfFailed):
        apart.render_locked(PAGE, passphrase="")


def test_given_the_child_when_it_has_made_the_file_then_it_ends_by_itself_with_nothing_to_complain(monkeypatch):
    """Pango keeps a thread on newer systems, and a process may hang or crash over one at its end."""
    ended = []
    run = subprocess.run
    monkeypatch.setattr(
        apart.subprocess, "run", lambda *args, **options: ended.append(run(*args, **options)) or ended[0]
    )
    assert apart.render_open(PAGE).startswith(b"%PDF-")
    assert [(child.returncode, child.stderr) for child in ended] == [(0, b"")]
