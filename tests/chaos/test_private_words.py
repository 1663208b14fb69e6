from __future__ import annotations

from pathlib import Path

from config.rehearsal.private_words import named_players


def test_a_line_that_names_a_player_is_found_and_not_repeated(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_text("INFO started\nERROR cannot send to +595981000001\n")
    found = list(named_players([log], ["595981000001", "Ana Benítez 0001", ""]))
    assert found == ["worker.log, line 2, names a player"]


def test_a_log_with_ids_only_names_nobody(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("WARNING message 17 refused for good: code 131026\n")
    assert list(named_players([log], ["595981000001", "Ana Benítez 0001"])) == []
