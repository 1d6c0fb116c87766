"""What is read in the office: statistics, the board's report, the ledger's events, changes of the law, what runs here."""
import hashlib
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PASSWORD, Server, ago, run, until

ROOT = pathlib.Path(__file__).resolve().parents[2]
server = Server()


def opened(title, hours, users, **more):
    body = {"title": title, "started_at": ago(hours=hours), "recovered_at": ago(hours=hours - 1), "services": {"voice": users},
            "fault": "telecom-equipment"} | more
    return server.post("/api/v1/accidents", body, 201)


def table(answer, name):
    return next(t for t in answer["tables"] if t["id"] == name)


def statistics_count_what_was_entered_and_the_totals_agree():
    opened("一", 30, 40_000)
    opened("二", 40, 20)
    counted = server.get("/api/v1/statistics")
    assert counted["accidents"] == 2 and counted["synthetic"] is False, counted
    assert len(table(counted, "year")["rows"]) == 5
    for name in ("year", "cause", "matrix"):
        assert table(counted, name)["total"][-1] == 2, name
    one = server.get("/api/v1/statistics?by=cause")
    assert [t["id"] for t in one["tables"]] == ["cause"]
    assert server.request("GET", "/api/v1/statistics?by=colour")[0] == 400
    assert server.request("GET", "/api/v1/statistics?from=2026-13-01")[0] == 400
    assert server.get("/api/v1/statistics?from=2010-04-01&to=2011-03-31")["accidents"] == 0


def the_boards_report_is_numbers_with_evidence_and_one_sheet():
    until(lambda: server.get("/api/v1/ledger")["size"] > 0)  # a signed head is at most a second behind
    report = server.get("/api/v1/board-report")
    figures = {f["id"]: f for f in report["figures"]}
    assert figures["serious"]["value"] == 0 and figures["entries"]["value"] > 0, figures
    assert all(f["evidence"].startswith("/") for f in report["figures"])
    programme = report["programme"]
    assert [q["at"] for q in programme["quarters"]] == sorted(q["at"] for q in programme["quarters"]) and len(programme["quarters"]) == 4
    rows = {r["id"]: r for r in programme["rows"]}
    assert {"applies", "officers-missing", "risks-above", "controls", "orders-open"} <= rows.keys()
    assert rows["orders-open"]["values"] == [None] * 4, rows["orders-open"]  # no order was ever kept: not known, rather than none
    status, headers, body = server.request("GET", "/api/v1/board-report.pdf?wareki=1")
    assert status == 200 and headers["Content-Type"] == "application/pdf" and body.startswith(b"%PDF"), status
    assert len(re.findall(rb"/Type /Page\b", body)) == 1


def the_programme_is_counted_as_it_stands_now_and_was_not_kept_before():
    person = server.post("/api/v1/registers/persons", {"values": {"name": "試験 太郎", "department": "法務", "active": True}}, 201)["id"]
    order = {"title": "報告の求め", "kind": "demand", "received": "2026-01-05", "content": "報告", "deadline": "2026-01-20", "owner": person, "status": "open"}
    kept = server.post("/api/v1/registers/orders", {"values": order}, 201)
    rows = {r["id"]: r for r in server.get("/api/v1/board-report")["programme"]["rows"]}
    assert rows["orders-open"]["values"] == [None, None, None, 1] and rows["orders-late"]["values"][3] == 1, rows["orders-late"]
    assert rows["orders-late"]["level"] == "bad" and rows["orders-late"]["evidence"] == "/calendar?tab=orders"
    answered = order | {"status": "answered", "answered": "2026-01-19", "answer": "回答"}
    server.request("PUT", f"/api/v1/registers/orders/{kept['id']}", {"values": answered, "version": kept["version"]})
    rows = {r["id"]: r for r in server.get("/api/v1/board-report")["programme"]["rows"]}
    assert rows["orders-open"]["values"][3] == 0 and rows["orders-late"]["level"] == "plain"


def what_a_role_may_not_read_is_null_in_the_report_and_not_zero():
    server.post("/api/v1/accounts", {"name": "eng", "role": "engineer", "password": PASSWORD}, 201)
    who = server.sign_in("eng")
    readable = {r["id"] for r in asks(who, "/api/v1/registers")["items"]}
    figures = {f["id"]: f for f in asks(who, "/api/v1/board-report")["figures"]}
    for id, register in (("countermeasures", "countermeasures"), ("certificates-ending", "certificates")):
        assert (figures[id]["value"] is None) == (register not in readable), (id, figures[id])


def asks(who, path, expect=200):
    status, _, body = server.request("GET", path, headers=who.headers)
    assert status == expect, (path, status, body)
    return json.loads(body)


