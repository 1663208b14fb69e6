from raffles.hooks.admin import deliveries, refusals, subscriptions

__all__ = ["deliveries", "refusals", "subscriptions"]
