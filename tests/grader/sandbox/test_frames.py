"""The decoder against bytes that nobody's program sends."""

import base64
import json
import random
import resource
import struct
import tracemalloc

import pytest

from grader.model.run import Fault
from grader.model.value import Array, Fields, Formula, Items, Nothing, Number, Opaque, Text
from grader.sandbox.host.frames import FrameReader, Loaded, Named, ProtocolError, Result, decode_frame
from grader.sandbox.inside import caps

FRAMES = 100_000
WORDS = ["k", "t", "loaded", "name", "result", "call-fault", "all-read", "number", "items", "fields"]
WORDS += [
    "array",
    "text",
    "opaque",
    "formula",
    "generator",
    "flag",
    "none",
    "int",
    "float",
    "rational",
    "<f8",
    "|O",
]
SEEDS = [
    b'{"k":"loaded","faults":[{"kind":"exception","message":"m","where":"a.py, line 1"}],"seen":[[0,["a"]]]}',
    b'{"k":"name","file":0,"name":"a","value":{"t":"array","dtype":"<f8","shape":[1],"data":"AAAAAAAA8D8="}}',
    b'{"k":"result","call":3,"value":{"t":"items","items":[{"t":"number","text":"1/3","kind":"rational"}]}}',
    b'{"k":"result","call":0,"value":{"t":"fields","fields":{"U":{"t":"none"},"W":{"t":"flag","value":true}}}}',
    b'{"k":"call-fault","call":1,"fault":{"kind":"timeout","message":"m","where":""}}',
    b'{"k":"all-read"}',
    b'{"k":"all-read","absent":[[0,{"kind":"missing","message":"m","where":""}]]}',
]


