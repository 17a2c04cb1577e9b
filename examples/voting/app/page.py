"""HTTP and HTML that vote and result have in common."""

from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Iterable, Type

PORT = 8080


def html(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
  :root {{ color-scheme: light dark; font: 1.25rem/1.5 system-ui, sans-serif; }}
  body {{ max-width: 30rem; margin: 2rem auto; padding: 0 1rem; }}
  button {{ font: inherit; padding: .5rem 1.5rem; margin: .25rem; }}
  meter {{ width: 100%; }}
</style>
<h1>{escape(title)}</h1>
{body}
</html>
"""


class Handler(BaseHTTPRequestHandler):
    def answer(self, body: str, kind: str = "text/html; charset=utf-8", status: int = 200,
               headers: Iterable[tuple[str, str]] = ()) -> None:
        data = body.encode()
        self.send_response(status)
        for name, value in [("Content-Type", kind), ("Content-Length", str(len(data))), *headers]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_request(self, code="-", size="-") -> None:
        """Health checks would fill the log."""
        if self.path != "/healthz":
            super().log_request(code, size)


def serve(handler: Type[Handler]) -> None:
    ThreadingHTTPServer(("", PORT), handler).serve_forever()
