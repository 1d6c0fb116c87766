"""Registers through HTTP and on the command line: the same records, the same refusals; and a register of one's own,
added as a file."""
import json
import pathlib
import subprocess
import sys
import tempfile
from urllib.parse import quote

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PROGRAM, Server, run

BASE = "/api/v1/registers"
server = Server()
contractor = {"name": "北海ネット工事", "country": "JP", "work": "伝送路の保守", "critical": False, "handles_user_info": False}


def ask(method, path, body=None, expect=200, **headers):
    status, got, answer = server.request(method, BASE + path, body, headers={k.replace("_", "-"): v for k, v in headers.items()})
    assert status == expect, f"{method} {path}: {status} {answer[:500]}"
    return got, json.loads(answer)


def the_registers_describe_themselves():
    items = ask("GET", "")[1]["items"]
    names = [item["id"] for item in items]
    assert names == sorted(names) and {"facilities", "persons", "certificates", "data-assets", "orders"} <= set(names)
    for item in items:
        assert item["purpose"]["ja"] and item["purpose"]["en"] and item["may_write"] is (item["kind"] == "register")
        fields = {field["id"] for field in item["fields"]}
        assert item["title"] in fields and set(item["list"]) <= fields


def a_record_is_added_read_changed_and_deleted():
    headers, made = ask("POST", "/contractors", {"values": contractor}, 201)
    assert made["id"] == "CON-0001" and made["version"] == 1 and headers["ETag"].startswith('"1-')
    path = "/contractors/CON-0001"
    headers, read = ask("GET", path)
    assert read == made and headers["ETag"].startswith('"1-')
    changed = {**contractor, "critical": True, "next_audit": "2027-03-31"}
    headers, after = ask("PUT", path, {"values": changed}, If_Match='"1"')
    assert after["version"] == 2 and after["review_due"] and headers["ETag"].startswith('"2-')
    then = ask("GET", f"{path}?as_of={made['at'].replace('+', '%2B')}")[1]
    assert then["version"] == 1 and then["values"]["critical"] is False
    history = ask("GET", f"{path}/history")[1]["items"]
    assert [entry["action"] for entry in history] == ["add", "change"]
    assert {change["field"] for change in history[1]["changes"]} == {"critical", "next_audit"}
    assert ask("DELETE", path, expect=428)[1]["detail"].startswith("If-Match")
    assert ask("DELETE", path, expect=412, If_Match='"1"')[1]["code"] == "precondition-failed"
    assert ask("DELETE", path, If_Match='"2"')[1]["deleted"] is True
    ask("GET", path, expect=404)


def wrong_fields_are_422_each_with_its_reason():
    body = ask("POST", "/contractors", {"values": {"name": "X", "country": "Japan", "critical": True, "colour": 1}}, 422)[1]
    assert body["code"] == "invalid" and body["detail_ja"]
    assert {f["field"] for f in body["fields"]} == {"country", "work", "handles_user_info", "next_audit", "colour"}, body["fields"]
    assert all(f["ja"] and f["en"] for f in body["fields"])


def what_is_referred_to_stays():
    _, maker = ask("POST", "/contractors", {"id": "maker", "values": contractor}, 201)
    _, system = ask("POST", "/systems", {"values": {"name": "監視", "kind": "telecom", "purpose": "監視", "hosting": "own",
                                                    "internet": False, "vendor": "maker"}}, 201)
    refused = ask("DELETE", "/contractors/maker?version=1", expect=409)[1]["detail"]
    assert f"systems {system['id']} (vendor)" in refused, refused
    listed = ask("GET", "/systems?vendor=maker")[1]
    assert listed["total"] == 1 and listed["items"][0]["id"] == system["id"]
    refused = ask("POST", "/systems", {"values": {**system["values"], "vendor": "nobody"}}, 422)[1]
    assert [f["field"] for f in refused["fields"]] == ["vendor"]


def a_repeated_post_makes_one_record():
    values = {**contractor, "name": "二度押し工業"}
    first = ask("POST", "/contractors", {"values": values}, 201, Idempotency_Key="abc")[1]
    again = ask("POST", "/contractors", {"values": values}, 201, Idempotency_Key="abc")[1]
    assert first["id"] == again["id"]
    ask("POST", "/contractors", {"values": contractor}, 409, Idempotency_Key="abc")


