"""Two servers that cosign each other's logs, as others see it: over HTTP and with `tokatsu ledger`."""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PROGRAM, Server, run, until


def bare(server, method, path, body=None, type=None):
    """As somebody who has not signed in; an empty Cookie keeps the support from adding its token."""
    return server.request(method, path, body, type, headers={"Cookie": ""})


def download(server, target):
    """What a reader does: the checkpoint, the keys, then each file that a log of this size has."""
    checkpoint = bare(server, "GET", "/ledger/checkpoint")[2]
    size = int(checkpoint.split(b"\n")[1])
    keys = bare(server, "GET", "/ledger/key.pub")[2]
    if bare(server, "GET", "/ledger/checkpoint")[2] != checkpoint:
        return download(server, target)  # it was signed anew meanwhile
    files = {"checkpoint": checkpoint, "key.pub": keys}
    level, have = 0, size
    while have > 0:
        for kind in (["entries", "0"] if level == 0 else [str(level)]):
            for n in range((have + 255) // 256):
                width = min(256, have - n * 256)
                name = f"tile/{kind}/{n:03}" + ("" if width == 256 else f".p/{width}")
                status, headers, body = bare(server, "GET", "/ledger/" + name)
                assert status == 200, (name, status, body)
                assert ("immutable" in headers["Cache-Control"]) == (width == 256), headers["Cache-Control"]
                files[name] = body
        level, have = level + 1, have // 256
    for name, body in files.items():
        path = pathlib.Path(target, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return size


def ledger(*args, **more):
    return subprocess.run([PROGRAM, "ledger", *args], capture_output=True, timeout=60, **more)


def grow(server, count=1):
    for _ in range(count):
        server.post("/api/v1/cases?kind=near-miss", {"title": "試験", "started_at": "2026-04-01T09:00:00+09:00"}, expect=201)


def settled(server):
    """The status once the newest checkpoint covers every write."""
    def check():
        found = server.get("/api/v1/ledger")
        return found if found["size"] == server.get("/healthz")["ledger_size"] else None
    return until(check)


def trust(witness, log):
    witness.post("/api/v1/ledger/witnessed", {"key": log.get("/api/v1/ledger")["keys"][0]}, expect=201)


def trust_by_command(witness, log):
    key = log.get("/api/v1/ledger")["keys"][0] + "\n"
    done = ledger("witness", "add", "-", "--data", witness.data, input=key.encode())
    assert done.returncode == 0, done


def add_checkpoint(witness, old, proof, note):
    body = f"old {old}\n".encode() + b"".join(line + b"\n" for line in proof) + b"\n" + note
    return bare(witness, "POST", "/ledger/witness/add-checkpoint", body, "text/plain")


def a_downloaded_log_verifies_and_is_open_only_when_the_operator_says_so():
    with Server() as closed:
        settled(closed)
        for path in ("/ledger/checkpoint", "/ledger/key.pub", "/ledger/tile/0/000.p/1"):
            assert bare(closed, "GET", path)[0] == 401, path
        assert add_checkpoint(closed, 0, [], b"x")[0] == 401
        assert closed.request("GET", "/ledger/checkpoint")[0] == 200
    with Server("--publish-ledger") as server, tempfile.TemporaryDirectory() as target:
        grow(server, 260)
        settled(server)
        size = download(server, target)
        assert size > 256
        done = ledger("verify", target)
        assert done.returncode == 0, done
        for name in ("0/000.p/300", "0/x000/000", "9/000", "entries/009", "../checkpoint", "0/000.p/256", "7/000.p/1"):
            assert bare(server, "GET", "/ledger/tile/" + name)[0] in (400, 404), name
        path = pathlib.Path(target, "tile/entries/000")
        path.write_bytes(path.read_bytes()[:-1] + b"!")
        assert ledger("verify", target).returncode == 1
        proof = server.get("/api/v1/ledger/proof?index=7")
        assert proof["index"] == 7 and len(base64.b64decode(proof["leaf_hash"])) == 32 and json.loads(proof["entry"])
        server.get("/api/v1/ledger/proof?index=100000", expect=404)
        server.get("/api/v1/ledger/proof", expect=400)


def a_witness_asked_by_the_log_itself_cosigns_and_the_checkpoint_carries_it():
    with Server("--publish-ledger") as log, Server("--witness") as witness, tempfile.TemporaryDirectory() as target:
        settled(log)
        settled(witness)
        trust_by_command(witness, log)  # beside the running server
        key = witness.get("/api/v1/ledger")["witness_keys"][0]
        log.post("/api/v1/ledger/witnesses", {"url": witness.url + "/ledger/witness", "key": key, "every_s": 1}, expect=201)
        until(lambda: settled(log)["witnesses"][0]["size"] == log.get("/healthz")["ledger_size"])
        grow(log, 3)
        size = settled(log)["size"]
        until(lambda: log.get("/api/v1/ledger")["witnesses"][0]["size"] >= size)
        assert log.get("/api/v1/ledger")["witnesses"][0]["trouble"] is None
        assert key.split("+")[0] in bare(log, "GET", "/ledger/checkpoint")[2].decode().split("\n\n")[1]
        download(log, target)
        done = ledger("verify", target)
        assert done.returncode == 0, done
        export = os.path.join(target, "export")
        assert ledger("export", export, "--data", log.data).returncode == 0
        assert key in pathlib.Path(export, "key.pub").read_text().splitlines()
        done = ledger("verify", export)
        assert done.returncode == 0, done
        seen = witness.get("/api/v1/ledger")["witnessed"][0]
        assert seen["size"] >= size and seen["cosigned_at"], seen
        log.end()
        log.start()  # what the witness knows is learned from it again
        grow(log)
        size = settled(log)["size"]
        until(lambda: log.get("/api/v1/ledger")["witnesses"][0]["size"] >= size)


def forks_unknown_logs_and_bad_proofs_are_refused_also_after_a_restart():
    with Server() as log, Server("--witness") as witness, tempfile.TemporaryDirectory() as temp:
        settled(log)
        note = log.request("GET", "/ledger/checkpoint")[2]
        old = int(note.split(b"\n")[1])
        assert add_checkpoint(witness, 0, [], note)[0] == 404
        trust(witness, log)
        assert add_checkpoint(witness, 0, [], b"nonsense")[0] == 400
        forged = bytearray(note)
        forged[-4] ^= 1 if forged[-4] not in b"=" else 0
        assert add_checkpoint(witness, 0, [], bytes(forged[:-8]) + b"AAAAAAA=\n")[0] in (400, 403)
        status, headers, body = add_checkpoint(witness, 0, [], note)
        assert status == 200 and body.startswith("— ".encode()), (status, body)
        # two histories of one log: a copy of its folder goes its own way
        log.end()
        other = os.path.join(temp, "other")
        shutil.copytree(log.data, other)
        log.start()
        grow(log, 2)
        settled(log)
        with Server(data=other) as fork:
            grow(fork, 3)
            settled(fork)
            mine = log.request("GET", "/ledger/checkpoint")[2]
            theirs = fork.request("GET", "/ledger/checkpoint")[2]
            views = [os.path.join(temp, name) for name in ("mine", "theirs")]
            for server, view in zip((log, fork), views):
                done = ledger("export", view, "--data", server.data)
                assert done.returncode == 0, done
        done = ledger("monitor", *views)
        assert done.returncode == 1, done
        status, headers, body = add_checkpoint(witness, old, [], mine)
        assert status == 422, (status, body)
        status, headers, body = add_checkpoint(witness, 0, [], mine)
        assert status == 409 and headers["Content-Type"] == "text/x.tlog.size" and int(body) == old, (status, body)
        key = witness.get("/api/v1/ledger")["witness_keys"][0]
        ask = {"url": witness.url + "/ledger/witness", "key": key, "every_s": 1}
        log.post("/api/v1/ledger/witnesses", ask, expect=201)
        until(lambda: log.get("/api/v1/ledger")["witnesses"][0]["size"] > old + 2)
        before = witness.get("/api/v1/ledger")["witnessed"][0]
        witness.end(9)
        witness.start()
        assert witness.get("/api/v1/ledger")["witnessed"][0] == before
        for size in (0, old, before["size"]):
            status, _, body = add_checkpoint(witness, size, [], theirs)
            assert status in (400, 409, 422), (size, status, body)
        assert witness.get("/api/v1/ledger")["witnessed"][0] == before


def witnesses_and_logs_are_added_by_an_administrator_only_and_with_sound_keys():
    with Server() as server:
        status = settled(server)
        own, cosigning = status["keys"][0], status["witness_keys"][0]
        for body in ({}, {"key": "x"}, {"key": cosigning}, {"key": 7}):
            server.post("/api/v1/ledger/witnessed", body, expect=400)
        good = {"url": "http://127.0.0.1:9/w", "key": cosigning}
        for change in ({"url": "file:///etc/passwd"}, {"url": "http://a:b@127.0.0.1/"}, {"url": None}, {"key": own},
                       {"key": ""}, {"every_s": 0}, {"every_s": "1"}, {"url": "http://127.0.0.1/" + "x" * 600}):
            server.post("/api/v1/ledger/witnesses", good | change, expect=400)
        assert bare(server, "POST", "/api/v1/ledger/witnesses", good)[0] == 401
        server.post("/api/v1/ledger/witnesses", good, expect=201)
        trouble = until(lambda: server.get("/api/v1/ledger")["witnesses"][0]["trouble"])
        assert "127.0.0.1:9" in trouble, trouble


run(a_downloaded_log_verifies_and_is_open_only_when_the_operator_says_so,
    a_witness_asked_by_the_log_itself_cosigns_and_the_checkpoint_carries_it,
    forks_unknown_logs_and_bad_proofs_are_refused_also_after_a_restart,
    witnesses_and_logs_are_added_by_an_administrator_only_and_with_sound_keys)
