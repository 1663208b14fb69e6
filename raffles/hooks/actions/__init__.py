from raffles.hooks.actions.change_subscription import change_subscription
from raffles.hooks.actions.disable_subscription import disable_subscription
from raffles.hooks.actions.enable_subscription import enable_subscription
from raffles.hooks.actions.make_subscription import make_subscription
from raffles.hooks.actions.replay_delivery import replay_delivery
from raffles.hooks.actions.rotate_secret import rotate_secret

__all__ = [
    "change_subscription",
    "disable_subscription",
    "enable_subscription",
    "make_subscription",
    "replay_delivery",
    "rotate_secret",
]
