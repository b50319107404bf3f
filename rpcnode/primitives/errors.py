"""The three families of errors.

`RpcError` is what a client sees, `NodeError` what the operator sees as one line, `VmFault` is a contract's failure and
so a result. Anything else is a bug of ours and stays loud.

Codes and messages differ between Neo's generations, so each class carries both: `n3` for neo-cli 3.7 and later,
`legacy` for 2.x and the N3 previews.
"""

from typing import ClassVar, Literal

ProfileName = Literal["n3", "n3-preview", "n2"]
"""Which node is emulated: neo-cli 3.10, neo-cli 3.0.0-preview2 or neo-cli 2.12."""


MAX_LINE = 2000
"""Characters of what an operator is told at once; the longest path of a file system and a sentence have room."""


def one_line(text: str, most: int) -> str:
    """`text` as one line of at most `most` characters: line ends are spaces, what is not printable is escaped.

    A longer one loses its middle, since a message begins with the place and ends with what would be right.
    """
    if len(text) > most:
        tail = most // 4
        text = f"{text[: most - tail - 5]} ... {text[len(text) - tail :]}"
    if text.isprintable():
        return text
    line = " ".join(text.splitlines())
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)[:most]


class RpcError(Exception):
    """An error object of the JSON-RPC envelope.

    `detail` is appended to the message on N3 (`Invalid params - DETAIL`) and dropped elsewhere; `data` becomes the
    `data` member; neither when it is empty. neo-cli 3.10 loses `data` when a method body raises and keeps it when a
    parameter converter does, so the two are given apart. Source: neo-node 3.10, plugins/RpcServer: RpcError,
    RpcServer.ProcessRequestAsync.
    """

    n3: ClassVar[tuple[int, str]] = (-32603, "Internal server RpcError")
    legacy: ClassVar[tuple[int, str]] = (-32603, "Internal error")

    def __init__(self, detail: str | None = None, *, data: str | None = None) -> None:
        super().__init__(detail or data or self.n3[1])
        self.detail = detail
        self.data = data

    def error_object(self, profile: ProfileName) -> dict[str, int | str]:
        """`{"code", "message"}` and `data` where there is some, as the profile's node writes them."""
        if profile == "n3":
            code, message = self.n3
            if self.detail:
                message = f"{message} - {self.detail}"
        else:
            code, message = self.legacy
        answer: dict[str, int | str] = {"code": code, "message": message}
        if self.data:
            answer["data"] = self.data
        return answer


class OwnRule(RpcError):
    """A rule of this node and of no other: `detail` gives the reason under every profile."""

    def error_object(self, profile: ProfileName) -> dict[str, int | str]:
        code, message = self.n3 if profile == "n3" else self.legacy
        return {"code": code, "message": f"{message} - {self.detail}"}


class ParseError(RpcError):
    """The body is not JSON, or is the document `null`."""

    n3 = (-32700, "Bad request")
    legacy = (-32700, "Parse error")


class InvalidRequest(RpcError):
    """The request object has the wrong shape, or the batch is empty."""

    n3 = (-32600, "Invalid request")
    legacy = (-32600, "Invalid Request")


class BatchTooLong(OwnRule, InvalidRequest):
    """A batch has more requests than the configuration allows; none of them is executed."""


class MethodNotFound(RpcError):
    """No plugin serves that method, or its plugin has it switched off."""

    n3 = (-32601, "Method not found")
    legacy = (-32601, "Method not found")


class InvalidParams(RpcError):
    """A parameter is missing or cannot be read as what the method takes."""

    n3 = (-32602, "Invalid params")
    legacy = (-32602, "Invalid params")


class InternalError(RpcError):
    """The method failed for a reason that is not the client's."""


class AnswerTooLong(OwnRule, InternalError):
    """The answer would be longer than the configuration allows, or an element before it in its batch was."""

    @classmethod
    def than(cls, size: int) -> "AnswerTooLong":
        """The error that says how many bytes are allowed."""
        return cls(f"the answer is longer than {size} bytes, which RpcServer.MaxResponseBodySize allows")


class StateGone(OwnRule, InternalError):
    """The chain went back below the block whose state a call runs on, or another chain has taken its place."""


class StorageFailed(OwnRule, InternalError):
    """The database cannot be read or written: the disk is full, the file is damaged or gone. Nothing was done."""


class UnknownBlock(RpcError):
    """No block or header with that hash or index."""

    n3 = (-101, "Unknown block")
    legacy = (-100, "Unknown block")


class UnknownContract(RpcError):
    """No contract with that hash, name or id at the node's height."""

    n3 = (-102, "Unknown contract")
    legacy = (-100, "Unknown contract")


class UnknownTransaction(RpcError):
    """No transaction with that hash."""

    n3 = (-103, "Unknown transaction")
    legacy = (-100, "Unknown transaction")


class UnknownSession(RpcError):
    """No session with that id, or no longer; profile n3 only."""

    n3 = (-107, "Unknown session")


class UnknownIterator(RpcError):
    """The session has no iterator with that id; profile n3 only."""

    n3 = (-108, "Unknown iterator")


class UnknownHeight(RpcError):
    """The index lies above the chain, or below where a pruned chain begins."""

    n3 = (-109, "Unknown height")
    legacy = (-100, "Invalid Height")


