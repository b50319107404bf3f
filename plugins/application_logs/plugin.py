"""ApplicationLogs: getapplicationlog, for transactions and blocks.

The executions are the ledger's own: declared, recorded or run.
Source: neo-node 3.10, plugins/ApplicationLogs: LogReader.GetApplicationLog.
"""

from typing import ClassVar

from rpcnode.plugin import (
    Execution,
    Json,
    NodeView,
    Plugin,
    PluginConfig,
    ProfileName,
    UInt160,
    UInt256,
    errors,
    rpc_method,
)
from rpcnode.plugins.application_logs.config import ApplicationLogsConfig
from rpcnode.plugins.application_logs.dialect import DIALECTS, Log
from rpcnode.primitives.hashes import hash160

_TRIGGER_NAMES = frozenset(("onpersist", "postpersist", "verification", "application", "system", "all"))


class ApplicationLogs(Plugin):
    """What every execution left: state, gas, stack, notifications."""

    name = "ApplicationLogs"
    requires = ("RpcServer",)
    config_type = ApplicationLogsConfig
    version: ClassVar[dict[ProfileName, str]] = {"n3": "3.10.2.0", "n3-preview": "3.0.0.0", "n2": "2.12.2.0"}
    interfaces: ClassVar[dict[ProfileName, tuple[str, ...]]] = {
        "n3-preview": ("IPersistencePlugin",),
        "n2": ("IRpcPlugin", "IPersistencePlugin"),
    }

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        assert isinstance(config, ApplicationLogsConfig)
        self.config = config
        self._ledger = node.ledger
        self._dialect = DIALECTS[node.profile]

    @rpc_method(profiles=("n3",), of_chain=True)
    def get_application_log(self, hash: UInt256, trigger_type: str = "") -> Json:  # noqa: A002 - the wire's name
        """The log of a block or transaction; a trigger's name in any case keeps the executions of that trigger only.

        A filter that is no trigger is ignored; one of several triggers, as `All`, is none of them and keeps nothing.
        """
        log = self._log(hash)
        if log is None:
            raise errors.InvalidParams("Unknown transaction/blockhash")
        answer = self._dialect.write(log, self.config)
        executions = answer["executions"]
        if is_trigger(trigger_type) and isinstance(executions, list):
            wanted = trigger_type.lower()
            answer["executions"] = [
                execution
                for execution in executions
                if isinstance(execution, dict) and str(execution["trigger"]).lower() == wanted
            ]
        return answer

    @rpc_method(name="getapplicationlog", profiles=("n3-preview", "n2"), of_chain=True)
    def get_unfiltered_log(self, txid: UInt256) -> Json:
        """The log of a transaction, or on preview2 of a block's own run by the block's hash."""
        log = self._log(txid)
        if log is None:
            raise errors.UnknownTransaction
        return self._dialect.write(log, self.config)

    def _log(self, log_hash: UInt256) -> Log | None:
        """The executions of a block, or of a transaction whose script ran."""
        block_index = self._ledger.block_index(log_hash) if self._dialect.block_triggers else None
        if block_index is not None and block_index < self._dialect.first_logged_block:
            return None
        if block_index is not None and block_index <= self._ledger.height:
            return Log(log_hash, is_block=True, executions=self._block_executions(block_index))
        found = self._ledger.transaction(log_hash)
        if found is None:
            return None
        transaction, block_index = found
        executions = self._ledger.executions_of(log_hash, block_index)
        if not executions:
            return None
        script_hash = None
        if self._dialect.names_script:
            script = transaction.to_json(self._ledger.parameters.address_version).get("script")
            if script is None:
                # It moved coins, and ran nothing that a log could tell of.
                return None
            script_hash = UInt160(hash160(bytes.fromhex(str(script))))
        return Log(log_hash, is_block=False, executions=executions, script_hash=script_hash)

    def _block_executions(self, block_index: int) -> tuple[Execution, ...]:
        """A block's own runs; on a described chain, which has none, those of a block that pays nobody."""
        runs = {run.trigger: run for run in self._ledger.executions_of(None, block_index)}
        return tuple(runs.get(trigger) or self._dialect.quiet_run(trigger) for trigger in self._dialect.block_triggers)


def is_trigger(text: str) -> bool:
    """Whether .NET reads a text as triggers: names in any case, joined by commas, or a number of a byte."""
    stripped = text.strip()
    if stripped.removeprefix("+").isdecimal() and stripped.isascii():
        return len(stripped) <= 20 and int(stripped) <= 0xFF
    return bool(stripped) and all(name.strip().lower() in _TRIGGER_NAMES for name in stripped.split(","))
