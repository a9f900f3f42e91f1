"""Reading answers without code: .npz and .json."""

import io
import json
import tracemalloc
import zipfile

import numpy as np
import pytest

from grader.model.run import Read
from grader.model.value import Array, Fields, Number, Opaque

ONE, TWO = Number("1", "int"), Number("2", "int")


def npz(**arrays):
    data = io.BytesIO()
    np.savez(data, **arrays)
    return data.getvalue()


@pytest.mark.parametrize("parts", [('"b.s0": 1', '"b": {"s1": 2}'), ('"b": {"s1": 2}', '"b.s0": 1')])
def test_json_keys_with_dots_join_a_group_in_either_order(read, parts):
    assert read({"a.json": "{" + ", ".join(parts) + "}"}, "b") == Fields({"s0": ONE, "s1": TWO})


@pytest.mark.parametrize(
    "parts",
    [
        ('"b.s0": 1', '"b": 2'),
        ('"b": 2', '"b.s0": 1', '"b.s1": 1'),
        ('"b": {"s0": 1}', '"b.s0": 2', '"b.s1": 1'),
    ],
)
def test_json_name_with_two_values_costs_itself_only(read, parts):
    data = {"a.json": '{"value": 1, ' + ", ".join(parts) + "}"}
    assert read(data) == ONE
    assert "given twice" in read(data, "b").description


def test_npz_keys_with_dots_are_fields(read):
    value = read({"w.npz": npz(**{"b_i.Wss": np.eye(1), "b_i.s0": np.array(1.5)})}, "b_i")
    assert isinstance(value, Fields)
    assert value.fields["s0"] == Number("1.5", "float")


def test_array_of_objects_in_an_npz_costs_only_itself(run):
    data = npz(a=np.eye(1), notes=np.array([{}], dtype=object))
    result = run({"w.npz": data}, Read("a"), Read("notes"))
    assert result.faults == ()
    assert isinstance(result.names["a"], Array)
    assert result.names["notes"] == Opaque(
        "an array of Python objects, which is not read: save it as numbers or text"
    )


def test_damaged_array_in_an_npz_costs_only_itself(run):
    data = io.BytesIO(npz(a=np.eye(1)))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("b.npy", b"\x93NUMPY\x01\x00 no header")
    result = run({"w.npz": data.getvalue()}, Read("a"), Read("b"))
    assert isinstance(result.names["a"], Array)
    assert "cannot be read" in result.names["b"].description


def test_npz_bomb_is_refused_before_it_is_unpacked(run):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", bytes(100 << 20))
    result = run({"w.npz": data.getvalue()}, Read("a"))
    (fault,) = result.faults
    assert (fault.kind, fault.message) == ("unreadable", "the arrays take 100 MiB; 32 are read")
    assert result.usage.max_rss_mib < 100


def test_npz_with_too_many_members_is_refused(run):
    assert run({"w.npz": npz(**{f"a{i}": 0 for i in range(65)})}).faults[0].kind == "unreadable"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x93NUMPY", b"x" * 100])
def test_broken_npz_is_unreadable(run, data):
    assert [fault.kind for fault in run({"w.npz": data}).faults] == ["unreadable"]


def test_json_keys_with_dots_are_fields(read):
    assert read({"a.json": '{"b_i.s0": 1, "b_i.s1": 2}'}, "b_i") == Fields({"s0": ONE, "s1": TWO})


@pytest.mark.parametrize(
    "data",
    [
        "",
        "[1]",
        "{",
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": 1, "a": 2}',
        '{"q": {"a": 1, "a": 2}}',
        '{"a": ' + "1" * 5000 + "}",
        '{"a": ' + "[" * 5000 + "]" * 5000 + "}",
        '{"a": ' + "[" * 20 + "]" * 20 + "}",
        '{"a": [' + "0," * 200_001 + "0]}",
        '{"a": "\\ud800"}',
        b"\xff\xfe{\x00}\x00",
    ],
)
def test_broken_json_is_unreadable(run, data):
    (fault,) = run({"a.json": data}, Read("a")).faults
    assert (fault.kind, fault.where) == ("unreadable", "a.json")
    assert len(fault.message) <= 500


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('{"a": 1,\n "b": [1,\n NaN]}', "line 3: NaN is not JSON; a number or null must stand there"),
        ('{"a": -Infinity}', "line 1: Infinity is not JSON; a number or null must stand there"),
        ('{"a": 1,\n "b": 1/3}', "line 2: the file is not JSON from '/3}' on"),
        ('{"a": 1', "the file is not JSON: it ends too early"),
        ("{'a': 1}", "line 1: the file is not JSON from \"'a': 1}\" on"),
        ('{"a": 1}'.encode("utf-16"), "the file is not text in UTF-8: save it as UTF-8"),
        ('{"a": 1}'.encode("utf-16-le"), "the file is not text in UTF-8: save it as UTF-8"),
        ('{"a": "é"}'.encode("latin-1"), "the file is not text in UTF-8: save it as UTF-8"),
    ],
)
def test_place_where_a_file_stops_being_json_is_told(run, data, message):
    assert run({"a.json": data}, Read("a")).faults[0].message == message


def test_json_number_out_of_range_is_opaque(read):
    assert read({"a.json": '{"value": 1e400}'}) == Number("1e400", "float")
    assert "out of a float's range" in read({"a.json": '{"value": 1e999999999}'}).description


def test_json_bom_is_ignored(read):
    assert read({"a.json": b'\xef\xbb\xbf{"value": 1}'}) == ONE


def test_small_json_file_does_not_fill_the_memory(run):
    """1.2 MB of text; read in full it would be 600,000 values of 100 bytes and more."""
    text = json.dumps({f"n{k}": [1] * 50_000 for k in range(8)} | {"value": 1, "other": [2] * 90_000})
    tracemalloc.start()
    result = run({"a.json": text}, Read("value"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result.names == {"value": ONE}
    assert "n7" in result.seen
    assert peak < 40 * len(text)


def test_keys_of_a_json_file_are_cleaned(run):
    text = json.dumps({"b\u202e": 1, "value": {"c\u202e": 1}})
    result = run({"a.json": text}, Read("value"))
    assert result.seen == ("b\\u202e", "value")
    assert result.names == {"value": Fields({"c\\u202e": ONE})}
