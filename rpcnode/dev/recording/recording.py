"""Recorded chains: the JSON that `rpcnode record` writes, checked and parsed.

`version` is the answer of getversion, `height` that of getblockcount, `blocks` getblock's in order (raw and, if it is
there, verbose). A chain from genesis on is executed, and so is one that begins later with `storages_before`, the rows
that stood before its first block. Of any other `application_logs` are read, getapplicationlog's by hash, `contracts`,
getcontractstate's by hash, and `native_contracts`, getnativecontracts'. All else is there to check against.
"""

import hashlib
import json
from base64 import b64decode
from collections.abc import Iterator

from rpcnode.chain.recorded.recorded import RecordedBlock, RecordedChain
from rpcnode.dev.places.errors import shown
from rpcnode.dev.places.place import Place
from rpcnode.dev.recording.contracts import recorded_contracts
from rpcnode.dev.recording.linked_blocks import linked
from rpcnode.dev.recording.logs import with_executions
from rpcnode.dev.recording.members import as_mapping, integer_member, list_member, mapping_member, text_member
from rpcnode.dev.recording.protocol import parameters_of_version
from rpcnode.dev.recording.storages import rows_of
from rpcnode.payloads.block import Block
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.progress import counted

_EXECUTED = ("version", "blocks", "storages_before")
"""What an executed chain is made from."""


def read_n3_recording(plain: dict[str, Json], whole: Place, profile: ProfileName) -> RecordedChain:
    """The recorded chain of N3 in `plain`.

    Raises FixtureError for a recording that does not fit together: a block whose hash is not the declared one or that
    does not follow the one before; of a chain that is not executed, a block or transaction without its log.
    """
    mapping_member(mapping_member(plain, "version", whole), "protocol", whole.member("version"))
    blocks = _blocks(plain, whole)
    height = blocks[-1].index
    if integer_member(plain, "height", whole) != height + 1:
        wrong = f"{shown(plain['height'])} is not the number of blocks up to the last one here"
        raise whole.member("height").error(f"{wrong}; right is {height + 1}")
    parameters = parameters_of_version(plain, whole, blocks[0].header.timestamp_ms)
    if blocks[0].index == 0 or "storages_before" in plain:
        return RecordedChain(
            parameters=parameters,
            height=height,
            blocks=tuple(RecordedBlock(block, ()) for block in blocks),
            digest=_digest({key: plain[key] for key in _EXECUTED if key in plain}, profile),
            storage_before=None if blocks[0].index == 0 else rows_of(plain, "storages_before", whole),
        )
    if "application_logs" not in plain:
        wrong = f"is missing, and required of a chain that begins at block {blocks[0].index} without storages_before"
        raise whole.member("application_logs").error(wrong)
    logs = mapping_member(plain, "application_logs", whole)
    recorded = with_executions(blocks, logs, whole.member("application_logs"))
    return RecordedChain(
        parameters=parameters,
        height=height,
        blocks=recorded,
        digest=_digest(plain, profile),
        contracts=recorded_contracts(plain, whole, recorded, dict(parameters.hardforks)),
        is_executed=False,
    )


def _digest(plain: dict[str, Json], profile: ProfileName) -> str:
    canonical = json.dumps([profile, plain], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _blocks(plain: dict[str, Json], whole: Place) -> tuple[Block, ...]:
    listed = list_member(plain, "blocks", whole)
    place = whole.member("blocks")
    if not listed:
        raise place.error("is empty; a recorded chain has a block at least")

    def blocks() -> Iterator[Block]:
        for position, entry in enumerate(counted(listed, "checking blocks", len(listed))):
            yield _block(as_mapping(entry, place.item(position)), place.item(position))

    return linked(blocks(), lambda position, wrong: place.item(position).error(wrong))


def _block(entry: dict[str, Json], place: Place) -> Block:
    raw = text_member(entry, "raw", place)
    try:
        block = Block.parse(b64decode(raw, validate=True))
    except ValueError as error:
        raise place.member("raw").error(f"is no block of Neo N3 in Base64: {error}") from None
    if "verbose" in entry:
        declared = text_member(mapping_member(entry, "verbose", place), "hash", place.member("verbose"))
        if declared != str(block.hash):
            wrong = f"{shown(declared)} is not the hash of the raw block"
            raise place.member("verbose").member("hash").error(f"{wrong}; that is {block.hash}")
    return block
