"""Hostile data files: what a parser should not be given. Built here, as some are large and all are bytes."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
from collections.abc import Callable

import numpy as np

ONE = np.ones(1)


def npy(shape: str = "(1,)", descr: str = "'<f8'", body: bytes = bytes(8)) -> bytes:
    """A .npy file with a header of one's own."""
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + body


def archive(
    members: dict[str, bytes],
    compression: int = zipfile.ZIP_DEFLATED,
    change: Callable[[bytearray], None] | None = None,
) -> bytes:
    """An .npz file of these members; `change` may spoil it afterwards."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as file:
        for name, data in members.items():
            file.writestr(name, data)
    data = bytearray(made.getvalue())
    if change is not None:
        change(data)
    return bytes(data)


def lie_about_size(data: bytearray) -> None:
    """Say that the member unpacks to 8 bytes, in both of a zip's directories."""
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + offset
        data[at : at + 4] = struct.pack("<I", 80)


def pickled() -> bytes:
    """An array of objects, one of which runs a function when it is unpickled."""

    class Runs:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (print, ("GOT unpickled",))

    return npy("(1,)", "'|O'", pickle.dumps(np.array([Runs()], dtype=object)))


def notebook(*sources: object, **more: object) -> bytes:
    """A notebook with these code cells."""
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}).encode()


