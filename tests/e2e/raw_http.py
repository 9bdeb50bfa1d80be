"""Bytes to a port and bytes back, without a library's opinion of them."""
import re
import socket

STATUS = re.compile(rb"(?:^|(?<=\n)|(?<=[}\]>\n]))HTTP/1\.1 (\d{3}) ")


class Hung(AssertionError):
    """The server neither answered to the end nor closed."""


def exchange(port, sent, timeout_s=20, half_close=True):
    """Sends all, reads until the server closes. Returns what it said; Hung where it never ends."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout_s) as connection:
        try:
            connection.sendall(sent)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            while True:
                part = connection.recv(65536)
                if not part:
                    return received
                received += part
        except (ConnectionResetError, BrokenPipeError):
            return received
        except TimeoutError:
            raise Hung(f"no end within {timeout_s} s after {sent[:200]!r}; got {received[:200]!r}") from None


def statuses(received):
    return [int(status) for status in STATUS.findall(received)]