def sealed_fields_are_shown_only_on_request_and_the_look_is_an_event():
    ask("POST", "/persons", {"id": "p1", "values": {"name": "佐藤", "department": "運用", "active": True}}, 201)
    system = ask("GET", "/systems")[1]["items"][0]["id"]
    asset = {"name": "通信記録", "category": "secrecy", "description": "発着信", "system": system, "country": "JP", "owner": "p1",
             "access": "二人で開ける"}
    ask("POST", "/data-assets", {"id": "d1", "values": asset}, 201)
    assert ask("GET", "/data-assets/d1")[1]["values"]["access"] == {"sealed": True}
    before = server.get("/healthz")["ledger_size"]
    assert ask("GET", "/data-assets/d1?reveal=1")[1]["values"]["access"] == "二人で開ける"
    assert server.get("/healthz")["ledger_size"] == before + 1
    assert "二人で開ける" not in json.dumps(ask("GET", "/data-assets")[1], ensure_ascii=False)
    assert ask("GET", "/persons?search=" + "%E4%BD%90%E8%97%A4")[1]["total"] == 1


def an_import_shows_what_it_will_do_then_does_it():
    csv = "id,name,country,work,critical,handles_user_info\r\nmaker,北海ネット工事(改),JP,保守,いいえ,いいえ\r\nnew,新会社,JP,監視,false,false\r\n"
    answers = []
    for query in ("?dry_run=1", ""):
        status, _, body = server.request("POST", f"{BASE}/contractors/import{query}", csv, "text/csv")
        assert status == 200, body
        answers.append(json.loads(body))
    dry, done = answers
    assert dry["items"] == done["items"] and dry["applied"] == 0 and done["applied"] == 2
    assert {"field": "name", "from": "北海ネット工事", "to": "北海ネット工事(改)"} in dry["items"][0]["fields"]
    status, headers, body = server.request("GET", f"{BASE}/contractors/export.csv")
    assert status == 200 and headers["Content-Type"].startswith("text/csv") and "contractors.csv" in headers["Content-Disposition"]
    status, _, again = server.request("POST", f"{BASE}/contractors/import?dry_run=1", body, "text/csv")
    assert json.loads(again)["same"] == json.loads(again)["total"] == 3
    bad = "id,name\nmaker,\nx,\n"
    answer = json.loads(server.request("POST", f"{BASE}/contractors/import", bad, "text/csv")[2])
    assert answer["error"] == 2 and answer["applied"] == 0 and answer["items"][0]["line"] == 2
    assert server.request("POST", f"{BASE}/contractors/import", csv, "application/json")[0] == 415


def a_deleted_record_comes_back_and_the_history_says_who_did_what():
    made = ask("POST", "/contractors", {"values": contractor}, 201)[1]
    path = f"/contractors/{made['id']}"
    ask("POST", f"{path}/restore", expect=409)
    ask("DELETE", path, If_Match='"1"')
    back = ask("POST", f"{path}/restore")[1]
    assert back["version"] == 3 and back["values"] == made["values"] and ask("GET", path)[1] == back
    history = ask("GET", f"{path}/history")[1]["items"]
    assert [(entry["action"], entry["deleted"]) for entry in history] == [("add", False), ("delete", True), ("restore", False)]
    gone, again = history[1]["changes"], history[2]["changes"]
    assert {c["field"]: c["from"] for c in gone} == made["values"] == {c["field"]: c["to"] for c in again}
    assert all(c["to"] is None for c in gone) and all(c["from"] is None for c in again)


def a_page_begins_where_the_last_one_ended_whatever_came_between():
    for n in range(7):
        ask("POST", "/contractors", {"id": f"page-{n}", "values": {**contractor, "name": f"頁{n % 3}", "work": "頁"}}, 201)
    path, seen, cursor = "/contractors?order=name&limit=2", [], ""
    while cursor is not None:
        page = ask("GET", path + (f"&cursor={cursor}" if cursor else ""))[1]
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if len(seen) == 4:  # one more before the place, one less
            ask("POST", "/contractors", {"id": "page-x", "values": {**contractor, "name": "あ"}}, 201)
            ask("DELETE", f"/contractors/{seen[0]}?version=" + str(ask("GET", f"/contractors/{seen[0]}")[1]["version"]))
            gone = seen[0]
    everything = [item["id"] for item in ask("GET", "/contractors?order=name&limit=500")[1]["items"]]
    assert len(seen) == len(set(seen)) and set(everything) - {"page-x"} == set(seen) - {gone}
    first = ask("GET", path)[1]["next"]
    ask("GET", f"/contractors?limit=2&cursor={first}", expect=400)
    ask("GET", f"/contractors?order=name&limit=2&cursor={first[:-4]}", expect=400)
    if gone != "maker":
        ask("POST", f"/contractors/{gone}/restore")


