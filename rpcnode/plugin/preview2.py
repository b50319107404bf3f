"""The storage of preview2's native tokens, for plugins that answer its profile."""

from rpcnode.models.preview_storage import registered_validators, stored_value

__all__ = ["registered_validators", "stored_value"]
