"""How the check of a transaction or a block ends. Source: neo 3.10.2, Ledger/VerifyResult.cs."""

from enum import Enum


class Verdict(Enum):
    """What becomes of a transaction or a block; the values are the C# node's names, which clients see."""

    SUCCEED = "Succeed"
    ALREADY_EXISTS = "AlreadyExists"
    ALREADY_IN_POOL = "AlreadyInPool"
    OUT_OF_MEMORY = "OutOfMemory"
    UNABLE_TO_VERIFY = "UnableToVerify"
    INVALID = "Invalid"
    INVALID_SCRIPT = "InvalidScript"
    INVALID_ATTRIBUTE = "InvalidAttribute"
    INVALID_SIGNATURE = "InvalidSignature"
    OVER_SIZE = "OverSize"
    EXPIRED = "Expired"
    NOT_YET_VALID = "NotYetValid"
    INSUFFICIENT_FUNDS = "InsufficientFunds"
    POLICY_FAIL = "PolicyFail"
    HAS_CONFLICTS = "HasConflicts"
