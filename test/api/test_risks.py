"""Risk over HTTP: the criteria of the day, movement, acceptance, assurance, bow ties, sources and references."""
import datetime
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import Server, run

server = Server()

AXES = {"likelihood": "まれ | Rare\n時々 | Sometimes\n頻繁 | Often", "consequence": "小 | Small\n中 | Medium\n大 | Large",
        "levels": "low | 低 | Low | #2e7d32 | ○ | take\nhigh | 高 | High | #c62828 | ▲ | treat\ntop | 極 | Top | #7b1fa2 | × | never"}
FIRST = "low low high\nlow high high\nhigh high top"
SECOND = "low low high\nhigh high high\nhigh high top"


def record(register, values, id=None, status=201):
    return server.post(f"/api/v1/registers/{register}", {"values": values} | ({"id": id} if id else {}), status)


def matrix(id, since, cells, state="adopted", status=201):
    return record("risk-matrices", AXES | {"name": f"基準 {since}", "family": "全社", "state": state, "from": since, "cells": cells}, id, status)


def risk(id, assessed, current, **more):
    values = {"title": f"試験 {id}", "status": "analysed", "category": "equipment", "source": "源", "event": "事象", "consequence": "結果",
              "matrix": "M1", "assessed": assessed, "owner": "P1", "review": "2199-01-01"}
    if current:
        values |= {"current_likelihood": current[0], "current_consequence": current[1]}
    return record("risks", values | more, id)


def seen(id):
    return next(one for one in server.get("/api/v1/risks")["items"] if one["id"] == id)


def codes(id):
    return {one["code"] for one in seen(id)["attention"]}


def an_empty_register_says_so_and_the_process_says_what_is_missing():
    answer = server.get("/api/v1/risks")
    assert answer["items"] == [] and answer["summary"]["total"] == 0, answer
    steps = {step["id"]: step for step in server.get("/api/v1/risks/process")["steps"]}
    assert list(steps) == ["communication", "scope", "identification", "analysis", "evaluation", "treatment", "monitoring", "recording"], list(steps)
    assert [gap["id"] for gap in steps["scope"]["gaps"]] == ["no-criteria-now"], steps["scope"]


def an_adopted_matrix_that_is_not_sound_is_refused_naming_the_cell():
    refused = matrix("M0", "2020-01-01", "low high high\nlow low high\nhigh high top", status=422)
    found = refused["fields"][0]
    assert found["field"] == "cells" and "likelihood 2, consequence 2" in found["en"] and "起こりやすさ2・影響2" in found["ja"], found
    matrix("M0", "2020-01-01", "unfinished", state="draft")
    matrix("M1", "2020-01-01", FIRST)
    matrix("M2", "2025-01-01", SECOND)
    person = {"name": "所有 者", "department": "設備", "active": True}
    record("persons", person, "P1")


def a_risk_is_judged_by_the_criteria_of_its_day():
    risk("R1", "2024-12-31", (2, 1))
    risk("R2", "2025-01-01", (2, 1))
    risk("R3", "2019-12-31", (2, 1))
    assert (seen("R1")["criteria"], seen("R1")["current"]["level"]["id"]) == ("M1", "low"), seen("R1")
    assert (seen("R2")["criteria"], seen("R2")["current"]["level"]["id"]) == ("M2", "high"), seen("R2")
    assert seen("R3")["criteria"] is None and "no-criteria" in codes("R3"), seen("R3")
    assert "no-treatment" in codes("R2") and codes("R1") == set(), codes("R1")


def another_matrix_shows_what_moves_and_writes_nothing():
    answer = server.post("/api/v1/risks/matrix-trial", {"matrix": "M2"})
    assert [(m["risk"], m["from"]["id"], m["to"]["id"]) for m in answer["moves"] if m["risk"] == "R1"] == [("R1", "low", "high")], answer
    assert answer["summary"] == {"up": 2, "down": 0, "same": 1, "cannot": 0}, answer["summary"]
    wrong = server.post("/api/v1/risks/matrix-trial", AXES | {"cells": "low low low\nlow low low\nlow low"})
    assert wrong["matrix"] is None and wrong["findings"][0]["field"] == "cells", wrong
    assert server.post("/api/v1/risks/matrix-trial", {"cells": FIRST}, 400)["field"] == "likelihood"
    assert server.get("/api/v1/registers/risk-matrices/M2")["version"] == 1


