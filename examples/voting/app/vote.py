"""The page to vote on: puts each vote into the queue."""

from html import escape
from urllib.parse import parse_qs

from ballot import Vote, encode, options, voter
from page import Handler, html, serve

# Longer forms are no votes.
MAX_BYTES = 1024


def handler(names: list[str], push) -> type[Handler]:
    """
    :param push: takes a vote as text
    """

    class VotePage(Handler):
        def do_GET(self) -> None:
            if self.path == "/healthz":
                return self.answer("ok\n", "text/plain")
            if self.path != "/":
                return self.answer("not found\n", "text/plain", 404)
            buttons = "".join(f'<button name="option" value="{escape(name)}">{escape(name)}</button>' for name in names)
            self.answer(html(f"{' or '.join(names)}?", f'<form method="post">{buttons}</form>'))

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            form = parse_qs(self.rfile.read(size).decode(errors="replace")) if size <= MAX_BYTES else {}
            option = form.get("option", [""])[0]
            if option not in names:
                return self.answer(f"vote for one of: {', '.join(names)}\n", "text/plain", 400)
            who = voter(self.headers.get("Cookie") or "")
            push(encode(Vote(who, option)))
            cookie = ("Set-Cookie", f"voter={who}; Max-Age=31536000; HttpOnly; SameSite=Lax")
            self.answer(html("Thank you", f'<p>You voted for <b id="option">{escape(option)}</b>. '
                             'Another vote replaces it.</p><p><a href="">Back</a></p>'), headers=[cookie])

    return VotePage


if __name__ == "__main__":
    from stores import VOTES, queue

    connection = queue()
    serve(handler(options(), lambda text: connection.lpush(VOTES, text)))
