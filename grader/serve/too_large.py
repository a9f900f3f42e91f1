"""What is told of a request that is larger than the server takes."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader.serve.frame import message


class TooLargePage:
    """ASGI middleware in front of the one that ends such a request with three bare words.

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

        async def told(sent: Message) -> None:
            nonlocal is_told
            if sent["type"] == "http.response.start" and sent["status"] == 413:
                is_told = True
                await self._page()(scope, receive, send)
            elif not is_told:
                await send(sent)

        await self.app(scope, receive, told)

    def _page(self) -> ASGIApp:
        words = (
            f"What was sent is larger than {self.most_bytes // 2**20} MiB. Nothing was changed, and what you "
            "typed is still in the form: go back to it. A notebook is smaller without its outputs."
        )
        return message("Too large", words, status=413)