def accidents_are_a_register_that_is_only_read_and_is_referred_to():
    accident = server.post("/api/v1/accidents", {"title": "中継局の断", "started_at": "2026-11-01T09:00:00+09:00", "services": {"voice": 100}}, 201)
    schemas = {item["id"]: item for item in ask("GET", "")[1]["items"]}
    assert {name for name, item in schemas.items() if item["kind"] == "view"} == {"accidents", "near-misses", "leaks"}
    listed = ask("GET", "/accidents?order=started_at&descending=1&state=confirmed&started_at.from=2026-11-01")[1]
    found = {item["id"]: item for item in listed["items"]}
    assert found[accident["id"]]["title"] == "中継局の断" and found[accident["id"]]["values"]["started_at"] == "2026-11-01T09:00:00+09:00"
    assert accident["id"] in {item["id"] for item in ask("GET", "/accidents?search=" + quote("中継局"))[1]["items"]}
    assert accident["id"] in server.request("GET", f"{BASE}/accidents/export.csv")[2].decode()
    assert ask("GET", f"/accidents/{accident['id']}/history")[1]["items"][0]["changes"]
    ask("POST", "/accidents", {"values": {"title": "x"}}, 403)
    ask("DELETE", f"/accidents/{accident['id']}?version=1", expect=403)
    ask("GET", "/accidents?due=1", expect=400)
    measure = {"title": "二重化", "source": "accident", "measure": "経路を分ける", "owner": "p1", "deadline": "2026-12-01", "status": "open"}
    made = ask("POST", "/countermeasures", {"values": {**measure, "accident": accident["id"]}}, 201)[1]
    assert made["values"]["accident"] == accident["id"]
    refused = ask("POST", "/countermeasures", {"values": {**measure, "accident": "A2026-9999"}}, 422)[1]
    assert '"accident"' in json.dumps(refused), refused


def what_falls_due_is_listed_over_all_registers_soonest_first():
    page = ask("GET", "/due?until=2099-12-31&limit=500")[1]
    dates = [item["date"] for item in page["items"]]
    assert page["total"] == len(dates) > 5 and dates == sorted(dates) and page["next"] is None
    measure = [item for item in page["items"] if item["register"] == "countermeasures"][0]
    assert measure["field"] == "deadline" and measure["date"] == "2026-12-01" and measure["title"] == "二重化"
    assert measure["overdue"] is (measure["date"] < page["today"])
    one_by_one, cursor = [], ""
    while cursor is not None:
        step = ask("GET", "/due?until=2099-12-31&limit=2" + (f"&cursor={cursor}" if cursor else ""))[1]
        one_by_one += step["items"]
        cursor = step["next"]
    assert one_by_one == page["items"]
    assert json.loads(cli("due", "--until", "2099-12-31", "--limit", "500").stdout)["items"] == page["items"]
    assert ask("GET", "/due?until=2001-01-01")[1]["items"] == []
    ask("GET", "/due?until=soon", expect=400)
    ask("GET", "/due?from=soon", expect=400)
    one = page["items"][-1]["date"]
    expected = [item for item in page["items"] if item["date"] == one]
    assert ask("GET", f"/due?from={one}&until={one}&limit=500")[1]["items"] == expected and len(expected) < len(page["items"])
    ask("GET", "/due?cursor=zzz", expect=400)
    record = ask("GET", f"/countermeasures/{measure['id']}")[1]
    ask("PUT", f"/countermeasures/{measure['id']}", {"version": record["version"], "values": {**record["values"], "status": "done", "done_on": "2026-11-20"}})
    assert "countermeasures" not in {item["register"] for item in ask("GET", "/due?until=2099-12-31&limit=500")[1]["items"]}


