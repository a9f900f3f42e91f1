"""A warm numpy process that forks for each line on its input and does the same work without isolation.

`python warm_fork.py INSIDE_FOLDER REQUESTS_FILE`; answers each line with the CPU seconds of child and parent.
"""

import fcntl
import gc
import importlib
import importlib.util
import os
import sys
import time
from pathlib import Path

folder = Path(sys.argv[1])
spec = importlib.util.spec_from_file_location(
    "inside", folder / "__init__.py", submodule_search_locations=[str(folder)]
)
sys.modules["inside"] = importlib.util.module_from_spec(spec)
child = importlib.import_module("inside.child")
messages = importlib.import_module("inside.messages")
for name in ("numpy.linalg", "numpy.random", "fractions", "decimal", "dataclasses"):
    importlib.import_module(name)
importlib.import_module("inside.clock").install()
gc.collect()
gc.freeze()


def run() -> float:
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 1 << 20)
    started = time.process_time()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        fd = os.open(sys.argv[2], os.O_RDONLY)
        child.work(messages.Requests(fd), messages.Reply(writing))
        os._exit(0)
    os.close(writing)
    # Read when all is there: who is woken for each value uses 1 to 2 ms, where another core is idle.
    _, status, usage = os.wait4(pid, 0)
    assert status == 0
    while os.read(reading, 1 << 18):
        continue
    os.close(reading)
    return usage.ru_utime + usage.ru_stime + time.process_time() - started


for _ in sys.stdin:
    print(run(), flush=True)
