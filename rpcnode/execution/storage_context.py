"""Storage contexts: what a script holds of a contract's storage."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, eq=False)
class StorageContext:
    """The storage of one contract; to EQUAL, one that is handed out later is another.

    Source: neo 3.10.2, SmartContract/StorageContext.cs.
    """

    dotnet_name: ClassVar[str] = "Neo.SmartContract.StorageContext"
    contract_id: int
    is_read_only: bool
