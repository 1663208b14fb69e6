from raffles.hooks.actions.change_subscription import change_subscription
from raffles.hooks.actions.disable_subscription import disable_subscription
from raffles.hooks.actions.enable_subscription import enable_subscription
from raffles.hooks.actions.make_subscription import make_subscription
from raffles.hooks.actions.replay_delivery import replay_delivery
from raffles.hooks.actions.replay_given_up import replay_given_up
from raffles.hooks.actions.rotate_secret import rotate_secret
from raffles.hooks.actions.send_test import send_test

__all__ = [
    "change_subscription",
    "disable_subscription",
    "enable_subscription",
    "make_subscription",
    "replay_delivery",
    "replay_given_up",
    "rotate_secret",
    "send_test",
]
