"""The curve of the beacon's signatures, by py_ecc, and the one place where it is imported.

Importing it would raise the interpreter's recursion limit a hundredfold: a deeply nested body of a
request, read meanwhile or ever after, would then end the process instead of being refused.
"""

from __future__ import annotations

import sys

_raise = sys.setrecursionlimit
sys.setrecursionlimit = lambda _limit: None

from py_ecc import optimized_bls12_381 as curve  # noqa: E402
from py_ecc.bls.hash_to_curve import hash_to_G1  # noqa: E402
from py_ecc.bls.point_compression import compress_G1, decompress_G1, decompress_G2  # noqa: E402

sys.setrecursionlimit = _raise

__all__ = ["compress_G1", "curve", "decompress_G1", "decompress_G2", "hash_to_G1"]
