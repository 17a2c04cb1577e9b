"""HTTP and WebSockets on one port."""

import asyncio
import signal
from http import HTTPStatus
from pathlib import Path

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request

from counter import Counter

page = Path("page.html").read_text()


def plain(connection: ServerConnection, request: Request):
    """Answers what asks for no WebSocket."""
    if request.path == "/healthz":
        return connection.respond(HTTPStatus.OK, "ok\n")
    if "Upgrade" in request.headers:
        return None
    response = connection.respond(HTTPStatus.OK, page)
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    return response


async def main() -> None:
    counter = Counter(ConnectionClosed)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    # A message has no content that matters.
    async with serve(counter.serve, "", 8080, process_request=plain, max_size=1024):
        await stopped.wait()


asyncio.run(main())
