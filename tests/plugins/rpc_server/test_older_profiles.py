"""Blocks and headers as neo-cli 3.0.0-preview2 and 2.12 answer them: their JSON, their bytes, and what verifies."""

from hashlib import sha256
from typing import Any

import pytest

from rpcnode.node import Node
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.neo2 import block as neo2_block
from rpcnode.payloads.preview2 import block as preview2_block
from rpcnode.primitives.address import address_of
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.primitives.keys import derive_private_key, public_key_of, verify
from rpcnode.primitives.uint import UInt160, UInt256
from tests.plugins.node_builder import TOKEN, NodeBuilder, block, chain_of, result, time_of, transfers

HEADER_MEMBERS: dict[ProfileName, str] = {
    "n3-preview": "hash size version previousblockhash merkleroot time index nextconsensus witnesses",
    "n2": "hash size version previousblockhash merkleroot time index nonce nextconsensus script",
}
BLOCK_MEMBERS: dict[ProfileName, str] = {
    "n3-preview": HEADER_MEMBERS["n3-preview"] + " consensus_data tx confirmations nextblockhash",
    "n2": HEADER_MEMBERS["n2"] + " tx confirmations nextblockhash",
}
TRANSACTION_MEMBERS: dict[ProfileName, str] = {
    "n3-preview": "hash size version nonce sender sys_fee net_fee valid_until_block attributes cosigners script"
    " witnesses",
    "n2": "txid size type version attributes vin vout sys_fee net_fee scripts script gas",
}
PROFILES: tuple[ProfileName, ...] = ("n3-preview", "n2")
MAGIC = bytes.fromhex("4e454f00")  # preview2's 5195086
ASSET = UInt160.parse(TOKEN).hex()
MINED, MOVED, HEIGHT = 1, 2, 4


def double(data: bytes) -> bytes:
    return sha256(sha256(data).digest()).digest()


def account(profile: ProfileName, name: str) -> UInt160:
    """The account of a fixture's seed."""
    return ACCOUNT_SCRIPTS[profile].account(public_key_of(derive_private_key(name, 0)))


def moving_node(build_once: NodeBuilder, profile: ProfileName) -> Node:
    """A token minted to alice in block 1; in block 2 she sends 500 to bob, and he 200 to an account without a key."""
    return build_once(
        chain_of(
            block(MINED, transfers((None, "alice", 1000))),
            block(MOVED, transfers(("alice", "bob", 500)), transfers(("bob", "stranger", 200))),
            height=HEIGHT,
            accounts={"alice": {"seed": "alice"}, "bob": {"seed": "bob"}, "stranger": "0x" + "55" * 20},
        ),
        profile,
    )


@pytest.fixture(params=PROFILES)
def node(request: pytest.FixtureRequest, build_once: NodeBuilder) -> Node:
    """That node in each of the older profiles."""
    return moving_node(build_once, request.param)


def test_blocks_and_headers_have_the_nodes_members_in_its_order(node: Node) -> None:
    profile = node.options.profile
    verbose = result(node, "getblock", MOVED, True)
    assert " ".join(verbose) == BLOCK_MEMBERS[profile]
    assert " ".join(verbose["tx"][-1]) == TRANSACTION_MEMBERS[profile]
    header = result(node, "getblockheader", MOVED, True)
    assert " ".join(header) == f"{HEADER_MEMBERS[profile]} confirmations nextblockhash"
    differing = {name for name in header if header[name] != verbose[name]}
    assert differing == {"size"}


def test_the_newest_block_has_no_next_one(node: Node) -> None:
    newest = result(node, "getblock", HEIGHT, True)
    assert newest["confirmations"] == 1
    assert "nextblockhash" not in newest


