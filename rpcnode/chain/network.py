"""The constants of a network, per profile and as a fixture or a recording overrides them."""

import json
from dataclasses import asdict, replace

from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.records import dataclass

VALIDATOR_SEED = "rpcnode validator"
"""The one validator of a described chain has the key `derive_private_key(VALIDATOR_SEED, 0)`."""

VALIDATOR_PUBLIC_KEY = "027cf39b10d3081754f80665ca7b496d3c5bbfd35c36354de03b1fe62259746259"
"""Its public key, written out: working it out costs 30 ms of imports at every start. A test derives it again."""

HARDFORKS_N3 = ("Aspidochelone", "Basilisk", "Cockatrice", "Domovoi", "Echidna", "Faun", "Gorgon")
"""Those that have come, where nothing is said of hardforks."""

KNOWN_HARDFORKS_N3 = (*HARDFORKS_N3, "Huyao")
"""All that the node has rules for, in their order."""


@dataclass(frozen=True, slots=True)
class NetworkParameters:
    """What `getversion` reports and what blocks and addresses are made with. Times in ms, `initial_gas` in datoshi."""

    magic: int
    chain_id: str
    address_version: int
    ms_per_block: int
    genesis_time_ms: int
    standby_committee: tuple[ECPoint, ...]
    validators_count: int
    hardforks: tuple[tuple[str, int], ...]
    user_agent: str
    nonce: int = 1234567890
    seed_list: tuple[str, ...] = ()
    max_traceable_blocks: int = 2_102_400
    max_valid_until_block_increment: int = 5760
    max_transactions_per_block: int = 512
    memory_pool_max_transactions: int = 50_000
    initial_gas: int = 5_200_000_000_000_000

    @property
    def validators(self) -> tuple[ECPoint, ...]:
        """The keys of those who make the blocks: the first of the committee."""
        return self.standby_committee[: self.validators_count]


def _defaults(magic: int, address_version: int, user_agent: str, hardforks: tuple[str, ...]) -> NetworkParameters:
    return NetworkParameters(
        magic=magic,
        chain_id="1",
        address_version=address_version,
        ms_per_block=15000,
        genesis_time_ms=1468595301000,
        standby_committee=(ECPoint.parse(VALIDATOR_PUBLIC_KEY),),
        validators_count=1,
        hardforks=tuple((name, 0) for name in hardforks),
        user_agent=user_agent,
    )


def network_defaults(profile: ProfileName) -> NetworkParameters:
    """The main network's numbers of the profile's node.

    Source: neo-cli: config.json, protocol.json; neo: ProtocolSettings.
    """
    return replace(_DEFAULTS[profile])


_DEFAULTS: dict[ProfileName, NetworkParameters] = {
    "n3": _defaults(860833102, 0x35, "/Neo:3.10.2/", HARDFORKS_N3),
    "n3-preview": _defaults(5195086, 0x35, "/Neo:3.0.0-preview2-00/", ()),
    "n2": _defaults(7630401, 0x17, "/Neo:2.12.2/", ()),
}


def parameters_text(parameters: NetworkParameters) -> str:
    """The constants as they are kept in a database."""
    plain = asdict(parameters)
    plain["standby_committee"] = [str(point) for point in parameters.standby_committee]
    return json.dumps(plain, sort_keys=True)


def parameters_from_text(text: str) -> NetworkParameters:
    """The constants that `parameters_text` wrote."""
    plain = json.loads(text)
    plain["standby_committee"] = tuple(ECPoint.parse(point) for point in plain["standby_committee"])
    plain["hardforks"] = tuple((name, height) for name, height in plain["hardforks"])
    plain["seed_list"] = tuple(plain["seed_list"])
    return NetworkParameters(**plain)
