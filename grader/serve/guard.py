"""What every request passes: it comes from our own page and is not too large; answers load only our files.

Who asks is not looked at here but by each page (`server.Server.require_person`).
"""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader.serve.frame import message

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cache-control", b"no-store"),
)
CHANGES_NOTHING = ("GET", "HEAD", "OPTIONS")


def is_of_our_page(scope: Scope) -> bool:
    """Whether a request that changes something was made by a page of this server.

    Browsers send `Sec-Fetch-Site` over https and to this machine, and `Origin` with every such request.
    """
    headers = dict(scope["headers"])
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site in (b"same-origin", b"none")
    origin = headers.get(b"origin")
    return origin is not None and origin.partition(b"//")[2] == headers.get(b"host")


class Guard:
    """ASGI middleware that refuses other sites' requests and says what an answer may load.

    Args:
        app: What is behind it.
        exempt: Paths that other sites may send to; they check for themselves who asks.
    """

    def __init__(self, app: ASGIApp, exempt: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what comes from elsewhere; add headers to what goes out."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name for name, _ in message["headers"]}
                more = [pair for pair in HEADERS if pair[0] not in there]
                message["headers"] = [*message["headers"], *more]
            await send(message)

        changes = scope["method"] not in CHANGES_NOTHING and scope["path"] not in self.exempt
        if changes and not is_of_our_page(scope):
            refused = PlainTextResponse("This was sent by a page of another site, and was not taken.", 403)
            await refused(scope, receive, with_headers)
            return
        await self.app(scope, receive, with_headers)


class TooLargePage:
    """ASGI middleware that says why a request is too large; what it wraps would only say that it is.

    Args:
        app: What is behind it.
        most_bytes: That are taken.
    """

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; say what to do where it was too large."""
        is_told = False

        async def send_and_note(sent: Message) -> None:
            nonlocal is_told
            if sent["type"] == "http.response.start" and sent["status"] == 413:
                is_told = True
                await self._page()(scope, receive, send)
            elif not is_told:
                await send(sent)

        await self.app(scope, receive, send_and_note)

    def _page(self) -> ASGIApp:
        words = (
            f"What was sent is larger than {self.most_bytes // 2**20} MiB. Nothing was changed, and what you "
            "typed is still in the form: go back to it. A notebook is smaller without its outputs."
        )
        return message("Too large", words, status=413)
