from raffles.api.actions.make_token import make_token
from raffles.api.actions.revoke_token import revoke_token
from raffles.api.actions.rotate_token import rotate_token

__all__ = ["make_token", "revoke_token", "rotate_token"]
