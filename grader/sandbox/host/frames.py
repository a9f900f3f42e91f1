"""The strict decoder of what a student's process sends. Every byte of it may be forged.

Whatever does not decode is a `ProtocolError`, which becomes the student's fault "protocol".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from grader.model.run import Fault
from grader.model.value import Array, Fields, Formula, Generator, Items, Number, Opaque, Text, Value
from grader.sandbox.host.text import clean, clean_line
from grader.sandbox.inside import caps
from grader.sandbox.inside.messages import LENGTH

RUN_FAULTS = frozenset({"syntax", "exception", "exit", "timeout", "memory", "output", "forbidden"})
"""Faults that the program inside may report of a call."""

ABSENT_FAULTS = RUN_FAULTS | {"missing", "not-callable"}
LOAD_FAULTS = RUN_FAULTS | {"unreadable"}
"""The others only the grader itself reports: a child that uses them is not the program inside."""


class ProtocolError(Exception):
    """What came is not an answer."""


class Frame(msgspec.Struct, frozen=True, tag_field="k", forbid_unknown_fields=True):
    """Root of the frames; `k` names the kind."""


class Loaded(Frame, tag="loaded", frozen=True):
    """The files were loaded: what went wrong, each file's public names, and what was left out."""

    faults: tuple[Fault, ...]
    seen: tuple[tuple[int, tuple[str, ...]], ...]
    notes: tuple[str, ...] = ()


class Named(Frame, tag="name", frozen=True):
    """The value of a name that was asked for, and the number of the file that defines it."""

    file: int
    name: str
    value: Value


class AllRead(Frame, tag="all-read", frozen=True):
    """Every name that was asked for and is there was sent; `absent` are functions that are not there."""

    absent: tuple[tuple[int, Fault], ...] = ()


class Result(Frame, tag="result", frozen=True):
    """What one call returned."""

    call: int
    value: Value


class CallFault(Frame, tag="call-fault", frozen=True):
    """Why a call gave nothing; no more of this call follows."""

    call: int
    fault: Fault


AnyFrame: TypeAlias = Loaded | Named | AllRead | Result | CallFault

_DECODER = msgspec.json.Decoder(AnyFrame)

NUMBER_TEXT = {
    "int": re.compile(rf"-?[0-9]{{1,{caps.MAX_DIGITS}}}"),
    "float": re.compile(r"-?(?:nan|inf|[0-9]{1,400}(?:\.[0-9]{0,400})?(?:[eE][+-]?[0-9]{1,3})?)"),
    "single": re.compile(r"-?(?:nan|inf|[0-9]{1,400}(?:\.[0-9]{0,400})?(?:[eE][+-]?[0-9]{1,3})?)"),
    "rational": re.compile(rf"-?[0-9]{{1,{caps.MAX_DIGITS}}}/[1-9][0-9]{{0,{caps.MAX_DIGITS}}}"),
    "complex": re.compile(r"\(?[-+0-9.einfaj]{1,100}\)?"),
}
"""What the text of a number may look like: a longer exponent would fill the memory as a fraction."""


