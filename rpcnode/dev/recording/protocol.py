"""What a network had set before its first block, as getversion tells it."""

from rpcnode.chain.network import NetworkParameters, network_defaults
from rpcnode.dev.places.place import Place
from rpcnode.dev.recording.members import as_list, as_mapping, integer_member, list_member, mapping_member, text_member
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json

_NUMBERS = {
    "maxtraceableblocks": "max_traceable_blocks",
    "maxvaliduntilblockincrement": "max_valid_until_block_increment",
    "maxtransactionsperblock": "max_transactions_per_block",
    "memorypoolmaxtransactions": "memory_pool_max_transactions",
    "initialgasdistribution": "initial_gas",
}
"""Members that a node may leave out, and what they are called here."""


def parameters_of_version(plain: dict[str, Json], whole: Place, genesis_time_ms: int) -> NetworkParameters:
    """The constants in the member `version`. Raises FixtureError where it lacks what a chain needs."""
    version_place = whole.member("version")
    version = mapping_member(plain, "version", whole)
    protocol = mapping_member(version, "protocol", version_place)
    place = version_place.member("protocol")
    magic = integer_member(protocol, "network", place)
    defaults = network_defaults("n3")
    numbers = {
        name: integer_member(protocol, key, place) if key in protocol else getattr(defaults, name)
        for key, name in _NUMBERS.items()
    }
    return NetworkParameters(
        magic=magic,
        chain_id=str(magic),
        address_version=integer_member(protocol, "addressversion", place),
        ms_per_block=integer_member(protocol, "msperblock", place),
        genesis_time_ms=genesis_time_ms,
        standby_committee=_committee(protocol, place),
        validators_count=integer_member(protocol, "validatorscount", place) if "validatorscount" in protocol else 1,
        hardforks=tuple(hardfork_heights(protocol, place).items()),
        user_agent=str(version.get("useragent", "")),
        nonce=integer_member(version, "nonce", version_place) if "nonce" in version else 0,
        seed_list=_seeds(protocol, place),
        **numbers,
    )


def _committee(protocol: dict[str, Json], place: Place) -> tuple[ECPoint, ...]:
    place = place.member("standbycommittee")
    found = protocol.get("standbycommittee")
    keys = as_list([] if found is None else found, place)
    try:
        return tuple(ECPoint.parse(str(key)) for key in keys)
    except FormatError as error:
        raise place.error(str(error)) from None


def _seeds(protocol: dict[str, Json], place: Place) -> tuple[str, ...]:
    found = protocol.get("seedlist")
    return () if found is None else tuple(map(str, as_list(found, place.member("seedlist"))))


def hardfork_heights(protocol: dict[str, Json], place: Place) -> dict[str, int]:
    """The hardforks that `protocol` lists, with the block of each; `HF_` before a name is dropped."""
    heights = {}
    for position, entry in enumerate(list_member(protocol, "hardforks", place) if "hardforks" in protocol else []):
        inner = place.member("hardforks").item(position)
        hardfork = as_mapping(entry, inner)
        name = text_member(hardfork, "name", inner).removeprefix("HF_")
        heights[name] = integer_member(hardfork, "blockheight", inner)
    return heights
