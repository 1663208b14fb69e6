"""Receipts as banks' apps draw them, and what players make of one before they send it again."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFont, ImageOps

WIDTH = 1080
NAMES = ("Ana Benitez", "Bruno Duarte", "Carla Villalba", "Diego Ayala", "Elena Caceres", "Fabio Gimenez")


@dataclass(frozen=True)
class Transfer:
    amount: str = "Gs. 150.000"
    reference: str = "4471902263"
    moment: str = "21/11/2026 14:03:22"
    payer: str = "Ana Benitez"
    account: str = "****8841"


@dataclass(frozen=True)
class Bank:
    name: str
    band: str
    accent: str
    title: str
    is_two_columned: bool
    height: int = 1900


BANKS = (
    Bank("Banco del Ejemplo", "#0b3d91", "#1b8a3a", "Transferencia exitosa", True),
    Bank("Billetera Muestra", "#5b2a86", "#5b2a86", "Comprobante de pago", False, 2000),
    Bank("Banco Modelo", "#ffffff", "#c62828", "Pix enviado", True, 1700),
)


@dataclass(frozen=True)
class Colours:
    paper: str
    ink: str
    faint: str
    line: str


DAY = Colours("#ffffff", "#1c1c1e", "#6b7280", "#d8dce2")
NIGHT = Colours("#121418", "#f1f3f5", "#9aa3af", "#30343b")


def transfers(count: int, seed: int = 7) -> list[Transfer]:
    """Of one shop on one day: many pay the same price to the same account, with numbers close together."""
    dice = random.Random(seed)
    made = []
    for place in range(count):
        minutes = 8 * 60 + place * 5 + dice.randrange(5)
        made.append(
            Transfer(
                amount=dice.choice(("Gs. 50.000", "Gs. 100.000", "Gs. 150.000")),
                reference=f"{4471902263 + place * dice.randrange(3, 900)}",
                moment=f"21/11/2026 {minutes // 60 % 24:02}:{minutes % 60:02}:{dice.randrange(60):02}",
                payer=dice.choice(NAMES),
                account=f"****{dice.randrange(1000, 9999)}",
            )
        )
    return made


def again_by_the_same_payer(transfer: Transfer) -> Transfer:
    """The hardest honest one: the same person pays the same price once more, some minutes later."""
    digits = f"{int(transfer.reference) + 3718:010}"
    hour, minute, _second = transfer.moment[-8:].split(":")
    later = f"{hour}:{(int(minute) + 17) % 60:02}:48"
    return replace(transfer, reference=digits, moment=f"{transfer.moment[:-8]}{later}")


def drawn(transfer: Transfer, bank: Bank = BANKS[0], colours: Colours = DAY) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, bank.height), colours.paper)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, WIDTH, 170), fill=bank.band)
    head = "#ffffff" if bank.band != "#ffffff" else colours.ink
    if bank.band == "#ffffff":
        pen.rectangle((0, 0, WIDTH, 170), fill=colours.paper)
    pen.text((60, 60), bank.name, fill=head, font=font(52))
    pen.ellipse((480, 230, 600, 350), fill=bank.accent)
    pen.line((510, 292, 534, 316, 574, 266), fill="#ffffff", width=14)
    _centred(pen, 390, bank.title, colours.ink, 54)
    _centred(pen, 490, transfer.amount, colours.ink, 92)
    pen.line((60, 640, WIDTH - 60, 640), fill=colours.line, width=3)
    _rows(pen, transfer, bank, colours)
    pen.line((60, bank.height - 240, WIDTH - 60, bank.height - 240), fill=colours.line, width=3)
    _centred(pen, bank.height - 200, "Guarde este comprobante.", colours.faint, 36)
    _centred(pen, bank.height - 140, "Consultas: 021 000 000", colours.faint, 36)
    return picture


def _rows(pen: ImageDraw.ImageDraw, transfer: Transfer, bank: Bank, colours: Colours) -> None:
    rows = (
        ("Fecha y hora", transfer.moment),
        ("Nro. de comprobante", transfer.reference),
        ("De", transfer.payer),
        ("Cuenta origen", transfer.account),
        ("Para", "Rifas del Sur SA"),
        ("Cuenta destino", "123-456-789"),
        ("Concepto", "Rifa"),
    )
    y = 700
    for label, words in rows:
        pen.text((60, y), label, fill=colours.faint, font=font(38))
        if bank.is_two_columned:
            pen.text(
                (WIDTH - 60 - pen.textlength(words, font(40)), y), words, fill=colours.ink, font=font(40)
            )
            y += 105
        else:
            pen.text((60, y + 54), words, fill=colours.ink, font=font(44))
            y += 148


def _centred(pen: ImageDraw.ImageDraw, y: int, words: str, colour: str, size: int) -> None:
    pen.text(((WIDTH - pen.textlength(words, font(size))) / 2, y), words, fill=colour, font=font(size))


def font(size: int) -> ImageFont.FreeTypeFont:
    """The one inside Pillow, so that every machine draws alike."""
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont)
    return found


def as_jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def sent_by_chat(picture: Image.Image, longest: int = 1600, quality: int = 70) -> Image.Image:
    """What a messenger makes of a picture: smaller, and compressed again."""
    share = min(1.0, longest / max(picture.size))
    small = picture.resize(
        (round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS
    )
    return Image.open(io.BytesIO(as_jpeg(small, quality))).convert("RGB")


def compressed_again(picture: Image.Image) -> Image.Image:
    return sent_by_chat(sent_by_chat(picture, quality=60), longest=1280, quality=45)


def cropped(picture: Image.Image) -> Image.Image:
    """Margins gone, and the bank's head with them."""
    return sent_by_chat(picture.crop((34, 200, picture.width - 30, picture.height - 90)))


