"""What the child is asked, one frame at a time: the job first, then each call when the last is answered."""

import json
import os
from typing import Any

from .frames import LENGTH

READ_BYTES = 1 << 18


class Requests:
    """The pipe from the grader.

    Args:
        fd: Its reading end.
    """

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def next(self) -> dict[str, Any] | None:
        """The next request; None where no more comes. It holds the student's bytes: read it in the jail."""
        head = self.exactly(LENGTH.size)
        if not head:
            return None
        request = json.loads(self.exactly(*LENGTH.unpack(head)))
        assert isinstance(request, dict)
        return request

    def exactly(self, size: int) -> bytes:
        """So many bytes; fewer only at the end of the pipe."""
        parts = []
        while size:
            part = os.read(self.fd, min(size, READ_BYTES))
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return b"".join(parts)