def a_question_to_a_register_is_saved_under_a_name():
    path = "/contractors/views/" + quote("海外の委託先")
    assert ask("GET", "/contractors/views")[1]["items"] == []
    saved = ask("PUT", path, {"query": {"country": "US", "order": "name", "descending": "1"}, "shared": True})[1]
    assert saved["own"] is True and saved["shared"] is True and ask("GET", path)[1] == saved
    assert ask("GET", "/contractors/views")[1]["items"] == [saved]
    for wrong in ({"query": {"colour": "red"}}, {"query": {"order": "colour"}}, {"query": {"country": 1}}, {"query": []}, {}, {"query": {}, "shared": "yes"},
                  {"query": {"country": "x" * 201}}):
        ask("PUT", path, wrong, 400)
    assert ask("DELETE", path)[1]["deleted"] is True
    ask("GET", path, expect=404)
    ask("DELETE", path, expect=404)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EDIT = """
import openpyxl, sys, datetime
book = openpyxl.load_workbook(sys.argv[1])
sheet = book.active
assert sheet.row_dimensions[2].hidden and sheet["A2"].value == "id" and sheet["A1"].value == "番号"
columns = {cell.value: cell.column for cell in sheet[2]}
row = next(row for row in sheet.iter_rows(min_row=3) if row[0].value == "maker")[0].row
sheet.cell(row, columns["next_audit"]).value = datetime.date(2027, 6, 30)
sheet.cell(row, columns["critical"]).value = True
last = sheet.max_row + 1
for field, value in {"id": "sheet-1", "name": "表計算社", "country": "JP", "work": "=1/0" if len(sys.argv) > 3 else "保守", "critical": False,
                     "handles_user_info": False}.items():
    sheet.cell(last, columns[field]).value = value
if len(sys.argv) > 3:
    sheet.cell(last, columns["work"]).value = "#DIV/0!"
    sheet.cell(last, columns["work"]).data_type = "e"
book.save(sys.argv[2])
"""


def take(body, query="", type=XLSX, expect=200, register="contractors"):
    status, _, answer = server.request("POST", f"{BASE}/{register}/import{query}", body, type)
    assert status == expect, (status, answer[:500])
    return json.loads(answer)


def a_spreadsheet_goes_out_and_comes_back_with_what_was_changed_in_it():
    status, headers, book = server.request("GET", f"{BASE}/contractors/export.xlsx")
    assert status == 200 and headers["Content-Type"] == XLSX and "contractors.xlsx" in headers["Content-Disposition"]
    answer = take(book, "?dry_run=1")
    assert answer["same"] == answer["total"] > 2 and answer["error"] == 0 and answer["items"][0]["line"] == 3
    assert take(book, "?dry_run=1&sheet=" + quote("無い表"), expect=400)["code"] == "input"
    assert take(book[:-40], "?dry_run=1", expect=400)["detail"]
    assert take(book, type="application/zip", expect=415)
    with tempfile.TemporaryDirectory() as folder:
        before, after = pathlib.Path(folder, "before.xlsx"), pathlib.Path(folder, "after.xlsx")
        before.write_bytes(book)
        assert json.loads(server.request("POST", f"{BASE}/contractors/import?dry_run=1", before.read_bytes(), XLSX)[2])["same"] == answer["same"]
        for words in ([], ["error"]):
            done = subprocess.run(["/usr/bin/python3", "-c", EDIT, before, after, *words], capture_output=True, timeout=60)
            if b"No module named" in done.stderr:
                print("# openpyxl is not there: another program's spreadsheet is not tried")
                return
            assert done.returncode == 0, done.stderr
            planned = take(after.read_bytes(), "?dry_run=1")
            if words:
                bad = [row for row in planned["items"] if row["action"] == "error"]
                assert planned["error"] == 1 and bad[0]["line"] == answer["total"] + 3, planned
                assert {(e["field"], e.get("column", 0) > 1) for e in bad[0]["errors"]} == {("work", True)}, bad
                assert take(after.read_bytes())["applied"] == 0
            else:
                assert (planned["add"], planned["change"], planned["error"]) == (1, 1, 0), planned
                changed = [row for row in planned["items"] if row["action"] == "change"][0]
                assert changed["id"] == "maker" and {c["field"] for c in changed["fields"]} == {"critical", "next_audit"}
                assert take(after.read_bytes())["applied"] == 2
    read = ask("GET", "/contractors/maker")[1]["values"]
    assert read["next_audit"] == "2027-06-30" and read["critical"] is True


