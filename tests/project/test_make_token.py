from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from raffles.api.models import Client, Token
from tests.factories import NOW, make_staff

pytestmark = pytest.mark.django_db


def make_token(*words: str, client: str = "shop") -> str:
    make_staff("ana")
    out = io.StringIO()
    given = ["--user=ana", f"--client={client}", "--scopes", "raffles:read"]
    call_command("make_token", *given, *words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("days", ["0", "-5", "99999999", "3651", "a while", "٥", ""])
def test_a_number_of_days_that_makes_no_sense_makes_no_token(days: str) -> None:
    with pytest.raises(CommandError, match="is not a whole number of days from 1 to 3650"):
        make_token(f"--days={days}")
    assert not Token.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "a" * 81, "a\nb"])
def test_a_program_has_a_name_that_can_be_read(name: str) -> None:
    with pytest.raises(CommandError, match="is not a name of 1 to 80 characters"):
        make_token(client=name)
    assert not Client.objects.exists()


@pytest.mark.parametrize("days", [1, 3650])
def test_a_token_is_good_for_as_many_days_as_were_asked_for(days: int) -> None:
    with time_machine.travel(NOW, tick=False):
        assert make_token(f"--days={days}", client=" shop ").strip()
    assert Token.objects.get().expires_at == NOW + timedelta(days=days)
    assert Client.objects.get().name == "shop"


def test_without_a_number_of_days_it_ends_when_it_is_revoked() -> None:
    make_token()
    assert Token.objects.get().expires_at is None
