"""A mail server on loopback that keeps what it is sent: STARTTLS, TLS, AUTH, refusals, silence."""
import asyncio
import base64
import ssl
import subprocess
import threading

from harness import free_port


def make_certificate(folder, name):
    """A key and a certificate of its own authority for localhost; returns the certificate's file."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    return certificate


class SmtpServer:
    def __init__(self, certificate=None, tls="starttls", user=None, password=None, port=None, mechanisms="PLAIN LOGIN"):
        self.port = port or free_port()
        self.tls, self.user, self.password, self.mechanisms = tls, user, password, mechanisms
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        self.refusals = {}       # of a command: the answer instead of its own
        self.is_silent = False   # connections are taken and nothing is said
        self.messages = []       # what was delivered: {"from", "to", "data", "is_tls", "user"}
        self.conversations = 0
        self.commands = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = None

    def start(self):
        async def listen():
            context = self.context if self.tls == "tls" else None
            return await asyncio.start_server(self.converse, "127.0.0.1", self.port, ssl=context)

        self.server = asyncio.run_coroutine_threadsafe(listen(), self.loop).result(10)
        return self

    def remove(self):
        async def end():
            if self.server:
                self.server.close()
            for task in asyncio.all_tasks():
                if task is not asyncio.current_task():
                    task.cancel()

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def converse(self, reader, writer):
        self.conversations += 1
        state = {"is_tls": self.tls == "tls", "user": None}
        try:
            if self.is_silent:
                await reader.read()
                return
            await self.say(writer, "220 localhost ready")
            while line := await reader.readline():
                if not await self.obey(line.decode().strip(), state, reader, writer):
                    break
        except (ConnectionError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    @staticmethod
    async def say(writer, text):
        writer.write(text.encode() + b"\r\n")
        await writer.drain()

    async def obey(self, line, state, reader, writer):
        command = line.upper().split(":")[0].split(" ")[0]
        self.commands.append(command)
        if command in self.refusals:
            await self.say(writer, self.refusals[command])
        elif command == "EHLO":
            await self.say(writer, "250-localhost")
            if self.tls == "starttls" and not state["is_tls"]:
                await self.say(writer, "250-STARTTLS")
            await self.say(writer, f"250 AUTH {self.mechanisms}")
        elif command == "STARTTLS" and self.tls == "starttls":
            await self.say(writer, "220 go ahead")
            await writer.start_tls(self.context)
            state["is_tls"] = True
        elif command == "AUTH":
            await self.log_in(line, state, reader, writer)
        elif command == "MAIL":
            if self.user and not state["user"]:
                await self.say(writer, "530 authentication required")
            else:
                state["from"] = line[len("MAIL FROM:"):]
                await self.say(writer, "250 ok")
        elif command == "RCPT":
            state["to"] = line[len("RCPT TO:"):].strip("<>")
            await self.say(writer, "250 ok")
        elif command == "DATA":
            await self.take(state, reader, writer)
        elif command == "QUIT":
            await self.say(writer, "221 bye")
            return False
        else:
            await self.say(writer, "502 unknown command")
        return True

    async def log_in(self, line, state, reader, writer):
        async def more(prompt):
            await self.say(writer, f"334 {base64.b64encode(prompt).decode()}")
            return base64.b64decode(await reader.readline()).decode()

        words = line.split(" ")
        if words[1].upper() == "PLAIN":
            given = base64.b64decode(words[2]).decode() if len(words) > 2 else await more(b"")
            _, user, password = given.split("\0")
        else:
            user = base64.b64decode(words[2]).decode() if len(words) > 2 else await more(b"Username:")
            password = await more(b"Password:")
        if (user, password) == (self.user, self.password):
            state["user"] = user
            await self.say(writer, "235 welcome")
        else:
            await self.say(writer, "535 no")

    async def take(self, state, reader, writer):
        await self.say(writer, "354 go on")
        lines = []
        while (line := await reader.readline()).rstrip(b"\r\n") != b".":
            if not line:
                return
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.messages.append({"data": b"".join(lines), **state})
        await self.say(writer, "250 taken")
