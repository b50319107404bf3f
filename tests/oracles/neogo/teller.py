"""Sends what a story thinks up, and records the chain that came of it."""

import time
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any, Final

from rpcnode.execution.native_hashes import GAS, NATIVE_HASHES_OF_N3, NEO
from rpcnode.payloads.attribute import TransactionAttribute
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.script_builder import ScriptBuilder
from tests.oracles.neogo.live import NETWORK, Asked, RefusedError
from tests.oracles.neogo.people import Draft, Key, Person, Together, majority

ONE_GAS: Final = 100_000_000


class Teller:
    """One chain in the making. `bank` holds all NEO and GAS at first; `users` are funded by `open`."""

    def __init__(self, node: Asked, rng: Random, keys: Sequence[Key], users: Sequence[Key]) -> None:
        self.node: Final = node
        self.rng: Final = rng
        self.users: Final = users
        self.keys: Final = {str(key.public): key for key in (*keys, *users)}
        self.bank: Final = Together(1, (keys[0],))
        self.labels: Final[dict[str, str]] = {}
        self.refused: Final[Counter[str]] = Counter()
        self._version: Final = node.ask("getversion")
        self._sent: Final[list[str]] = []

    def open(self, gas: int = 100_000, neo: int = 1_000_000) -> None:
        """Gives every user GAS and NEO."""
        builder = ScriptBuilder()
        for user in self.users:
            for token, amount in ((GAS, gas * ONE_GAS), (NEO, neo)):
                builder.call(token, "transfer", [self.bank.account, user.account, amount, None]).op(0x39)
        self.send(builder.to_bytes(), [self.bank], fee=5, label="open")
        self.settle()

    @property
    def committee(self) -> Together:
        """The account of the committee as it is now."""
        return majority([self.keys[public] for public in self.node.ask("getcommittee")])

    def draft(
        self,
        script: bytes,
        people: Sequence[Person],
        *,
        fee: float = 1,
        label: str = "",
        scope: WitnessScope = WitnessScope.Global,
        signers: Sequence[Signer] | None = None,
        attributes: Sequence[TransactionAttribute] = (),
        network_fee: float = 1,
    ) -> Draft:
        """A transaction that pays `fee` GAS to the system; `signers` if their scopes are not all the same."""
        listed = tuple(signers or (Signer(person.account, scope) for person in people))
        paid, network = int(fee * ONE_GAS), int(network_fee * ONE_GAS)
        return Draft(script, listed, tuple(people), paid, network, tuple(attributes), label)

    def send(self, script: bytes, people: Sequence[Person], **more: Any) -> Transaction | None:
        """Sends a draft of these."""
        return self.send_draft(self.draft(script, people, **more))

    def signed(self, draft: Draft, valid_for: int = 1000) -> Transaction:
        """The transaction, valid for so many blocks."""
        return draft.signed(self.rng.getrandbits(32), self.node.height + valid_for, NETWORK)

    def send_draft(self, draft: Draft, transaction: Transaction | None = None) -> Transaction | None:
        """Signs it if nobody has, and sends it; None if the node refuses, which is counted."""
        made = self.signed(draft) if transaction is None else transaction
        try:
            self.node.ask("sendrawtransaction", b64encode(made.serialize()).decode())
        except RefusedError as error:
            self.refused[f"{draft.label}: {str(error)[:150]}"] += 1
            return None
        self.labels[str(made.hash)] = draft.label
        self._sent.append(str(made.hash))
        return made

    def settle(self, at_most: float = 10) -> None:
        """Waits until what was sent is on the chain, or out of the pool otherwise."""
        end = time.monotonic() + at_most
        while time.monotonic() < end:
            pooled = {*self.node.ask("getrawmempool")}
            if not pooled.intersection(self._sent):
                break
            time.sleep(0.03)
        self._sent.clear()

    def halted(self, transaction: Transaction | None) -> bool:
        """Whether it is on the chain and did not fail."""
        if transaction is None:
            return False
        try:
            log = self.node.ask("getapplicationlog", str(transaction.hash))
        except RefusedError:
            return False
        return bool(log["executions"][0]["vmstate"] == "HALT")

    def wait(self, blocks: int) -> None:
        """Waits for more blocks."""
        end = self.node.height + blocks
        while self.node.height < end:
            time.sleep(0.02)

    def wait_until(self, height: int) -> None:
        """Waits for a block."""
        while self.node.height < height:
            time.sleep(0.02)

    def record(self) -> dict[str, Any]:
        """The chain as the recordings hold one."""
        ask, height = self.node.ask, self.node.height
        blocks, logs, roots = [], {}, []
        for index in range(height + 1):
            block_hash = ask("getblockhash", index)
            raw, verbose = ask("getblock", block_hash), ask("getblock", block_hash, 1)
            blocks.append({"verbose": verbose, "raw": raw})
            for log_hash in (block_hash, *(transaction["hash"] for transaction in verbose["tx"])):
                logs[log_hash] = ask("getapplicationlog", log_hash)
            roots.append(ask("getstateroot", index)["roothash"])
        named = self._named(logs)
        contracts = self._contracts(named)
        steps = [{contract: self._rows(contract, root) for contract in named} for root in roots]
        return {
            "version": self._version,
            "height": height + 1,
            "blocks": blocks,
            "application_logs": logs,
            "state_roots": roots,
            "labels": self.labels,
            "refused": dict(self.refused),
            "contracts": contracts,
            "storages": {contract: steps[-1][contract] for contract in contracts},
            "storages_by_block": steps,
        }

    def _named(self, logs: dict[str, Any]) -> set[str]:
        """The natives, and all that events name, those that are gone among them."""
        named = {str(native) for native in NATIVE_HASHES_OF_N3}
        for log in logs.values():
            for execution in log["executions"]:
                for event in execution["notifications"]:
                    named.add(event["contract"])
                    if event["eventname"] == "Deploy":
                        value = event["state"]["value"][0].get("value")
                        named.add(str(UInt160(b64decode(value))))
        return named

    def _contracts(self, named: set[str]) -> dict[str, Any]:
        """Those that are there at the end."""
        found = {}
        for contract in sorted(named):
            try:
                found[contract] = self.node.ask("getcontractstate", contract)
            except RefusedError:
                continue
        return found

    def _rows(self, contract: str, root: str) -> dict[str, str]:
        rows: dict[str, str] = {}
        start = ""
        while True:
            try:
                page = self.node.ask("findstates", root, contract, "", *((start, 1000) if start else ()))
            except RefusedError:  # the contract is not there yet
                return rows
            for row in page["results"]:
                rows[row["key"]] = row["value"]
                start = row["key"]
            if not page["truncated"]:
                return rows
