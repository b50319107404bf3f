"""What a client should read of the recorded chain, from what neo-go answered when it was recorded.

Where neo-go's answer has another shape than neo-cli's, the function says which.
"""

from typing import Any

from tests.clients.chains import GAS, RECORDED_BLOCK, RECORDED_HEIGHT

Recording = dict[str, Any]
Json = dict[str, Any]


def block(recording: Recording) -> Json:
    """The block that clients read, verbose, without its confirmations: the chain was longer when it was recorded."""
    verbose: Json = recording["blocks"][RECORDED_BLOCK]["verbose"]
    return without(verbose, "confirmations")


def transaction(recording: Recording) -> Json:
    """The first transaction of that block, with its place in the chain."""
    found = block(recording)
    confirmations = RECORDED_HEIGHT - RECORDED_BLOCK + 1
    return {**found["tx"][0], "blockhash": found["hash"], "confirmations": confirmations, "blocktime": found["time"]}


def executions(recording: Recording, container: str) -> list[Json]:
    """The executions in an application log, without `exception`, which neo-cli leaves out of a block's, and neo-go's
    `invocations`.
    """
    return [
        without(execution, "exception", "invocations")
        for execution in recording["application_logs"][container]["executions"]
    ]


def transfers(recording: Recording, account: str, direction: str, *, until_ms: int | None = None) -> list[Json]:
    """An account's transfers, newest first, `until_ms` excluded, without their notify index.

    neo-go lists the oldest first and the burnt fees among those sent; it omits a `transferaddress` that is null and has
    no notify index but 0.
    """
    rows: list[Json] = recording["queries"][account]["getnep17transfers"][direction]
    return [
        {"transferaddress": None, **without(row, "transfernotifyindex")}
        for row in reversed(rows)
        if (row["assethash"] != GAS or "transferaddress" in row) and (until_ms is None or row["timestamp"] < until_ms)
    ]


def without(json: Json, *names: str) -> Json:
    """An object without some of its members."""
    return {name: value for name, value in json.items() if name not in names}
