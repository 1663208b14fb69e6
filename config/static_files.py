from __future__ import annotations

from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage


class WithFolders(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """A folder keeps its name: pages of the theme add the name of a file to it in the browser."""

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            if not Path(self.path(name)).is_dir():
                raise
            return name
