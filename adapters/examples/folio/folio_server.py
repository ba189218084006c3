"""A Folio to try the adapter against: its books are in memory, and it prints its port.

Python 3.9 or later, standard library only.
"""

import json
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "folio-token"
CLOSED = ["2026-01"]
WITHOUT_DECIMALS = ["JPY", "KRW"]


class Books:
    def __init__(self):
        self.lock = threading.Lock()
        self.vouchers = {}
        # Faults of the next postings, set by POST /faults: drop, lose, busy, garble, refuse.
        self.faults = []


BOOKS = Books()


class Folio(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes: the second must not wait for the first to be acknowledged.
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def answer(self, status, body, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def hang_up(self):
        self.close_connection = True
        self.connection.close()

    def is_known(self):
        if self.headers.get("Authorization") == "Bearer " + TOKEN:
            return True
        self.answer(401, {"code": "LOGIN", "message": "unknown token"})
        return False

    def do_GET(self):
        path, _, query = self.path.partition("?")
        query = urllib.parse.parse_qs(query)
        if path == "/journal":
            self.answer(200, {"entries": journal(query["period"][0])})
        elif not self.is_known():
            return
        elif path == "/ping":
            self.answer(200, {})
        elif path == "/periods":
            self.answer(200, {"closed": CLOSED})
        elif path == "/vouchers":
            with BOOKS.lock:
                if "ref" in query:
                    voucher = BOOKS.vouchers.get(query["ref"][0])
                    found = [voucher] if voucher else []
                else:
                    found = list(BOOKS.vouchers.values())
            if "period" in query:
                year, month = query["period"][0].split("-")
                found = [v for v in found if v["date"].endswith(f".{month}.{year}")]
            self.answer(200, {"vouchers": found})
        else:
            self.answer(404, {"code": "NO_PATH", "message": path})

    def do_POST(self):
        size = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(size) or b"{}")
        if self.path == "/faults":
            BOOKS.faults.append(body)
            self.answer(200, {})
            return
        if not self.is_known():
            return
        fault = BOOKS.faults.pop(0) if BOOKS.faults else {}
        kind = fault.get("kind")
        if kind == "drop":
            self.hang_up()
        elif kind == "busy":
            self.answer(429, {"code": "BUSY", "message": "too many"}, [("Retry-After", "1")])
        elif kind == "refuse":
            self.answer(422, {"code": fault.get("code", "RULE"), "message": fault["text"]})
        else:
            status, answer = book(body)
            if kind == "lose":
                self.hang_up()
            elif kind == "garble":
                BOOKS.vouchers.pop(body["ref"], None)
                self.answer(200, "<html>")
            else:
                self.answer(status, answer)


def amount(cents, currency):
    """In plain decimals, as many as the currency has."""
    units, rest = divmod(cents, 100)
    return str(units) if currency in WITHOUT_DECIMALS else f"{units}.{rest:02}"


def journal(period):
    """The books for whoever proves the adapter: as `readBack` of a connection expects them."""
    year, month = period.split("-")
    with BOOKS.lock:
        vouchers = [v for v in BOOKS.vouchers.values() if v["date"].endswith(f".{month}.{year}")]
    return [
        {
            "number": str(v["voucher"]),
            "externalKey": v["ref"],
            "date": "-".join(reversed(v["date"].split("."))),
            "currency": v["currency"],
            "lines": [
                {
                    "account": row["account"],
                    "side": "debit" if row["dc"] == "D" else "credit",
                    "amount": amount(row["cents"], v["currency"]),
                }
                for row in v["rows"]
            ],
        }
        for v in vouchers
    ]


def book(body):
    month = body["date"][6:] + "-" + body["date"][3:5]
    debits = sum(r["cents"] for r in body["rows"] if r["dc"] == "D")
    credits = sum(r["cents"] for r in body["rows"] if r["dc"] == "C")
    if month in CLOSED:
        return 422, {"code": "PERIOD_CLOSED", "message": f"{month} is closed"}
    if debits != credits:
        return 422, {"code": "UNBALANCED", "message": "debits and credits differ"}
    with BOOKS.lock:
        if body["ref"] in BOOKS.vouchers:
            return 409, {"code": "DUPLICATE", "message": "the reference is there already"}
        body["voucher"] = len(BOOKS.vouchers) + 1
        BOOKS.vouchers[body["ref"]] = body
    return 201, {"voucher": body["voucher"], "ref": body["ref"]}


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Folio)
    print(f"listening on {server.server_address[1]}", flush=True)
    server.serve_forever()