class AccessDenied(RpcError):
    """No or wrong credentials, or a method that the configuration disables."""

    n3 = (-600, "Access denied")
    legacy = (-400, "Access denied")


class LeakedException(RpcError):
    """An exception of the .NET runtime that the C# node lets out as an error: its HResult and its message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def error_object(self, profile: ProfileName) -> dict[str, int | str]:
        return {"code": self.code, "message": self.message}


class NodeError(Exception):
    """The node cannot start or go on; its text is the one line that the operator reads.

    What the text quotes may come from anywhere, so it is made `one_line`.
    """

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message, MAX_LINE))


class FormatError(ValueError):
    """A text or byte string is not what it should be; says what was found and what would be right."""

    logged: str | None = None
    """What an application log says instead, where the C# node has an exception around this one; see VmFault."""


class VmFault(Exception):
    """A contract failed. A result, not a crash: it becomes the `exception` of an execution.

    `logged` is what application logs say of it, where that is another text: of the C# node's exceptions within each
    other, RPC shows the innermost, a log the outermost that a native method or an interop threw.
    """

    def __init__(self, *args: object, logged: str | None = None) -> None:
        super().__init__(*args)
        self.logged = logged


class EndOfData(FormatError):
    """The bytes end before what they should hold does."""


class RecursiveReference(FormatError):
    """A stack item contains itself, so it has no JSON."""


class ItemTooLarge(FormatError):
    """A stack item is nested too deep, or its JSON would be longer than allowed."""


class ScriptNeeded(VmFault):
    """Only the contract's script knows, which is not run here or needs what is not built: the contract did not fail."""


class NotYet(InternalError):
    """The method exists on the real node; this version of rpcnode cannot do it, and says so instead of guessing."""

    def __init__(self, what: str) -> None:
        super().__init__(what, data=what)


class UnknownAsset(RpcError):
    """No global asset with that id; profile n2 only."""

    legacy = (-100, "Unknown asset")


class UnknownStorageItem(RpcError):
    """The contract's storage has no such key."""

    n3 = (-104, "Unknown storage item")
    legacy = (-100, "Unknown storage")


class UnknownStateRoot(RpcError):
    """No block with that index, so no root; profile n3 only."""

    n3 = (-106, "Unknown state root")


class UnsupportedState(RpcError):
    """The root is not that of the newest block, and the configuration keeps no other; profile n3 only."""

    n3 = (-606, "Old state not supported")


class NoOpenedWallet(RpcError):
    """The method works on a wallet, and the node has none open."""

    n3 = (-302, "No opened wallet")
    legacy = (-400, "Access denied")


class WalletFeeLimit(RpcError):
    """The network fee of what the wallet would send is more than the configuration allows; profile n3 only."""

    n3 = (
        -301,
        "Wallet fee limit exceeded - The necessary fee is more than the MaxFee, this transaction is failed."
        " Please increase your MaxFee value.",
    )


class WalletNotFound(RpcError):
    """There is no file of that name; profile n3 only."""

    n3 = (-303, "Wallet not found")


class WalletNotSupported(RpcError):
    """The file is no wallet, or its password is another; profile n3 only."""

    n3 = (-304, "Wallet not supported")


class UnknownAccount(RpcError):
    """The open wallet has no account of that hash; profile n3 only."""

    n3 = (-305, "Unknown account")


class AlreadyExists(RpcError):
    """The transaction or block is on the chain already."""

    n3 = (-501, "Inventory already exists")
    legacy = (-501, "Block or transaction already exists and cannot be sent repeatedly.")


class AlreadyInPool(RpcError):
    """The transaction waits for a block already; profile n3 only."""

    n3 = (-503, "Already in pool")


class VerificationFailed(RpcError):
    """The transaction or block does not hold, or cannot be judged yet; profile n3 only."""

    n3 = (-500, "Inventory verification failed")


class MempoolFull(RpcError):
    """As many transactions wait as may, and all pay more; profile n3 only."""

    n3 = (-502, "Memory pool capacity reached")


class PolicyFailed(RpcError):
    """A signer is blocked; profile n3 only."""

    n3 = (-505, "Policy check failed")


class InvalidScript(RpcError):
    """The transaction's script does not parse; profile n3 only."""

    n3 = (-506, "Invalid transaction script")


class InvalidAttribute(RpcError):
    """The transaction may not have one of its attributes, or not yet; profile n3 only."""

    n3 = (-507, "Invalid transaction attribute")


class InvalidSignature(RpcError):
    """A witness has the right keys and wrong signatures; profile n3 only."""

    n3 = (-508, "Invalid signature")


class ExpiredTransaction(RpcError):
    """The last block that could hold the transaction is there already, or too far ahead; profile n3 only."""

    n3 = (-510, "Expired transaction")


class InsufficientFunds(RpcError):
    """The sender cannot pay the fees, or the network fee is too small; profile n3 only."""

    n3 = (-511, "Insufficient funds for fee")


class InvalidSize(RpcError):
    """The transaction is longer than one may be; profile n3 only."""

    n3 = (-509, "Invalid inventory size")


class InvalidContractVerification(RpcError):
    """The contract has no `verify` method that takes so many arguments and returns a Boolean."""

    n3 = (-512, "Invalid contract verification function")


class SessionsDisabled(RpcError):
    """Iterators live in sessions, and the configuration has those off."""

    n3 = (-601, "State iterator sessions disabled")
