"""Records what a real node answers to the scripts of invokescript_cases.py, and to some random ones.

    python tests/rpcnode/vm/recorded/record_invokescript.py URL

Writes recorded_invokescript.json beside this file: node, version, hardforks, and each request with its answer, without
the script that the node repeats and the stack that a fault leaves behind.
"""

import json
import sys
import urllib.request
from base64 import b64encode
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from tests.rpcnode.vm.recorded.invokescript_cases import cases
from tests.rpcnode.vm.script_generator import ScriptGenerator
from tests.rpcnode.vm.script_text import assemble

HERE = Path(__file__).resolve().parent
RANDOM_SCRIPTS = 60
NOT_KEPT = ("script", "notifications", "diagnostics")


def call(url: str, method: str, *params: Any) -> Any:
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)


def invoke(url: str, script: str) -> dict[str, Any]:
    answer = call(url, "invokescript", script)
    if "error" in answer:
        return {"error": answer["error"]}
    result = {name: value for name, value in answer["result"].items() if name not in NOT_KEPT}
    if result["state"] == "FAULT":
        del result["stack"]
    return result


def main() -> None:
    url = sys.argv[1]
    version = call(url, "getversion")["result"]
    scripts = {name: b64encode(assemble(words)).decode() for name, words in cases()}
    for seed in range(RANDOM_SCRIPTS):
        script = ScriptGenerator(Random(seed), cyclic=False).script(100)
        scripts[f"random {seed}"] = b64encode(script).decode()
    head = {
        "node": version["useragent"],
        "network": version["protocol"]["network"],
        "hardforks": [hardfork["name"] for hardfork in version["protocol"]["hardforks"]],
        "method": "invokescript",
    }
    calls = [{"name": name, "params": [script], "result": invoke(url, script)} for name, script in scripts.items()]
    lines = ",\n".join(json.dumps(call, ensure_ascii=False) for call in calls)
    text = json.dumps(head)[:-1] + f', "calls": [\n{lines}\n]}}\n'
    (HERE / "recorded_invokescript.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
