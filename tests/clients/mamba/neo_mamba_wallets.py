"""neo-mamba opens a wallet that a node wrote, and makes one for a node to open; run by the Python it is installed in.

It takes a plan on standard input and prints one JSON object of answers, as neo_mamba_reads.py does.
"""

# mypy: disable-error-code="import-not-found"

import json
import sys
from collections.abc import Callable
from typing import Any

from neo3.wallet.account import Account
from neo3.wallet.scrypt_parameters import ScryptParameters
from neo3.wallet.wallet import Wallet


def answers_of(plan: dict[str, Any]) -> dict[str, dict[str, dict[str, object]]]:
    """What each query answers, by group."""
    document, password, wifs = json.loads(plan["wallet"]), plan["password"], plan["wifs"]

    def opened(with_password: str) -> Any:
        return Wallet.from_json(document, [with_password] * len(document["accounts"]))

    def keys() -> object:
        return [
            [account.label, account.address, Account.private_key_to_wif(account.private_key)]
            for account in opened(password).accounts
        ]

    def made(scrypt: Any) -> object:
        own = Wallet("of neo-mamba", scrypt_params=scrypt)
        for wif in wifs:
            own.account_add(Account.from_wif(wif))
        return own.to_json(password)

    reads: dict[str, Callable[[], object]] = {
        "keys of the node's wallet": keys,
        "default account": lambda: opened(password).account_default.label,
        "wallet of its own": lambda: made(ScryptParameters(2, 1, 1)),
        "wallet of its own, with the usual scrypt": lambda: made(ScryptParameters()),
    }
    refusals: dict[str, Callable[[], object]] = {"wrong password": lambda: len(opened("wrong").accounts)}
    return {
        "reads": {name: _answer_of(query) for name, query in reads.items()},
        "refusals": {name: _answer_of(query) for name, query in refusals.items()},
    }


def _answer_of(query: Callable[[], object]) -> dict[str, object]:
    try:
        return {"value": query()}
    except Exception as error:
        return {"error": {"type": type(error).__name__, "message": str(error)}}


json.dump(answers_of(json.load(sys.stdin)), sys.stdout)
