"""Scripts and contracts that mean harm, as invocations: contracts are deployed by the script that calls them."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from typing import Any, Final

from rpcnode.natives.contract_management import CONTRACT_MANAGEMENT
from rpcnode.natives.crypto_lib import CRYPTO_LIB
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.native import NativeContract
from rpcnode.natives.neo_token import NEO
from rpcnode.natives.policy import POLICY
from rpcnode.natives.std_lib import STD_LIB
from rpcnode.payloads.nef import Nef
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import ScriptBuilder
from tests.bench.hostile.request import BATCH, Hostile, batch, call, post
from tests.node_process import RunningNode
from tests.rpcnode.vm.script_text import assemble

MAX_GAS: Final = 60
"""GAS that one call may spend: a deployment is 10, and no script below leaves itself more than the default of 20."""

DATOSHI: Final = 100_000_000
MANY: Final = 20_000
SESSIONS: Final = 1000
LARGEST: Final = 131_070
KOBLITZ_KEY: Final = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
KEY: Final = "03b209fd4f53a7170ea4444e0cb0a6bb6a53c2bd016926989cf85f9b0fba17a70c"
MOST: Final = "PUSHINT256 0x" + "ff" * 31 + "7f "
MODULUS: Final = "PUSHINT256 0x" + "43" + "ff" * 30 + "7f "


def text_of(*names: str) -> str:
    """The words of one system call each."""
    return " ".join("0x" + ScriptBuilder().syscall(name).to_bytes().hex() for name in names) + " "


def looped(setup: str, body: str) -> bytes:
    """The body for ever, after what comes once."""
    repeated = assemble(body)
    return assemble(setup) + repeated + bytes((Opcode.JMP_L,)) + (-len(repeated)).to_bytes(4, "little", signed=True)


def native_call(native: NativeContract, method: str, count: int) -> str:
    """The words that call a method with so many arguments from the stack, the first on top."""
    end = ScriptBuilder().push(count).op(Opcode.PACK).push(15).push(method).push(bytes(native.hash))
    return f"0x{end.syscall('System.Contract.Call').to_bytes().hex()} "


def deployed(
    script: bytes,
    methods: Sequence[tuple[str, int, int, str]],
    *,
    sender: UInt160,
    events: Sequence[dict[str, Any]] = (),
    name: str = "hostile",
) -> tuple[bytes, UInt160]:
    """What deploys a contract, and its hash; methods are (name, offset, parameters, return type)."""
    nef = Nef("hostile", script)
    manifest = {
        "name": name,
        "groups": [],
        "features": {},
        "supportedstandards": [],
        "abi": {
            "methods": [
                {
                    "name": method,
                    "offset": offset,
                    "parameters": [{"name": f"p{at}", "type": "Any"} for at in range(count)],
                    "returntype": returned,
                    "safe": False,
                }
                for method, offset, count, returned in methods
            ],
            "events": list(events),
        },
        "permissions": [{"contract": "*", "methods": "*"}],
        "trusts": [],
        "extra": None,
    }
    given = ScriptBuilder().push(bytes(sender)).push(nef.checksum).push(name)
    contract = UInt160(hash160(bytes((Opcode.ABORT,)) + given.to_bytes()))
    deploying = ScriptBuilder().call(
        CONTRACT_MANAGEMENT.hash, "deploy", (nef.serialize(), json.dumps(manifest).encode())
    )
    return deploying.op(Opcode.DROP).to_bytes(), contract


def burnt(left: float = 2.0) -> str:
    """Leaves so much GAS of what there is."""
    return f"{text_of('System.Runtime.GasLeft')} {int(left * DATOSHI)} SUB {text_of('System.Runtime.BurnGas')}"


def hostile_scripts(node: RunningNode) -> Iterator[Hostile]:
    """All of them."""
    asked = node.call("invokefunction", str(NEO.hash), "getCommitteeAddress", [])
    committee = UInt160(b64decode(asked["stack"][0]["value"]))  # it may change policies
    signer = UInt160(b"\x05" * 20)
    for name, script in {**_plain(), **_large(), **_libraries()}.items():
        yield invocation(name, script)
    for name in ("loop of systems calls", "buffers as arguments"):
        yield invocation(f"{name}, diagnosed", _DIAGNOSED[name], diagnosed=True)
    yield from _signed(signer)
    yield from _contracts(signer, committee)


def invocation(name: str, script: bytes, *signers: dict[str, Any], diagnosed: bool = False) -> Hostile:
    return Hostile(name, post(call("invokescript", b64encode(script).decode(), list(signers), diagnosed)))


def _plain() -> dict[str, bytes]:
    """Instructions and what they cost."""
    double = "DUP 2 PACKSTRUCT " * 10
    return {
        "NOP for ever": looped(burnt(), "NOP"),
        "calls for ever": assemble(burnt()) + b"\x34\x00",
        "TRY and THROW for ever": looped(burnt(), "TRY 0x0500 PUSH1 THROW DROP ENDTRY 0x02"),
        "POW of the largest": looped(burnt(), "2 254 POW DROP"),
        "MODPOW of the largest": looped(burnt(), MOST + MOST + MODULUS + "MODPOW DROP"),
        "MODPOW backwards": looped(burnt(), MOST + "PUSHM1 " + MODULUS + "MODPOW DROP"),
        "SQRT of the largest": looped(burnt(), MOST + "SQRT DROP"),
        "SHL and SHR": looped(burnt(), "1 254 SHL 254 SHR DROP"),
        "EQUAL of structs of structs": looped(
            burnt() + f"NEWSTRUCT0 {double} NEWSTRUCT0 {double} INITSSLOT 0x02 STSFLD0 STSFLD1",
            "LDSFLD0 LDSFLD1 EQUAL DROP",
        ),
        "EQUAL of long texts": looped(
            burnt() + "65535 NEWBUFFER CONVERT 0x28 65535 NEWBUFFER CONVERT 0x28 INITSSLOT 0x02 STSFLD0 STSFLD1",
            "LDSFLD0 LDSFLD1 EQUAL DROP",
        ),
        "a script of 700,000 NOPs": b"\x21" * 700_000,
        "700,000 bytes that jump about": b"".join(
            b"\x23" + (5 if at % 3 else 10).to_bytes(4, "little") for at in range(140_000)
        ),
        "nested 1,500 deep": b"\x11" + b"\x11\xc0" * 1500,
        "doubled 900 times": b"\xc2" + b"\x4a\x12\xc0" * 900,
    }


def _large() -> dict[str, bytes]:
    """What holds much memory, or would."""
    buffer = f"{LARGEST} NEWBUFFER "
    text = buffer + "CONVERT 0x28 "
    return {
        "1,500 buffers": assemble(buffer) * 1500,
        "1,500 texts": assemble(text) * 1500,
        "joined buffers": assemble(burnt(19) + f"{LARGEST // 2} NEWBUFFER INITSSLOT 0x01 STSFLD0")
        + assemble("LDSFLD0 LDSFLD0 CAT ") * 1500,
        "cut buffers": assemble(burnt(19) + buffer + "INITSSLOT 0x01 STSFLD0")
        + assemble(f"LDSFLD0 {LARGEST} LEFT LDSFLD0 0 {LARGEST} SUBSTR ") * 750,
        "buffers in a map": assemble("NEWMAP ")
        + b"".join(assemble(f"DUP {at} {buffer} SETITEM ") for at in range(1000)),
        "buffers in circles": assemble(f"NEWARRAY0 DUP DUP APPEND DUP {buffer} APPEND DROP ") * 700,
        "circles of live buffers, then others": assemble(f"NEWARRAY0 DUP DUP APPEND DUP {buffer} APPEND ") * 400
        + assemble("CLEAR")
        + assemble(f"NEWARRAY0 DUP DUP APPEND DUP {buffer} APPEND DROP ") * 400,
        "buffers come and go": looped(burnt(), buffer * 20 + "CLEAR"),
        "one text 2,000 times": assemble(text) + b"\x4a" * 2000,
        "a text 1,500 deep": assemble(text) + b"\x11\xc0" * 1500,
        "texts as messages": looped(burnt(), text + "PUSHT SWAP ASSERTMSG"),
        "the longest fault": assemble(f"{buffer} CONVERT 0x28 THROW"),
        "a result of 9 MB": assemble(f"{text} " + "DUP " * 50),
        "frames of slots": assemble(burnt(19)) + b"\x57\xff\x00\x34\xfd",
    }


def _libraries() -> dict[str, bytes]:
    """Native methods with the largest that they take."""
    text = f"{LARGEST} NEWBUFFER CONVERT 0x28 "
    lists = b"[" + b",".join([b"[]"] * 1000) + b"]"
    deep = b"[" * 63 + b"]" * 63
    cases: dict[str, tuple[NativeContract, str, str, int]] = {
        "serialize": (STD_LIB, "serialize", "NEWARRAY0 " + "DUP 2 PACK " * 20, 1),
        "jsonSerialize of what is shared": (STD_LIB, "jsonSerialize", "NEWARRAY0 " + "DUP 2 PACK " * 18, 1),
        "jsonSerialize of zeros": (STD_LIB, "jsonSerialize", "20000 NEWBUFFER CONVERT 0x28 ", 1),
        "jsonDeserialize of lists": (STD_LIB, "jsonDeserialize", f"PUSHDATA2 {_operand(lists)} ", 1),
        "jsonDeserialize of deep lists": (STD_LIB, "jsonDeserialize", f"PUSHDATA2 {_operand(deep)} ", 1),
        "deserialize": (STD_LIB, "deserialize", f"PUSHDATA2 {_operand(bytes.fromhex('40fde807') + bytes(2047))} ", 1),
        "base58Encode": (STD_LIB, "base58Encode", "1024 NEWBUFFER CONVERT 0x28 ", 1),
        "base58Decode": (STD_LIB, "base58Decode", f"PUSHDATA2 {_operand(b'z' * 1024)} ", 1),
        "hexEncode": (STD_LIB, "hexEncode", text, 1),
        "base64Encode": (STD_LIB, "base64Encode", text, 1),
        "memorySearch": (STD_LIB, "memorySearch", f"60000 NEWBUFFER CONVERT 0x28 'x' CAT {text} ", 2),
        "memoryCompare": (STD_LIB, "memoryCompare", text + text, 2),
        "stringSplit": (STD_LIB, "stringSplit", f"PUSHDATA1 0x0100 {text} ", 2),
        "strLen": (STD_LIB, "strLen", text, 1),
        "itoa": (STD_LIB, "itoa", f"10 {MOST}", 2),
        "sha256": (CRYPTO_LIB, "sha256", text, 1),
        "ripemd160": (CRYPTO_LIB, "ripemd160", text, 1),
        "keccak256": (CRYPTO_LIB, "keccak256", text, 1),
        "murmur32": (CRYPTO_LIB, "murmur32", f"1 {text} ", 2),
        "verifyWithECDsa, keccak": (CRYPTO_LIB, "verifyWithECDsa", _signature(122, KOBLITZ_KEY) + text, 4),
        "verifyWithECDsa, sha256": (CRYPTO_LIB, "verifyWithECDsa", _signature(23) + text, 4),
        "recoverSecp256K1": (
            CRYPTO_LIB,
            "recoverSecp256K1",
            f"0x0c41{'21' * 64}1b 0x0c20{'35' * 32} ",
            2,
        ),
        "bls12381Deserialize of G1": (CRYPTO_LIB, "bls12381Deserialize", f"0x0c30{G1} ", 1),
        "bls12381Deserialize of G2": (CRYPTO_LIB, "bls12381Deserialize", f"0x0c60{G2} ", 1),
    }
    found = {
        name: looped(burnt(4), f"{arguments} {native_call(native, method, count)} DROP ")
        for name, (native, method, arguments, count) in cases.items()
    }
    points = "".join(
        f"0x0c{len(point) // 2:02x}{point} {native_call(CRYPTO_LIB, 'bls12381Deserialize', 1)}" for point in (G2, G1)
    )
    slots = "INITSSLOT 0x03 STSFLD0 STSFLD1 "
    pairing = f"LDSFLD1 LDSFLD0 {native_call(CRYPTO_LIB, 'bls12381Pairing', 2)}"
    found["bls12381Pairing"] = looped(burnt(12) + points + slots, pairing + "DROP")
    multiply = f"PUSHF 0x0c20{'ee' * 31}0e LDSFLD1 {native_call(CRYPTO_LIB, 'bls12381Mul', 3)} DROP "
    found["bls12381Mul of G2"] = looped(burnt(12) + points + slots, multiply)
    found["bls12381Mul of GT"] = looped(
        burnt(12) + points + slots + pairing + "STSFLD2 ", multiply.replace("LDSFLD1", "LDSFLD2")
    )
    found["candidates"] = looped(burnt(4), _neo("getCandidates", "DROP "))
    return found


G1: Final = "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
G2: Final = (
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)


def _signature(curve_and_hash: int, key: str = KEY) -> str:
    return f"{curve_and_hash} 0x0c40{'11' * 64} 0x0c21{key} "


def _operand(data: bytes) -> str:
    return "0x" + (len(data).to_bytes(2, "little") + data).hex()


def _neo(method: str, then: str) -> str:
    return native_call(NEO, method, 0) + then


_DIAGNOSED: Final = {
    "loop of systems calls": looped(burnt(), text_of("System.Runtime.GetTime") + "DROP"),
    "buffers as arguments": looped(
        burnt(19) + f"{LARGEST} NEWBUFFER INITSSLOT 0x01 STSFLD0",
        f"LDSFLD0 {native_call(CRYPTO_LIB, 'sha256', 1)} DROP",
    ),
}


def _signed(signer: UInt160) -> Iterator[Hostile]:
    """What the signers' rules make long."""
    inner = {"type": "Or", "expressions": [{"type": "ScriptHash", "hash": f"0x{at:040x}"} for at in range(1, 17)]}
    signers = [
        {"account": f"0x{at:040x}", "scopes": "WitnessRules", "rules": [{"action": "Allow", "condition": inner}] * 6}
        for at in range(1, 7)
    ]
    many = {"account": str(signer), "scopes": "WitnessRules", "rules": [{"action": "Deny", "condition": inner}] * 16}
    yield invocation("CurrentSigners", looped(burnt(), text_of("System.Runtime.CurrentSigners") + "DROP"), *signers)
    checked = f"0x0c14{bytes(signer).hex()} {text_of('System.Runtime.CheckWitness')} DROP"
    yield invocation("CheckWitness", looped(burnt(), checked), many)
    long = looped(burnt(), text_of("System.Runtime.GetScriptContainer") + "DROP") + b"\x21" * 600_000
    yield invocation("GetScriptContainer of a long script", long, many)


