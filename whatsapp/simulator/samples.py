"""Small real files of the kinds that players send without thinking: a voice note and a sticker."""

import io
import struct
from collections.abc import Sequence

from PIL import Image, ImageDraw

OPUS_SILENCE = b"\xf8\xff\xfe"
FRAMES_PER_SECOND = 50
SAMPLES_PER_FRAME = 960
SERIAL = 20_261_121


def voice_note(seconds: int = 3) -> bytes:
    """Ogg with silent Opus frames, written by hand: no encoder is at hand and none is needed."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 9) + b"simulator" + struct.pack("<I", 0)
    pages = [_page([head], number=0, position=0, flags=2), _page([tags], number=1, position=0, flags=0)]
    for second in range(1, seconds + 1):
        frames = [OPUS_SILENCE] * FRAMES_PER_SECOND
        position = second * FRAMES_PER_SECOND * SAMPLES_PER_FRAME
        pages.append(_page(frames, number=second + 1, position=position, flags=4 if second == seconds else 0))
    return b"".join(pages)


def _page(packets: Sequence[bytes], *, number: int, position: int, flags: int) -> bytes:
    lacing = bytes(len(packet) for packet in packets)
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, position, SERIAL, number, 0)
    page = bytearray(head + bytes([len(lacing)]) + lacing + b"".join(packets))
    page[22:26] = struct.pack("<I", _ogg_checksum(page))
    return bytes(page)


def _ogg_checksum(page: bytes | bytearray) -> int:
    checksum = 0
    for byte in page:
        checksum ^= byte << 24
        for _ in range(8):
            carry = 0x04C11DB7 if checksum & 0x80000000 else 0
            checksum = (checksum << 1) & 0xFFFFFFFF ^ carry
    return checksum


def sticker() -> bytes:
    """A four-leaf clover."""
    picture = Image.new("RGBA", (512, 512))
    pen = ImageDraw.Draw(picture)
    pen.arc((190, 250, 420, 560), 180, 250, fill="#15803d", width=22)
    for x, y in ((256, 148), (148, 256), (364, 256), (256, 364)):
        pen.ellipse((x - 104, y - 104, x + 104, y + 104), fill="#ffffff")
        pen.ellipse((x - 92, y - 92, x + 92, y + 92), fill="#22c55e")
    pen.line((148, 256, 364, 256), fill="#15803d", width=10)
    pen.line((256, 148, 256, 364), fill="#15803d", width=10)
    pen.ellipse((230, 230, 282, 282), fill="#15803d")
    target = io.BytesIO()
    picture.save(target, "WEBP", quality=80)
    return target.getvalue()
