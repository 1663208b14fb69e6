"""What waits for staff is told outside the admin too: collected for a while, then one message.

1. A notification is a row. Who made it rings (`wake`), and the queue looks again when the countdown is over.
2. `gather` collects, for each destination, what it has not heard yet once the oldest has waited long enough.
3. `send_due` claims each digest with a lease, tells its channel outside every transaction, and settles.
4. The minute sweep does both again: a lost nudge, a dead worker or a failed webhook costs time only.

Limit: a worker that dies between the telling and the note of it leaves a digest that is told once more.
"""

from raffles.desk.alerts.channels import NotDelivered
from raffles.desk.alerts.collecting import gather
from raffles.desk.alerts.nudges import send_alerts, wake
from raffles.desk.alerts.sending import send_due
from raffles.desk.alerts.summary import Group, Summary

__all__ = ["Group", "NotDelivered", "Summary", "gather", "send_alerts", "send_due", "wake"]
