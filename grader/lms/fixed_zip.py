"""A zip file that is the same, byte for byte, for the same contents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping

# The earliest time that a zip file can have; the clock must not be part of the contents.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
EXECUTABLE, READABLE = 0o755, 0o644


def fixed_zip(
    files: Mapping[str, bytes], executable: Collection[str] = (), method: int = zipfile.ZIP_STORED
) -> bytes:
    """A zip file of these files, sorted by name.

    Args:
        files: Contents of each file.
        executable: Names of those that are programs.
        method: Stored, since what deflate writes differs from one version of zlib to the next; or deflated.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, LONG_AGO)
            member.create_system = 3
            member.external_attr = (0o100000 | (EXECUTABLE if name in executable else READABLE)) << 16
            member.compress_type = method
            archive.writestr(member, files[name])
    return target.getvalue()
