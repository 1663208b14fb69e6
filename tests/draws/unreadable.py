"""Files that no program that checks may take for a document."""

from __future__ import annotations

HOSTILE = {
    "nothing": b"",
    "no JSON": b"certainly not",
    "half of it": b'{"format": "raffle-draw/1", "rules": [',
    "no object": b"[1, 2]",
    "another format": b'{"format": "raffle-draw/9"}',
    "a format that is none": b'{"format": {"a": []}}',
    "no UTF-8": b'{"format": "\xff\xfe"}',
    "a byte order mark": b'\xef\xbb\xbf{"format": "raffle-draw/1"}',
    "a deep list": b"[" * 200_000,
    "a deep object": b'{"a":' * 200_000,
    "a huge number": b'{"format": "raffle-draw/1", "count": ' + b"9" * 100_000 + b"}",
    "a fraction": b'{"format": "raffle-draw/1", "count": 1.5}',
    "an exponent": b'{"format": "raffle-draw/1", "count": 1e999}',
    "not a number": b'{"format": "raffle-draw/1", "count": NaN}',
    "a key twice": b'{"format": "raffle-draw/1", "format": "raffle-draw/1"}',
    "a key twice, far inside": b'{"format": "raffle-draw/1", "a": [{"b": {"c": 1, "\\u0063" : 2}}]}',
    "a whole number with a point": b'{"format": "raffle-draw/1", "count": 1.0}',
    "a whole number with a power": b'{"format": "raffle-draw/1", "count": 1e0}',
}
# Plain JSON, though of something else.
FOREIGN = {
    "no object",
    "another format",
    "a format that is none",
    "a deep list",
    "a deep object",
    "a huge number",
}