def half_an_analysis_is_refused():
    values = server.get("/api/v1/registers/risks/R1")["values"] | {"target_likelihood": 1}
    refused = record("risks", values, "R9", 422)
    assert refused["fields"][0]["field"] == "target_consequence", refused


def bearing_a_risk_above_the_appetite_needs_another_general_manager():
    risk("R4", "2025-02-01", (2, 2), treatment="accept")
    risk("R5", "2025-02-01", (3, 3), treatment="accept")
    assert "acceptance-missing" in codes("R4") and "not-acceptable" in codes("R5"), (codes("R4"), codes("R5"))
    values = {"risk": "R4", "state": "asked", "reason": "費用に見合わない", "likelihood": 2, "consequence": 2, "expires": "2199-01-01"}
    made = record("risk-acceptances", values)
    assert codes("R4") == {"acceptance-waiting"}, codes("R4")
    path = f"/api/v1/registers/risk-acceptances/{made['id']}"
    status, _, _ = server.request("PUT", path, {"values": values | {"state": "accepted"}, "version": 1})
    assert status in (403, 422), status  # whoever asked does not decide
    server.post("/api/v1/accounts", {"name": "gm", "role": "general-manager", "password": "a long password for the test"}, 201)
    manager = server.sign_in("gm", "a long password for the test")
    status, _, body = server.request("PUT", path, {"values": values | {"state": "accepted"}, "version": 1}, None, manager.headers)
    assert status == 200, body
    assert codes("R4") == set() and seen("R4")["acceptance"]["approver"] == "gm", seen("R4")
    record("risk-acceptances", values | {"risk": "R2", "state": "draft", "expires": "2020-01-01"})
    due = server.get("/api/v1/registers/due?until=2100-01-01")["items"]
    assert any(one["register"] == "risk-acceptances" and one["overdue"] for one in due), due


def a_risk_that_rose_is_not_covered_by_what_was_accepted():
    old = server.get("/api/v1/registers/risks/R4")
    body = {"values": old["values"] | {"current_consequence": 3}, "version": old["version"]}
    assert server.request("PUT", "/api/v1/registers/risks/R4", body)[0] == 200
    assert codes("R4") == {"acceptance-exceeded"}, codes("R4")
    whole = server.get("/api/v1/risks/R4")
    assert [(v["version"], v["current"]["consequence"]) for v in whole["trail"]] == [(1, 2), (2, 3)], whole["trail"]
    assert server.get("/api/v1/risks/NOBODY", 404)["code"] == "not-found"


def measures_and_indicators_count():
    measure = {"title": "二重化", "source": "risk", "measure": "経路を増やす", "owner": "P1", "deadline": "2020-01-01", "status": "doing"}
    record("countermeasures", measure, "MEA-1")
    risk("R6", "2025-02-01", (2, 2), treatment="reduce", measures=["MEA-1"])
    assert codes("R6") == {"measure-overdue"}, codes("R6")
    record("risk-indicators", {"name": "空き", "risk": "R6", "worse": "down", "amber": 20, "red": 10, "value": 9, "next": "2199-01-01"})
    assert seen("R6")["indicators"][0]["state"] == "red" and "indicator-red" in codes("R6")
    risk("R7", "2025-02-01", (2, 2), treatment="reduce")
    assert "no-measure" in codes("R7"), codes("R7")


