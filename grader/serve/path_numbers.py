"""Numbers in paths: of hand-ins, complaints, regrades and uploads."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST = 2**31 - 1
"""What a column of the database holds."""


def number_in(request: Request) -> int:
    """The number that a path names.

    Raises:
        HTTPException: 404 for one that no column holds: nothing can have it.
    """
    number: int = request.path_params["number"]
    if number > LARGEST:
        raise HTTPException(404)
    return number
