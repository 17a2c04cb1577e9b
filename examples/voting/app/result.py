"""The page with the result: a picture of the database."""

import json
from html import escape
from typing import Callable

from ballot import options, shares
from page import Handler, html, serve


def handler(names: list[str], counts: Callable[[], dict[str, int]]) -> type[Handler]:
    """
    :param counts: the number of votes by option
    """

    class ResultPage(Handler):
        def do_GET(self) -> None:
            if self.path == "/healthz":
                return self.answer("ok\n", "text/plain")
            if self.path not in ("/", "/counts"):
                return self.answer("not found\n", "text/plain", 404)
            rows = shares(counts(), names)
            if self.path == "/counts":
                return self.answer(json.dumps({name: votes for name, votes, _ in rows}), "application/json")
            bars = "".join(
                f'<p>{escape(name)}: {votes} <meter max="100" value="{percent}">{percent} %</meter></p>'
                for name, votes, percent in rows
            )
            self.answer(html("Result", bars), headers=[("Refresh", "2")])

    return ResultPage


if __name__ == "__main__":
    from stores import counts

    serve(handler(options(), counts))
