"""What a contractor (委託先) sees: in every register only records that point at its own record, in lists, searches, exports,
histories and files alike; and nothing without being tied to a record."""
import json
import pathlib
import random
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PASSWORD, Server, run

BASE = "/api/v1/registers"
OURS, OTHERS = "maker", "rival"
server = Server()
chance = random.Random(20261123)  # synthetic records, the same in every run


def add(register, values, id=None, expect=201):
    return server.post(f"{BASE}/{register}", {"values": values} | ({"id": id} if id else {}), expect)


def ask(who, path, expect=200, method="GET", body=None):
    status, headers, answer = server.request(method, path, body, headers=who.headers)
    assert status == expect, f"{method} {path}: {status} {answer[:400]}"
    return json.loads(answer) if headers["Content-Type"].endswith("json") else answer


def account(name, role, contractor=None):
    server.post("/api/v1/accounts", {"name": name, "role": role, "password": PASSWORD}, 201)
    if contractor:
        status, body = server.edit_account(name, {"contractor": contractor})
        assert status == 200 and body["contractor"] == contractor, body
    return server.sign_in(name)


def keep(content):
    status, _, body = server.request("POST", "/api/v1/register-files", content, "application/octet-stream")
    assert status == 201, body
    return json.loads(body)["sha256"]


for id, name in ((OURS, "北海ネット工事"), (OTHERS, "南海ネット工事"), ("third", "東海ネット工事")):
    add("contractors", {"name": f"{name}(架空)", "country": "JP", "work": "保守", "critical": False, "handles_user_info": False}, id)
add("persons", {"name": "佐藤(架空)", "department": "運用", "active": True}, "p1")
FILE = {OURS: keep(b"for us"), OTHERS: keep(b"for the rival")}
schemas = {item["id"]: item for item in server.get(BASE)["items"]}
for n in range(40):
    one = chance.choice([OURS, OTHERS, "third"])
    several = chance.sample([OURS, OTHERS, "third"], chance.randint(0, 3))
    kept = {"sha256": FILE[one], "name": "証拠.pdf"} if one in FILE else None
    add("systems", {"name": f"監視 {n}", "kind": "telecom", "purpose": "共通の語", "hosting": "own", "internet": False, "vendor": one}, f"s{n}")
    add("contracts", {"title": f"契約 共通の語 {n}", "contractor": one, "kind": "maintenance", "status": "draft", "from": "2026-04-01", "to": "2027-03-31",
                      "automatic": False, "emergency": "電話"} | ({"file": kept} if kept else {}))
    add("data-assets", {"name": f"資産 共通の語 {n}", "category": "confidential", "description": "x", "system": f"s{n}", "country": "JP", "owner": "p1",
                        "access": "秘密", "contractors": several})
    add("countermeasures", {"title": f"対策 共通の語 {n}", "source": "audit", "measure": "直す", "owner": "p1", "deadline": "2027-01-31",
                            "status": "open", "contractors": several})
    add("documents", {"title": f"文書 共通の語 {n}", "kind": "procedure", "contractors": several} | ({"file": kept} if OURS in several and kept else {}))
ours = account("ours", "contractor", OURS)
loose = account("loose", "contractor")


def points_at(register, item, id):
    """By the register's own file: whether one of the fields that assign names `id`."""
    values = item["values"]
    for field in schemas[register].get("assigned", []):
        value = item["id"] if field == "id" else values.get(field)
        if value == id or (isinstance(value, list) and id in value):
            return True
    return False


def everything(register):
    items, cursor = [], None
    while True:
        page = server.get(f"{BASE}/{register}?limit=500" + (f"&cursor={cursor}" if cursor else ""))
        items += page["items"]
        cursor = page["next"]
        if not cursor:
            return items


def in_every_register_a_contractor_sees_exactly_what_points_at_it():
    seen = 0
    for register, schema in schemas.items():
        wanted = {item["id"] for item in everything(register) if points_at(register, item, OURS)}
        if "assigned" not in schema:
            for path in ("", "/export.csv", "/export.json", "/x", "/x/history"):
                ask(ours, f"{BASE}/{register}{path}", 403)
            continue
        page = ask(ours, f"{BASE}/{register}?limit=500")
        assert {item["id"] for item in page["items"]} == wanted and page["total"] == len(wanted), register
        exported = ask(ours, f"{BASE}/{register}/export.json")["items"]
        assert {item["id"] for item in exported} == wanted, register
        lines = ask(ours, f"{BASE}/{register}/export.csv").decode().splitlines()
        assert {line.split(",")[0] for line in lines[1:]} == wanted, register
        for item in everything(register):
            expect = 200 if item["id"] in wanted else 404
            for path in ("", "/history"):
                ask(ours, f"{BASE}/{register}/{item['id']}{path}", expect)
        seen += len(wanted)
    assert {item["id"] for item in ask(ours, BASE)["items"]} == {r for r, s in schemas.items() if "assigned" in s}
    assert seen >= 50, seen
    print(f"# {seen} records in {len(schemas)} registers")


