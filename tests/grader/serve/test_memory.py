"""What a server needed for a moment is given back: few heaps, and few pages of the database."""

from __future__ import annotations

import platform
import re
import subprocess
import sys

import pytest

from grader.serve import memory
from grader.serve.server import Server

N_THREADS = 12
ASKED = f"""
import ctypes, threading
from grader.serve.memory import share_heaps
{{call}}
all_hold, all_told = threading.Barrier({N_THREADS + 1}), threading.Event()

def hold():
    held = [bytes(50_000) for _ in range(4)]
    all_hold.wait(30)
    all_told.wait(30)

for _ in range({N_THREADS}):
    threading.Thread(target=hold, daemon=True).start()
all_hold.wait(30)
libc = ctypes.CDLL(None)
out = ctypes.c_void_p.in_dll(libc, "stdout")
libc.malloc_info(0, out)
libc.fflush(out)
all_told.set()
"""

glibc_only = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps of threads are glibc's")


@glibc_only
@pytest.mark.parametrize(("call", "shared"), [("share_heaps()", True), ("", False)])
def test_threads_share_few_heaps_as_the_c_library_tells(call: str, shared: bool) -> None:
    asked = [sys.executable, "-c", ASKED.format(call=call)]
    told = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout
    heaps = re.findall(r'<heap nr="\d+">', told)
    assert (len(heaps) <= memory.MOST_HEAPS) is shared, told


def test_each_connection_of_a_server_keeps_few_pages_of_the_database(server: Server) -> None:
    with server.book.reading() as first, server.book.reading() as second, server.book.reading() as third:
        found = [one.exec_driver_sql("PRAGMA cache_size").scalar() for one in (first, second, third)]
    # The first was there before the server; SQLite's own is 2000 KiB.
    assert found.count(-memory.SQLITE_CACHE_KIB) >= 2
