"""The server under load, over real sockets of this machine: requests a second (wrk, where it is installed), alarms a
second in batches of 1,000, the time from acknowledgement to event, and the memory of 1,000 event streams."""
import json
import os
import pathlib
import re
import resource
import select
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api" / "support"))

STREAMS = 1000
BATCHES = 100
CELLS = 10_000


def resident_mb(server):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def topology():
    yield {"id": "core", "kind": "core", "prefecture": "13", "needs": [], "users": {}}
    for number in range(CELLS):
        yield {"id": f"cell-{number}", "kind": "cell", "prefecture": f"{number % 47 + 1:02}",
               "needs": [{"of": ["core"], "at_least": 1}], "users": {"voice": 100, "internet-access": 180}}


def wrk(server, path, threads=2, connections=64, seconds=5):
    credentials = [part for name, value in server.credentials().items() for part in ("-H", f"{name}: {value}")]
    done = subprocess.run(["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--latency", *credentials, server.url + path],
                          check=True, capture_output=True, text=True).stdout
    errors = re.search(r"Non-2xx.*|Socket errors.*", done)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done)[1])
    worst = re.search(r"99%\s+(\S+)", done)[1]
    return f"{rate:,.0f}/s, 99 % within {worst}" + (f" ({errors[0]})" if errors else "")


def alarms(server, api, alone):
    """One client, one batch of 1,000 after another; each answer means durable and applied. A storm under one failed
    core is one accident; alone, each cell's failure is an accident of its own, with a ledger entry."""
    if not alone:
        server.alarms([api.alarm("core")])
    bodies = []
    for batch in range(BATCHES // (5 if alone else 1)):
        severity = "critical" if batch // 10 % 2 == 0 else "cleared"
        bodies.append("".join(json.dumps(api.alarm(f"cell-{(batch % 10) * 1000 + n}", severity=severity)) + "\n"
                              for n in range(1000)).encode())
    begin = time.perf_counter()
    for body in bodies:
        status, _, answer = server.request("POST", "/api/v1/alarms", body, api.NDJSON, timeout=300)
        assert status == 200 and json.loads(answer)["accepted"] == 1000, answer[:300]
    return f"{len(bodies) * 1000 / (time.perf_counter() - begin):,.0f}/s"


def latency(server, api):
    """From the acknowledgement of a single alarm to the event that shows it, with pauses between them."""
    stream = server.stream()
    stream.next()
    found = []
    for turn in range(20):
        time.sleep(0.5 + turn * 0.05)  # at every point between two boards
        severity, expected = ("critical", 1) if turn % 2 == 0 else ("cleared", 0)
        server.alarms([api.alarm("core", severity=severity)])
        acknowledged = time.perf_counter()
        while stream.next()[1]["network"]["alarms"] != expected:
            pass
        found.append((time.perf_counter() - acknowledged) * 1000)
    stream.close()
    found.sort()
    return f"median {found[10]:.0f} ms, worst {found[-1]:.0f} ms"


def streams(server, seconds=6):
    """Opens the streams, reads them all for a while, and says what they cost."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(STREAMS * 2 + 200, hard), hard))
    before = resident_mb(server)
    credentials = "".join(f"{name}: {value}\r\n" for name, value in server.credentials().items())
    request = f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{credentials}\r\n".encode()
    poll, peers, events = select.epoll(), {}, {}
    for _ in range(STREAMS):
        peer = socket.create_connection(("127.0.0.1", server.port))
        peer.sendall(request)
        peer.setblocking(False)
        poll.register(peer, select.EPOLLIN)
        peers[peer.fileno()], events[peer.fileno()] = peer, 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for number, _ in poll.poll(0.5):
            try:
                events[number] += peers[number].recv(1 << 20).count(b"event: board")
            except BlockingIOError:
                continue
    after = resident_mb(server)
    for peer in peers.values():
        peer.close()
    return f"{after:.0f} MB ({before:.0f} before), {min(events.values())} to {max(events.values())} events each"


def run(build):
    os.environ["TOKATSU"] = str(build / "tokatsu")
    import tokatsu as api
    with api.Server(topology=topology()) as server:
        yield "memory with 10,001 facilities", f"{resident_mb(server):.0f} MB"
        if shutil.which("wrk"):
            yield "GET /healthz (wrk, 64 connections)", wrk(server, "/healthz")
            yield "GET /api/v1/board (wrk, 64 connections)", wrk(server, "/api/v1/board")
        else:
            yield "GET /healthz", "wrk is not installed"
        yield "POST /api/v1/alarms, 1,000 a call, one outage", alarms(server, api, alone=False)
        yield "memory after it", f"{resident_mb(server):.0f} MB"
    with api.Server(topology=topology()) as server:
        yield "POST /api/v1/alarms, each an accident of its own", alarms(server, api, alone=True)
    with api.Server(topology=list(topology())[:100]) as server:
        yield "alarm acknowledged → event at a stream", latency(server, api)
        yield f"{STREAMS:,} event streams", streams(server)
