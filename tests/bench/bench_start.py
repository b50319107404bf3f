"""Start to first answer, and the import of aiohttp beside it: `python tests/bench/bench_start.py [serve options]`.

Both are the best of several runs in turn, with byte code cached.
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 10


def seconds_to_import() -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import aiohttp.web"], check=True)
    return time.perf_counter() - begin


def seconds_to_first_answer(options: list[str], ready_file: Path) -> float:
    ready_file.unlink(missing_ok=True)
    command = [sys.executable, str(ROOT / "run.py"), "-q", "--port", "0", "--ready-file", str(ready_file), *options]
    begin = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as node:
        while not ready_file.exists():
            if node.poll() is not None:
                raise SystemExit(f"the node did not start: exit code {node.returncode}")
            time.sleep(0.0005)
        connection = http.client.HTTPConnection("127.0.0.1", json.loads(ready_file.read_text())["port"])
        connection.request("POST", "/", b'{"jsonrpc":"2.0","id":1,"method":"getblockcount","params":[]}')
        assert "result" in json.loads(connection.getresponse().read())
        taken = time.perf_counter() - begin
        connection.close()
        node.terminate()
    return taken


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(Path(folder) / "bytecode"))
        ready_file = Path(folder) / "ready.json"
        seconds_to_first_answer(sys.argv[1:], ready_file)
        pairs = [(seconds_to_import(), seconds_to_first_answer(sys.argv[1:], ready_file)) for _ in range(RUNS)]
    floor, node = (min(column) for column in zip(*pairs, strict=True))
    print(f"import aiohttp.web {floor * 1000:.0f} ms, first answer {node * 1000:.0f} ms, ratio {node / floor:.2f}")


if __name__ == "__main__":
    main()
