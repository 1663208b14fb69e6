"""Files that somebody sends to harm who opens them."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def png_bomb(side: int = 40_000) -> bytes:
    """A few kilobytes that unpack to gigabytes."""
    row = zlib.compress(b"\0" * (side // 8 + 1) * 64, 9)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", row) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pdf_of(pages: int, content: bytes = b"0 0 200 300 re f") -> bytes:
    """A PDF that a reader accepts, every page with the same drawing."""
    kids = b" ".join(b"%d 0 R" % (4 + place) for place in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 700] /Contents 3 0 R >>"] * pages,
    ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            table,
            size,
            len(body),
        )
    )


def endless_pdf() -> bytes:
    """One page that asks for a million strokes."""
    return pdf_of(1, b"0 0 1 1 re 5 5 9 9 re 1 1 300 600 re B*\n" * 240_000)


def with_place_of_photo(picture: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "made at home"
    exif.get_ifd(0x8825).update({1: "S", 2: (25.0, 16.0, 55.0), 3: "W", 4: (57.0, 38.0, 0.0)})
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif, comment=b"written by hand")
    return buffer.getvalue()


def polyglot(picture: bytes) -> bytes:
    """A picture for one reader, a page with a script for another."""
    page = b"<html><script>alert('x')</script></html>"
    comment = b"\xff\xfe" + struct.pack(">H", len(page) + 2) + page
    return picture[:2] + comment + picture[2:] + page
