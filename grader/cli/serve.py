"""`rnngrade serve`: the course in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli._command import Command
from grader.cli._main import ExitCode
from grader.cli._options import FilePath, require_instructor
from grader.cli._output import one_line
from grader.errors import CannotDo

if TYPE_CHECKING:
    from pathlib import Path

    from grader.serve.checks.finding import ToServe

PORT = 8000


@click.command(
    cls=Command,
    examples=(
        "rnngrade serve --demo   # nothing to set up, and nothing stays",
        "rnngrade serve course/",
        "rnngrade serve course/ --port 8080 --jobs 4",
        "rnngrade serve course/ --root https://rnn.example.edu   # behind Caddy or nginx",
        "rnngrade serve course/ --root https://rnn.example.edu --check   # before a term",
        "rnngrade serve course/ --root https://rnn.example.edu --link ines",
    ),
)
@click.argument("folder", required=False, type=click.Path())
@click.option("--demo", is_flag=True, help="Serve a made-up class from a folder that goes away at the end.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen at; 0: a free one.",
)
@click.option("--root", metavar="URL", help="Address under which browsers reach the server.")
@click.option(
    "--database", metavar="PLACE", help="A file, or postgresql://...; course.db in FOLDER if left out."
)
@click.option("--executor", metavar="dask://HOST:PORT", help="Mark on a Dask cluster.")
@click.option("--jobs", type=click.IntRange(min=1), help="Hand-ins marked at once; one a core if left out.")
@click.option("--unsafe-ok", is_flag=True, help="Run code even where it would not be shut in.")
@click.option(
    "--log", type=FilePath(dir_okay=False), help="Write a JSON line a request there, not to standard error."
)
@click.option("--check", is_flag=True, help="Serve nothing: say what is wrong or risky, and what to do.")
@click.option(
    "--link", metavar="PERSON", help="Serve nothing: print a new link by which this person signs in."
)
@click.option("--no-link", is_flag=True, help="Print no link for staff: for a service whose output is kept.")
def command(
    folder: str | None,
    demo: bool,
    host: str,
    port: int,
    root: str | None,
    database: str | None,
    executor: str | None,
    jobs: int | None,
    unsafe_ok: bool,
    log: Path | None,
    check: bool,
    link: str | None,
    no_link: bool,
) -> int:
    """Serve the course in FOLDER to browsers: its exercises, marks and reports.

    FOLDER has exercises/, course.toml and roster.csv; an exercise that comes along needs only [exercise.ID]
    in course.toml. What is printed is a link by which staff sign in, good for a day. --check ends with
    0 where all is well, 1 where something is risky, 2 where something is wrong.
    """
    if (folder is None) is not demo:
        raise click.UsageError("name the course's folder, or say --demo")
    if demo and (database or check or link):
        raise click.UsageError("--demo keeps nothing: leave out --database, --check and --link")
    _require_packages()
    from pathlib import Path

    from grader.serve.checks.finding import ToServe

    if folder is None:
        from grader.serve.demo import demo_folder

        with demo_folder() as made:
            asked = ToServe(made, None, executor, host, root, unsafe_ok)
            _serve(asked, port, jobs, log or made / "log.jsonl", is_demo=True, shows_link=not no_link)
        return ExitCode.FULL_MARKS
    asked = ToServe(Path(folder), database, executor, host, root, unsafe_ok)
    if check:
        return _checked(asked)
    if link is not None:
        _print_link(asked, port, link)
    else:
        _serve(asked, port, jobs, log, is_demo=False, shows_link=not no_link)
    return ExitCode.FULL_MARKS


def _require_packages() -> None:
    from grader.extras import install_command

    try:
        import grader.serve.running  # noqa: F401
    except ImportError:
        raise CannotDo("a server needs more packages", install_command("serve")) from None
    require_instructor()


def _print_link(asked: ToServe, port: int, person: str) -> None:
    from grader.serve.running import link_for

    address = asked.root or f"http://{asked.host}:{port or PORT}"
    click.echo(link_for(asked.folder, asked.database, person, address.rstrip("/")))


def _serve(
    asked: ToServe, port: int, jobs: int | None, log: Path | None, *, is_demo: bool, shows_link: bool
) -> None:
    """Serve until it is ended."""
    from grader.serve import demo
    from grader.serve.running import run, server_for, staff_link

    host, root = asked.host, asked.root
    port = _usable_port(host, port)
    address = root or f"http://{host}:{port}"
    with server_for(
        asked.folder,
        database=asked.database,
        executor=asked.executor,
        jobs=jobs,
        is_unsafe_ok=asked.is_unsafe_ok,
        hosts=("127.0.0.1", "localhost", host, *([_host_of(root)] if root else [])),
        root=address.rstrip("/"),
    ) as server:
        if is_demo:
            demo.hand_in_for_all(server)
            demo.end_like_ctrl_c()
            click.echo(f"student: {demo.student_link(server)}")
        if shows_link:
            click.echo(f"staff: {staff_link(server.book, server.root)}")
            ending = "nothing of it stays" if is_demo else "nothing is lost"
            # Not to standard error, where each line is JSON.
            click.echo(f"Ctrl-C ends it; {ending}.")
        run(server, host, port, log)


def _checked(asked: ToServe) -> int:
    """Print what is found; how grave the gravest is."""
    from grader.model.text import counted
    from grader.serve.checks import findings
    from grader.serve.checks.finding import Weight

    found = findings(asked)
    for one in found:
        click.echo(one_line(str(one)))
    n_wrong, n_risky = (sum(one.weight is weight for one in found) for weight in (Weight.WRONG, Weight.RISKY))
    things = [
        *([f"{counted(n_wrong, 'thing')} wrong"] if n_wrong else []),
        *([f"{n_risky} risky"] if n_risky else []),
    ]
    click.echo(", ".join(things) or "all is well")
    return ExitCode.USAGE if n_wrong else ExitCode.BELOW if n_risky else ExitCode.FULL_MARKS


def _usable_port(host: str, port: int) -> int:
    """The port, a free one for 0: the link for staff names it before the server takes it.

    Raises:
        CannotDo: If another program listens there, or one may not.
    """
    import errno
    import os
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as found:
        # As the server does: connections that have just ended do not keep the port.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
                what = f"cannot listen at {host}:{port}: {os.strerror(error.errno)}"
                raise CannotDo(what, "choose another --port, 0 for a free one, or another --host") from None
            # A name that only the server can resolve is left to it.
            if port == 0:
                raise
            return port
        return int(found.getsockname()[1])


def _host_of(root: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(root).hostname or root
