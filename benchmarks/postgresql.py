"""A PostgreSQL server on a socket of its own, for tests and benchmarks; it is gone afterwards."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

NUMBERS = itertools.count()


def programs() -> Path | None:
    """The folder of the newest PostgreSQL that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextlib.contextmanager
def postgresql(where: Path) -> Iterator[str]:
    """A server; the folder of its socket.

    Args:
        where: The folder of its programs.
    """
    # As root it refuses to run; its package makes this user.
    user = "postgres" if os.geteuid() == 0 else None
    folder = tempfile.mkdtemp(prefix="pg")
    if user is not None:
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        subprocess.run(
            [str(where / command[0]), *command[1:]],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    try:
        run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "test", "--no-sync", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "-D", f"{folder}/data", "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            yield folder
        finally:
            run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(folder: str) -> str:
    """The URL of an empty database of such a server.

    Args:
        folder: Of its socket.
    """
    import psycopg

    name = f"book{next(NUMBERS)}"
    with contextlib.closing(
        psycopg.connect(host=folder, user="test", dbname="postgres", autocommit=True)
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql://test@/{name}?host={folder}"
