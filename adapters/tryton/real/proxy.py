"""Stands between Postern and Tryton and loses answers: what the server did, the client never hears.

usage: proxy.py TARGET-PORT SEED

Prints its own port. Of the calls that create or post moves every third or so loses its answer after
the server has carried it out; a few lose the request before the server hears of it.
"""
import http.client
import http.server
import json
import random
import socketserver
import sys

target, random_source = int(sys.argv[1]), random.Random(int(sys.argv[2]))
counts = {"forwarded": 0, "answersLost": 0, "requestsLost": 0}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps(counts).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        changes = b"account.move.create" in body or b"account.move.post" in body
        draw = random_source.random() if changes else 1.0
        if draw < 0.05:
            counts["requestsLost"] += 1
            return self.hang_up()
        connection = http.client.HTTPConnection("127.0.0.1", target, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
        connection.request("POST", self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        counts["forwarded"] += 1
        if draw < 0.30:
            counts["answersLost"] += 1
            return self.hang_up()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def hang_up(self):
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