def _contracts(signer: UInt160, committee: UInt160) -> Iterator[Hostile]:
    """Contracts, deployed in the call that calls them."""
    anyone = {"account": str(signer), "scopes": "Global"}
    rulers = {"account": str(committee), "scopes": "Global"}
    this = text_of("System.Runtime.GetExecutingScriptHash")
    call_this = f"15 'main' {this} {text_of('System.Contract.Call')} "
    context = text_of("System.Storage.GetContext")
    put, get, find = (text_of(f"System.Storage.{name}") for name in ("Put", "Get", "Find"))
    advance, value = text_of("System.Iterator.Next"), text_of("System.Iterator.Value")
    key = f"{text_of('System.Runtime.GasLeft')} CONVERT 0x28 "
    bodies: dict[str, tuple[bytes, float]] = {
        "calls itself and writes": (assemble(f"1 {key} {context} {put} 0 PACK {call_this} RET"), 19),
        "calls itself, writes and searches": (
            assemble(f"1 {key} {context} {put} 128 '' {context} {find} {advance} DROP 0 PACK {call_this} RET"),
            19,
        ),
        "loads long scripts": (
            looped(
                f"PUSHDATA2 {_operand(b'!' * 60_000)} CONVERT 0x28 INITSSLOT 0x01 STSFLD0",
                f"NEWARRAY0 15 LDSFLD0 {text_of('System.Runtime.LoadScript')} DROP",
            ),
            10,
        ),
        "Value of a long row": (
            assemble(f"PUSHDATA2 {_operand(bytes.fromhex('40fde807') + bytes(2024))} 'k' {context} {put} ")
            + looped(f"12 'k' {context} {find} DUP {advance} DROP INITSSLOT 0x01 STSFLD0", f"LDSFLD0 {value} DROP "),
            3,
        ),
        "notifies": (
            looped(
                f"INITSSLOT 0x01 {'NEWARRAY0 ' * 500} 500 PACK STSFLD0",
                f"LDSFLD0 1 PACK 'E' {text_of('System.Runtime.Notify')} ",
            ),
            10,
        ),
        "reads all notifications": (
            looped(
                " ".join([f"1 1 PACK 'E' {text_of('System.Runtime.Notify')}"] * 300),
                f"PUSHNULL {text_of('System.Runtime.GetNotifications')} DROP ",
            ),
            10,
        ),
        "reads its row": (looped("", f"'k' {context} {get} DROP"), 10),
    }
    events = [{"name": "E", "parameters": [{"name": "a", "type": "Any"}]}]
    for name, (script, left) in bodies.items():
        deploying, contract = deployed(script, [("main", 0, 0, "Any")], sender=signer, events=events)
        calling = ScriptBuilder().call(contract, "main", ())
        yield invocation(f"a contract that {name}", deploying + assemble(burnt(left)) + calling.to_bytes(), anyone)

    free = {
        "loops for ever, for a fixed fee": looped("", "NOP"),
        "writes for ever, for a fixed fee": looped(
            "INITSSLOT 0x02 0 STSFLD0 60000 NEWBUFFER CONVERT 0x28 STSFLD1",
            f"LDSFLD1 LDSFLD0 CONVERT 0x28 CAT CONVERT 0x28 LDSFLD0 INC DUP STSFLD0 CONVERT 0x28 {context} {put} ",
        ),
    }
    for name, script in free.items():
        deploying, contract = deployed(script, [("main", 0, 0, "Any")], sender=committee)
        listing = ScriptBuilder().call(POLICY.hash, "setWhitelistFeeContract", (bytes(contract), "main", 0, 1))
        calling = ScriptBuilder().op(Opcode.DROP).call(contract, "main", ())
        yield invocation(f"a contract that {name}", deploying + listing.to_bytes() + calling.to_bytes(), rulers)

    paid = assemble(f"INITSLOT 0x0003 PUSHNULL 0 {this} {this} 4 PACK 15 'transfer' 0x0c14{bytes(GAS.hash).hex()}")
    paid += assemble(f"{text_of('System.Contract.Call')} DROP RET")
    deploying, contract = deployed(paid, [("onNEP17Payment", 0, 3, "Void")], sender=signer)
    sending = ScriptBuilder().call(GAS.hash, "transfer", (bytes(committee), bytes(contract), 0, None))
    yield invocation(
        "a contract that pays itself", deploying + assemble(burnt(19)) + sending.to_bytes(), anyone, rulers
    )


