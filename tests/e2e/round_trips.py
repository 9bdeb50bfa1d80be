"""A relay between a server and its PostgreSQL that counts how often the server sends and waits."""
import pathlib
import socket
import socketserver
import threading


class CountingProxy:
    """Listens on a loopback port; passes everything on to the UNIX socket."""

    def __init__(self, target):
        self.target = pathlib.Path(target)
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
        """How often the connection that sent this text waited for an answer since."""
        with self.lock:
            for flights in self.connections:
                if any(is_from_client and text in data for is_from_client, data in flights):
                    directions = [is_from_client for is_from_client, _ in flights]
                    return sum(1 for before, now in zip([False, *directions], directions) if now and not before)
        raise AssertionError("no connection sent that")

    def close(self):
        self.server.shutdown()
        self.server.server_close()
