"""Transactions that wait for a block: those declared, in the order in which they came, then those of clients."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.db.store import Store
from rpcnode.execution.records import StateForm
from rpcnode.execution.serializers.item_json import item_from_json, item_to_json
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160, UInt256

if TYPE_CHECKING:
    from rpcnode.chain.declaration import CompiledContract, DeclaredContract, DeclaredTransaction

_PREFIX: Final = "waiting "
_DIGITS: Final = 12
_NO_LIMIT: Final = sys.maxsize  # what an answer may hold is for the answer to say
_ROWS: Final = "SELECT key, value FROM chain_meta WHERE key >= 'waiting ' AND key < 'waiting!' ORDER BY key"


Turn = tuple[int, ...]
"""What clients' transactions are sorted by, the smallest first."""


class Work(NamedTuple):
    """What a transaction does in the block that takes it in: `deploys` a contract first, then what is declared.

    Contracts are named by the text of their script hash. `deployed_at` of the contract says nothing, the block does.
    """

    declared: "DeclaredTransaction"
    deploys: "DeclaredContract | None" = None


class WaitingTransaction(NamedTuple):
    """A transaction without a block; one of a client has no `work`, and its witnesses."""

    transaction: NewTransaction
    work: Work | None

    @property
    def hash(self) -> UInt256:
        return self.transaction.hash