HOSTILE_FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip bomb, 100 MB of zeros": (
        "a.npz",
        lambda: archive({"value.npy": npy("(13107200,)", body=bytes(100 << 20))}),
    ),
    "zip bomb that lies about its size": (
        "a.npz",
        lambda: archive({"value.npy": npy("(2621440,)", body=bytes(20 << 20))}, change=lie_about_size),
    ),
    "zip in zip": ("a.npz", lambda: archive({"value.npz": archive({"value.npy": npy()})})),
    "50,000 members": (
        "a.npz",
        lambda: archive({f"v{n}.npy": b"" for n in range(50_000)}, zipfile.ZIP_STORED),
    ),
    "members that climb out": (
        "a.npz",
        lambda: archive({"../../tmp/value.npy": npy(), "/etc/value.npy": npy()}),
    ),
    "pickled code": ("a.npz", lambda: archive({"value.npy": pickled()})),
    "header that is code": ("a.npz", lambda: archive({"value.npy": npy("(__import__('os').getpid(),)")})),
    "header of 10^5 brackets": ("a.npz", lambda: archive({"value.npy": npy("(" * 30_000)})),
    "shape of 10^18": (
        "a.npz",
        lambda: archive({"value.npy": npy("(10**18,)"), "w.npy": npy(f"({10**18},)")}),
    ),
    "negative shape": ("a.npz", lambda: archive({"value.npy": npy("(-1,)")})),
    "shape beyond 64 bits": ("a.npz", lambda: archive({"value.npy": npy(f"({2**64 + 1},)")})),
    "empty shape of 10^9 x 0": ("a.npz", lambda: archive({"value.npy": npy(f"({10**9}, 0)")})),
    "type that there is not": ("a.npz", lambda: archive({"value.npy": npy(descr="'<q99'")})),
    "type of types": ("a.npz", lambda: archive({"value.npy": npy(descr="[('a', '<f8', (10**9,))]")})),
    "string array of 4 GB": ("a.npz", lambda: archive({"value.npy": npy(descr="'<U1000000000'")})),
    "unknown compression": ("a.npz", lambda: archive({"value.npy": npy()}).replace(b"\x08\x00", b"\x63\x00")),
    "cut in half": ("a.npz", lambda: archive({"value.npy": npy()})[:60]),
    "not a zip": ("a.npz", lambda: b"PK\x05\x06" + bytes(18)),
    "encrypted": (
        "a.npz",
        lambda: archive({"value.npy": npy()}).replace(b"\x14\x00\x00\x00", b"\x14\x00\x01\x00"),
    ),
    "same member twice": ("a.npz", lambda: archive({"value.npy": npy()}) + archive({"value.npy": npy()})),
    "names that are markup": ("a.npz", lambda: archive({"<script>\x1b[31m.npy": npy(), "=1+1.npy": npy()})),
    "keys of 1000 dots": ("a.npz", lambda: archive({"." * 1000 + ".npy": npy()})),
    "JSON 10^6 deep": ("a.json", lambda: b"[" * 1_000_000),
    "JSON object 10^5 deep": ("a.json", lambda: b'{"value":' * 100_000 + b"1" + b"}" * 100_000),
    "JSON NaN": ("a.json", lambda: b'{"value": NaN}'),
    "JSON 1e400": ("a.json", lambda: b'{"value": [1e400, -1e400]}'),
    "JSON 1e999999999": ("a.json", lambda: b'{"value": 1e999999999}'),
    "JSON integer of 10^6 digits": ("a.json", lambda: b'{"value": ' + b"9" * 1_000_000 + b"}"),
    "JSON float of 10^6 digits": ("a.json", lambda: b'{"value": 0.' + b"9" * 1_000_000 + b"}"),
    "JSON with 10^5 equal keys": ("a.json", lambda: b"{" + b",".join([b'"value": 1'] * 100_000) + b"}"),
    "JSON with 10^5 keys": ("a.json", lambda: json.dumps({f"k{n}": n for n in range(100_000)}).encode()),
    "JSON keys of 1000 dots": ("a.json", lambda: b'{"' + b"." * 1000 + b'": 1, "a.b": 1, "a": 2}'),
    "JSON escapes": ("a.json", lambda: rb'{"value": "\ud800\u0000\u202e\u001b[31m"}'),
    "JSON escapes that can be read": (
        "a.json",
        lambda: rb'{"value": "\u0000\u202e\u001b[31m", "<b>": "\u009b"}',
    ),
    "JSON in UTF-16": ("a.json", lambda: '{"value": 1}'.encode("utf-16")),
    "JSON with values that are wire types": (
        "a.json",
        lambda: b'{"value": {"t": "opaque", "description": "x"}, "k": "done"}',
    ),
    "notebook 10^5 deep": ("a.ipynb", lambda: b'{"cells":' * 100_000),
    "notebook with 10^5 cells": ("a.ipynb", lambda: notebook(*["x = 1"] * 100_000)),
    "notebook with cells that are none": ("a.ipynb", lambda: notebook(1, None, ["x", 2], {"a": 1}, [[]])),
    "notebook with metadata that is none": (
        "a.ipynb",
        lambda: json.dumps(
            {"nbformat": 4, "cells": [3, None, {"cell_type": "code", "metadata": 5}]}
        ).encode(),
    ),
    "notebook whose cell is 1 MB of brackets": ("a.ipynb", lambda: notebook("(" * 1_000_000)),
    "notebook of 3000 magics": ("a.ipynb", lambda: notebook("%a\n" * 3000)),
    "notebook that leaves": ("a.ipynb", lambda: notebook("import os; os._exit(0)", "value = 1")),
    "notebook with output that is code": (
        "a.ipynb",
        lambda: notebook("value = 1", cells_output="<script>alert(1)</script>"),
    ),
    "source with null bytes": ("answer.py", lambda: b"value = 1\x00\nvalue = 2"),
    "source in an encoding that there is not": ("answer.py", lambda: b"# coding: rot13-xyz\nvalue = 1"),
    "source of 2 MB in one line": ("answer.py", lambda: b"value = [" + b"1," * 1_000_000 + b"]"),
    "source of 10^5 nested blocks": (
        "answer.py",
        lambda: b"".join(b" " * n + b"if 1:\n" for n in range(200)),
    ),
    "source that is a number of 10^6 digits": ("answer.py", lambda: b"value = " + b"9" * 1_000_000),
    "source that is a compiled file": ("answer.py", lambda: b"\xa7\x0d\x0d\x0a" + bytes(100)),
    "source with letters that look alike": ("answer.py", lambda: "vаlue = 1\nvalue = 2".encode()),
    "source with text turned around": ("answer.py", lambda: "value = 1  # \u202e 2 = eulav".encode()),
}
