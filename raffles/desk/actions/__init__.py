from raffles.desk.actions.alert_staff import alert_staff
from raffles.desk.actions.call_person import call_person
from raffles.desk.actions.mark_seen import mark_seen
from raffles.desk.actions.report_stray_receipt import report_stray_receipt

__all__ = ["alert_staff", "call_person", "mark_seen", "report_stray_receipt"]
