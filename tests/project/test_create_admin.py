from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from config.people.passwords import NotTheNameWithALittleMore

PASSWORD = "cuatro-caballos-verdes"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_USERNAME", "ana")
    monkeypatch.setenv("ADMIN_EMAIL", "ana@raffles.example")
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)


def test_the_first_run_makes_a_user_who_may_do_everything() -> None:
    call_command("create_admin")
    ana = User.objects.get()
    assert (ana.username, ana.email, ana.is_superuser) == ("ana", "ana@raffles.example", True)
    assert ana.check_password(PASSWORD)


def test_a_second_run_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("create_admin")
    monkeypatch.setenv("ADMIN_PASSWORD", "another-password-altogether")
    call_command("create_admin")
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("name", ["ADMIN_USERNAME", "ADMIN_PASSWORD"])
def test_a_missing_value_ends_with_one_line(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(CommandError, match=f"^{name} is missing$"):
        call_command("create_admin")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "password", ["password", "12345678", "ana", "ana@raffles.example", "short", "ana12345", "2026ANA!ana"]
)
def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", password)
    with pytest.raises(CommandError, match=r"^ADMIN_PASSWORD is refused: "):
        call_command("create_admin")
    assert not User.objects.exists()


def test_a_refused_password_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", "1029384756")
    with pytest.raises(CommandError) as refusal:
        call_command("create_admin")
    assert "1029384756" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADMIN_USERNAME", "a" * 151),
        ("ADMIN_USERNAME", "ana benítez"),
        ("ADMIN_USERNAME", "ana\x07"),
        ("ADMIN_EMAIL", "ana"),
        ("ADMIN_EMAIL", f"{'a' * 250}@raffles.example"),
    ],
)
def test_what_the_form_of_the_admin_refuses_is_refused_with_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CommandError, match=f"^{name} is refused: [^\n]+$"):
        call_command("create_admin")
    assert not User.objects.exists()


def test_an_address_of_mail_may_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADMIN_EMAIL")
    call_command("create_admin")
    assert User.objects.get().email == ""


@pytest.mark.parametrize(("name", "password"), [("ana", "ana-cuatro-caballos"), ("xy", "xy-12y34-x")])
def test_a_password_may_hold_the_name_among_enough_else(
    monkeypatch: pytest.MonkeyPatch, name: str, password: str
) -> None:
    monkeypatch.setenv("ADMIN_USERNAME", name)
    monkeypatch.setenv("ADMIN_PASSWORD", password)
    call_command("create_admin")
    assert User.objects.get().check_password(password)


@pytest.mark.parametrize(
    ("language", "told"), [("es", "La contraseña no puede"), ("pt-br", "A senha não pode")]
)
def test_the_refusal_is_in_the_language_of_the_reader(language: str, told: str) -> None:
    with translation.override(language), pytest.raises(ValidationError, match=told):
        NotTheNameWithALittleMore().validate("ana12345", User(username="ana"))