class Mempool:
    """The waiting transactions of one chain; each is a value of `chain_meta`, so that snapshots and restarts have it.

    `revision` is another number whenever transactions went away, or all may be others, `changes` also when one came.
    `unverified` are those of clients of which it is not known whether they hold in the newest state.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[UInt256, tuple[str, WaitingTransaction]] = {}
        self._follow: Callable[[], None] | None = None
        self.watch: Callable[[WaitingTransaction], None] | None = None
        """Has each transaction told that came or went, once more where that is undone."""
        self._turn_of: Callable[[NewTransaction], Turn] | None = None
        self._clients = 0
        self.unverified: set[UInt256] = set()
        self._waited: frozenset[UInt256] = frozenset()
        self.revision = 0
        self.changes = 0
        self.load()

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[WaitingTransaction]:
        return (waiting for _, waiting in self._waiting.values())

    def get(self, transaction_hash: UInt256) -> WaitingTransaction | None:
        """A waiting transaction by its hash."""
        found = self._waiting.get(transaction_hash)
        return None if found is None else found[1]

    def declared(self) -> list[WaitingTransaction]:
        """Those that do what is declared, in the order in which they came."""
        return [waiting for waiting in self if waiting.work is not None]

    def of_clients(self) -> list[WaitingTransaction]:
        """Those of clients, in the order in which they came."""
        return [waiting for waiting in self if waiting.work is None] if self._clients else []

    def ready(self) -> list[WaitingTransaction]:
        """Those that the next blocks take in, in the order in which they do."""
        if not self._clients:
            return list(self)
        verified = [waiting for waiting in self.of_clients() if waiting.hash not in self.unverified]
        return self.declared() + self.by_turn(verified)

    def verified(self) -> list[WaitingTransaction]:
        """Those that are known to hold, as the C# node keeps them: those declared; by turn the clients' that waited
        when the newest block came, for it verifies them so; the others as they came.
        """
        if not self._clients:
            return list(self)
        known = [waiting for waiting in self.of_clients() if waiting.hash not in self.unverified]
        waited = [waiting for waiting in known if waiting.hash in self._waited]
        later = [waiting for waiting in known if waiting.hash not in self._waited]
        return self.declared() + self.by_turn(waited) + later

    def by_turn(self, clients: Iterable[WaitingTransaction]) -> list[WaitingTransaction]:
        """Transactions of clients in the order in which blocks take them in: mostly who pays most for its size."""
        assert self._turn_of is not None
        turn_of = self._turn_of
        return sorted(clients, key=lambda waiting: turn_of(waiting.transaction))

    def follow(self, follow: Callable[[], None], turn_of: Callable[[NewTransaction], Turn]) -> None:
        """Has this called at once, and whenever the chain stands elsewhere, if transactions of clients wait.

        `turn_of` says of each what it is sorted by.
        """
        self._follow = follow
        self._turn_of = turn_of
        self.chain_moved()

    def chain_moved(self) -> None:
        """The chain stands elsewhere than before."""
        if self._clients and self._follow is not None:
            self._waited = frozenset(waiting.hash for waiting in self.of_clients())
            self._follow()

    def load(self) -> None:
        """Takes up what the store holds."""
        self.revision += 1
        self.changes += 1
        before, self._waiting = self._waiting, {}
        for key, text in self._store.connection.execute(_ROWS):
            waiting = _waiting_of(json.loads(text))
            self._waiting[waiting.hash] = (key, waiting)
        self._clients = sum(waiting.work is None for waiting in self)
        if self.watch is not None:
            for _, waiting in (*before.values(), *self._waiting.values()):
                self.watch(waiting)

    def add(self, waiting: WaitingTransaction) -> None:
        """Puts a transaction behind those that wait."""
        last = next(reversed(self._waiting.values()), None)
        number = 0 if last is None else int(last[0].removeprefix(_PREFIX)) + 1
        key = f"{_PREFIX}{number:0{_DIGITS}}"
        self._store.set_meta(key, json.dumps(_json_of(waiting), separators=(",", ":")))
        self._waiting[waiting.hash] = (key, waiting)
        self._clients += waiting.work is None
        self.changes += 1
        if self.watch is not None:
            self.watch(waiting)

    def take_in(
        self, waiting: WaitingTransaction, most: int, replaced: Iterable[UInt256] = (), *, waits: bool
    ) -> WaitingTransaction | None:
        """Takes in a client's transaction, in the place of some and where there is room; what was given up for room.

        That may be this one. `waits` false: a block takes it at once, and it is not added. All of it or nothing.
        """
        try:
            with self._store.transaction():
                self.drop(replaced)
                given_up = self._make_room(waiting, most)
                if given_up is not waiting and waits:
                    self.add(waiting)
        except BaseException:
            self.load()
            raise
        return given_up

    def _make_room(self, waiting: WaitingTransaction, most: int) -> WaitingTransaction | None:
        """Gives up the client's transaction that pays least where there are `most` already: that one, or this."""
        if len(self) < most:
            return None
        last = self.by_turn((*self.of_clients(), waiting))[-1]
        self.drop((last.hash,))
        return last

    def drop(self, hashes: Iterable[UInt256]) -> None:
        """Takes out those that a block holds, or that are given up; part of the open transaction, if there is one."""
        for transaction_hash in hashes if self._waiting else ():
            found = self._waiting.pop(transaction_hash, None)
            if found is not None:
                self.revision += 1
                self.changes += 1
                self._clients -= found[1].work is None
                self.unverified.discard(transaction_hash)
                self._store.clear_meta(found[0])
                if self.watch is not None:
                    self.watch(found[1])


def _json_of(waiting: WaitingTransaction) -> Json:
    work = waiting.work
    if work is None:
        return {
            "hash": waiting.hash.hex(),
            "unsigned": waiting.transaction.unsigned.hex(),
            "witnesses": _hex(waiting.transaction.witnesses),
        }
    return {
        "hash": waiting.hash.hex(),
        "unsigned": waiting.transaction.unsigned.hex(),
        "faults": work.declared.faults,
        "transfers": [
            [
                transfer.asset,
                _hex(transfer.sender),
                _hex(transfer.receiver),
                str(transfer.amount),
                _hex(transfer.token_id),
                transfer.is_coin,
            ]
            for transfer in work.declared.transfers
        ],
        "notifications": [
            [
                event.contract,
                event.event_name,
                [item_to_json(item, _NO_LIMIT) for item in event.state],
                event.state_form.value,
            ]
            for event in work.declared.notifications
        ],
        "deploys": None if work.deploys is None else _contract_json(work.deploys),
    }


