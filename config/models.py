from django.db import models


class WorkerBeat(models.Model):
    """When a worker of this machine last did a task of the minute, taken from the queue like any other."""

    host = models.CharField(max_length=255, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.host} {self.beat_at:%Y-%m-%d %H:%M:%S}"
