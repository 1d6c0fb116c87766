"""What a request may say about what it has seen: ETag, If-None-Match and If-Match on everything that has a version,
Idempotency-Key on everything that is made."""
import concurrent.futures
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import Server, ago, run

server = Server("--witness")
ACCIDENT = {"title": "試験", "started_at": ago(hours=5), "services": {"voice": 50_000}, "fault": "telecom-equipment"}
CONTRACTOR = {"name": "甲", "country": "JP", "work": "保守", "critical": False, "handles_user_info": False, "next_audit": "2027-04-01"}


def ask(method, path, body=None, expect=200, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()} | server.credentials()
    status, answer_headers, answer = server.request(method, path, body, headers=headers)
    assert status == expect, (method, path, headers, status, answer[:600])
    return answer_headers, json.loads(answer) if answer else None


def things():
    """(path to read, method and path of a write, its body) of one record of each kind that has a version."""
    _, accident = ask("POST", "/api/v1/accidents", ACCIDENT, 201)
    yield f"/api/v1/accidents/{accident['id']}", "POST", f"/api/v1/accidents/{accident['id']}/actions", {"action": "edit", "fields": {"title": "別"}}
    _, case = ask("POST", "/api/v1/cases?kind=leak", {"title": "試験", "started_at": ago(hours=3), "leak": "secrecy", "users": 2}, 201)
    yield f"/api/v1/cases/{case['id']}", "POST", f"/api/v1/cases/{case['id']}", {"fields": {"title": "別"}}
    _, record = ask("POST", "/api/v1/registers/contractors", {"values": CONTRACTOR}, 201)
    yield (f"/api/v1/registers/contractors/{record['id']}", "PUT", f"/api/v1/registers/contractors/{record['id']}",
           {"values": CONTRACTOR | {"name": "乙"}})
    ask("POST", "/api/v1/accounts", {"name": "someone", "role": "engineer", "password": "long enough for anybody"}, 201)
    yield "/api/v1/accounts/someone", "PATCH", "/api/v1/accounts/someone", {"display": "別"}


def a_version_leads_the_tag_and_guards_the_write():
    for path, method, target, change in things_read:
        headers, record = ask("GET", path)
        tag = headers["ETag"]
        assert tag.startswith(f'"{record["version"]}-'), (path, tag)
        stale = f'"{record["version"] + 7}"'
        _, problem = ask(method, target, change, 412, If_Match=stale)
        assert problem["code"] == "precondition-failed" and problem["status"] == 412 and problem["detail_ja"], problem
        assert ask(method, target, change | {"version": record["version"] + 7}, 409)[1]["code"] == "conflict", path
        assert ask(method, target, change, 428)[1]["code"] == "precondition-required", path
        for bad in ("*", "1", 'W/"1"', '"x"', '"0"', '"1", "2"', '"', '""', '"1', '"-1"', '"99999999999999999999"'):
            assert ask(method, target, change, 400, If_Match=bad)[1]["code"] == "input", (path, bad)
        ask(method, target, change | {"version": record["version"] + 7}, 400, If_Match=tag)  # which one is it?
        after, changed = ask(method, target, change, If_Match=tag)
        assert changed["version"] > record["version"] and after["ETag"].startswith(f'"{changed["version"]}-'), path
        assert ask(method, target, change, 412, If_Match=tag)[1]["code"] == "precondition-failed"
        ask(method, target, change, If_Match=f'"{changed["version"]}"')


def what_is_known_already_is_not_sent_again():
    paths = ["/api/v1/accidents", "/api/v1/law", "/api/v1/registers", "/api/v1/registers/contractors", "/api/v1/accounts",
             "/api/openapi.json", "/api/v1/ledger", "/ledger/key.pub", "/api/v1/board"] + [thing[0] for thing in things_read]
    for path in paths:
        headers, _ = server.request("GET", path)[1:]
        tag = headers["ETag"]
        for seen in (tag, f'"zzz", {tag}', "*"):
            status, again, body = server.request("GET", path, headers=server.credentials() | {"If-None-Match": seen})
            if again["ETag"] != tag and ("accident" in path or "board" in path):
                continue  # what is live has changed meanwhile
            assert status == 304 and body == b"" and again["ETag"] == tag, (path, seen, status)
        assert server.request("GET", path, headers=server.credentials() | {"If-None-Match": '"zzz"'})[0] == 200


