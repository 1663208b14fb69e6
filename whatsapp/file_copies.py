"""What staff are shown of a file that a player sent: a copy drawn anew, never the file itself.

A file that became a payment proof is shown as that proof is. Of the others the worker makes copies within a
minute; whoever looks sooner waits for one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from raffles.evidence.actions import StillPrepared, copy_file, copy_proof
from raffles.evidence.reader import LONGEST_SECONDS, PATIENT_SECONDS, Reader, ReaderFailed
from raffles.sales.models import PaymentProof
from whatsapp.models import InboundEvent, InboundMedia

MOST_AT_ONCE = 50
NICENESS = 10
# A reader that was ended from outside says nothing of the file; one that ends over and over does.
WORTH_ANOTHER_TRY = timedelta(hours=1)
LOST, TOO_SLOW = "lost", "too slow"

Showing = InboundMedia.Showing


def make_waiting(*, now: datetime) -> int:
    """Once the bot has decided what a file is; the newest first. Says how many were looked at."""
    waiting = InboundMedia.objects.filter(status=InboundMedia.Status.STORED, showing=Showing.WAITING)
    decided = waiting.exclude(event__status=InboundEvent.Status.NEW).select_related("event")
    found = list(decided.order_by("-id")[:MOST_AT_ONCE])
    keys = [media.event.event_key for media in found]
    proofs = set(PaymentProof.objects.filter(source_key__in=keys).values_list("source_key", flat=True))
    with Reader(niceness=NICENESS) as reader:
        for media in found:
            if media.event.event_key in proofs:
                _settle(media, Showing.PROOF)
            else:
                _copy_in_turn(media, reader, now)
    return len(found)


def name_of(media: InboundMedia, *, now: datetime) -> str:
    """Where the copy is kept. Raises ReaderFailed, or StillPrepared while the worker has yet to make it."""
    proof = PaymentProof.objects.filter(source_key=media.event.event_key).first()
    if proof is not None:
        return copy_proof(proof=proof, now=now).pages[0]
    if media.showing == Showing.WAITING:
        return _copied_at_once(media, now)
    return _made(media)


def _made(media: InboundMedia) -> str:
    if not media.copy:
        raise ReaderFailed(media.showing)
    return media.copy


def _copied_at_once(media: InboundMedia, now: datetime) -> str:
    try:
        with Reader() as reader:
            return _copied(media, reader, now, PATIENT_SECONDS)
    except ReaderFailed as failure:
        if failure.why == TOO_SLOW:
            raise StillPrepared from None
        raise


def _copy_in_turn(media: InboundMedia, reader: Reader, now: datetime) -> None:
    try:
        _copied(media, reader, now, LONGEST_SECONDS)
    except ReaderFailed as failure:
        if failure.why != LOST or media.event.received_at < now - WORTH_ANOTHER_TRY:
            _settle(media, Showing.UNREADABLE)


def _copied(media: InboundMedia, reader: Reader, now: datetime, seconds: float) -> str:
    """Made twice by two at once, the first one's stands."""
    name = copy_file(content=_content(media), reader=reader, now=now, seconds=seconds)
    if not _settle(media, Showing.COPIED, copy=name):
        media.file.storage.delete(name)
        media.refresh_from_db()
        return _made(media)
    return name


def _content(media: InboundMedia) -> bytes:
    try:
        with media.file.open("rb") as stream:
            return bytes(stream.read())
    except OSError:
        raise ReaderFailed("gone") from None


def _settle(media: InboundMedia, showing: str, **fields: str) -> bool:
    mine = InboundMedia.objects.filter(pk=media.pk, showing=Showing.WAITING)
    return bool(mine.update(showing=showing, **fields))
