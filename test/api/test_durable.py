"""What has been acknowledged stays: over a clean stop, over kill -9 in the middle of a stream of alarms, again and
again, with the ledger verifying each time."""
import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import NDJSON, PROGRAM, Server, ago, alarm, run, until

CELLS = 400
TOPOLOGY = [{"id": f"cell-{n}", "kind": "cell", "prefecture": f"{n % 47 + 1:02}", "needs": [], "users": {"voice": n + 1}}
            for n in range(CELLS)]


def network(server):
    found = server.get("/api/v1/board")["network"]
    return {key: found[key] for key in ("down", "alarms", "affected")}


def a_restart_keeps_alarms_accidents_texts_and_reports():
    with Server(topology=TOPOLOGY) as server:
        server.alarms([alarm("cell-7", at=ago(hours=4)), alarm("cell-9", at=ago(hours=4))])
        accident = until(lambda: server.get("/api/v1/accidents")["items"])[0]
        path = f"/api/v1/accidents/{accident['id']}"
        accident = server.get(path)
        accident = server.post(f"{path}/actions", {"action": "confirm", "version": accident["version"]})
        texts = {"place": "札幌市", "summary": "基地局の停止により一部の利用者が音声通話を利用できない状態となった。",
                 "cause": "伝送路の切断と見られる。現地で調査している。", "measures": "保守員を派遣した。", "contact": "監視センター 011-000-0000"}
        accident = server.post(f"{path}/actions", {"action": "edit", "version": accident["version"], "fields": texts})
        server.request("POST", f"{path}/reports", {"kind": "serious-initial", "version": accident["version"], "override": "試験"})
        until(lambda: network(server)["down"] == 2)
        before, whole = network(server), server.get(path)
        size = server.get("/healthz").get("ledger_size")
        pdf = server.request("GET", f"{path}/reports/1.pdf")
        assert server.end() == 0, server.words()
        server.start()
        until(lambda: network(server)["down"] == 2)
        assert network(server) == before
        after = server.get(path)
        for key in ("version", "state", "title", "started_at", "causes", "history", "reports", *texts):
            assert after[key] == whole[key], (key, after[key], whole[key])
        again = server.request("GET", f"{path}/reports/1.pdf")
        assert again[0] == pdf[0] and again[2] == pdf[2]
        assert server.get("/healthz").get("ledger_size") >= size


def send_until_it_dies(server, number, acknowledged):
    """Raises alarms one small batch after another and notes each batch whose answer came."""
    try:
        while True:
            first = len(acknowledged) * 4
            batch = [alarm(f"cell-{n}", source=f"s{number}") for n in range(first, min(first + 4, CELLS))]
            if not batch:
                return
            body = "".join(json.dumps(line) + "\n" for line in batch)
            status, _, answer = server.request("POST", "/api/v1/alarms", body, NDJSON, timeout=10)
            if status == 200 and json.loads(answer)["accepted"] == len(batch):
                acknowledged.append([line["object"] for line in batch])
    except (OSError, http.client.HTTPException, ValueError):
        return  # it died, as it was meant to


def kill_9_in_a_stream_of_alarms_loses_nothing_acknowledged():
    for number, delay in enumerate((0.05, 0.15, 0.3, 0.6)):
        with Server(topology=TOPOLOGY) as server:
            acknowledged = []
            sender = threading.Thread(target=send_until_it_dies, args=(server, number, acknowledged))
            sender.start()
            time.sleep(delay)
            server.end(signal.SIGKILL)
            sender.join(30)
            server.start()
            kept = {name for batch in acknowledged for name in batch}
            until(lambda: network(server)["down"] >= len(kept))
            down = network(server)["down"]
            missing = [name for name in kept if server.get(f"/api/v1/facilities/{name}")["state"] != "down"]
            assert missing == [], f"acknowledged and lost: {missing}"
            sent_at_most = len(kept) + 4
            assert down <= sent_at_most, f"{down} are down, {sent_at_most} were sent"
            print(f"# killed after {delay} s: {len(kept)} acknowledged, {down} kept")
            verifies(server)


def verifies(server):
    """The ledger exported from the running server stands without it."""
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "log")
        done = subprocess.run([PROGRAM, "ledger", "export", target, "--data", server.data], capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr
        done = subprocess.run([PROGRAM, "ledger", "verify", target], capture_output=True, timeout=60)
        assert done.returncode == 0, (done.stdout, done.stderr)


def a_stop_while_alarms_arrive_acknowledges_only_what_it_keeps():
    with Server(topology=TOPOLOGY) as server:
        acknowledged = []
        sender = threading.Thread(target=send_until_it_dies, args=(server, 9, acknowledged))
        sender.start()
        time.sleep(0.2)
        assert server.end() == 0, server.words()
        sender.join(30)
        server.start()
        kept = {name for batch in acknowledged for name in batch}
        missing = [name for name in kept if server.get(f"/api/v1/facilities/{name}")["state"] != "down"]
        assert missing == [], missing
        assert len(kept) > 0


run(a_restart_keeps_alarms_accidents_texts_and_reports, kill_9_in_a_stream_of_alarms_loses_nothing_acknowledged,
    a_stop_while_alarms_arrive_acknowledges_only_what_it_keeps)
