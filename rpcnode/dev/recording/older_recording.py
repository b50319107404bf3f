"""Recorded chains of Neo 2 and preview2: the JSON of a whole chain, checked and parsed.

`version` is the answer of getversion, `protocol` the network's constants, `blocks` getblock's in order (verbose and
raw, in hex on Neo 2 and Base64 on preview2), `application_logs` getapplicationlog's by hash, `contracts`
getcontractstate's by hash, null for one that is gone, `native_contracts` preview2's, `scripts` the code of contracts
that are gone by name, `storages` rows of contracts in hex, `queries` answers by address and method,
`balances_by_height` rows of getnep5balances by address whenever they changed, and `validators` preview2's getvalidators
after the last block.
"""

import hashlib
import json
from base64 import b64decode
from typing import Final

from rpcnode.chain.network import NetworkParameters, network_defaults
from rpcnode.chain.recorded.recorded import OlderBlock, OlderRecording
from rpcnode.dev.places.errors import shown
from rpcnode.dev.places.place import Place
from rpcnode.dev.recording.members import as_mapping, integer_member, list_member, mapping_member, text_member
from rpcnode.dev.recording.older_contracts import read_older_contracts
from rpcnode.dev.recording.older_layouts import OlderReader, older_reader
from rpcnode.dev.recording.older_rows import read_rows
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.json import Json

_KEYS: Final[dict[ProfileName, tuple[str, str, str, str]]] = {
    "n3-preview": ("magic", "addressversion", "standbyvalidators", "user_agent"),
    "n2": ("Magic", "AddressVersion", "StandbyValidators", "useragent"),
}
"""How the older nodes spell the network's magic number, its address version, its validators and their own name."""


def read_older_recording(plain: dict[str, Json], whole: Place, profile: ProfileName) -> OlderRecording:
    """The recorded chain in `plain`.

    Raises FixtureError for a recording that does not fit together: a block whose hash is not the declared one or that
    does not follow the one before, a script that ran without its log.
    """
    parameters = _parameters(plain, whole, profile)
    reader = older_reader(profile, parameters.magic, mapping_member(plain, "application_logs", whole), whole)
    blocks = _blocks(plain, whole, reader)
    height = blocks[-1].index
    if integer_member(plain, "height", whole) not in (height, height + 1):
        wrong = f"{shown(plain['height'])} is not the index of the last block here, nor the number of blocks"
        raise whole.member("height").error(f"{wrong}; right is {height + 1}")
    canonical = json.dumps([profile, plain], sort_keys=True, separators=(",", ":"))
    return OlderRecording(
        profile=profile,
        parameters=parameters,
        height=height,
        blocks=blocks,
        contracts=read_older_contracts(plain, whole, blocks, reader),
        rows=read_rows(plain, whole, parameters.address_version),
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
        votes=_votes(plain, whole),
    )


def _parameters(plain: dict[str, Json], whole: Place, profile: ProfileName) -> NetworkParameters:
    magic, address_version, validators, user_agent = _KEYS[profile]
    version, protocol = mapping_member(plain, "version", whole), mapping_member(plain, "protocol", whole)
    place = whole.member("protocol")
    keys: list[ECPoint] = []
    for position, written in enumerate(list_member(protocol, validators, place)):
        try:
            keys.append(ECPoint.parse(str(written)))
        except FormatError as error:
            raise place.member(validators).item(position).error(str(error)) from None
    if not keys:
        raise place.member(validators).error("is empty; somebody makes the blocks")
    defaults = network_defaults(profile)
    seconds = protocol.get("SecondsPerBlock")
    return NetworkParameters(
        magic=integer_member(protocol, magic, place),
        chain_id=str(integer_member(protocol, magic, place)),
        address_version=integer_member(protocol, address_version, place),
        ms_per_block=seconds * 1000 if isinstance(seconds, int) else integer_member(protocol, "msperblock", place),
        genesis_time_ms=defaults.genesis_time_ms,
        standby_committee=tuple(keys),
        validators_count=len(keys),
        hardforks=(),
        user_agent=text_member(version, user_agent, whole.member("version")),
        nonce=integer_member(version, "nonce", whole.member("version")),
    )


def _votes(plain: dict[str, Json], whole: Place) -> tuple[tuple[ECPoint, int], ...]:
    votes: list[tuple[ECPoint, int]] = []
    for position, listed in enumerate(list_member(plain, "validators", whole) if "validators" in plain else []):
        place = whole.member("validators").item(position)
        validator = as_mapping(listed, place)
        try:
            key = ECPoint.parse(text_member(validator, "publickey", place))
        except FormatError as error:
            raise place.member("publickey").error(str(error)) from None
        try:
            votes.append((key, int(text_member(validator, "votes", place))))
        except ValueError:
            raise place.member("votes").error(f"{shown(validator['votes'])} is no number of votes") from None
    return tuple(votes)


def _blocks(plain: dict[str, Json], whole: Place, reader: OlderReader) -> tuple[OlderBlock, ...]:
    listed = list_member(plain, "blocks", whole)
    if not listed:
        raise whole.member("blocks").error("is empty; a recorded chain has a block at least")
    blocks: list[OlderBlock] = []
    for position, entry in enumerate(listed):
        place = whole.member("blocks").item(position)
        block, previous_hash = _block(as_mapping(entry, place), place, reader)
        if block.index != position:
            raise place.error(f"block {block.index} stands here; blocks are consecutive, from 0 on")
        if blocks and previous_hash != blocks[-1].header.hash:
            wrong = "its previous hash is not that of the block before"
            raise place.error(f"{wrong}, {blocks[-1].header.hash}")
        blocks.append(block)
    return tuple(blocks)


def _block(entry: dict[str, Json], place: Place, reader: OlderReader) -> tuple[OlderBlock, bytes]:
    raw = text_member(entry, "raw", place)
    try:
        data = bytes.fromhex(raw) if reader.raw_is_hex else b64decode(raw, validate=True)
        block, previous_hash = reader.block(data)
    except ValueError as error:
        form = "hex" if reader.raw_is_hex else "Base64"
        raise place.member("raw").error(f"is no block in {form}: {error}") from None
    declared = text_member(mapping_member(entry, "verbose", place), "hash", place.member("verbose"))
    if declared != str(block.header.hash):
        wrong = f"{shown(declared)} is not the hash of the raw block"
        raise place.member("verbose").member("hash").error(f"{wrong}; that is {block.header.hash}")
    return block, previous_hash
