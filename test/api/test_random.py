"""Random requests made from the interface description: valid ones, nearly valid ones and hostile ones, for every
operation. Never a status that is not described, never 5xx (but a described 503), never a hang; every refusal is a problem
document, every answer is what its schema says. SEED=… repeats a run, FUZZ_SECONDS=… lengthens it (./dev fuzz-api)."""
import http.client
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import Server, ago, run

try:
    import jsonschema
except ImportError:
    jsonschema = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEED = int(os.environ.get("SEED", random.randrange(1 << 32)))
SECONDS = float(os.environ.get("FUZZ_SECONDS", 20))
chance = random.Random(SEED)
server = Server("--witness", "--publish-ledger")
document = server.get("/api/openapi.json")
SCHEMAS = document["components"]["schemas"]
# What would end the run itself: its own sign-in.
SPARED = {"signOut", "changePassword", "events", "revokeToken"}
TEXTS = ["", " ", "a", "あ" * 300, "x" * 5000, "\u0000", "\ud800", "../../etc/passwd", "%00", "'; DROP TABLE records;--", "\u202e\ufeff\u0301",
         "1e999", "-1", "0", "9" * 40, "null", "2026-02-30", "2026-04-01", "2026-13-01T00:00:00+09:00", "1969-12-31T23:59:59Z",
         "9999-12-31T23:59:59+14:00", "serious-initial", "near-miss", "leak", "admin", "contractors", "C1", "A2026-0001", "<script>", "𠮷野家"]
NUMBERS = [0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, -2**63, 10**30, 1.5, -0.0, 1e308, 5e-324]


def wild(depth=0):
    kind = chance.randrange(8 if depth < 3 else 5)
    if kind < 2:
        return chance.choice(TEXTS)
    if kind < 4:
        return chance.choice(NUMBERS)
    if kind == 4:
        return chance.choice([None, True, False])
    if kind == 5:
        return [wild(depth + 1) for _ in range(chance.randrange(4))]
    return {str(chance.choice(TEXTS))[:40]: wild(depth + 1) for _ in range(chance.randrange(4))}


def resolved(schema):
    while "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def made(schema, depth=0):
    """A value that fits the schema, but one time in ten."""
    schema = resolved(schema)
    if chance.random() < 0.1 or depth > 6:
        return wild(depth)
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return made(chance.choice(schema[choice]), depth + 1)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return chance.choice(schema["enum"])
    kind = schema.get("type")
    kind = chance.choice(kind) if isinstance(kind, list) else kind
    if kind == "object" or "properties" in schema:
        needed = set(schema.get("required", ()))
        return {name: made(inner, depth + 1) for name, inner in schema.get("properties", {}).items()
                if (name in needed and chance.random() < 0.97) or chance.random() < 0.4}
    if kind == "array":
        return [made(schema.get("items", {}), depth + 1) for _ in range(chance.randrange(3))]
    if kind in ("integer", "number"):
        return chance.choice([schema.get("minimum", 0), schema.get("maximum", 3), chance.randint(0, 1000)])
    if kind == "boolean":
        return chance.random() < 0.5
    if kind == "null":
        return None
    if kind == "string":
        return {"date": "2026-05-01", "date-time": ago(hours=chance.randint(0, 50)), "uri": "http://127.0.0.1:1/"}.get(
            schema.get("format"), chance.choice(["甲", "C1", "A2026-0001", "L2026-0001", "contractors", "engineer", "text", "13"]))
    return wild(depth)


NAMES = {"id": ["A2026-0001", "L2026-0001", "N2026-0001", "CON-0001", "C1", "P2026-detailed"], "register": ["contractors", "facilities", "persons"],
         "kind": ["serious-initial", "leak-secrecy-initial"], "number": ["1", "2"], "other": ["1"], "format": ["pdf", "json", "csv", "xlsx"],
         "name": ["admin", "someone"], "code": ["input"], "article": ["報告規則7条の3"]}


def target_of(path, operation):
    query = []
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            value = chance.choice(NAMES.get(parameter["name"], ["1"])) if chance.random() < 0.8 else str(chance.choice(TEXTS))
            path = path.replace("{%s}" % parameter["name"], urllib.parse.quote(value.encode("utf-8", "surrogatepass"), safe="") or "x")
        elif parameter["in"] == "query" and chance.random() < 0.6:
            for _ in range(1 if chance.random() < 0.9 else 2):
                value = made(parameter["schema"])
                query.append((parameter["name"], value if isinstance(value, str) else json.dumps(value)))
    if chance.random() < 0.05:
        query.append((str(chance.choice(TEXTS))[:50], str(chance.choice(TEXTS))[:50]))
    return path + ("?" + urllib.parse.urlencode(query, errors="surrogatepass") if query else "")


def body_of(operation):
    """(bytes or pieces, Content-Type)"""
    content = operation.get("requestBody", {}).get("content")
    if not content:
        return (None, None) if chance.random() < 0.9 else (b'{"a":1}', "application/json")
    type, described = next(iter(content.items()))
    value = made(described.get("schema", {})) if described.get("schema") else {}
    way = chance.random()
    text = json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    if way < 0.06:
        text = text[:chance.randrange(len(text) + 1)]
    elif way < 0.09:
        text = bytes(chance.randrange(256) for _ in range(chance.randrange(200)))
    elif way < 0.11:
        text = b"[" * 10_000
    elif way < 0.12:
        text = b'{"title":"' + b"x" * (1 << 20) + b'"}'
    elif way < 0.14:
        text = b""
    if type == "*/*":
        type = "application/octet-stream"
    if chance.random() < 0.04:
        type = chance.choice(["text/plain", "", "application/json; charset=shift_jis", "multipart/form-data; boundary=x", None])
    pieces = (text[i:i + 7000] for i in range(0, len(text), 7000)) if chance.random() < 0.1 else text
    return pieces, type