def a_repeated_request_is_done_once():
    makes = [("/api/v1/accidents", ACCIDENT, "id"), ("/api/v1/cases?kind=leak", {"title": "漏", "started_at": ago(hours=2), "leak": "secrecy", "users": 3}, "id"),
             ("/api/v1/registers/contractors", {"values": CONTRACTOR}, "id"),
             ("/api/v1/accounts", {"name": "twice", "role": "engineer", "password": "long enough for anybody"}, "name")]
    for number, (path, body, id) in enumerate(makes):
        first = ask("POST", path, body, 201, Idempotency_Key=f"k{number}")[1]
        again = ask("POST", path, body, 201, Idempotency_Key=f"k{number}")[1]
        assert again == first and first[id], path
        other = ask("POST", path, body | {"title": "other"}, 409, Idempotency_Key=f"k{number}")[1]
        assert other["code"] == "conflict" and "Idempotency-Key" in other["detail"], other
    before = server.get("/api/v1/accidents")["total"]
    server.end()
    server.start()
    again = ask("POST", *makes[0][:2], 201, Idempotency_Key="k0")[1]
    assert again["id"] and server.get("/api/v1/accidents")["total"] == before, "across a restart"


def a_key_is_its_owners_own_and_free_again_after_a_refusal():
    ask("POST", "/api/v1/accidents", {"title": "x"}, 400, Idempotency_Key="again")
    ask("POST", "/api/v1/accidents", ACCIDENT, 201, Idempotency_Key="again")
    server.post("/api/v1/accounts", {"name": "noc", "role": "noc-operator", "password": "long enough for anybody"}, 201)
    noc = server.sign_in("noc", "long enough for anybody")
    status, _, body = server.request("POST", "/api/v1/accidents", ACCIDENT, headers=noc.headers | {"Idempotency-Key": "again"})
    mine = ask("POST", "/api/v1/accidents", ACCIDENT, 201, Idempotency_Key="again")[1]
    assert status == 201 and json.loads(body)["id"] != mine["id"]
    for bad in ("", " ", "a b", "x" * 201, "あ".encode().decode("latin-1")):
        ask("POST", "/api/v1/accidents", ACCIDENT, 400, Idempotency_Key=bad)


def a_secret_is_shown_once():
    admin = server.sign_in()
    headers = admin.headers | {"Idempotency-Key": "token"}
    status, _, body = server.request("POST", "/api/v1/tokens", {"label": "x", "scope": "read"}, headers=headers)
    assert status == 201 and json.loads(body)["token"]
    count = len(json.loads(server.request("GET", "/api/v1/tokens", headers=admin.headers)[2])["items"])
    status, _, body = server.request("POST", "/api/v1/tokens", {"label": "x", "scope": "read"}, headers=headers)
    assert status == 409 and "once" in json.loads(body)["detail"], body
    assert len(json.loads(server.request("GET", "/api/v1/tokens", headers=admin.headers)[2])["items"]) == count


def many_at_once_with_one_key_make_one():
    before = server.get("/api/v1/accidents")["total"]
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        headers = server.credentials() | {"Idempotency-Key": "race"}
        answers = list(pool.map(lambda _: server.request("POST", "/api/v1/accidents", ACCIDENT, headers=headers), range(24)))
    ids = {json.loads(body)["id"] for status, _, body in answers if status == 201}
    assert len(ids) == 1 and {status for status, _, _ in answers} <= {201, 409}, [status for status, _, _ in answers]
    assert server.get("/api/v1/accidents")["total"] == before + 1
    assert ask("POST", "/api/v1/accidents", ACCIDENT, 201, Idempotency_Key="race")[1]["id"] in ids


things_read = list(things())

try:
    run(what_is_known_already_is_not_sent_again, a_version_leads_the_tag_and_guards_the_write, a_repeated_request_is_done_once,
        a_key_is_its_owners_own_and_free_again_after_a_refusal, a_secret_is_shown_once, many_at_once_with_one_key_make_one)
finally:
    server.stop()
