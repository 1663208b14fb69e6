from __future__ import annotations

import io
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image

from config.env import ROOT
from raffles.evidence.reader import Reader, ReaderFailed
from tests.evidence.hostile import endless_pdf, pdf_of, png_bomb, polyglot, with_place_of_photo
from tests.evidence.receipts import as_jpeg, drawn, transfers
from tests.factories import picture_bytes

RECEIPT = as_jpeg(drawn(transfers(1)[0]))


def read(reader: Reader, content: bytes) -> tuple[dict[str, Any], list[Image.Image]]:
    head, pages = reader.ask("read", [content], with_text=False)
    return head, [Image.open(io.BytesIO(page)) for page in pages]


@pytest.mark.parametrize(
    "content",
    [
        png_bomb(),
        RECEIPT[: len(RECEIPT) // 20],
        picture_bytes("GIF"),
        picture_bytes("TIFF"),
        b"%PDF-1.7\nnothing",
        b"<svg onload=alert(1)>",
        b"",
        b"\xff\xd8\xff" + b"\0" * 100_000,
    ],
    ids=["bomb", "truncated", "gif", "tiff", "pdf of nothing", "svg", "empty", "zeros"],
)
def test_a_hostile_file_fails_alone_and_the_next_is_read(reader: Reader, content: bytes) -> None:
    with pytest.raises(ReaderFailed) as failure:
        read(reader, content)
    assert failure.value.why in {"broken", "too large", "died"}
    assert read(reader, RECEIPT)[0]["count"] > 10


def test_a_file_that_costs_too_much_time_is_given_up(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient = "import sys; import raffles.evidence.reader.__main__ as m; m.MOST_CPU_SECONDS = 1; m.serve()"
    real = subprocess.Popen
    monkeypatch.setattr(
        "raffles.evidence.reader.client.subprocess.Popen",
        lambda _, **options: real([sys.executable, "-c", impatient], **options),
    )
    with Reader() as short_of_time, pytest.raises(ReaderFailed, match=r"died|too slow"):
        read(short_of_time, endless_pdf())


def test_who_waits_at_a_page_is_answered_soon_and_the_next_file_is_read(reader: Reader) -> None:
    with pytest.raises(ReaderFailed, match="too slow"):
        reader.ask("copy", [endless_pdf()], seconds=0.2)
    assert read(reader, RECEIPT)[0]["count"] > 10


def test_of_many_pages_ten_are_shown_and_the_rest_told(reader: Reader) -> None:
    head, pages = read(reader, pdf_of(200))
    assert (head["total"], len(pages)) == (200, 10)
    assert all(max(page.size) <= 2_000 for page in pages)


def test_the_copy_is_upright_and_knows_neither_place_nor_words(reader: Reader) -> None:
    content = with_place_of_photo(Image.new("RGB", (400, 300), "white"))
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)
    _, (copy,) = read(reader, content)
    assert copy.size == (300, 400)
    assert not copy.getexif()
    assert "comment" not in copy.info


def test_of_a_file_that_is_two_things_only_the_picture_is_left(reader: Reader) -> None:
    content = polyglot(RECEIPT)
    assert b"<script>" in content
    _, copies = reader.ask("copy", [content])
    assert copies[0].startswith(b"\xff\xd8\xff")
    assert b"<script>" not in copies[0]


def test_a_picture_is_shown_no_larger_than_it_need_be(reader: Reader) -> None:
    _, (copy,) = read(reader, as_jpeg(Image.new("RGB", (6_000, 1_000), "white")))
    assert max(copy.size) <= 2_000


def test_what_is_transparent_is_shown_on_white(reader: Reader) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (60, 60), (0, 0, 0, 0)).save(buffer, "PNG")
    _, (copy,) = read(reader, buffer.getvalue())
    assert copy.convert("L").point(lambda shade: 255 * (shade < 250)).getbbox() is None


def test_an_empty_picture_has_no_marks_to_be_found_by(reader: Reader) -> None:
    head, _ = read(reader, picture_bytes("PNG", (500, 500)))
    assert (head["whole"], head["marks"], head["wider"]) == ("", [], [])


def test_no_secret_reaches_the_process_that_opens_files(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "of the product")
    seen: list[set[str]] = []
    real = subprocess.Popen

    def start(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        seen.append(set(options["env"]))
        return real(command, **options)

    monkeypatch.setattr("raffles.evidence.reader.client.subprocess.Popen", start)
    with Reader() as fresh:
        read(fresh, RECEIPT)
    assert seen[0] <= {
        "PATH",
        "LANG",
        "TESSDATA_PREFIX",
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OMP_THREAD_LIMIT",
        "PYTHONDONTWRITEBYTECODE",
    }


def test_web_and_worker_never_load_what_unpacks_files() -> None:
    code = (
        "import django, sys; django.setup(); import config.urls, config.worker, raffles.evidence.tasks;"
        "print([name for name in ('numpy', 'scipy', 'imagehash', 'pypdfium2') if name in sys.modules])"
    )
    command = [
        sys.executable,
        "-c",
        f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; {code}",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"


def test_a_reader_that_dies_over_a_file_is_started_again(reader: Reader) -> None:
    with Reader() as one:
        read(one, RECEIPT)
        process = one._process
        assert process is not None
        process.kill()
        process.wait()
        with pytest.raises(ReaderFailed, match="lost"):
            read(one, RECEIPT)
        assert read(one, RECEIPT)[0]["count"] > 10
