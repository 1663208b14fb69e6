from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from raffles.evidence.reader import Reader
from tests.evidence.receipts import as_jpeg, drawn, transfers


@pytest.mark.django_db
@pytest.mark.parametrize("program", [None, "/usr/bin/tesseract"])
def test_the_doctor_says_whether_text_can_be_read(
    monkeypatch: pytest.MonkeyPatch, program: str | None
) -> None:
    monkeypatch.setattr("raffles.evidence.reader.ocr.shutil.which", lambda _: program)
    told = io.StringIO()
    call_command("doctor", stdout=told)
    assert told.getvalue().splitlines()[0].endswith("(OCR): installed" if program else "(OCR): absent")


def test_a_reader_that_may_not_read_text_says_so(reader: Reader) -> None:
    head, _ = reader.ask("read", [as_jpeg(drawn(transfers(1)[0]))], with_text=False)
    assert (head["ocr"], head["text"]) == ("ABSENT", "")


def test_without_the_program_the_picture_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with Reader() as blind:
        head, copies = blind.ask("read", [as_jpeg(drawn(transfers(1)[0]))], with_text=True)
    assert (head["ocr"], len(copies)) == ("ABSENT", 1)
    assert head["count"] > 10