def evidence_is_kept_by_hash():
    status, _, body = server.request("POST", "/api/v1/register-files", b"%PDF-1.7 ...", "application/octet-stream")
    kept = json.loads(body)
    assert status == 201 and kept["size"] == 12
    ask("POST", "/documents", {"values": {"title": "管理規程", "kind": "procedure", "file": {"sha256": kept["sha256"], "name": "規程.pdf"}}}, 201)
    status, headers, back = server.request("GET", f"/api/v1/register-files/{kept['sha256']}")
    assert back == b"%PDF-1.7 ..." and headers["Content-Disposition"].startswith("attachment")
    ask("POST", "/documents", {"values": {"title": "x", "kind": "procedure", "file": {"sha256": "0" * 64, "name": "a"}}}, 422)


def a_topology_goes_in_and_comes_out():
    lines = [{"id": "core", "kind": "core", "name": "中核局", "prefecture": "13", "needs": [], "users": {}},
             {"id": "cell:1", "kind": "cell", "name": "cell:1", "lat": 35.5, "lon": 139, "needs": [{"of": ["core"], "at_least": 1}], "users": {"voice": 9}}]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    for query, applied in (("?dry_run=1", 0), ("", 2), ("", 0)):
        status, _, body = server.request("POST", f"/api/v1/topology{query}", text, "application/x-ndjson")
        answer = json.loads(body)
        assert status == 200 and answer["applied"] == applied and answer["error"] == 0 and answer["note"]["ja"], answer
    status, headers, body = server.request("GET", "/api/v1/topology")
    back = {line["id"]: line for line in map(json.loads, body.decode().splitlines())}
    assert back == {line["id"]: line for line in lines}, back
    bad = json.loads(server.request("POST", "/api/v1/topology", text + "{}\nnonsense\n", "application/x-ndjson")[2])
    assert bad["error"] == 2 and bad["applied"] == 0 and [row["line"] for row in bad["items"] if row["action"] == "error"] == [3, 4]
    assert cli("export", "facilities", "--format", "jsonl").stdout == body


def bad_requests_are_refused_with_a_sentence():
    for method, path, body, expect in (
            ("GET", "/nothing", None, 404), ("GET", "/contractors/none", None, 404), ("GET", "/contractors?colour=red", None, 400),
            ("GET", "/contractors?limit=0", None, 400), ("GET", "/contractors?cursor=zzz", None, 400),
            ("GET", "/contractors/maker?as_of=yesterday", None, 400), ("GET", "/contractors?search=x", None, 400),
            ("POST", "/contractors", {"id": "a/b", "values": contractor}, 400), ("POST", "/contractors", {"id": "maker", "values": contractor}, 409),
            ("POST", "/contractors", {"values": []}, 400), ("PUT", "/contractors/maker", {"values": contractor}, 428),
            ("PUT", "/contractors/none", {"version": 1, "values": contractor}, 404), ("GET", "/contractors/export.xml", None, 404)):
        answer = ask(method, path, body, expect)[1]
        assert answer["detail"] and answer["detail_ja"], (path, answer)


def cli(*words, expect=0, data=None):
    done = subprocess.run([PROGRAM, "register", *words, "--data", data or server.data], capture_output=True, timeout=60)
    assert done.returncode == expect, f"{words}: {done.returncode} {done.stderr.decode()}"
    return done


def the_command_line_gives_the_same_and_does_not_write_beside_a_server():
    assert json.loads(cli("get", "contractors", "maker").stdout) == ask("GET", "/contractors/maker")[1]
    assert json.loads(cli("history", "contractors", "maker").stdout) == ask("GET", "/contractors/maker/history")[1]
    assert cli("export", "contractors").stdout == server.request("GET", f"{BASE}/contractors/export.csv")[2]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "record.json")
        file.write_text(json.dumps({"values": contractor}), encoding="utf-8")
        refused = cli("put", "contractors", str(file), expect=2)
        assert "server" in refused.stderr.decode(), refused.stderr
        data = str(pathlib.Path(folder, "data"))
        made = json.loads(cli("put", "contractors", str(file), data=data).stdout)
        assert made["id"] == "CON-0001" and made["version"] == 1
        file.write_text(json.dumps({"version": 1, "values": {**contractor, "name": "改"}}), encoding="utf-8")
        assert json.loads(cli("put", "contractors", str(file), "CON-0001", data=data).stdout)["version"] == 2
        assert "version 2" in cli("put", "contractors", str(file), "CON-0001", data=data, expect=2).stderr.decode()
        csv = pathlib.Path(folder, "c.csv")
        csv.write_text("id,name\nCON-0001,再改\n", encoding="utf-8")
        assert json.loads(cli("import", "contractors", str(csv), "--dry-run", data=data).stdout)["change"] == 1
        assert json.loads(cli("import", "contractors", str(csv), data=data).stdout)["applied"] == 1
        csv.write_text("id,name\nCON-0001,\n", encoding="utf-8")
        assert json.loads(cli("import", "contractors", str(csv), data=data, expect=1).stdout)["error"] == 1
        listed = json.loads(cli("list", "contractors", data=data).stdout)
        assert listed["items"][0]["title"] == "再改"
        assert "contractors" in cli("list", data=data).stdout.decode()