def assurance_is_walked_and_its_leaves_become_risks():
    def node(id, kind, parent=None, **more):
        record("assurance", {"title": f"段 {id}", "kind": kind} | ({"parent": parent} if parent else {}) | more, id)
    assert record("assurance", {"title": "x", "kind": "work"}, "A0", 422)["fields"][0]["field"] == "parent"
    record("services", {"name": "緊急の音声", "law_service": "voice-emergency", "status": "active", "started": "2020-04-01"}, "S1")
    node("A1", "objective")
    node("A2", "service", "A1", service="S1", level="つながる", tolerable_hours=1, tolerable_users=30000)
    node("A3", "work", "A2")
    node("A4", "resource", "A3", person="P1")
    node("A5", "event", "A4")
    node("A6", "cause", "A5")
    answer = server.get("/api/v1/risks/assurance")
    gaps = {n["id"]: [g["code"] for g in n["gaps"]] for n in answer["nodes"]}
    assert [n["id"] for n in answer["nodes"]] == ["A1", "A2", "A3", "A4", "A5", "A6"], answer
    assert gaps["A2"] == ["beyond-law"] and gaps["A6"] == ["no-risk"] and answer["gaps"] == 2, gaps  # 1 h and 30,000: 施行規則58条2項1号
    ask = {"matrix": "M2", "owner": "P1"}
    dry = server.post("/api/v1/risks/assurance/risks", ask | {"dry_run": True})
    assert [one["node"] for one in dry["items"]] == ["A6"] and dry["items"][0]["id"] is None, dry
    made = server.post("/api/v1/risks/assurance/risks", ask)["items"]
    assert [one["node"] for one in made] == ["A6"], made
    assert [n["title"] for n in server.get(f"/api/v1/risks/{made[0]['id']}")["assurance"]] == [f"段 A{i}" for i in range(1, 7)]
    assert server.post("/api/v1/risks/assurance/risks", ask)["items"] == []
    assert server.post("/api/v1/risks/assurance/risks", {"owner": "P1"}, 400)["field"] == "matrix"


def a_bow_tie_takes_the_worst_of_what_a_barrier_stands_on():
    record("bow-ties", {"title": "停止", "kind": "event", "risk": "R6"}, "B1")
    record("bow-ties", {"title": "<断線>", "kind": "cause", "of": ["B1"]}, "B2")
    record("bow-ties", {"title": "不通", "kind": "consequence", "of": ["B1"]}, "B3")
    record("bow-ties", {"title": "別経路", "kind": "preventive", "of": ["B2"], "effect": "works", "measures": ["MEA-1"]}, "B4")
    record("bow-ties", {"title": "迷子", "kind": "recovery"}, "B5")
    answer = server.get("/api/v1/risks/bow-ties")
    tie = answer["items"][0]
    assert tie["causes"][0]["barriers"][0]["state"] == "late" and tie["bare"] == 1, tie
    assert [one["id"] for one in answer["loose"]] == ["B5"], answer["loose"]
    status, headers, svg = server.request("GET", "/api/v1/risks/bow-ties/B1/picture.svg")
    assert status == 200 and headers["Content-Type"] == "image/svg+xml" and b"&lt;" in svg and b"<\xe6" not in svg, svg
    assert server.request("GET", "/api/v1/risks/bow-ties/B2/picture.svg")[0] == 404


def surveys_are_told_with_their_trend():
    surveys = {one["id"]: one for one in server.get("/api/v1/risks/sources")["surveys"]}
    japan = {one["id"]: one for one in surveys["deloitte-2020"]["lists"][0]["items"]}
    leak = japan["deloitte-2020-japan-leak"]
    assert (leak["rank"], leak["previous_rank"], leak["share"], leak["trend"]) == (3, 5, 21.3, "up"), leak
    assert japan["deloitte-2020-japan-technology"]["trend"] == "new" and japan["deloitte-2020-japan-weather"]["trend"] == "down"
    overseas = {one["id"]: one for one in surveys["deloitte-2020"]["lists"][1]["items"]}
    assert overseas["deloitte-2020-overseas-group"]["trend"] == "same" and overseas["deloitte-2020-overseas-leak"]["rank"] == 5
    for year, rank in (("2024", 4), ("2025", 2)):
        record("risk-sources", {"name": "停電", "survey": "社内", "published": f"{year}-04-01", "population": "部門", "rank": rank})
    own = [one for one in server.get("/api/v1/risks/sources")["surveys"] if one["own"]]
    assert [(s["published"], s["lists"][0]["items"][0]["trend"]) for s in own] == [("2025-04-01", "up"), ("2024-04-01", "unknown")], own