def many_rows() -> dict[str, Any]:
    """A fixture of a token of many tokens."""
    tokens = [f"t{number}" for number in range(MANY)]
    mint = {"asset": "art", "from": None, "to": "alice", "amount": 1}
    minted = [[{**mint, "token_id": token} for token in tokens[at : at + 500]] for at in range(0, MANY, 500)]
    return {
        "node": {"height": 60},
        "accounts": {"alice": {"seed": "alice"}},
        "contracts": {"art": {"standard": "NEP-11", "tokens": {token: {"name": "n" * 200} for token in tokens}}},
        "blocks": [{"index": 8 + at, "transactions": [{"transfers": some}]} for at, some in enumerate(minted)],
    }


def finding_scripts(node: RunningNode) -> Iterator[Hostile]:
    """Searches of a contract's many rows."""
    (contract,) = [one["script_hash"] for one in node.call("dev_info")["contracts"] if one["name"] == "art"]
    yield Hostile("findstorage of many rows", post(call("findstorage", contract, "", 0)))
    yield Hostile(f"{BATCH} x findstorage far behind", post(batch("findstorage", contract, "", MANY)))
    tokens = ScriptBuilder().call(UInt160.parse(contract), "tokens", ()).to_bytes().hex()
    advance, value = text_of("System.Iterator.Next"), text_of("System.Iterator.Value")
    yield invocation(
        "all rows", looped(f"0x{tokens} INITSSLOT 0x01 STSFLD0", f"LDSFLD0 {advance} ASSERT LDSFLD0 {value} DROP")
    )
    yield invocation("the first row again and again", looped("", f"0x{tokens} DUP {advance} DROP {value} DROP"))
    kept = ScriptBuilder().call(UInt160.parse(contract), "tokens", ()).to_bytes() * 100
    once = call("invokescript", b64encode(kept).decode())
    yield Hostile("a thousand sessions of 100 iterators", post(once), [once] * SESSIONS)
    begun = assemble(f"0x{tokens} DUP {advance} DROP ") * 100
    yield invocation("100 iterators that have begun", begun)
