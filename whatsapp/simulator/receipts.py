"""Draws transfer receipts as banking apps show them, so that a purchase can be played to its end."""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageDraw

from .lettering import font, plain, write

WIDTH, HEIGHT, MARGIN = 720, 1240, 56
INK, GREY, LINE, PAPER = "#1f2937", "#6b7280", "#e5e7eb", "#ffffff"
COLOURS = ("#0f766e", "#1d4ed8", "#9333ea", "#b45309", "#be123c", "#0e7490")
MOST = 60

WORDS = {
    "es": {
        "done": "Transferencia realizada",
        "amount": "Monto",
        "from": "Desde",
        "to": "Para",
        "concept": "Concepto",
        "date": "Fecha y hora",
        "number": "N.º de operación",
        "foot": "Comprobante de muestra, sin valor.",
    },
    "pt": {
        "done": "Transferência realizada",
        "amount": "Valor",
        "from": "De",
        "to": "Para",
        "concept": "Descrição",
        "date": "Data e hora",
        "number": "N.º da transação",
        "foot": "Comprovante de exemplo, sem valor.",
    },
    "en": {
        "done": "Transfer sent",
        "amount": "Amount",
        "from": "From",
        "to": "To",
        "concept": "Reference",
        "date": "Date and time",
        "number": "Transaction no.",
        "foot": "Sample receipt, of no value.",
    },
}


@dataclass(frozen=True)
class Receipt:
    bank: str
    amount: str
    reference: str
    payer: str
    payee: str
    made_at: datetime
    language: str = "es"

    @property
    def seed(self) -> int:
        told = "|".join((self.bank, self.amount, self.reference, self.payer, self.made_at.isoformat()))
        return int.from_bytes(hashlib.sha256(told.encode()).digest()[:5])


def as_png(receipt: Receipt) -> bytes:
    return _saved(draw(receipt), "PNG")


def as_pdf(receipt: Receipt) -> bytes:
    return _saved(draw(receipt), "PDF")


def _saved(picture: Image.Image, kind: str) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **({"resolution": 110.0} if kind == "PDF" else {"optimize": True}))
    return target.getvalue()


def draw(receipt: Receipt) -> Image.Image:
    words = WORDS.get(receipt.language, WORDS["en"])
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    _draw_head(pen, receipt)
    write(pen, (WIDTH / 2, 358), words["done"], INK, 36, middle=True)
    write(pen, (WIDTH / 2, 412), words["amount"], GREY, 24, middle=True)
    amount = receipt.amount[:MOST]
    write(pen, (WIDTH / 2, 480), amount, INK, _fitting(pen, amount, 58), middle=True)
    pen.line((MARGIN, 530, WIDTH - MARGIN, 530), fill=LINE, width=2)
    for place, (label, value) in enumerate(_rows(receipt, words)):
        _draw_row(pen, 560 + 118 * place, label, value)
    write(pen, (WIDTH / 2, HEIGHT - 48), words["foot"], GREY, 22, middle=True)
    return picture


def _draw_head(pen: ImageDraw.ImageDraw, receipt: Receipt) -> None:
    colour = COLOURS[sum(receipt.bank.encode()) % len(COLOURS)]
    pen.rectangle((0, 0, WIDTH, 132), fill=colour)
    pen.rounded_rectangle((MARGIN, 38, MARGIN + 56, 94), 14, fill=PAPER)
    write(pen, (MARGIN + 28, 79), receipt.bank[:1].upper(), colour, 36, middle=True)
    write(pen, (MARGIN + 80, 78), receipt.bank[:34], PAPER, 34)
    middle = WIDTH / 2
    pen.ellipse((middle - 54, 190, middle + 54, 298), fill="#dcfce7")
    pen.line(
        [(middle - 24, 246), (middle - 6, 264), (middle + 26, 226)], fill="#16a34a", width=11, joint="curve"
    )


def _rows(receipt: Receipt, words: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return (
        (words["from"], receipt.payer),
        (words["to"], receipt.payee),
        (words["concept"], receipt.reference),
        (words["date"], f"{receipt.made_at:%d/%m/%Y  %H:%M}"),
        (words["number"], f"{receipt.seed % 10**10:010d}"),
    )


def _draw_row(pen: ImageDraw.ImageDraw, top: int, label: str, value: str) -> None:
    shown = value[:MOST] or "-"
    write(pen, (MARGIN, top + 20), label, GREY, 24)
    write(pen, (MARGIN, top + 64), shown, INK, _fitting(pen, shown, 32))
    pen.line((MARGIN, top + 96, WIDTH - MARGIN, top + 96), fill=LINE, width=2)


def _fitting(pen: ImageDraw.ImageDraw, text: str, size: int) -> int:
    while size > 16 and pen.textlength(plain(text), font=font(size)) > WIDTH - 2 * MARGIN:
        size -= 2
    return size
