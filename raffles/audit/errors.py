from __future__ import annotations


class WrittenForGood(TypeError):
    """The log is evidence: code that changes or deletes a line of it is wrong, whoever asks."""