def events_are_found_newest_first_page_by_page():
    for i in range(5):
        server.post("/api/v1/cases?kind=near-miss", {"title": f"試験{i}", "started_at": "2026-04-01T09:00:00+09:00"}, 201)
    seen, before = [], ""
    while True:
        page = server.get(f"/api/v1/ledger/events?kind=near-miss&limit=2{before}")
        seen += [(item["leaf"], item["event"]["id"]) for item in page["items"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert [id for _, id in seen] == [f"N2026-000{n}" for n in (5, 4, 3, 2, 1)], seen
    assert [leaf for leaf, _ in seen] == sorted((leaf for leaf, _ in seen), reverse=True)
    assert server.get("/api/v1/ledger/events?who=nobody-here")["items"] == []
    one = server.get("/api/v1/ledger/events?kind=near-miss&id=N2026-0003&what=open")["items"]
    assert len(one) == 1 and one[0]["event"]["who"] == "admin", one
    assert server.get("/api/v1/ledger/events?to=2020-01-01T00:00:00%2B09:00")["items"] == []
    assert server.request("GET", "/api/v1/ledger/events?from=yesterday")[0] == 400
    until(lambda: server.get("/api/v1/ledger")["size"] > one[0]["leaf"])
    assert server.get(f"/api/v1/ledger/proof?index={one[0]['leaf']}")["entry"].startswith('{"after"')


def quotes_in_a_question_find_nothing_and_break_nothing():
    for text in ('%22', '%5C', 'a%22%2C%22who%22%3A%22admin', '%E3%81%82'):
        assert server.get(f"/api/v1/ledger/events?what={text}")["items"] == [], text


def the_law_of_two_days_is_compared():
    changes = server.get("/api/v1/law-changes?before=2026-03-31&after=2026-04-01")["changes"]
    near = next(c for c in changes if c["after"] and c["after"]["id"] == "near-miss-2026")
    assert near["change"] == "changed" and near["before"]["id"] == "near-miss-2023"
    added = {e["id"] for e in near["after"]["data"]["events"]} - {e["id"] for e in near["before"]["data"]["events"]}
    assert added == {"over-capacity", "wrong-configuration"}, added
    assert server.get("/api/v1/law-changes?before=2026-04-01&after=2026-04-01")["changes"] == []
    back = server.get("/api/v1/law-changes?before=2008-04-01&after=2007-04-01")["changes"]
    assert back and all(c["change"] == "left" and c["after"] is None for c in back)
    assert server.request("GET", "/api/v1/law-changes?before=2026-04-01")[0] == 400


def what_runs_here_names_the_files_by_their_hash_and_no_secret():
    system = server.get("/api/v1/system")
    files = {f["name"]: f["sha256"] for f in system["law"]["files"]}
    assert files["law/jp/accidents.json"] == hashlib.sha256((ROOT / "law/jp/accidents.json").read_bytes()).hexdigest()
    assert any(f["name"] == "registers/persons.json" for f in system["registers"]["files"])
    assert system["store"]["ok"] is True and system["door"]["tls"] is False and system["settings"]["sign_in"] is True
    assert PASSWORD not in str(system)
    who = server.sign_in("eng")
    asks(who, "/api/v1/system", 403)


def a_periodic_list_has_a_draft_with_what_speaks_against_it():
    draft = server.get("/api/v1/periodic/P2025-detailed/draft")
    assert draft["kind"] == "periodic-detailed" and draft["next_number"] == 1 and isinstance(draft["lint"], list)
    assert server.request("GET", "/api/v1/periodic/P20-detailed/draft")[0] == 404


def a_witness_that_was_removed_is_asked_no_more():
    with Server("--witness") as other:
        key = other.get("/api/v1/ledger")["witness_keys"][0]
        added = server.post("/api/v1/ledger/witnesses", {"url": f"http://127.0.0.1:{other.port}/ledger/witness", "key": key}, 201)
        assert [w["id"] for w in server.get("/api/v1/ledger")["witnesses"]] == [added["id"]]
        status, _, body = server.request("DELETE", f"/api/v1/ledger/witnesses/{added['id']}")
        assert status == 200, body
        assert server.get("/api/v1/ledger")["witnesses"] == []
        assert server.request("DELETE", f"/api/v1/ledger/witnesses/{added['id']}")[0] == 404


try:
    run(statistics_count_what_was_entered_and_the_totals_agree, the_boards_report_is_numbers_with_evidence_and_one_sheet, the_programme_is_counted_as_it_stands_now_and_was_not_kept_before,
        what_a_role_may_not_read_is_null_in_the_report_and_not_zero, events_are_found_newest_first_page_by_page,
        quotes_in_a_question_find_nothing_and_break_nothing, the_law_of_two_days_is_compared,
        what_runs_here_names_the_files_by_their_hash_and_no_secret, a_periodic_list_has_a_draft_with_what_speaks_against_it,
        a_witness_that_was_removed_is_asked_no_more)
finally:
    server.stop()
