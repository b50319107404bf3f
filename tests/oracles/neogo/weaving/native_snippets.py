"""Random calls of native contracts."""

from typing import Final

from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT, GAS, LEDGER, NEO, POLICY, ROLE_MANAGEMENT
from rpcnode.vm.opcode import Opcode
from tests.oracles.neogo.weaving.library_calls import crypto_call, std_call
from tests.oracles.neogo.weaving.loom import ARRAY, BYTES, INTEGER, STRUCT, Loom

METHODS: Final = tuple(f"m{number}" for number in range(5))
"""What every random contract has, each of one integer."""

_GETTERS: Final = (
    *((POLICY, name) for name in ("getFeePerByte", "getExecFeeFactor", "getStoragePrice", "getMillisecondsPerBlock")),
    *((POLICY, name) for name in ("getMaxTraceableBlocks", "getMaxValidUntilBlockIncrement", "getExecPicoFeeFactor")),
    *((NEO, name) for name in ("totalSupply", "getGasPerBlock", "getRegisterPrice", "decimals", "symbol")),
    *((NEO, name) for name in ("getCommittee", "getNextBlockValidators", "getCandidates", "getCommitteeAddress")),
    *((GAS, name) for name in ("totalSupply", "decimals", "symbol")),
    *((LEDGER, name) for name in ("currentIndex", "currentHash")),
)


class NativeSnippets(Loom):
    """One call each, whose result is kept."""

    def getter(self) -> None:
        """Something that a native knows."""
        contract, method = self.rng.choice(_GETTERS)
        self.code.invoke(contract, method)
        self.sink(ARRAY if method in ("getCommittee", "getNextBlockValidators", "getCandidates") else BYTES)

    def role(self) -> None:
        """Who has a role."""
        self.code.invoke(LEDGER, "currentIndex").push(self.rng.choice((4, 8, 16, 32)))
        self.code.contract(ROLE_MANAGEMENT, "getDesignatedByRole", 2)
        self.sink(ARRAY)

    def balance(self) -> None:
        """Of somebody, in a native token."""
        account = self.rng.choice((*(user.account for user in self.users), *self.targets))
        self.code.invoke(self.rng.choice((NEO, GAS)), "balanceOf", [account])
        self.sink(INTEGER)

    def neo_state(self) -> None:
        """An account's state, as it is stored."""
        self.code.invoke(NEO, "getAccountState", [self.rng.choice(self.users).account])
        self.sink(STRUCT)

    def transfer(self) -> None:
        """From this contract, or from a signer, to anybody; contracts get a call of onNEP17Payment."""
        code, token = self.code, self.rng.choice((NEO, GAS, GAS))
        to = self.rng.choice((*(user.account for user in self.users), *self.targets, *self.targets))
        amount = self.rng.choice((0, 1, 1, 5, 1000, 10**6, -1, 10**18))
        code.push(self.rng.choice((b"", b"data"))).push(amount).push(to)
        if self.stored and self.rng.random() < 0.6:
            code.syscall("System.Runtime.GetExecutingScriptHash")
        else:
            code.push(self.rng.choice(self.users).account)
        code.contract(token, "transfer", 4)
        self.sink()

    def vote(self) -> None:
        """This contract's vote, or a signer's."""
        key = self.rng.choice((*(user.public for user in self.users), None))
        self.code.push(key) if key else self.code.op(Opcode.PUSHNULL)
        if self.stored and self.rng.random() < 0.7:
            self.code.syscall("System.Runtime.GetExecutingScriptHash")
        else:
            self.code.push(self.rng.choice(self.users).account)
        self.code.contract(NEO, "vote", 2)
        self.sink()

    def management(self) -> None:
        """What is known of a contract, if there is one."""
        code, target = self.code, self.rng.choice((*self.targets, GAS, self.users[0].account))
        match self.rng.randrange(3):
            case 0:
                code.invoke(CONTRACT_MANAGEMENT, "getContract", [target]).op(Opcode.ISNULL)
            case 1:
                code.invoke(CONTRACT_MANAGEMENT, "hasMethod", [target, self.rng.choice((*METHODS, "symbol")), 1])
            case _:
                code.invoke(CONTRACT_MANAGEMENT, "isContract", [target])
        self.sink()

    def std(self) -> None:
        """StdLib, where both nodes are known to agree."""
        std_call(self.rng, self.code)
        self.sink()

    def crypto(self) -> None:
        """CryptoLib."""
        crypto_call(self.rng, self.code, self.users)
        self.sink()

    def ledger(self) -> None:
        """A block that was, in parts."""
        code = self.code
        match self.rng.randrange(3):
            case 0:
                code.invoke(LEDGER, "getBlock", [self.rng.choice((0, 1, 2, 5, 100000))])
                over = code.name()
                code.op(Opcode.DUP, Opcode.ISNULL).jump(Opcode.JMPIF_L, over).push(0).op(Opcode.PICKITEM).label(over)
                code.op(Opcode.ISNULL)
            case 1:
                code.push(0).invoke(LEDGER, "currentIndex")
                code.contract(LEDGER, "getTransactionFromBlock", 2).op(Opcode.ISNULL)
            case _:
                code.push(self.rng.randbytes(32)).contract(LEDGER, "getTransactionHeight", 1)
        self.sink()