def standards_are_told_with_the_certificates_held():
    record("certificates", {"standard": "ismap", "number": "C-1", "holder": "self", "body": "x", "scope": "y", "issued": "2020-01-01", "expires": "2021-01-01"})
    items = {one["id"]: one for file in server.get("/api/v1/references")["files"] for one in file["items"]}
    assert {"iso-27001", "iso-27011", "nist-csf", "nist-800-53", "nist-800-171", "fedramp", "cmmc", "ismap"} <= set(items), list(items)
    assert [one["expired"] for one in items["ismap"]["held"]] == [True] and items["nist-csf"]["paper"]["date"] == "2018-04"
    frameworks = {one["id"] for one in server.get("/api/v1/controls")["frameworks"]}
    named = {id for one in items.values() for id in one["framework"]}
    assert named <= frameworks, named - frameworks


def tables_and_the_report_go_out():
    status, headers, body = server.request("GET", "/api/v1/risks/export.csv")
    assert status == 200 and "試験 R1".encode() in body, body[:200]
    assert server.request("GET", "/api/v1/risks/export.xlsx")[2][:2] == b"PK"
    assert json.loads(server.request("GET", "/api/v1/risks/export.json")[2])["items"]
    assert server.request("GET", "/api/v1/risks/export.exe")[0] == 404
    status, headers, body = server.request("GET", "/api/v1/risks/report.pdf")
    assert status == 200 and body[:5] == b"%PDF-" and headers["Content-Type"] == "application/pdf", headers
    assert server.get("/api/v1/risks?since=yesterday", 400)["field"] == "since"


def where_a_risk_stood_at_the_end_of_a_day_is_told_from_the_store():
    """The demo carrier's people moved RSK-0007 from 3×4 to 4×4 18 days, and RSK-0001 to 2×5 22 days before the opening."""
    with Server("--demo", "--sign-in") as demo:
        day = datetime.date.fromisoformat(demo.get("/api/v1/registers/risks/RSK-0007")["values"]["assessed"])

        def before(id, days):
            answer = demo.get(f"/api/v1/risks?since={day - datetime.timedelta(days)}")
            one = next(one for one in answer["items"] if one["id"] == id)["before"]
            return one and (one["likelihood"], one["consequence"])

        assert (before("RSK-0007", 1), before("RSK-0007", 0)) == ((3, 4), (4, 4))
        assert (before("RSK-0001", 5), before("RSK-0001", 4)) == ((3, 5), (2, 5))
        assert before("RSK-0001", 400) is None
        trail = demo.get("/api/v1/risks/RSK-0001")["trail"]
        assert [(v["current"]["likelihood"], v["current"]["level"]["id"]) for v in trail] == [(4, "extreme"), (3, "high"), (2, "high")], trail
        assert demo.get("/api/v1/risks")["refused"] == [] and "record was not taken: demo/risks" not in demo.words()


try:
    run(an_empty_register_says_so_and_the_process_says_what_is_missing, an_adopted_matrix_that_is_not_sound_is_refused_naming_the_cell,
        a_risk_is_judged_by_the_criteria_of_its_day, another_matrix_shows_what_moves_and_writes_nothing, half_an_analysis_is_refused,
        bearing_a_risk_above_the_appetite_needs_another_general_manager, a_risk_that_rose_is_not_covered_by_what_was_accepted,
        measures_and_indicators_count, assurance_is_walked_and_its_leaves_become_risks, a_bow_tie_takes_the_worst_of_what_a_barrier_stands_on,
        surveys_are_told_with_their_trend, standards_are_told_with_the_certificates_held, tables_and_the_report_go_out, where_a_risk_stood_at_the_end_of_a_day_is_told_from_the_store)
finally:
    server.stop()
