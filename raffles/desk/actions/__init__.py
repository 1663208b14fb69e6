from raffles.desk.actions.alert_staff import alert_staff
from raffles.desk.actions.call_person import call_person
from raffles.desk.actions.leave_card import leave_card
from raffles.desk.actions.mark_seen import mark_seen
from raffles.desk.actions.open_card import open_card
from raffles.desk.actions.open_whatsapp_alerts import open_whatsapp_alerts
from raffles.desk.actions.plan_verdict import plan_verdict
from raffles.desk.actions.report_stray_receipt import report_stray_receipt
from raffles.desk.actions.take_over_card import take_over_card
from raffles.desk.actions.undo_verdict import undo_verdict

__all__ = [
    "alert_staff",
    "call_person",
    "leave_card",
    "mark_seen",
    "open_card",
    "open_whatsapp_alerts",
    "plan_verdict",
    "report_stray_receipt",
    "take_over_card",
    "undo_verdict",
]
