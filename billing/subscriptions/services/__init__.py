"""What people and jobs do with a subscription. Each call to a gateway happens outside of any transaction."""

from billing.subscriptions.services.cancelling import cancel, close, end_at_gateway, resume
from billing.subscriptions.services.changing import change_plan, preview_change, undo_change
from billing.subscriptions.services.checkout import begin_checkout, finish_checkout
from billing.subscriptions.services.discounting import end_discount
from billing.subscriptions.services.refunding import refund
from billing.subscriptions.services.seating import follow_everywhere, follow_members
from billing.subscriptions.services.switching import move_to_gateway, switch_gateway
from billing.subscriptions.services.ticking import tick, tick_due
from billing.subscriptions.services.trials import document_given, extend_trial, start_trial

__all__ = [
    "begin_checkout",
    "cancel",
    "change_plan",
    "close",
    "document_given",
    "end_at_gateway",
    "end_discount",
    "extend_trial",
    "finish_checkout",
    "follow_everywhere",
    "follow_members",
    "move_to_gateway",
    "preview_change",
    "refund",
    "resume",
    "start_trial",
    "switch_gateway",
    "tick",
    "tick_due",
    "undo_change",
]
