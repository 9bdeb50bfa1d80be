"""A relay between a server and its PostgreSQL that counts how often the server sends and waits.

It can make the database a far one: an answer then comes only after all that was sent without waiting for it."""
import pathlib
import socket
import socketserver
import threading
import time


class CountingProxy:
    """Listens on a loopback port; passes everything on to the UNIX socket."""

    def __init__(self, target):
        self.target = pathlib.Path(target)
        self.latency_s = 0
        self.lock = threading.Lock()
        self.connections = []
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                proxy.relay(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def relay(self, client):
        flights = []  # of one connection: (from the client?, bytes), in the order in which they passed
        with self.lock:
            self.connections.append(flights)
        with socket.socket(socket.AF_UNIX) as database:
            database.connect(str(self.target))
            answers = threading.Thread(target=self.pump, args=(database, client, flights, False), daemon=True)
            answers.start()
            self.pump(client, database, flights, True)
            answers.join()

    def pump(self, source, sink, flights, is_from_client):
        try:
            while data := source.recv(1 << 16):
                if not is_from_client and self.latency_s:
                    time.sleep(self.latency_s)
                with self.lock:
                    flights.append((is_from_client, data))
                sink.sendall(data)
        except OSError:
            pass
        finally:
            try:
                sink.shutdown(socket.SHUT_WR)
            except OSError:
                pass

    def forget(self):
        """What passed so far."""
        with self.lock:
            for flights in self.connections:
                flights.clear()

    def round_trips_about(self, text):
        """How often what sent this text waited for an answer since: by itself, or anywhere in its transaction."""
        with self.lock:
            return sum(self.turns_about(text, flights) for flights in self.connections)

    @staticmethod
    def turns_about(text, flights):
        count, sent, answer, is_its_transaction = 0, b"", b"", False
        for is_from_client, data in [*flights, (True, b"")]:
            if not is_from_client:
                answer += data
                continue
            if answer:  # the turn before is over; its last byte tells whether a transaction goes on
                is_about = is_its_transaction or text in sent
                count += is_about
                is_its_transaction = is_about and answer[-1:] != b"I"
                sent, answer = b"", b""
            sent += data
        return count

    def close(self):
        self.server.shutdown()
        self.server.server_close()
