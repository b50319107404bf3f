"""A teller whose transactions go to two nodes: a live neo-go, which makes the blocks, and ours, which gets them too."""

from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final, NamedTuple

from rpcnode.payloads.transaction import Transaction
from rpcnode.testing import LocalNode, RpcCallError
from tests.oracles.neogo.live import NETWORK, LiveNode, RefusedError
from tests.oracles.neogo.people import Draft, Key
from tests.oracles.neogo.teller import Teller

GENESIS_TIME: Final = "2016-07-15T15:08:21Z"
"""When every chain of neo-go begins."""

MS_PER_BLOCK: Final = 1000


class Outcome(NamedTuple):
    """What a node says of what it was sent: its error's code and words, 0 where it was taken in."""

    code: int
    words: str = ""


class Sent(NamedTuple):
    """Something that both nodes were sent."""

    label: str
    ours: Outcome
    theirs: Outcome


def own_chain(committee: Sequence[Key], hardforks: Mapping[str, int], ms_per_block: int) -> Mapping[str, Any]:
    """The fixture of the chain that neo-go begins with the same keys."""
    return {
        "network": {
            "magic": NETWORK,
            "genesis_time": GENESIS_TIME,
            "ms_per_block": ms_per_block,
            "hardforks": dict(hardforks),
            "committee": [str(key.public) for key in committee],
            "validators_count": 1,
            "max_traceable_blocks": 200000,
            "max_valid_until_block_increment": 86400,
            "memory_pool_max_transactions": 1000,
        }
    }


class Both(Teller):
    """Tells one story to two nodes and notes what each makes of it."""

    def __init__(self, node: LiveNode, own: LocalNode, rng: Random, keys: Sequence[Key], users: Sequence[Key]) -> None:
        super().__init__(node, rng, keys, users)
        self.own: Final = own
        self.sent: Final[list[Sent]] = []
        self.logs: Final[dict[str, list[str]]] = defaultdict(list)
        self.counted: Final[Counter[str]] = Counter()

    def send_draft(self, draft: Draft, transaction: Transaction | None = None) -> Transaction | None:
        """As a teller's, to both."""
        made = self.signed(draft) if transaction is None else transaction
        if self.send_bytes(draft.label, made.serialize()).theirs.code:
            return None
        self.labels[str(made.hash)] = draft.label
        self._sent.append(str(made.hash))
        return made

    def send_bytes(self, label: str, data: bytes) -> Sent:
        """Sends bytes that may be no transaction."""
        self.follow()
        text = b64encode(data).decode()
        sent = Sent(label, self._ours("sendrawtransaction", text), self._theirs("sendrawtransaction", text))
        self.sent.append(sent)
        return sent

    def settle(self, at_most: float = 10) -> None:
        """As a teller's; both chains are as high then."""
        super().settle(at_most)
        self.follow()

    def follow(self) -> None:
        """Hands ours the blocks that came, and compares logs and roots."""
        height = self.node.height
        for index in range(self.own.height + 1, height + 1):
            block_hash = self.node.ask("getblockhash", index)
            raw = self.node.ask("getblock", block_hash)
            answer = self._ours("submitblock", raw)
            if answer.code:
                raise AssertionError(f"block {index} of neo-go's is refused: {answer.words}")
            self._compare(index, block_hash)

    def _compare(self, index: int, block_hash: str) -> None:
        self.counted["blocks"] += 1
        theirs = self.node.ask("getstateroot", index)["roothash"]
        self.counted["roots equal"] += theirs == self.own.call("getstateroot", index)["roothash"]
        block = self.node.ask("getblock", block_hash, 1)
        for log_hash in (block_hash, *(transaction["hash"] for transaction in block["tx"])):
            theirs = self.node.ask("getapplicationlog", log_hash)["executions"]
            ours = self.own.call("getapplicationlog", log_hash)["executions"]
            label = self.labels.get(log_hash, "block")
            for one, other in zip(theirs, ours, strict=True):
                self._compare_log(label, one, other)

    def _compare_log(self, label: str, theirs: Any, ours: Any) -> None:
        failed = theirs["vmstate"] == "FAULT"
        kind = "logs of natives" if label == "block" else "logs"
        self.counted[kind] += 1
        self.counted["faults"] += failed
        names = ("vmstate", "gasconsumed") if failed else ("vmstate", "gasconsumed", "stack", "notifications")
        wrong = [name for name in names if theirs[name] != ours[name]]
        self.counted[f"{kind} equal"] += not wrong
        if wrong:
            told = [
                f"{name}: theirs {str(theirs[name])[:600]}\n{name}: ours   {str(ours[name])[:600]}" for name in wrong
            ]
            told.append(f"exceptions: theirs {theirs['exception']}\nexceptions: ours   {ours['exception']}")
            self.logs[f"{label} ({', '.join(wrong)})"].append("\n".join(told))

    def _theirs(self, method: str, *params: Any) -> Outcome:
        try:
            self.node.ask(method, *params)
        except RefusedError as error:
            return Outcome(error.code, error.words)
        return Outcome(0)

    def _ours(self, method: str, *params: Any) -> Outcome:
        try:
            self.own.call(method, *params)
        except RpcCallError as error:
            return Outcome(error.code, error.message)
        return Outcome(0)