def mutated(chance: random.Random) -> bytes:
    """A frame with some bytes changed, cut, doubled or put in, or none at all."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(200))
    frame = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(frame) + 1)
        match chance.randrange(6):
            case 0:
                frame[at : at + 1] = chance.randbytes(1)
            case 1:
                del frame[at : at + chance.randrange(1, 20)]
            case 2:
                frame[at:at] = frame[: chance.randrange(len(frame) + 1)]
            case 3:
                frame[at : at + 4] = json.dumps(chance.choice(WORDS)).encode()
            case 4:
                frame[at : at + 1] = str(chance.choice([-1, 2**31, 2**63, 10**30, 1e400, "NaN"])).encode()
            case 5:
                frame[at:at] = chance.choice([b"[", b"{", b'"', b"\\ud800", b"\x00", b"[" * 2000, b"null"])
    return bytes(frame)


def test_random_frames_are_only_protocol_errors_and_leave_no_memory_behind():
    chance = random.Random(20240917)
    refused = 0
    for _ in range(2000):
        refused += is_refused(mutated(chance))
    tracemalloc.start()
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(FRAMES):
        refused += is_refused(mutated(chance))
    after, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused > FRAMES / 2
    assert after - before < 200_000
    assert peak - before < 5_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < 64 * 1024


def is_refused(body: bytes) -> bool:
    try:
        decode_frame(body)
    except ProtocolError:
        return True
    return False


def test_random_streams_are_only_protocol_errors():
    chance = random.Random(7)
    for _ in range(2000):
        reader = FrameReader()
        body = mutated(chance)
        stream = (
            struct.pack("<I", max(0, len(body) + chance.choice([0, 0, 0, -1, 1])))
            + body
            + chance.randbytes(9)
        )
        try:
            for at in range(0, len(stream), 7):
                list(reader.feed(stream[at : at + 7]))
        except ProtocolError:
            continue


def value(**fields):
    return json.dumps({"k": "result", "call": 0, "value": fields}).encode()


def array(dtype="<f8", shape=(1,), data=bytes(8)):
    return value(t="array", dtype=dtype, shape=list(shape), data=base64.b64encode(data).decode())


REFUSED = {
    "a verdict": b'{"k":"verdict","fraction":1}',
    "a field too many": b'{"k":"all-read","verdict":"correct"}',
    "a crash that it tells itself": b'{"k":"call-fault","call":0,"fault":{"kind":"crash","message":"m"}}',
    "a call that is missing": b'{"k":"call-fault","call":0,"fault":{"kind":"missing","message":"m"}}',
    "a file that was not run": b'{"k":"loaded","faults":[{"kind":"not-run","message":"m"}],"seen":[]}',
    "a function that broke the rules": b'{"k":"all-read","absent":[[0,{"kind":"protocol","message":"m"}]]}',
    "a generator": value(t="generator", seed=1),
    "an exponent that fills the memory": value(t="number", text="1e9999", kind="float"),
    "a float in words": value(t="number", text="1_0.5", kind="float"),
    "an int that is none": value(t="number", text="1.5", kind="int"),
    "an int of 5000 digits": value(t="number", text="1" * 5000, kind="int"),
    "a fraction over 0": value(t="number", text="1/0", kind="rational"),
    "a complex number that is none": value(t="number", text="jj", kind="complex"),
    "a kind that there is not": value(t="number", text="1", kind="decimal"),
    "an array of objects": array("|O"),
    "an array that is too short": array(shape=(2,)),
    "an array with a negative length": array(shape=(-1, -1)),
    "an array of 7 dimensions": array(shape=(1,) * 7),
    "an array with nothing of a billion": array(shape=(0, 10**9), data=b""),
    "an array of truth values that are none": array("|b1", (1,), b"\x02"),
    "an array that is too large": array(shape=(400_001,), data=bytes(8 * 400_001)),
    "lists in lists, 20 deep": value(t="items", items=[]).replace(
        b"[]", b'[{"t":"items","items":' * 20 + b"[]" + b"}]" * 20
    ),
    "400,000 entries": value(t="items", items=[{"t": "none"}] * 400_000),
    "half a character": b'{"k":"result","call":0,"value":{"t":"text","text":"\\ud800"}}',
    "bytes that are no UTF-8": b'{"k":"result","call":0,"value":{"t":"text","text":"\xff"}}',
    "nothing": b"",
    "a deep list": b"[" * 100_000,
}


@pytest.mark.parametrize("what", REFUSED)
def test_frame_is_refused(what):
    with pytest.raises(ProtocolError):
        decode_frame(REFUSED[what])


def test_plain_values_are_decoded():
    assert decode_frame(array()) == Result(0, Array("<f8", (1,), bytes(8)))
    assert decode_frame(value(t="number", text="-1.5e-300", kind="float")) == Result(
        0, Number("-1.5e-300", "float")
    )
    nested = value(t="fields", fields={"a": {"t": "items", "items": [{"t": "none"}]}})
    assert decode_frame(nested) == Result(0, Fields({"a": Items((Nothing(),))}))


def test_texts_are_cleaned_and_cut():
    evil = "\x1b[31m\u202e" + "x" * 50_000
    for kind, cap in ((Text, caps.MAX_TEXT), (Formula, caps.MAX_FORMULA)):
        frame = decode_frame(value(t=kind.__struct_config__.tag, text=evil))
        assert isinstance(frame, Result)
        assert frame.value.text.startswith("\\u202exxx")
        assert len(frame.value.text) == cap
    frame = decode_frame(value(t="opaque", description=evil))
    assert isinstance(frame, Result)
    assert isinstance(frame.value, Opaque)
    assert len(frame.value.description) == caps.MAX_DESCRIPTION


def test_faults_are_cut_to_one_line_without_paths():
    fault = {"kind": "exception", "message": "no\n/home/ada/x.py\n" + "y" * 9999, "where": "/a/b.py\x00"}
    frame = decode_frame(json.dumps({"k": "loaded", "faults": [fault] * 99, "seen": []}).encode())
    assert isinstance(frame, Loaded)
    assert len(frame.faults) == caps.MAX_FAULTS
    assert frame.faults[0].message.startswith("no x.py yyy")
    assert len(frame.faults[0].message) == caps.MAX_MESSAGE
    assert frame.faults[0] == Fault(kind="exception", message=frame.faults[0].message, where="b.py\\x00")


def test_frame_that_announces_too_much_is_refused_before_it_comes():
    with pytest.raises(ProtocolError):
        list(FrameReader().feed(struct.pack("<I", caps.MAX_FRAME_BYTES + 1)))


def test_stream_that_is_too_long_is_refused():
    reader = FrameReader()
    part = struct.pack("<I", 16) + b'{"k":"all-read"}'
    share = part * (caps.MAX_REPLY_BYTES // len(part) // 10)
    for _ in range(10):
        assert list(reader.feed(share))
    with pytest.raises(ProtocolError):
        list(reader.feed(share))


def test_frames_are_cut_at_any_place():
    body = b'{"k":"name","file":0,"name":"a","value":{"t":"none"}}'
    stream = (struct.pack("<I", len(body)) + body) * 2
    for step in (1, 3, 5, 1000):
        reader = FrameReader()
        frames = [f for at in range(0, len(stream), step) for f in reader.feed(stream[at : at + step])]
        assert frames == [Named(0, "a", Nothing())] * 2