def a_register_is_added_by_adding_a_file():
    label = {"ja": "項目", "en": "Field"}
    own = {"format": "tokatsu-register/1", "id": "generators", "label": {"ja": "発電機台帳", "en": "Generators"},
           "purpose": {"ja": "非常用発電機を記録します。", "en": "Emergency generators."}, "title": "name", "list": ["name", "fuel"],
           "read": ["administrator"], "write": ["administrator"],
           "fields": [{"id": "name", "type": "text", "label": label, "required": True},
                      {"id": "fuel", "type": "number", "label": label, "unit": "L", "min": 0}]}
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "generators.json").write_text(json.dumps(own), encoding="utf-8")
        with Server("--registers", folder) as other:
            assert [item["id"] for item in other.get(BASE)["items"]] == ["generators"]
            made = other.post(f"{BASE}/generators", {"values": {"name": "第一", "fuel": 900}}, 201)
            assert made["id"] == "GEN-0001"
            assert other.get(f"{BASE}/generators?fuel.from=500")["total"] == 1
            table = "id,項目\n".replace("項目", "name") + "GEN-9,第九発電機\n"
            status, _, body = other.request("POST", f"{BASE}/generators/import", table, "text/csv")
            assert json.loads(body)["applied"] == 1, body
            assert [item["id"] for item in other.get(f"{BASE}/generators?search=" + quote("第九"))["items"]] == ["GEN-9"]
            sheet = other.request("GET", f"{BASE}/generators/export.xlsx")[2]
            status, _, body = other.request("POST", f"{BASE}/generators/import?dry_run=1", sheet, XLSX)
            assert json.loads(body)["same"] == 2, body
            assert [entry["action"] for entry in other.get(f"{BASE}/generators/GEN-9/history")["items"]] == ["import"]
            told = json.loads(cli("list", "generators", "--registers", folder, data=other.data).stdout)
            assert {item["id"] for item in told["items"]} == {"GEN-0001", "GEN-9"}
            assert cli("export", "generators", "--registers", folder, data=other.data).stdout.startswith(b"id,name,fuel")
        own["fields"][1]["type"] = "litres"
        pathlib.Path(folder, "generators.json").write_text(json.dumps(own), encoding="utf-8")
        done = subprocess.run([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--demo", "--registers", folder], capture_output=True, timeout=60)
        assert done.returncode == 2 and "generators.json: field “fuel”: type" in done.stderr.decode(), done.stderr


try:
    run(the_registers_describe_themselves, a_record_is_added_read_changed_and_deleted, wrong_fields_are_422_each_with_its_reason,
    what_is_referred_to_stays, a_repeated_post_makes_one_record, sealed_fields_are_shown_only_on_request_and_the_look_is_an_event,
    an_import_shows_what_it_will_do_then_does_it, a_deleted_record_comes_back_and_the_history_says_who_did_what,
    a_page_begins_where_the_last_one_ended_whatever_came_between, accidents_are_a_register_that_is_only_read_and_is_referred_to,
    what_falls_due_is_listed_over_all_registers_soonest_first, a_spreadsheet_goes_out_and_comes_back_with_what_was_changed_in_it, a_question_to_a_register_is_saved_under_a_name, evidence_is_kept_by_hash, a_topology_goes_in_and_comes_out, bad_requests_are_refused_with_a_sentence,
    the_command_line_gives_the_same_and_does_not_write_beside_a_server, a_register_is_added_by_adding_a_file)
finally:
    server.stop()