def test_raw_blocks_and_headers_are_hexadecimal_and_as_long_as_the_sizes_say(node: Node) -> None:
    for index in range(HEIGHT + 1):
        raw, verbose = result(node, "getblock", index), result(node, "getblock", index, True)
        header, shown = result(node, "getblockheader", index), result(node, "getblockheader", index, True)
        assert len(bytes.fromhex(raw)) == verbose["size"]
        assert len(bytes.fromhex(header)) == shown["size"]
        assert header.endswith("00")
        assert raw.startswith(header[:-2])
        assert verbose["hash"] == result(node, "getblockhash", index)
        assert result(node, "getblock", verbose["hash"]) == raw


def test_raw_blocks_hold_what_the_verbose_ones_show(node: Node) -> None:
    readers: dict[ProfileName, Any] = {
        "n3-preview": lambda data: preview2_block.Preview2Block.parse(data, int.from_bytes(MAGIC, "little")),
        "n2": neo2_block.Neo2Block.parse,
    }
    for index in range(HEIGHT + 1):
        verbose = result(node, "getblock", index, True)
        block_read = readers[node.options.profile](bytes.fromhex(result(node, "getblock", index)))
        shown = {name: value for name, value in verbose.items() if name not in {"confirmations", "nextblockhash"}}
        assert block_read.to_json(node.ledger.parameters.address_version) == shown


def test_previous_hashes_link_the_chain(node: Node) -> None:
    headers = [result(node, "getblockheader", index, True) for index in range(HEIGHT + 1)]
    assert headers[0]["previousblockhash"] == "0x" + "00" * 32
    assert [header["previousblockhash"] for header in headers[1:]] == [header["hash"] for header in headers[:-1]]
    assert [header["nextblockhash"] for header in headers[:-1]] == [header["hash"] for header in headers[1:]]


def test_preview2_times_are_milliseconds_and_nonces_stand_in_the_consensus_data(build_once: NodeBuilder) -> None:
    shown = result(build_once(chain_of(height=3), "n3-preview"), "getblock", 3, True)
    assert shown["time"] == time_of(3)
    # 3 * 0x9e3779b97f4a7c15 in 64 bits
    assert shown["consensus_data"] == {"primary": 0, "nonce": "daa66d2c7ddf743f"}
    root = double(b"\0" + bytes.fromhex("daa66d2c7ddf743f")[::-1])
    assert shown["merkleroot"] == str(UInt256(root))
    assert shown["tx"] == []


def test_neo2_times_are_seconds_and_each_block_has_a_miner_transaction(build_once: NodeBuilder) -> None:
    shown = result(build_once(chain_of(height=3), "n2"), "getblock", 3, True)
    assert shown["time"] == time_of(3) // 1000
    assert shown["nonce"] == "daa66d2c7ddf743f"
    miner = double(bytes.fromhex("0000" + "3f74df7d" + "000000"))
    assert shown["merkleroot"] == str(UInt256(miner))
    assert shown["tx"] == [
        {
            "txid": str(UInt256(miner)),
            "size": 10,
            "type": "MinerTransaction",
            "version": 0,
            "attributes": [],
            "vin": [],
            "vout": [],
            "sys_fee": "0",
            "net_fee": "0",
            "scripts": [],
            "nonce": 0x7DDF743F,
        }
    ]


def preview2_transfer(sender: UInt160, receiver: UInt160, push_amount: str, position: int) -> bytes:
    """The unsigned part of a transfer in block 2, put together by hand."""
    script = (
        push_amount
        + f"0c14{receiver.hex()}0c14{sender.hex()}13c0"  # three arguments from last to first, packed
        + "0c08"
        + b"transfer".hex()
        + f"0c14{ASSET}41627d5b52"  # System.Contract.Call
        + "38"  # ASSERT
    )
    return bytes.fromhex(
        f"00{position:02x}000000{sender.hex()}"
        + "00" * 16  # no fees
        + "81142000"  # valid until block 1 + 2102400
        + f"0001{sender.hex()}01"  # no attributes; one cosigner, CalledByEntry
        + f"{len(script) // 2:02x}{script}"
    )


