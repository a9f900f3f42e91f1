"""What the child sends back: length, then JSON, on one pipe."""

import json
import os
import struct
from typing import Any

from . import caps

LENGTH = struct.Struct("<I")

ROOM_FOR_FAULTS = 1 << 20
"""Of all that may be sent: so much is kept free of values, to say that there were too many."""

_encode = json.JSONEncoder(ensure_ascii=True, check_circular=False).encode


class FrameTooLarge(Exception):
    """The value does not fit one frame, or what is left of all of them."""


class Reply:
    """The pipe to the grader.

    Args:
        fd: Its writing end.
    """

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.room = caps.MAX_REPLY_BYTES - ROOM_FOR_FAULTS

    def send(self, kind: str, **content: Any) -> None:
        """Write one frame whole.

        Raises:
            FrameTooLarge: If it holds a value, and with it more would be sent than may be.
        """
        body = _encode({"k": kind, **content}).encode("ascii")
        if "value" in content:
            if len(body) > min(caps.MAX_FRAME_BYTES, self.room):
                raise FrameTooLarge
            self.room -= len(body)
        left = memoryview(LENGTH.pack(len(body)) + body)
        while left:
            left = left[os.write(self.fd, left) :]
