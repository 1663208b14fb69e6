from __future__ import annotations

from datetime import date

import pytest

from raffles.evidence.transfers import (
    amount_in,
    date_in,
    destination_in,
    reference_in,
    transfer_in,
)

PARAGUAY = """Banco del Ejemplo
Transferencia exitosa
Gs. 150.000
Fecha y hora 21/11/2026 14:03:22
Nro. de operación 4471902263
De Ana Benítez
Para Rifas del Sur SA
Cuenta destino 123-456-789
"""
BRAZIL = """Comprovante de Pix
Valor
R$ 1.234,56
Realizado em 21 de novembro de 2026 às 14:03
Quem recebeu
Rifas do Sul Ltda
ID da transação: E60701190202611211403abc12345
"""
ENGLISH = """Payment sent
Amount US$ 1,234.56
Date Nov 21, 2026
To: Southern Raffles Inc
Transaction ID: TX-90814423
"""


def test_a_receipt_of_paraguay_is_read() -> None:
    found = transfer_in(PARAGUAY, minor_digits=0)
    assert (found.reference, found.amount_minor) == ("4471902263", 150_000)
    assert (found.paid_on, found.destination) == (date(2026, 11, 21), "Rifas del Sur SA")


def test_a_receipt_of_brazil_is_read() -> None:
    found = transfer_in(BRAZIL, minor_digits=2)
    assert (found.reference, found.amount_minor) == ("E60701190202611211403ABC12345", 123_456)
    assert (found.paid_on, found.destination) == (date(2026, 11, 21), "Rifas do Sul Ltda")


def test_a_receipt_in_english_is_read() -> None:
    found = transfer_in(ENGLISH, minor_digits=2)
    assert (found.reference, found.amount_minor) == ("TX-90814423", 123_456)
    assert (found.paid_on, found.destination) == (date(2026, 11, 21), "Southern Raffles Inc")


@pytest.mark.parametrize(
    ("text", "digits", "minor"),
    [
        ("Monto: Gs. 1.250.000", 0, 1_250_000),
        ("Importe 150.000,00 PYG", 0, 150_000),
        ("₲ 50.000", 0, 50_000),
        ("Total 50000 guaraníes", 0, 50_000),
        ("R$ 50,00", 2, 5_000),
        ("R$ 1.234.567,89", 2, 123_456_789),
        ("USD 12.5", 2, 1_250),
        ("$1,234", 2, 123_400),
        ("Monto\nGs 75.000", 0, 75_000),
        ("Gs. 999.999.999.999.999.999", 0, None),
        ("Monto", 0, None),
        ("", 2, None),
        ("Fecha 21/11/2026", 0, None),
    ],
)
def test_amounts_are_read_as_they_are_written_there(text: str, digits: int, minor: int | None) -> None:
    assert amount_in(text, minor_digits=digits) == minor


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("21/11/2026", date(2026, 11, 21)),
        ("5-3-26", date(2026, 3, 5)),
        ("11/21/2026", date(2026, 11, 21)),
        ("2026-11-21 14:03", date(2026, 11, 21)),
        ("sábado, 21 de noviembre de 2026", date(2026, 11, 21)),
        ("21 DEZ 2026", date(2026, 12, 21)),
        ("Aug 2nd, 2026", date(2026, 8, 2)),
        ("32/13/2026", None),
        ("30/02/2026", None),
        ("123-456-789", None),
    ],
)
def test_dates_are_read_in_every_way_they_are_written(text: str, day: date | None) -> None:
    assert date_in(text) == day


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("N° de comprobante: 00123456", "00123456"),
        ("Número de transacción\n8812-3321-77", "8812-3321-77"),
        ("Referencia 21/11/2026", None),
        ("Autenticação A1B2C3D4E5F6789", "A1B2C3D4E5F6789"),
        ("Ref. 77", None),
        ("Gracias por su compra", None),
        ("Preferencial 12345678", None),
    ],
)
def test_references_are_read_behind_their_label(text: str, reference: str | None) -> None:
    assert reference_in(text) == reference


def test_a_destination_is_bounded_however_long_its_line_is() -> None:
    assert destination_in("Para: " + "x" * 5_000) == "x" * 120
    assert destination_in("nada") is None


@pytest.mark.parametrize(
    "text", ["9" * 20_000, "1." * 10_000, "Nro de " * 3_000, "valor " * 3_000, "-" * 20_000]
)
def test_hostile_text_is_read_at_once(text: str) -> None:
    assert transfer_in(text, minor_digits=2).paid_on is None
