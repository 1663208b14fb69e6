from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from raffles.draws import verify_draw
from raffles.draws.beacon import DEMO
from raffles.draws.invariants.records import differences
from raffles.draws.models import Draw
from raffles.draws.published import proof_of

PROGRAM = Path(verify_draw.__file__)


class Command(BaseCommand):
    help = (
        "Compute everything of a draw again: from the published document, with everybody's program, "
        "and from the database. Exit status 1 when something differs. Example: manage.py verify_draw MOTO"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="of the raffle")

    def handle(self, *_args: Any, code: str, **_options: Any) -> None:
        draw = Draw.objects.filter(code=code.strip().upper()).exclude(rule_digest="").first()
        if draw is None:
            raise CommandError(f"There is no draw {code} with a published rule.")
        is_verified = self._document_verifies(draw)
        found = list(differences(draw))
        for line in found:
            self.stdout.write(f"- {line}")
        if found or not is_verified:
            raise CommandError(f"Something of draw {draw.code} is wrong.")
        self.stdout.write("The database says the same.")

    def _document_verifies(self, draw: Draw) -> bool:
        """As a stranger would, in a process that knows nothing of ours."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "proof.json"
            file.write_text(json.dumps(proof_of(draw), ensure_ascii=False), encoding="utf-8")
            words = [sys.executable, "-I", str(PROGRAM), str(file), *_trusted(draw)]
            done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False)
        self.stdout.write(done.stdout.rstrip() or done.stderr.rstrip())
        return done.returncode == 0


def _trusted(draw: Draw) -> list[str]:
    """The beacon for trying is known to nobody else."""
    return ["--trust-chain", DEMO.hash] if settings.SIMULATOR and draw.chain == DEMO.hash else []