def test_a_transfer_is_a_preview2_transaction(build_once: NodeBuilder) -> None:
    node = moving_node(build_once, "n3-preview")
    alice, bob = account("n3-preview", "alice"), account("n3-preview", "bob")
    first, second = result(node, "getblock", MOVED, True)["tx"]
    unsigned = preview2_transfer(alice, bob, "01f401", 0)  # PUSHINT16 500
    assert first["hash"] == str(UInt256(double(MAGIC + unsigned)))
    assert (first["nonce"], first["sender"], first["valid_until_block"]) == (0, address_of(alice, 0x35), 2102401)
    assert (first["sys_fee"], first["net_fee"], first["attributes"]) == ("0", "0", [])
    assert first["cosigners"] == [{"account": str(alice), "scopes": "CalledByEntry"}]
    other = preview2_transfer(bob, UInt160(b"\x55" * 20), "01c800", 1)  # PUSHINT16 200
    assert second["hash"] == str(UInt256(double(MAGIC + other)))


def neo2_transfer(sender: UInt160, receiver: UInt160, push_amount: str, position: int) -> bytes:
    """The unsigned part of a transfer in block 2, put together by hand."""
    script = (
        push_amount
        + f"14{receiver.hex()}14{sender.hex()}53c1"  # three arguments from last to first, packed
        + "08"
        + b"transfer".hex()
        + f"67{ASSET}"  # APPCALL
        + "f166"  # THROWIFNOT, RET
    )
    return bytes.fromhex(
        f"d101{len(script) // 2:02x}{script}"
        + "00" * 8  # no gas
        + f"02f008{MOVED:02x}000000{position:02x}000000"  # two attributes; a remark: block and position
        + f"20{sender.hex()}"
        + "0000"  # no inputs, no outputs
    )


def test_a_transfer_is_a_neo2_invocation(build_once: NodeBuilder) -> None:
    node = moving_node(build_once, "n2")
    alice, bob = account("n2", "alice"), account("n2", "bob")
    miner, first, second = result(node, "getblock", MOVED, True)["tx"]
    unsigned = neo2_transfer(alice, bob, "02f401", 0)
    assert first["txid"] == str(UInt256(double(unsigned)))
    assert (miner["type"], first["type"], first["version"]) == ("MinerTransaction", "InvocationTransaction", 1)
    assert first["attributes"] == [
        {"usage": "Remark", "data": "0200000000000000"},
        {"usage": "Script", "data": alice.hex()},
    ]
    assert (first["vin"], first["vout"], first["sys_fee"], first["net_fee"], first["gas"]) == ([], [], "0", "0", "0")
    assert second["txid"] == str(UInt256(double(neo2_transfer(bob, UInt160(b"\x55" * 20), "02c800", 1))))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_sender_signed_what_the_profile_signs(build_once: NodeBuilder, profile: ProfileName) -> None:
    ledger = moving_node(build_once, profile).ledger
    alice, bob = account(profile, "alice"), account(profile, "bob")
    unsigned = {
        "n3-preview": MAGIC + preview2_transfer(alice, bob, "01f401", 0),
        "n2": neo2_transfer(alice, bob, "02f401", 0),
    }[profile]
    witness = ledger.block(MOVED).transactions[-2].serialize()[len(unsigned) :].removeprefix(b"\x01")
    key = public_key_of(derive_private_key("alice", 0))
    script = ACCOUNT_SCRIPTS[profile].single_key(key)
    assert witness.endswith(bytes((len(script),)) + script)
    signature = witness[: -len(script) - 1][-64:]
    assert verify(key, unsigned, signature)


