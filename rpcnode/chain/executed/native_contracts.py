"""The native contracts of chains that are executed here, and the twins of contracts that were generated here."""

from typing import Final

from rpcnode.models.declared.entries import DeclaredTwins
from rpcnode.natives.registry import Natives

NATIVES: Final = Natives(DeclaredTwins())