def cut_below(picture: Image.Image) -> Image.Image:
    return sent_by_chat(picture.crop((10, 0, picture.width - 12, picture.height - 260)))


def with_status_bar(picture: Image.Image) -> Image.Image:
    taller = Image.new("RGB", (picture.width, picture.height + 200), "#20242c")
    taller.paste(picture, (0, 84))
    pen = ImageDraw.Draw(taller)
    pen.text((50, 18), "9:41", fill="#ffffff", font=font(40))
    pen.rectangle((picture.width - 120, 26, picture.width - 50, 58), outline="#ffffff", width=4)
    pen.rounded_rectangle((360, picture.height + 150, 720, picture.height + 162), 6, fill="#ffffff")
    return sent_by_chat(taller)


def screenshot_of_screenshot(picture: Image.Image) -> Image.Image:
    """The receipt as the gallery shows it, smaller and between black bars."""
    inner = sent_by_chat(picture).resize(
        (900, round(900 * picture.height / picture.width)), Image.Resampling.BICUBIC
    )
    outer = Image.new("RGB", (WIDTH, inner.height + 420), "#000000")
    outer.paste(inner, (90, 210))
    pen = ImageDraw.Draw(outer)
    pen.text((50, 20), "18:22", fill="#ffffff", font=font(40))
    pen.text((50, 110), "Fotos", fill="#ffffff", font=font(48))
    _centred(pen, outer.height - 110, "Compartir     Editar     Borrar", "#ffffff", 40)
    return sent_by_chat(outer, quality=60)


def inverted(picture: Image.Image) -> Image.Image:
    return sent_by_chat(ImageOps.invert(picture))


def brightened(picture: Image.Image) -> Image.Image:
    softer = ImageEnhance.Contrast(ImageEnhance.Brightness(picture).enhance(1.08)).enhance(0.85)
    return sent_by_chat(ImageChops.offset(softer, 0, 0))


Variant = Callable[[Image.Image], Image.Image]
VARIANTS: dict[str, Variant] = {
    "sent by chat": sent_by_chat,
    "compressed again": compressed_again,
    "cropped": cropped,
    "cut below": cut_below,
    "with a status bar": with_status_bar,
    "screenshot of a screenshot": screenshot_of_screenshot,
    "inverted": inverted,
    "brightened": brightened,
}


def at_night(transfer: Transfer, bank: Bank = BANKS[0]) -> Image.Image:
    """The same receipt as the bank's app draws it in its dark colours."""
    return sent_by_chat(drawn(transfer, bank, NIGHT))
