"""All of it on a chain whose hardforks come one by one."""

from rpcnode.execution.native_hashes import NEO
from rpcnode.vm.script_builder import ScriptBuilder
from tests.oracles.neogo.storms import Deployed, call, change, deploy
from tests.oracles.neogo.teller import ONE_GAS, Teller
from tests.oracles.neogo.votes import of_committee, register, set_


def forks(teller: Teller) -> None:
    """Deploys, calls, votes and the committee's decisions before and after each hardfork."""
    teller.open()
    owners: Deployed = {}
    set_(teller, NEO, "setRegisterPrice", [20 * ONE_GAS])
    for round_number in range(34):
        weights = {"local": 0.3 if round_number > 24 else 0.02}
        if round_number % 3 == 0:
            deploy(teller, owners, f"forks{round_number}", 2, weights)
        for _ in range(6):
            call(teller, owners, weights)
        change(teller, owners, weights)
        of_committee(teller, owners)
        user, other = teller.rng.sample([*teller.users], 2)
        if teller.rng.random() < 0.3:
            register(teller, user, user)
        script = ScriptBuilder().call(NEO, "vote", [user.account, other.public]).to_bytes()
        teller.send(script, [user], fee=1, label="vote")
        teller.settle()
        teller.wait_until(3 * round_number)