def _contract_json(contract: "DeclaredContract") -> Json:
    from rpcnode.models.told_balances import answer_json

    return {
        "key": contract.key,
        "hash": _hex(contract.script_hash),
        "standard": contract.standard,
        "name": contract.name,
        "symbol": contract.symbol,
        "decimals": contract.decimals,
        "total_supply": None if contract.total_supply is None else str(contract.total_supply),
        "tokens": [[token_id.hex(), dict(properties)] for token_id, properties in contract.tokens],
        "balance_of": [[_hex(account), answer_json(answer)] for account, answer in contract.balance_of],
        "rest": contract.rest.to_json(),
        "compiled": None if contract.compiled is None else _compiled_json(contract.compiled),
    }


def _compiled_json(compiled: "CompiledContract") -> Json:
    """What of it counts once its transaction is made."""
    return {"nef": compiled.nef.serialize().hex(), "manifest": compiled.manifest.to_json()}


def _hex(value: bytes | None) -> Json:
    return None if value is None else value.hex()


def _waiting_of(json_object: dict[str, Any]) -> WaitingTransaction:
    transaction_hash, unsigned = UInt256(bytes.fromhex(json_object["hash"])), bytes.fromhex(json_object["unsigned"])
    if "witnesses" in json_object:
        return WaitingTransaction(NewTransaction(transaction_hash, unsigned, _bytes(json_object["witnesses"])), None)
    from rpcnode.chain.declaration import DeclaredNotification, DeclaredTransaction, DeclaredTransfer

    transfers = tuple(
        DeclaredTransfer(
            asset, _account(sender), _account(receiver), int(amount), _bytes(token_id), "", is_coin=is_coin
        )
        for asset, sender, receiver, amount, token_id, is_coin in json_object["transfers"]
    )
    notifications = tuple(
        DeclaredNotification(contract, event_name, tuple(item_from_json(item) for item in state), "", StateForm(form))
        for contract, event_name, state, form in json_object["notifications"]
    )
    deploys = json_object["deploys"]
    return WaitingTransaction(
        NewTransaction(transaction_hash, unsigned),
        Work(
            DeclaredTransaction(transfers, notifications, json_object["faults"], ""),
            None if deploys is None else _contract_of(deploys),
        ),
    )


def _contract_of(json_object: dict[str, Any]) -> "DeclaredContract":
    from rpcnode.chain.declaration import DeclaredContract, RestAsset
    from rpcnode.models.told_balances import answer_of

    total_supply = json_object["total_supply"]
    return DeclaredContract(
        key=json_object["key"],
        script_hash=_account(json_object["hash"]),
        standard=json_object["standard"],
        name=json_object["name"],
        symbol=json_object["symbol"],
        decimals=json_object["decimals"],
        deployed_at=0,
        destroyed_at=None,
        total_supply=None if total_supply is None else int(total_supply),
        rest=RestAsset.from_json(json_object["rest"]),
        where="",
        tokens=tuple((bytes.fromhex(token_id), properties) for token_id, properties in json_object["tokens"]),
        balance_of=tuple((_account(account), answer_of(told)) for account, told in json_object["balance_of"]),
        compiled=None if json_object.get("compiled") is None else _compiled_of(json_object["compiled"]),
    )


def _compiled_of(json_object: dict[str, Any]) -> "CompiledContract":
    from rpcnode.chain.declaration import CompiledContract
    from rpcnode.payloads.manifest_json import manifest_of_json
    from rpcnode.payloads.nef import Nef

    return CompiledContract(Nef.parse(bytes.fromhex(json_object["nef"])), manifest_of_json(json_object["manifest"]))


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


def _account(text: str | None) -> UInt160 | None:
    return None if text is None else UInt160(bytes.fromhex(text))
