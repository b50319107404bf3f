"""The dev methods of a node, as Python has them: one each, under its own name."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, NamedTuple

from rpcnode.primitives.records import dataclass
from rpcnode.testing.chain_source import Fixture, plain_fixture
from rpcnode.testing.journal import JournalEntry
from rpcnode.testing.rpc_client import Posts, RpcClient

BlockTimeMode = Literal["instant", "manual"] | float


class Heights(NamedTuple):
    """Where a node stands, and how far its headers go."""

    height: int
    header_height: int


class NodeControl(RpcClient):
    """Commands a node. What a dev method refuses is an RpcCallError, and nothing has changed.

    Accounts, contracts and assets go by their names in the fixture, their hash or their address. Times are in
    milliseconds; amounts in the smallest unit of their asset. Dev methods are not in the journal, nor struck by faults.
    """

    def __init__(self, posts: Posts) -> None:
        super().__init__(posts)
        self._first_sequence = 0

    # Blocks and time

    def mine(self, blocks: int = 1, interval_ms: int | None = None) -> int:
        """Makes blocks, and gives the height; what waits goes into the first. `interval_ms` lies between them."""
        return int(self.call("dev_mine", blocks, interval_ms))

    def set_block_time(self, mode: BlockTimeMode) -> BlockTimeMode:
        """Makes blocks for each transaction ("instant"), by `mine` only ("manual"), or each so many seconds; the mode.

        By seconds it needs an event loop: that of `start`, or one in which `in_process` was entered by `async with`.
        """
        made: BlockTimeMode = self.call("dev_setBlockTime", mode)
        return made

    def set_time(self, time_ms: int) -> int:
        """Puts the chain's clock, which it gives; the next block is not dated earlier."""
        return int(self.call("dev_setTime", time_ms))

    def increase_time(self, by_ms: int) -> int:
        """Puts the chain's clock on, and gives it."""
        return int(self.call("dev_increaseTime", by_ms))

    def set_next_block_timestamp(self, timestamp_ms: int) -> int:
        """Dates the next block to the millisecond; the clock."""
        return int(self.call("dev_setNextBlockTimestamp", timestamp_ms))

    def set_time_step(self, step_ms: int | None) -> int:
        """Sets what lies between a block and the next, None for the network's own time; the clock."""
        return int(self.call("dev_setTimeStep", step_ms))

    # State

    def snapshot(self, name: str | None = None) -> "Snapshot":
        """Keeps the state of the chain, under a name if one is given. As `with node.snapshot():` it comes back."""
        return Snapshot(str(self.call("dev_snapshot", name)), self)

    def revert(self, snapshot: "Snapshot | str") -> None:
        """Goes back to a snapshot, which can be gone back to again."""
        self.call("dev_revert", snapshot.name if isinstance(snapshot, Snapshot) else snapshot)

    def snapshots(self) -> list[str]:
        """The names of the snapshots."""
        return list(self.call("dev_snapshots"))

    def reset(self, fixture: Fixture | None = None) -> int:
        """Goes back to the start, or to that of another fixture of the same network; the height."""
        return int(self.call("dev_reset", None if fixture is None else plain_fixture(fixture)))

    def rewind(self, block_index: int) -> int:
        """Makes a block the newest again, and gives its index."""
        return int(self.call("dev_rewind", block_index))

    def dump(self) -> str:
        """The whole state as JSON text, a row a line, in stable order."""
        return str(self.call("dev_dumpState"))

    def load(self, state: str) -> int:
        """Puts a state that `dump` gave in the place of this one; the height."""
        return int(self.call("dev_loadState", state))

    def set_sync(self, height: int | None = None, header_height: int | None = None) -> Heights:
        """Puts the node behind its headers, or up to them; blocks above the height are held back until it rises."""
        stands = self.call("dev_setSync", {"height": height, "header_height": header_height})
        return Heights(stands["height"], stands["header_height"])

    def set_lag(self, tracker: str, blocks: int) -> dict[str, int]:
        """Puts a tracker so many blocks behind its node, 0 for none; the lags of all."""
        return dict(self.call("dev_setLag", {tracker: blocks}))

    # Transactions

    def transfer(
        self, asset: str, sender: str | None, receiver: str | None, amount: int | str, *, token_id: str | None = None
    ) -> str:
        """Moves a token, and gives the transaction's id. A sender None mints, a receiver None burns."""
        moved = {"asset": asset, "from": sender, "to": receiver, "amount": str(amount)}
        return str(self.call("dev_transfer", _with(moved, token_id=token_id)))

    def mint(self, asset: str, receiver: str, amount: int | str, *, token_id: str | None = None) -> str:
        """Mints a token, and gives the transaction's id."""
        minted = {"asset": asset, "to": receiver, "amount": str(amount)}
        return str(self.call("dev_mint", _with(minted, token_id=token_id)))

    def notify(self, contract: str, event: str, state: Sequence[object], *, faults: bool = False) -> str:
        """Makes a contract's event, which moves nothing; one that `faults` does not count. The transaction's id."""
        made = {"contract": contract, "event": event, "state": list(state), "faults": faults}
        return str(self.call("dev_notify", made))

    # Past all scripts

    def set_balance(self, asset: str, account: str, amount: int | str, *, with_transfer: bool = False) -> int:
        """Has an account hold an amount of any token, and gives the index of the block; with a Transfer, trackers know.

        It is the one row of storage that sets what the token's `balanceOf` answers; refused where it is not one.
        """
        held = {"asset": asset, "account": account, "amount": str(amount), "with_transfer": with_transfer}
        return int(self.call("dev_setBalance", held))

    def set_storage(self, contract: str, key: bytes, value: bytes | None) -> int:
        """Writes a row of a contract's storage, None takes it away; the index of the block."""
        encoded = None if value is None else b64encode(value).decode()
        row = {"contract": contract, "key": b64encode(key).decode(), "value": encoded}
        return int(self.call("dev_setStorage", row))

    def set_contract(
        self, contract: str, *, nef: bytes | None = None, manifest: Mapping[str, object] | None = None
    ) -> int:
        """Puts a contract in place at any hash, or another NEF or manifest of one that stands; the block's index."""
        encoded = None if nef is None else b64encode(nef).decode()
        placed = _with({"contract": contract}, nef=encoded, manifest=None if manifest is None else dict(manifest))
        return int(self.call("dev_setContract", placed))

    # Accounts and nodes with a role

    def impersonate(self, account: str) -> "Impersonation":
        """From now on transactions need no witness of an account; as `with node.impersonate(...):` it ends with it."""
        return Impersonation(account, tuple(self.call("dev_impersonate", account)), self)

    def stop_impersonating(self, account: str) -> tuple[str, ...]:
        """From now on they need one again; the script hashes of the accounts of which they need none."""
        return tuple(self.call("dev_stopImpersonating", account))

    def designate(self, role: str | int, keys: Sequence[str]) -> str:
        """Designates the nodes of a role, by public keys or the names of accounts; the transaction's id."""
        return str(self.call("dev_designate", role, list(keys)))

    def oracle_response(self, request: int, result: bytes = b"", *, code: str | int = "Success") -> str:
        """Answers an oracle request as the designated nodes do; the transaction's id."""
        return str(self.call("dev_oracleResponse", request, code, b64encode(result).decode()))

    # Traffic

    def set_fault(
        self,
        method: str | None = None,
        *,
        path: str | None = None,
        params: Sequence[object] | None = None,
        nth: int | None = None,
        times: int | None = None,
        probability: float | None = None,
        seed: str | int | None = None,
        error: Mapping[str, object] | None = None,
        http_status: int | None = None,
        latency_ms: float | Mapping[str, float] | None = None,
        drop: bool | None = None,
        truncate: bool | int | None = None,
    ) -> "Fault":
        """Lets calls of a method, or requests of a REST path, go wrong from now on, in one of five ways.

        As dev_setFault. As `with node.set_fault(...):` it ends with the block.
        """
        fault = _with(
            {},
            method=method,
            path=path,
            params=None if params is None else list(params),
            nth=nth,
            times=times,
            probability=probability,
            seed=seed,
            error=None if error is None else dict(error),
            http_status=http_status,
            latency_ms=dict(latency_ms) if isinstance(latency_ms, Mapping) else latency_ms,
            drop=drop,
            truncate=truncate,
        )
        return Fault(str(self.call("dev_setFault", fault)), self)

    def clear_faults(self) -> int:
        """Takes back every fault; how many were still set."""
        return int(self.call("dev_clearFaults"))

    def journal(
        self, method: str | None = None, *, path: str | None = None, since: int | None = None
    ) -> list[JournalEntry]:
        """The calls that the node has seen, oldest first: of a method or path only, after a sequence number only."""
        after = self._first_sequence if since is None else since
        entries = self.call("dev_journal", _with({"since": after}, method=method, path=path))
        return [JournalEntry.from_json(entry) for entry in entries]

    def verify(
        self,
        method: str | None = None,
        *,
        path: str | None = None,
        params: Sequence[object] | None = None,
        times: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        since: int | None = None,
    ) -> None:
        """Raises AssertionError, which tells the difference, unless the node has seen a call so often: once at least,
        where nothing else is said.

        None stands for any value among `params`, and for any after them.
        """
        __tracebackhide__ = True
        wanted: object = times
        if times is None:
            is_open = at_least is None and at_most is None
            wanted = _with({}, at_least=1 if is_open else at_least, at_most=at_most)
        answer = self.call(
            "dev_verify",
            _with(
                {"times": wanted, "since": self._first_sequence if since is None else since},
                method=method,
                path=path,
                params=None if params is None else list(params),
            ),
        )
        if not answer["ok"]:
            forgotten = answer.get("forgotten")
            note = f"\n({forgotten} older calls are no longer in the journal)" if forgotten else ""
            raise AssertionError(f"{answer['difference']}{note}")

    def info(self) -> dict[str, Any]:
        """Everything at a glance, as dev_info answers: heights, clock, mining mode, what waits, faults, accounts."""
        return dict(self.call("dev_info"))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of the chain that was kept."""

    name: str
    node: NodeControl

    def revert(self) -> None:
        """Goes back to it."""
        self.node.revert(self)

    def __enter__(self) -> "Snapshot":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.revert()


@dataclass(frozen=True, slots=True)
class Impersonation:
    """An account that needs no witness; `accounts` are the script hashes of all that needed none then."""

    account: str
    accounts: tuple[str, ...]
    node: NodeControl

    def stop(self) -> None:
        """The account needs one again."""
        self.node.stop_impersonating(self.account)

    def __enter__(self) -> "Impersonation":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that was set."""

    id: str
    node: NodeControl

    def clear(self) -> None:
        """Takes it back; one that has struck its last is gone already."""
        self.node.call("dev_clearFaults", self.id)

    def __enter__(self) -> "Fault":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.clear()


def _with(members: dict[str, Any], **others: object) -> dict[str, Any]:
    """The members, and those of the others that say something."""
    return members | {name: value for name, value in others.items() if value is not None}
