"""What the house tells staff of its own accord."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from raffles.desk.actions import alert_staff, mark_seen
from raffles.desk.admin import TONES
from raffles.desk.models import OF_DRAWS, OF_ORDERS, OF_PLAYERS, OF_THE_HOUSE, StaffNotification
from tests.factories import NOW, make_player

pytestmark = pytest.mark.django_db

Kind = StaffNotification.Kind
LATER = NOW + timedelta(hours=1)


def alert(subject: str = "number:1", **changes: object) -> StaffNotification | None:
    given = {"kind": Kind.SENDING_PAUSED, "subject": subject, "text": "Look at the account.", "now": NOW}
    return alert_staff(**(given | changes))  # type: ignore[arg-type]


def test_an_alert_says_what_to_do_and_names_no_player() -> None:
    note = alert()
    assert note is not None
    assert (note.text, note.player, note.order, note.seen_at) == ("Look at the account.", None, None, None)


def test_a_second_alert_about_the_same_is_none_until_somebody_has_looked() -> None:
    first = alert()
    assert alert() is None
    assert first is not None
    mark_seen(notification_ids=[first.pk], now=NOW)
    assert alert(now=LATER) is not None
    assert StaffNotification.objects.count() == 2


def test_another_subject_or_kind_is_another_alert() -> None:
    alert()
    assert alert("number:2") is not None
    assert alert(kind=Kind.ACCOUNT_NOTICE) is not None


def test_who_comes_a_moment_later_gets_none_and_keeps_their_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alert()
    answers = iter([False, True])  # the rival's row is not there yet, then it is
    monkeypatch.setattr("django.db.models.QuerySet.exists", lambda _rows: next(answers))
    with transaction.atomic():
        assert alert() is None
        monkeypatch.undo()
        assert StaffNotification.objects.count() == 1


def test_a_long_text_is_cut_and_not_lost() -> None:
    note = alert(text="x" * 900)
    assert note is not None
    assert len(note.text) == 500


def test_what_is_about_a_player_must_name_one() -> None:
    with pytest.raises(IntegrityError, match="desk_notification_about_a_player"), transaction.atomic():
        alert(kind=Kind.REFUND_DUE)
    assert alert(kind=Kind.REFUND_DUE, player_id=make_player().pk) is not None


def test_each_kind_is_about_something_and_has_a_colour() -> None:
    assert sorted([*OF_ORDERS, *OF_PLAYERS, *OF_THE_HOUSE, *OF_DRAWS]) == sorted(Kind.values)
    assert set(TONES) == set(Kind.values)
