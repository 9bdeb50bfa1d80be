"""What identity costs: a token on a request, the caller's account, and sign-ins beside reads."""
import asyncio
import json
import os
import statistics
import time

import load

USER_PATH, TOKEN_PATH = "/auth/v1/user", "/auth/v1/token?grant_type=password"
SIGN_INS_PER_SECOND = 200
PASSWORD = "correct horse battery"


def cpu_s(pid):
    """Seconds of processor that the process has used."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cost_us(calixo, url, seconds, token=None):
    """Processor time of the worker for one request."""
    before = cpu_s(calixo.worker())
    one = load.wrk(url, seconds, token=token)
    return (cpu_s(calixo.worker()) - before) * 1e6 / (one.per_second * seconds)


def measure_token(table, calixo, json_path, session, args):
    url = f"{calixo.base_url}{json_path}"
    anonymous, verified = [], []
    for _ in range(args.rounds):
        anonymous.append(cost_us(calixo, url, args.seconds))
        verified.append(cost_us(calixo, url, args.seconds, session["access_token"]))
    print(f"  worker's CPU a request: anonymous {statistics.median(anonymous):.2f} us, "
          f"verified {statistics.median(verified):.2f} us", flush=True)
    extra = statistics.median(verified) - statistics.median(anonymous)
    table.at_most("a verified request, beside an anonymous one: CPU more", extra, 3, "us")


def measure_user(table, calixo, session, peers, args, interleave):
    token = session["access_token"]
    jobs = {"calixo": lambda: load.wrk(f"{calixo.base_url}{USER_PATH}", args.seconds, token=token),
            "next": lambda: load.wrk(peers["next"].url("/user"), args.seconds, token=token)}
    print("GET /user: the token verified, the caller's account read", flush=True)
    found = interleave(jobs, args.rounds)
    for name, one in found.items():
        table.add(f"user: {name}", f"{one.per_second:.0f}/s, p99 {one.p99_ms:.2f} ms")
    table.at_least("user: calixo / next", found["calixo"].per_second / found["next"].per_second, 15)


async def request(port, head_and_body):
    """The status of one request on a connection of its own; 0 where none came."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head_and_body)
        line = await asyncio.wait_for(reader.readline(), 30)
        writer.close()
        return int(line.split()[1])
    except (OSError, asyncio.TimeoutError, IndexError, ValueError):
        return 0


async def offer(port, message, seconds, per_second):
    """Sends so many a second whatever comes back, as people do; the statuses."""
    began, sent = time.monotonic(), []
    while (elapsed := time.monotonic() - began) < seconds:
        while len(sent) < elapsed * per_second:
            sent.append(asyncio.create_task(request(port, message)))
        await asyncio.sleep(0.005)
    return await asyncio.gather(*sent)


def http_message(method, path, body=b""):
    return (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


async def beside(port, message, url, seconds, token):
    """Reads while the message is offered: the reads' load and the statuses of the others."""
    reads = asyncio.get_running_loop().run_in_executor(None, load.wrk, url, seconds, 64, token)
    statuses = await offer(port, message, seconds, SIGN_INS_PER_SECOND)
    return await reads, statuses


def measure_sign_ins(table, calixo, session, args):
    """Reads beside sign-ins, against reads beside as many requests that hash nothing."""
    url, token = f"{calixo.base_url}/api/user/profile", session["access_token"]
    body = json.dumps({"email": session["user"]["email"], "password": PASSWORD}).encode()
    sign_in, idle = http_message("POST", TOKEN_PATH, body), http_message("GET", "/auth/v1/health")
    hash_s, lost, share, served = [], [], [], []
    for _ in range(args.rounds):
        began = cpu_s(calixo.worker())
        alone = asyncio.run(offer(calixo.port, sign_in, args.seconds, 10))
        hash_s.append((cpu_s(calixo.worker()) - began) / alone.count(200))
        without, _ = asyncio.run(beside(calixo.port, idle, url, args.seconds, token))
        with_them, statuses = asyncio.run(beside(calixo.port, sign_in, url, args.seconds, token))
        assert set(statuses) <= {200, 503}, sorted(set(statuses))
        served.append(statuses.count(200) / args.seconds)
        lost.append(1 - with_them.per_second / without.per_second)
        share.append(served[-1] * hash_s[-1] / os.cpu_count())
    print(f"  {SIGN_INS_PER_SECOND} sign-ins offered a second, {statistics.median(served):.0f} answered, the rest "
          f"told to come back; {statistics.median(hash_s) * 1000:.1f} ms of CPU each", flush=True)
    table.add("argon2's share of the machine beside reads", f"{statistics.median(share) * 100:.0f} %")
    table.at_most("reads lost to them", statistics.median(lost) * 100, round(statistics.median(share) * 100, 1), "%")