@pytest.mark.parametrize("profile", PROFILES)
def test_merkle_roots_begin_with_what_the_profile_puts_first(build_once: NodeBuilder, profile: ProfileName) -> None:
    node = moving_node(build_once, profile)
    shown = result(node, "getblock", MINED, True)
    leaf = {
        # the consensus data with nonce 0x9e3779b97f4a7c15, and the miner transaction with its low half
        "n3-preview": double(bytes.fromhex("00" + "157c4a7fb979379e")),
        "n2": double(bytes.fromhex("0000" + "157c4a7f" + "000000")),
    }[profile]
    minted = shown["tx"][-1]
    transaction_hash = bytes.fromhex(minted.get("txid", minted.get("hash"))[2:])[::-1]
    assert shown["merkleroot"] == str(UInt256(double(leaf + transaction_hash)))


def test_preview2s_first_block_deploys_the_native_contracts(build_once: NodeBuilder) -> None:
    node = moving_node(build_once, "n3-preview")
    (deployment,) = result(node, "getblock", 0, True)["tx"]
    # The transaction of a preview2 node's block 0, in the preview2 RPC client's test cases.
    assert deployment["hash"] == "0x019befa728a371a08fb0f78330b3c697ebc9d8bbf252bd173b17cc2bd6e97e9c"
    assert deployment["sender"] == "NeN4xPMn4kHoj7G8Lciq9oorgLTvqt4qi1"
    assert deployment["script"] == "QRI+f+g="
    assert deployment["witnesses"] == [{"invocation": "", "verification": "EQ=="}]


def test_neo2s_first_block_registers_neo_and_gas_and_issues_neo(build_once: NodeBuilder) -> None:
    node = moving_node(build_once, "n2")
    miner, neo, gas, issue = result(node, "getblock", 0, True)["tx"]
    # These three are the same on every network of Neo 2.
    assert miner["txid"] == "0xfb5bd72b2d6792d75dc2f1084ffa9e9f70ca85543c717a6b13d9959b452a57d6"
    assert neo["txid"] == "0xc56f33fc6ecfcd0c225c4ab356fee59390af8560be0e930faebe74a6daff7c9b"
    assert gas["txid"] == "0x602c79718b16e442de58778e148d0b1084e3b2dffd5de6b7b16cee7969282de7"
    assert issue["vout"] == [
        {"n": 0, "asset": neo["txid"], "value": "100000000", "address": address_of(node.ledger.validators, 0x17)}
    ]


@pytest.mark.parametrize(("profile", "most"), [("n3", 15), ("n3-preview", 16), ("n2", 15)])
def test_a_transaction_has_no_more_senders_than_the_profile_allows(
    build: NodeBuilder, profile: ProfileName, most: int
) -> None:
    senders = ["0x" + f"{number:02x}" * 20 for number in range(1, most + 2)]
    funded = [transfers((None, sender, 1)) for sender in senders]

    def moving(count: int) -> dict[str, Any]:
        return chain_of(
            block(1, *funded), block(2, transfers(*((sender, "0x" + "99" * 20, 1) for sender in senders[:count])))
        )

    assert result(build(moving(most), profile), "getblockcount") == 3
    # On N3 the validators' account pays, and signs too.
    told = "17 accounts must sign, a transaction has at most 16"
    if profile != "n3":
        told = f"{most + 1} senders must sign, a transaction has at most {most}"
    with pytest.raises(NodeError, match=told):
        build(moving(most + 1), profile)


@pytest.mark.parametrize(("profile", "most"), [("n3", 65535), ("n3-preview", 65535), ("n2", 65535)])
def test_a_transactions_script_is_no_longer_than_the_profile_allows(
    build: NodeBuilder, profile: ProfileName, most: int
) -> None:
    # A mint takes at least 50 bytes: the two hashes alone are 40. n2's script ends with a byte more, RET.
    mints = transfers(*((None, "0x" + "99" * 20, 1) for _ in range(65536 // 50 + 1)))
    with pytest.raises(NodeError, match=f"bytes, a transaction's at most {most}"):
        build(chain_of(block(1, mints)), profile)
