"""RFC 3161 on demand: an authority made with the openssl command behind a small server of this test stamps the newest checkpoint;
the answer is checked, kept, exported, and holds with nothing but the export. And what is taken off the lists is gone at once."""
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PROGRAM, Server, run, until

folder = tempfile.TemporaryDirectory()
CONFIG = """[ext]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
basicConstraints = CA:FALSE
[tsa]
default_tsa = t
[t]
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
certs = ./ca.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def openssl(*words):
    subprocess.run(["openssl", *words], cwd=folder.name, check=True, capture_output=True)


def path(name):
    return os.path.join(folder.name, name)


def make_authority():
    pathlib.Path(path("tsa.cnf")).write_text(CONFIG)
    pathlib.Path(path("serial")).write_text("01\n")
    curve = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for name in ("ca", "other"):
        openssl("req", "-x509", "-newkey", *curve, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}", "-days", "30")
    openssl("req", "-newkey", *curve, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=tsa")
    openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "tsa.pem", "-days", "30",
            "-extfile", "tsa.cnf", "-extensions", "ext")


class Authority(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        assert self.headers["Content-Type"] == "application/timestamp-query"
        query = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/broken":
            answer = b"nonsense"
        elif self.path == "/endless":
            answer = b"x" * 1_000_000
        else:
            pathlib.Path(path("q.tsq")).write_bytes(query)
            openssl("ts", "-reply", "-config", "tsa.cnf", "-section", "t", "-queryfile", "q.tsq", "-out", "r.tsr")
            answer = pathlib.Path(path("r.tsr")).read_bytes()
        self.send_response(500 if self.path == "/refuses" else 200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        try:
            self.wfile.write(answer)
        except OSError:
            pass

    def log_message(self, *_):
        pass


make_authority()
authority = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Authority)
threading.Thread(target=authority.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{authority.server_port}"
CA, OTHER = (pathlib.Path(path(f"{name}.pem")).read_text() for name in ("ca", "other"))
server = Server()
until(lambda: server.request("GET", "/ledger/checkpoint")[2].split(b"\n")[1:2] not in ([], [b"0"]))


def stamp(where, ca, expect):
    status, _, body = server.request("POST", "/api/v1/ledger/timestamps", {"tsa": URL + where, "ca": ca})
    assert status == expect, (where, status, body[:400])
    return json.loads(body)


def an_authority_stamps_the_newest_checkpoint():
    made = stamp("/", CA, 201)
    assert made["size"] > 0 and made["at"] and made["checkpoint"].startswith("tokatsu/"), made
    assert server.get("/api/v1/ledger/timestamps")["items"][0]["id"] == made["id"]
    status, headers, answer = server.request("GET", f"/api/v1/ledger/timestamps/{made['id']}")
    assert status == 200 and headers["Content-Type"] == "application/timestamp-reply" and answer[:1] == b"\x30"


def an_answer_that_does_not_hold_is_not_kept():
    before = server.get("/api/v1/ledger/timestamps")["total"]
    assert stamp("/", OTHER, 409)["code"] == "conflict"
    for where, status in (("/broken", 400), ("/refuses", 409), ("/endless", 503)):
        stamp(where, CA, status)
    assert server.request("POST", "/api/v1/ledger/timestamps", {"tsa": "file:///etc/passwd", "ca": CA})[0] == 400
    assert server.request("POST", "/api/v1/ledger/timestamps", {"tsa": "http://127.0.0.1:1/", "ca": CA})[0] == 503
    assert server.get("/api/v1/ledger/timestamps")["total"] == before


def the_command_line_does_the_same_and_an_export_proves_it():
    done = subprocess.run([PROGRAM, "ledger", "timestamp", "--tsa", URL + "/", "--ca", path("ca.pem"), "--data", server.data],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "existed at" in done.stdout, done
    out = path("export")
    for _ in range(2):
        done = subprocess.run([PROGRAM, "ledger", "export", out, "--data", server.data], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done
    stamps = sorted(pathlib.Path(out, "timestamp").glob("*.tsr"))
    assert stamps
    for tsr in stamps:
        done = subprocess.run([PROGRAM, "ledger", "timestamp", str(tsr.with_suffix(".checkpoint")), "--response", str(tsr), "--ca", path("ca.pem")],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and "existed at" in done.stdout, done
    done = subprocess.run([PROGRAM, "ledger", "verify", out], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done


def a_witness_is_taken_off_the_list_at_once():
    key = subprocess.run([PROGRAM, "ledger", "witness", "--show-key", "--data", path("w"), "--name", "w.example"], capture_output=True, text=True,
                         timeout=60).stdout.strip()
    made = server.post("/api/v1/ledger/witnesses", {"url": "http://127.0.0.1:1/", "key": key}, 201)
    until(lambda: [w["id"] for w in server.get("/api/v1/ledger")["witnesses"]] == [made["id"]])
    assert server.request("DELETE", f"/api/v1/ledger/witnesses/{made['id']}")[0] == 200
    assert server.get("/api/v1/ledger")["witnesses"] == []
    assert server.request("DELETE", f"/api/v1/ledger/witnesses/{made['id']}")[0] == 404


def a_witnessed_log_is_forgotten():
    key = server.request("GET", "/ledger/key.pub")[2].decode()
    origin = server.post("/api/v1/ledger/witnessed", {"key": key}, 201)["origin"]
    assert [log["origin"] for log in server.get("/api/v1/ledger")["witnessed"]] == [origin]
    assert server.request("DELETE", f"/api/v1/ledger/witnessed/{origin}")[0] == 200
    assert server.get("/api/v1/ledger")["witnessed"] == []


try:
    run(an_authority_stamps_the_newest_checkpoint, an_answer_that_does_not_hold_is_not_kept,
        the_command_line_does_the_same_and_an_export_proves_it, a_witness_is_taken_off_the_list_at_once, a_witnessed_log_is_forgotten)
finally:
    server.stop()
    authority.shutdown()
    folder.cleanup()