def pages_and_searches_count_only_its_own():
    wanted = [item["id"] for item in everything("contracts") if points_at("contracts", item, OURS)]
    got, cursor = [], ""
    while cursor is not None:
        page = ask(ours, f"{BASE}/contracts?limit=3{cursor and '&cursor=' + cursor}")
        assert page["total"] == len(wanted) and len(page["items"]) <= 3
        got += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert got == wanted, (got, wanted)
    word = urllib.parse.quote("共通の語")
    for register in ("contracts", "documents", "countermeasures", "data-assets", "systems"):
        found = ask(ours, f"{BASE}/{register}?search={word}&limit=500")["items"]
        assert found and all(points_at(register, item, OURS) for item in found), register
    assert ask(ours, f"{BASE}/contracts?contractor={OTHERS}")["total"] == 0


def files_come_only_from_records_that_it_sees():
    assert ask(ours, f"/api/v1/register-files/{FILE[OURS]}") == b"for us"
    own = [item for item in everything("documents") + everything("contracts") if FILE[OTHERS] in json.dumps(item)
           and points_at("documents" if item["id"].startswith("DOC") else "contracts", item, OURS)]
    ask(ours, f"/api/v1/register-files/{FILE[OTHERS]}", 200 if own else 404)
    ask(loose, f"/api/v1/register-files/{FILE[OURS]}", 404)


def a_history_begins_when_it_was_assigned():
    values = {"name": "引継ぎ", "kind": "telecom", "purpose": "x", "hosting": "own", "internet": False, "vendor": OTHERS}
    before = add("systems", values, "handed")
    ask(ours, f"{BASE}/systems/handed", 404)
    status, _, _ = server.request("PUT", f"{BASE}/systems/handed", {"version": 1, "values": values | {"vendor": OURS}})
    assert status == 200
    history = ask(ours, f"{BASE}/systems/handed/history")["items"]
    assert [entry["version"] for entry in history] == [2] and OTHERS not in json.dumps(history), history
    ask(ours, f"{BASE}/systems/handed?as_of={urllib.parse.quote(before['at'])}", 404)
    status, _, _ = server.request("PUT", f"{BASE}/systems/handed", {"version": 2, "values": values})
    assert status == 200
    for path in ("", "/history"):
        ask(ours, f"{BASE}/systems/handed{path}", 404)


def a_contractor_writes_nothing_and_reads_nothing_else():
    own = ask(ours, f"{BASE}/contractors")["items"][0]
    ask(ours, f"{BASE}/contractors/{OURS}", 403, "PUT", {"version": own["version"], "values": own["values"]})
    ask(ours, f"{BASE}/contractors", 403, "POST", {"values": own["values"]})
    ask(ours, f"{BASE}/contractors/{OURS}?version=1", 403, "DELETE")
    for path in ("/api/v1/board", "/api/v1/accidents", "/api/v1/topology", "/api/v1/accounts", "/api/v1/ledger", "/api/v1/events"):
        ask(ours, path, 403)
    assert all(item["may_write"] is False and item["may_reveal"] is False for item in ask(ours, BASE)["items"])
    asset = next(item for item in ask(ours, f"{BASE}/data-assets?limit=500")["items"])
    assert ask(ours, f"{BASE}/data-assets/{asset['id']}?reveal=1")["values"]["access"] == {"sealed": True}


def who_is_tied_to_no_record_sees_nothing():
    assert ask(loose, BASE)["items"] == []
    for register in schemas:
        ask(loose, f"{BASE}/{register}", 403)


def only_an_administrator_ties_an_account_and_only_to_a_contractor_that_there_is():
    for wrong in ("nobody", "", 7, "p1"):
        assert server.edit_account("loose", {"contractor": wrong})[0] == 400, wrong
    assert server.edit_account("ours", {"contractor": OTHERS}, ours)[0] == 403
    moved = account("moved", "contractor", OTHERS)
    assert ask(moved, f"{BASE}/contractors")["items"][0]["id"] == OTHERS
    assert server.edit_account("moved", {"contractor": None})[0] == 200
    ask(moved, BASE, 401)  # its sessions have ended
    assert ask(server.sign_in("moved"), BASE)["items"] == []


try:
    run(in_every_register_a_contractor_sees_exactly_what_points_at_it, pages_and_searches_count_only_its_own,
        files_come_only_from_records_that_it_sees, a_history_begins_when_it_was_assigned,
        a_contractor_writes_nothing_and_reads_nothing_else, who_is_tied_to_no_record_sees_nothing,
        only_an_administrator_ties_an_account_and_only_to_a_contractor_that_there_is)
finally:
    server.stop()
