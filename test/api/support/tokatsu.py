"""What every API test needs: a server of its own, plain requests to it, and TAP.

    with Server() as server:
        status, headers, body = server.request("GET", "/healthz")

Every server listens on a free port of 127.0.0.1 with a temporary data folder and is stopped at the end. Requests
carry an API token of its first administrator unless they bring an Authorization or a Cookie of their own."""
import contextlib
import datetime
import http.client
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = os.path.abspath(os.environ.get("TOKATSU", ROOT / "build" / "tokatsu"))
JST = datetime.timezone(datetime.timedelta(hours=9))
NDJSON = "application/x-ndjson"
PASSWORD = "a sentence that only tests know"


class Server:
    def __init__(self, *options, data=None, topology=None, wait=True):
        self.temp = tempfile.mkdtemp(prefix="tokatsu-test-")
        self.data = data or os.path.join(self.temp, "data")
        self.options = list(options)
        if topology is not None:
            path = os.path.join(self.temp, "topology.jsonl")
            pathlib.Path(path).write_text("".join(json.dumps(line) + "\n" for line in topology), encoding="utf-8")
            self.options += ["--topology", path]
        self.process = None
        self.token = None
        if wait:
            try:
                self.start()
            except BaseException:
                self.stop()
                raise

    def start(self):
        self.log = open(os.path.join(self.temp, "log"), "ab")
        self.process = subprocess.Popen([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--data", self.data, *self.options],
                                        stdout=subprocess.PIPE, stderr=self.log, env=os.environ | {"TOKATSU_ADMIN_PASSWORD": PASSWORD})
        ready, _, _ = select.select([self.process.stdout], [], [], 60)
        self.ready_line = self.process.stdout.readline().decode() if ready else ""
        if not self.ready_line.startswith("listening on http://"):
            self.process.kill()
            self.process.wait()
            raise RuntimeError(f"not ready: {self.ready_line!r}; {self.words()}")
        self.url = self.ready_line.split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])
        if self.token is None:
            who = self.sign_in()
            status, _, body = self.request("POST", "/api/v1/tokens", {"label": "tests", "scope": "all"}, headers=who.headers)
            assert status == 201, body
            self.token = json.loads(body)["token"]

    def sign_in(self, name="admin", password=PASSWORD, code=None):
        """A session of the account; fails unless it begins."""
        asked = {"name": name, "password": password} | ({"code": code} if code else {})
        status, headers, body = self.request("POST", "/api/v1/session", asked, headers={"Authorization": ""})
        assert status == 200, f"sign-in: {status} {body[:500]}"
        return Session(headers["Set-Cookie"].split(";")[0], json.loads(body))

    def credentials(self):
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def words(self):
        return pathlib.Path(self.temp, "log").read_text(errors="replace")

    def end(self, number=signal.SIGTERM, wait=30):
        """Sends the signal and returns the exit status."""
        self.process.send_signal(number)
        try:
            status = self.process.wait(wait)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = "did not end"
        self.process.stdout.close()
        self.log.close()
        return status

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.end()
        shutil.rmtree(self.temp, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def request(self, method, path, body=None, type=None, headers=None, timeout=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with contextlib.closing(connection):
            all_headers = dict(headers or {})
            if not {"Authorization", "Cookie"} & set(all_headers):
                all_headers |= self.credentials()
            all_headers = {name: value for name, value in all_headers.items() if (name, value) != ("Authorization", "")}
            if isinstance(body, (dict, list)):
                body, type = json.dumps(body), type or "application/json"
            if isinstance(body, str):
                body = body.encode()
            if type:
                all_headers["Content-Type"] = type
            connection.request(method, path, body, all_headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def get(self, path, expect=200):
        status, _, body = self.request("GET", path)
        assert status == expect, f"GET {path}: {status} {body[:500]}"
        return json.loads(body)

    def post(self, path, body, expect=200):
        status, _, answer = self.request("POST", path, body)
        assert status == expect, f"POST {path}: {status} {answer[:500]}"
        return json.loads(answer)

    def edit_account(self, name, change, who=None):
        """Changes an account at the version that it has; gives back the status and the answer."""
        version = next((a["version"] for a in self.get("/api/v1/accounts")["items"] if a["name"] == name), 1)
        status, _, body = self.request("PATCH", f"/api/v1/accounts/{name}", {"version": version} | change, headers=who and who.headers)
        return status, json.loads(body)

    def alarms(self, lines, expect=200):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        status, _, body = self.request("POST", "/api/v1/alarms", text, NDJSON)
        assert status == expect, f"alarms: {status} {body[:500]}"
        return json.loads(body)

    def raw(self, data, timeout=30):
        """Sends bytes as they are and reads until the server closes or the time is over."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as peer:
            peer.sendall(data)
            got = b""
            with contextlib.suppress(TimeoutError, ConnectionResetError):
                while chunk := peer.recv(65536):
                    got += chunk
                    if b"\r\n\r\n" in got and b"Connection: close" not in data:
                        break
            return got

    def stream(self, path="/api/v1/events"):
        return Stream(self.port, self.credentials(), path)


class Session:
    """What a browser would keep: `headers` are those of a write from our own page."""

    def __init__(self, cookie, who):
        self.who = who
        self.headers = {"Cookie": cookie, "X-CSRF-Token": who["csrf"]}


class Stream:
    """One reader of /api/v1/events."""

    def __init__(self, port, credentials, path="/api/v1/events"):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.connection.request("GET", path, headers={"Accept": "text/event-stream"} | credentials)
        self.answer = self.connection.getresponse()

    def next(self):
        """The next event as (fields, board); comment lines are passed over."""
        fields = {}
        while True:
            line = self.answer.readline()
            assert line, "the stream ended"
            line = line.decode().rstrip("\n")
            if line == "" and fields:
                return fields, json.loads(fields["data"])
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value

    def close(self):
        self.answer.close()
        self.connection.close()


def ago(**span):
    return (datetime.datetime.now(JST) - datetime.timedelta(**span)).isoformat(timespec="milliseconds")


def alarm(object, at=None, severity="critical", key=None, source="test", service_affecting=True):
    return {"at": at or ago(), "source": source, "key": key or f"{object}/down", "object": object,
            "severity": severity, "service_affecting": service_affecting}


def until(check, seconds=20, every=0.05):
    """Waits until check() gives something true, and gives it back; fails after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < end, f"waited {seconds} s in vain"
        time.sleep(every)


def run(*tests):
    """Runs the functions and speaks TAP; each is named for what it shows."""
    failed = False
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        name = test.__name__.replace("_", " ")
        try:
            test()
            print(f"ok {number} - {name}", flush=True)
        except Exception as error:  # a test that dies has failed, and the next one still runs
            failed = True
            print(f"not ok {number} - {name}", flush=True)
            print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="", flush=True)
            print(f"{name}: {error}", file=sys.stderr)
    sys.exit(1 if failed else 0)
