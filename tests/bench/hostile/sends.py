"""Transactions and blocks that are hard to verify or to run, sent to a dev chain."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Final

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.attribute import Conflicts, TransactionAttribute
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.keys import private_key_from_wif, public_key_of, sign
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.opcode import Opcode
from tests.bench.hostile.request import Hostile, call, post
from tests.node_process import RunningNode
from tests.oracles.neogo.code import Code, built

ONE_GAS: Final = 100_000_000
FLOOD: Final = 500
_SCRIPTS: Final = ACCOUNT_SCRIPTS["n3"]
_LOOP: Final = bytes((Opcode.JMP, 0))
_COSTLY: Final = {
    "endless loops": _LOOP,
    "buffers that grow": b"\x02\xfe\xff\x01\x00\x88\x4a\x45" + bytes((Opcode.JMP, 0x100 - 8)),
    "lists of nothing": b"\x01\xff\x07\xc3\x45" * 1 + bytes((Opcode.JMP, 0x100 - 5)),
}


class Sender:
    """Signs with one account of a dev chain."""

    def __init__(self, node: RunningNode) -> None:
        (account,) = [each for each in node.call("dev_info")["accounts"] if each["name"] == "account1"]
        self.private: Final = private_key_from_wif(account["wif"])
        self.script: Final = _SCRIPTS.single_key(public_key_of(self.private))
        self.account: Final = UInt160(hash160(self.script))
        self.magic: Final = int(node.call("getversion")["protocol"]["network"])
        self._last: Final = node.call("getblockcount") + 1000
        self._nonce = 0

    def sent(
        self,
        script: bytes = b"\x11",
        *,
        system_fee: int = ONE_GAS,
        network_fee: int = ONE_GAS,
        others: Sequence[Witness] = (),
        attributes: Sequence[TransactionAttribute] = (),
    ) -> Transaction:
        """A signed transaction; `others` sign it with their scripts."""
        self._nonce += 1
        signers = [Signer(self.account), *(Signer(other.script_hash, WitnessScope.None_) for other in others)]
        made = Transaction(self._nonce, system_fee, network_fee, self._last, tuple(signers), tuple(attributes), script)
        own = Witness(_SCRIPTS.invocation([sign(self.private, made.sign_data(self.magic))]), self.script)
        return made.with_witnesses((own, *others))


def hostile_sends(node: RunningNode) -> Iterator[Hostile]:
    """What clients may send: of scripts, witnesses, sizes and numbers that cost."""
    sender = Sender(node)
    for name, script in _COSTLY.items():
        yield _one(f"20 GAS of {name}", sender.sent(script, system_fee=20 * ONE_GAS))
        witness = Witness(b"", script)
        yield _one(f"a witness of {name}", sender.sent(others=[witness], network_fee=3 * ONE_GAS))
    many = [Witness(b"", _LOOP + bytes((Opcode.NOP,)) * number) for number in range(15)]
    yield _one("15 witnesses of endless loops", sender.sent(others=many, network_fee=3 * ONE_GAS))
    code = Code().label("main").raw(_LOOP)
    endless = built("endless", code, [("main", "main", (), "Void")])
    nef = b64encode(endless.nef.serialize()).decode()
    deployed = call("dev_deploy", {"key": "endless", "nef": nef, "manifest": endless.manifest_text})
    invocation = {"contract": "endless", "method": "main", "args": [], "signers": ["account1"]}
    yield Hostile("dev_invoke of an endless loop", post(call("dev_invoke", invocation)), (deployed,))
    yield Hostile("dev_invoke of one that may fail", post(call("dev_invoke", invocation | {"faults": True})))
    large = b"\x0e" + (65_000).to_bytes(4, "little") + bytes(65_000) + bytes((Opcode.DROP,))
    yield _one("a script of 65 kB", sender.sent(large))
    blocks = [call("submitblock", b64encode(bytes(size)).decode()) for size in (0, 100, 700_000)]
    yield Hostile("blocks of zeros", post(b"[" + b",".join(blocks) + b"]"))
    raw = node.call("getblock", 0)
    yield Hostile("the same block again and again", post(b"[" + b",".join([call("submitblock", raw)] * FLOOD) + b"]"))
    manual = (call("dev_setBlockTime", "manual"),)
    instant = (call("dev_setBlockTime", "instant"),)
    flood = [sender.sent() for _ in range(FLOOD)]
    yield Hostile(f"{FLOOD} transactions", post(_batch(flood)), manual, instant)
    first = sender.sent(network_fee=ONE_GAS)
    rivals = [
        sender.sent(attributes=[Conflicts(first.hash)], network_fee=ONE_GAS + number) for number in range(1, FLOOD)
    ]
    yield Hostile(f"{FLOOD} that conflict", post(_batch([first, *rivals])), manual, instant)
    named = [Conflicts(UInt256(number.to_bytes(32, "little"))) for number in range(15)]
    yield Hostile(
        f"{FLOOD} that name 15 conflicts each",
        post(_batch([sender.sent(attributes=named) for _ in range(FLOOD)])),
        manual,
        instant,
    )
    loops = [sender.sent(_LOOP, system_fee=2 * ONE_GAS) for _ in range(10)]
    yield Hostile("a block of 10 endless loops", post(call("dev_mine")), (*manual, _batch(loops)), instant)


def _one(name: str, transaction: Transaction) -> Hostile:
    return Hostile(name, post(_send(transaction)))


def _send(transaction: Transaction) -> bytes:
    return call("sendrawtransaction", b64encode(transaction.serialize()).decode())


def _batch(transactions: Sequence[Transaction]) -> bytes:
    return b"[" + b",".join(map(_send, transactions)) + b"]"