def headers_of(operation):
    headers = {"Host": f"127.0.0.1:{server.port}"}
    headers |= server.credentials() if chance.random() < 0.97 else {"Authorization": chance.choice(["Bearer x", "Basic eDp4", "Bearer", ""])}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header" and chance.random() < 0.3:
            headers[parameter["name"]] = chance.choice(['"1"', '"2-00"', "*", "x", "", "k" * 300, 'W/"1"', '"', f"key{chance.randrange(50)}"])
    return headers


def ask(method, target, body, type, headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    if type is not None:
        headers = headers | {"Content-Type": type}
    try:
        connection.request(method, target, body, headers, encode_chunked=not isinstance(body, (bytes, type_none)))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


type_none = type(None)
validators = {}


def fits(schema, value):
    if jsonschema is None:
        return
    key = json.dumps(schema)
    if key not in validators:
        validators[key] = jsonschema.Draft202012Validator({**schema, "components": document["components"]})
    wrong = next(validators[key].iter_errors(value), None)
    assert wrong is None, f"{list(wrong.absolute_path)}: {wrong.message[:300]}"


def check(operation, status, headers, body):
    described = operation["responses"].get(str(status))
    assert described is not None, f"{status} is not described: {body[:400]}"
    assert status < 500 or (status == 503 and operation["operationId"] in ("health", "addTimestamp")), body[:400]
    type = headers.get("Content-Type", "").split(";")[0]
    if status >= 400 and operation["operationId"] == "addCheckpoint" and type in ("text/plain", "text/x.tlog.size"):
        return  # the protocol of witnesses has its own words
    if status >= 400:
        problem = json.loads(body)
        assert type == "application/problem+json" and problem["status"] == status, (type, problem)
        fits({"$ref": "#/components/schemas/Problem"}, problem)
    elif "application/json" in described.get("content", {}) and status != 304:
        schema = described["content"]["application/json"].get("schema") or {}
        fits(schema, json.loads(body))


def the_description_is_valid_openapi():
    code = ("import { Validator } from '@seriousme/openapi-schema-validator'; let text = ''; for await (const part of process.stdin) text += part; "
            "const validator = new Validator(); const result = await validator.validate(JSON.parse(text)); "
            "console.log(JSON.stringify([result.valid, validator.version, result.errors ?? null]));")
    done = subprocess.run(["node", "--input-type=module", "-e", code], input=json.dumps(document), text=True, capture_output=True,
                          cwd=ROOT / "web", timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    valid, version, errors = json.loads(done.stdout)
    assert valid and version == "3.1", json.dumps(errors)[:3000]
    assert "Register-contractors" in SCHEMAS and SCHEMAS["Register-contractors"]["properties"]["name"]["anyOf"][0]["maxLength"] == 200


def no_request_whatever_brings_it_down():
    server.post("/api/v1/accidents", {"title": "試験", "started_at": ago(hours=5), "services": {"voice": 50_000}, "fault": "telecom-equipment"}, 201)
    server.post("/api/v1/registers/contractors", {"values": {"name": "甲", "country": "JP", "work": "保守", "critical": False,
                                                             "handles_user_info": False, "next_audit": "2027-04-01"}}, 201)
    operations = [(path, method.upper(), operation) for path, methods in document["paths"].items()
                  for method, operation in methods.items() if operation["operationId"] not in SPARED]
    end, asked, statuses, slowest = time.monotonic() + SECONDS, 0, {}, 0.0
    rounds, faults = 0, {}
    while time.monotonic() < end or rounds < 1:
        rounds += 1
        for path, method, operation in operations:
            if time.monotonic() > end and rounds > 1:
                break
            target, (body, type), headers = target_of(path, operation), body_of(operation), headers_of(operation)
            asked += 1
            begin = time.monotonic()
            try:
                status, answer_headers, answer = ask(method, target, body, type, headers)
            except ValueError:
                continue  # what Python itself does not send
            slowest = max(slowest, time.monotonic() - begin)
            statuses[status] = statuses.get(status, 0) + 1
            try:
                check(operation, status, answer_headers, answer)
            except (AssertionError, ValueError) as why:
                sent = body[:300] if isinstance(body, bytes) else body
                faults.setdefault((operation["operationId"], status, str(why)[:60]),
                                  f"request {asked}: {method} {target[:300]} {headers} {type} {sent}: {why}")
    print(f"# {asked} requests, slowest {slowest:.2f} s, {dict(sorted(statuses.items()))}", flush=True)
    assert not faults, f"SEED={SEED}\n" + "\n".join(faults.values())
    assert server.process.poll() is None and server.get("/healthz")["status"] == "ok", server.words()


print(f"# SEED={SEED} SECONDS={SECONDS:g}", flush=True)
try:
    run(the_description_is_valid_openapi, no_request_whatever_brings_it_down)
finally:
    server.stop()
