"""The governance programme over HTTP: obligations out of the registers, fulfilment that no computation touches, what-if;
and on the command line."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PROGRAM, Server, run

server = Server()


def record(register, values, id=None):
    return server.post(f"/api/v1/registers/{register}", {"values": values} | ({"id": id} if id else {}), 201)


def state(fact, value, since=None, service=None):
    record("profile", {"fact": fact, "value": value} | ({"from": since} if since else {}) | ({"service": service} if service else {}))


def obligation(id, query=""):
    return next(one for one in server.get("/api/v1/program" + query)["obligations"] if one["id"] == id)


def an_empty_register_cannot_tell_and_says_what_is_missing():
    found = obligation("general-manager")
    assert found["applies"] == "cannot-tell" and {"status", "installs_lines"} <= set(found["missing"]), found


def statements_with_days_decide_and_say_since_when():
    for fact, value in [("status", "registered"), ("installs_lines", "yes"), ("lines_local", "no"), ("lines_exempt", "no"),
                        ("universal_service", "no"), ("eligible", "no"), ("designated_41", "no"), ("domain_name", "no")]:
        state(fact, value)
    state("outsourced_functions", "no", "2020-01-01")
    state("outsourced_functions", "yes", "2025-02-03")
    found = obligation("management-rules-outsourcing")
    assert (found["applies"], found["since"], found["since_open"]) == ("yes", "2025-02-03", False), found
    assert obligation("management-rules-outsourcing", "?date=2025-02-02")["applies"] == "no"
    assert obligation("general-manager")["applies"] == "yes"


def counts_come_from_the_register_of_subscribers():
    record("services", {"name": "接続", "law_service": "internet-access", "status": "active", "started": "2020-04-01", "paid": True}, "SVC-ISP")
    state("universal", "no", service="SVC-ISP")
    state("mobile_numbers", "no", service="SVC-ISP")
    state("reported_class", "yes", service="SVC-ISP")
    for month in range(12):
        year, number = (2025, 4 + month) if month < 9 else (2026, month - 8)
        record("subscribers", {"service": "SVC-ISP", "counted_on": f"{year}-{number:02}-28", "count": 5_000_000 if month else 4_999_988,
                               "method": "billing"})
    before = obligation("criterion-27-5", "?date=2026-05-01")
    assert before["applies"] == "no", before  # 4,999,999 in the mean
    assert next(why["value"] for why in before["why"] if why["fact"] == "monthly_users") == 4_999_999
    assert obligation("criterion-41", "?date=2026-05-01")["applies"] == "yes"  # 5,000,000 on 2026-03-28


def what_cannot_be_read_is_named_and_the_rest_stands():
    state("several_prefectures", "perhaps")
    answer = server.get("/api/v1/program")
    assert any("several_prefectures" in finding["en"] for finding in answer["findings"]), answer["findings"]
    assert obligation("general-manager")["applies"] == "yes"


def fulfilment_is_a_record_of_people():
    person = record("persons", {"name": "試験 太郎", "department": "設備", "active": True})["id"]
    values = {"title": "統括管理者を置く", "basis": "law", "article": "法44条の3", "description": "選任と届出", "owner": person,
              "law_obligation": "general-manager", "state": "done", "next": "2020-01-01"}
    made = record("obligations", values)
    found = obligation("general-manager")["fulfilment"]
    assert [(one["record"], one["owner"], one["overdue"], one["fulfilled"]) for one in found] == [(made["id"], person, True, False)], found
    body = {"values": values | {"next": "2199-01-01"}, "version": made["version"]}
    status, _, answer = server.request("PUT", f"/api/v1/registers/obligations/{made['id']}", body)
    assert status == 200, answer
    summary = server.get("/api/v1/program")["summary"]
    assert summary["fulfilled"] == 1 and summary["overdue"] == 0, summary
    assert server.get(f"/api/v1/registers/obligations/{made['id']}")["version"] == 2  # asking has changed nothing


def what_does_not_apply_can_be_run_voluntarily():
    assert obligation("technical-standards-designated")["voluntary"] is False
    person = server.get("/api/v1/registers/persons")["items"][0]["id"]
    record("obligations", {"title": "自主", "basis": "own", "description": "自主的に行う", "owner": person,
                           "law_obligation": "technical-standards-designated"})
    found = obligation("technical-standards-designated")
    assert found["applies"] == "no" and found["voluntary"] is True
    assert server.get("/api/v1/program")["summary"]["voluntary"] == 1


def what_if_shows_what_a_fact_would_bring():
    answer = server.post("/api/v1/program/what-if", {"date": "2026-06-01", "facts": {"designated_27_5": [{"from": "2026-05-31", "value": True}]}})
    ids = {one["id"] for one in answer["changes"] if one["after"]["applies"] == "yes"}
    assert {"information-rules", "information-policy", "information-manager"} <= ids, ids
    rules = next(one for one in answer["obligations"] if one["id"] == "information-rules")
    assert rules["deadlines"][0]["due"] == "2026-08-31", rules["deadlines"]
    assert obligation("information-rules")["applies"] == "cannot-tell"  # nothing was written


def what_if_shows_what_another_day_changes():
    answer = server.post("/api/v1/program/what-if", {"compare_date": "2021-05-12", "date": "2023-09-26"})
    changes = {one["id"]: one["change"] for one in answer["changes"]}
    assert changes["management-rules-risk"] == "appears" and changes["periodic-report"] == "changes", changes
    assert server.post("/api/v1/program/what-if", {"date": "yesterday"}, 400)["code"] == "input"
    assert server.post("/api/v1/program/what-if", {"fact": {}}, 400)["code"] == "input"
    server.post("/api/v1/program/what-if", {"facts": {"nonsense": True}}, 400)
    server.get("/api/v1/program?date=2021-03-31", 422)


def every_fact_that_can_be_stated_is_an_option_of_the_register():
    facts = {one["fact"] for one in server.get("/api/v1/program/facts")["items"]}
    schema = next(one for one in server.get("/api/v1/registers")["items"] if one["id"] == "profile")
    assert facts == {option["id"] for option in schema["fields"][0]["options"]}


def the_command_line_says_the_same():
    profile = server.get("/api/v1/program")["profile"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "profile.json")
        pathlib.Path(path).write_text(json.dumps(profile), encoding="utf-8")

        def command(*args):
            return subprocess.run([PROGRAM, "program", "obligations", "--profile", path, *args], capture_output=True, timeout=60)
        lines = [json.loads(line) for line in command("--date", "2026-06-01").stdout.splitlines()]
        served = server.get("/api/v1/program?date=2026-06-01")["obligations"]
        assert [(one["id"], one["applies"], one["since"]) for one in lines] == [(one["id"], one["applies"], one["since"]) for one in served]
        changes = [json.loads(line) for line in command("--date", "2021-05-12", "--compare", "2023-09-26").stdout.splitlines()]
        assert "management-rules-risk" in {one["id"] for one in changes}
        table = command("--format", "table", "--lang", "en").stdout.decode()
        assert " +  general-manager" in table and "since 2021-04-01 or before" in table, table[:400]
        assert command("--date", "2021-03-31").returncode == 2 and command("--format", "xml").returncode == 2
        pathlib.Path(path).write_text("{}")
        assert command().returncode == 2


try:
    run(an_empty_register_cannot_tell_and_says_what_is_missing, statements_with_days_decide_and_say_since_when,
         counts_come_from_the_register_of_subscribers, what_cannot_be_read_is_named_and_the_rest_stands,
         fulfilment_is_a_record_of_people, what_does_not_apply_can_be_run_voluntarily, what_if_shows_what_a_fact_would_bring,
         what_if_shows_what_another_day_changes, every_fact_that_can_be_stated_is_an_option_of_the_register,
         the_command_line_says_the_same)
finally:
    server.stop()
