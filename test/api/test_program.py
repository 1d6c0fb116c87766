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


def office(id, query=""):
    return next(one for one in server.get("/api/v1/program/officers" + query)["offices"] if one["office"] == id)


def gaps(id, level):
    return [gap["text"]["ja"] for gap in office(id)["gaps"] if gap["level"] == level]


def an_office_without_anybody_is_a_gap_and_each_requirement_is_checked():
    assert gaps("general-manager", "missing") == ["選任されている人がいません"], office("general-manager")["gaps"]
    person = record("persons", {"name": "統括 花子", "department": "経営", "active": True, "born": "1970-01-02"})["id"]
    made = record("appointments", {"role": "general-manager", "person": person, "appointed": "2026-04-01", "managing_position": True,
                                   "experience_months": 35, "equal_ability": False})
    found = office("general-manager")
    checks = {one["check"]: one["met"] for one in found["appointments"][0]["checks"]}
    assert checks == {"position": True, "experience": False, "not-barred": True, "before-operations": None, "notified": False}, checks
    assert found["appointments"][0]["name"] == "統括 花子" and gaps("general-manager", "missing") == []
    assert len(gaps("general-manager", "not-met")) == 2 and len(gaps("general-manager", "advice")) == 1  # no deputy
    status, headers, body = server.request("GET", f"/api/v1/program/officers/{made['id']}/notice.pdf")
    assert status == 200 and body.startswith(b"%PDF") and headers["Content-Type"] == "application/pdf", (status, body[:300])
    model = server.get(f"/api/v1/program/officers/{made['id']}/notice.json")
    text = json.dumps(model, ensure_ascii=False)
    assert "統括 花子" in text and "選任" in text and "1970" in text, text[:2000]


def chief_engineers_are_wanted_for_each_site_and_prefecture():
    for fact, value in [("single_municipality", "no"), ("several_prefectures", "yes")]:
        state(fact, value)
    site = record("sites", {"name": "東局", "prefecture": "東京都", "status": "active", "equipment": True, "lines": True})["id"]
    record("sites", {"name": "借局", "prefecture": "大阪府", "status": "active", "equipment": True, "lines": False, "other_carrier": "他社"})
    assert len(gaps("chief-engineer", "missing")) == 5, gaps("chief-engineer", "missing")  # nobody; 2 kinds × (site, prefecture)
    person = server.get("/api/v1/registers/persons")["items"][0]["id"]
    record("appointments", {"role": "chief-engineer", "person": person, "appointed": "2026-04-01", "qualification": "伝送交換",
                            "certificate_kind": "transmission", "certificate_issued": "2020-01-01", "sites": [site], "notified": "2026-04-02"})
    missing = gaps("chief-engineer", "missing")
    assert len(missing) == 3 and not any("「東局」に伝送交換" in text for text in missing), missing
    training = next(one for one in office("chief-engineer")["appointments"][0]["checks"] if one["check"] == "training")
    assert training["due"] == "2027-04-01"


def who_follows_in_an_office_is_not_late_for_the_beginning_of_operations():
    state("operations_begin", "2012-04-01")
    assert office("general-manager")["appointments"][0]["checks"][3]["met"] is False
    person = server.get("/api/v1/registers/persons")["items"][0]["id"]
    record("appointments", {"role": "general-manager", "person": person, "appointed": "2012-03-01", "dismissed": "2026-04-01"})
    assert office("general-manager")["appointments"][0]["checks"][3]["met"] is True


def a_chief_engineer_is_notified_in_our_own_arrangement_and_an_installation_engineer_to_nobody():
    found = office("chief-engineer")["appointments"][0]["record"]
    model = server.get(f"/api/v1/program/officers/{found}/notice.json")
    text = json.dumps(model, ensure_ascii=False)
    assert model["kind"] == "chief-engineer-notification" and "公式の様式ではありません" in text and "東局" in text and "伝送交換主任技術者資格者証" in text, text[:3000]
    status, _, body = server.request("GET", f"/api/v1/program/officers/{found}/notice.pdf")
    assert status == 200 and body.startswith(b"%PDF")
    person = server.get("/api/v1/registers/persons")["items"][0]["id"]
    other = record("appointments", {"role": "installation-engineer", "person": person, "appointed": "2026-04-01"})["id"]
    assert server.request("GET", f"/api/v1/program/officers/{other}/notice.pdf")[0] == 400


def opinions_are_kept_with_the_answer():
    appointment = server.get("/api/v1/registers/appointments")["items"][0]["id"]
    values = {"title": "予備の増設", "appointment": appointment, "given": "2026-05-01", "opinion": "増設すべき", "status": "answered",
              "answered": "2026-06-01", "adopted": "no", "answer": "見送る"}
    status, _, body = server.request("POST", "/api/v1/registers/opinions", {"values": values})
    assert status == 422 and json.loads(body)["fields"][0]["field"] == "reason", body  # a refusal says why
    record("opinions", values | {"reason": "来年度に実施"})
    assert server.get("/api/v1/program/officers")["opinions"]["answered"] == 1


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


def officers_on_the_command_line():
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([PROGRAM, "program", "officers", "--data", folder], capture_output=True, timeout=60)
        told = [json.loads(line)["office"] for line in done.stdout.splitlines()]
        assert done.returncode == 0 and "general-manager" in told, done
    busy = subprocess.run([PROGRAM, "program", "officers", "--data", server.data], capture_output=True, timeout=60)
    assert busy.returncode == 2 and "another server" in busy.stderr.decode(), busy


try:
    run(an_empty_register_cannot_tell_and_says_what_is_missing, statements_with_days_decide_and_say_since_when,
         counts_come_from_the_register_of_subscribers, what_cannot_be_read_is_named_and_the_rest_stands,
         fulfilment_is_a_record_of_people, what_does_not_apply_can_be_run_voluntarily, what_if_shows_what_a_fact_would_bring,
         what_if_shows_what_another_day_changes, every_fact_that_can_be_stated_is_an_option_of_the_register,
         an_office_without_anybody_is_a_gap_and_each_requirement_is_checked,
         chief_engineers_are_wanted_for_each_site_and_prefecture,
         a_chief_engineer_is_notified_in_our_own_arrangement_and_an_installation_engineer_to_nobody, opinions_are_kept_with_the_answer,
         the_command_line_says_the_same, officers_on_the_command_line, who_follows_in_an_office_is_not_late_for_the_beginning_of_operations)
finally:
    server.stop()
