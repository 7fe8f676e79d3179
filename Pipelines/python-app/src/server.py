"""Answers http://HOST:8000/2026 with MMXXVI."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from roman_numerals import OutOfRangeError, RomanNumeral


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            status, text = 200, RomanNumeral(int(self.path[1:])).to_uppercase()
        except (ValueError, OutOfRangeError):
            status, text = 404, "a number from 1 to 3999, please"
        body = f"{text}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("", 8000), Handler).serve_forever()