class FrameReader:
    """Cuts a stream of bytes into frames; each is a length of four bytes and JSON."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.total = 0

    def feed(self, data: bytes) -> Iterator[AnyFrame]:
        """The frames that are complete with these bytes.

        Raises:
            ProtocolError: If a frame is too large, or is none.
        """
        self.total += len(data)
        if self.total > caps.MAX_REPLY_BYTES:
            raise ProtocolError("hands back more than it may in all")
        self._buffer += data
        start, came = 0, len(self._buffer)
        try:
            while (body := start + LENGTH.size) <= came:
                (length,) = LENGTH.unpack_from(self._buffer, start)
                if length > caps.MAX_FRAME_BYTES:
                    raise ProtocolError("hands back more at once than it may")
                if body + length > came:
                    return
                yield decode_frame(self._buffer[body : body + length])
                start = body + length
        finally:
            # Once for all frames: to cut each off by itself would take a second for 100,000 small ones.
            del self._buffer[:start]


def decode_frame(body: bytes | bytearray) -> AnyFrame:
    """One frame, checked.

    Raises:
        ProtocolError: If it is not a frame with plain values only.
    """
    try:
        frame: AnyFrame = _DECODER.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError):
        raise ProtocolError("hands back what is not an answer") from None
    if isinstance(frame, Result):
        given = frame.value
        # Most of what functions return.
        value = checked_array(given) if isinstance(given, Array) else checked(given)
        return frame if value is given else Result(frame.call, value)
    if isinstance(frame, Named):
        return Named(frame.file, frame.name, checked(frame.value))
    if isinstance(frame, Loaded):
        return checked_loaded(frame)
    if isinstance(frame, AllRead):
        return AllRead(
            tuple((function, checked_fault(fault, ABSENT_FAULTS)) for function, fault in frame.absent)
        )
    if isinstance(frame, CallFault):
        return CallFault(frame.call, checked_fault(frame.fault, RUN_FAULTS))
    return frame


def checked_loaded(frame: Loaded) -> Loaded:
    """The frame with clean texts and no more of them than the program inside may send."""
    faults = tuple(checked_fault(fault, LOAD_FAULTS) for fault in frame.faults[: caps.MAX_FAULTS])
    seen = tuple(
        (file, tuple(clean_line(name, caps.MAX_NAME) for name in names[: caps.MAX_NAMES]))
        for file, names in frame.seen[: caps.MAX_NAMES]
    )
    notes = tuple(clean_line(note, caps.MAX_MESSAGE) for note in frame.notes[: caps.MAX_NOTES])
    return Loaded(faults, seen, notes)


def checked_fault(fault: Fault, kinds: frozenset[str]) -> Fault:
    """The fault with clean texts.

    Raises:
        ProtocolError: If it is not one of these kinds.
    """
    if fault.kind not in kinds:
        raise ProtocolError("hands back what is not an answer")
    return Fault(
        kind=fault.kind,
        message=clean_line(fault.message, caps.MAX_MESSAGE),
        where=clean_line(fault.where, caps.MAX_DESCRIPTION),
        error=clean_line(fault.error, caps.MAX_NAME),
    )


def checked(value: Value) -> Value:
    """The value, if every part of it is within the caps; its texts cleaned.

    Raises:
        ProtocolError: If the program inside could not have sent it.
    """
    return _Checker().check(value, 0)


class _Checker:
    def __init__(self) -> None:
        self.entries = 0

    def check(self, value: Value, depth: int) -> Value:
        self.entries += 1
        # Half as much again as the program inside counts: keys and results with arguments add to it.
        if depth > caps.MAX_DEPTH + 2 or self.entries > 1.5 * caps.MAX_ENTRIES:
            raise ProtocolError("hands back a value that is too large")
        match value:
            case Number():
                return checked_number(value)
            case Items():
                return Items(tuple(self.check(item, depth + 1) for item in value.items))
            case Fields():
                return Fields(
                    {
                        clean_line(name, caps.MAX_NAME): self.check(item, depth + 1)
                        for name, item in value.fields.items()
                    }
                )
            case Array():
                return checked_array(value)
            case Text():
                return Text(clean(value.text, caps.MAX_TEXT))
            case Formula():
                return checked_formula(value)
            case Opaque():
                members = tuple(clean_line(one, caps.MAX_NAME) for one in value.members[: caps.MAX_MEMBERS])
                return Opaque(clean_line(value.description, caps.MAX_DESCRIPTION), members)
            case Generator():
                raise ProtocolError("hands back what is not an answer")
        return value


def checked_formula(value: Formula) -> Formula:
    """A formula with clean texts, and no more names than the program inside may send."""
    names = {
        clean_line(name, caps.MAX_NAME): clean_line(printed, caps.MAX_NAME)
        for name, printed in list(value.names.items())[: caps.MAX_SYMBOLS]
    }
    return Formula(clean(value.text, caps.MAX_FORMULA), clean(value.plain, caps.MAX_FORMULA), names)


def checked_number(value: Number) -> Number:
    """A number whose text is one of its kind."""
    if not NUMBER_TEXT[value.kind].fullmatch(value.text):
        raise ProtocolError("hands back a number that is none")
    if value.kind == "complex":
        try:
            complex(value.text)
        except ValueError:
            raise ProtocolError("hands back a number that is none") from None
    return value


def checked_array(value: Array) -> Array:
    """An array that numpy takes: lengths within the cap even where another one is 0, truth values 0 or 1."""
    size = len(value.data)
    # With any data no dimension is larger than the bytes are many.
    is_small = 0 < size <= caps.MAX_ENTRIES
    if not is_small and (max(value.shape, default=0) > caps.MAX_ENTRIES or size > 16 * caps.MAX_ENTRIES):
        raise ProtocolError("hands back an array that is too large")
    if value.dtype == "|b1" and value.data.translate(None, b"\0\1"):
        raise ProtocolError("hands back truth values that are none")
    return value
