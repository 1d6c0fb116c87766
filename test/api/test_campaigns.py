"""Inspections and surveys over HTTP: questionnaires, respondents without accounts, misuse of their links, scores, findings with
separation of duties, comparison with the last campaign, and files to take away."""
import csv
import datetime
import http.client
import io
import json
import pathlib
import sys
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import JST, PASSWORD, Server, run

server = Server()
TODAY = datetime.datetime.now(JST).date()


def day(offset):
    return (TODAY + datetime.timedelta(days=offset)).isoformat()


QUESTIONS = {"format": "tokatsu-questionnaire/1", "id": "power", "title": {"ja": "電力", "en": "Power"}, "wording": "own", "areas": [
    {"id": "batteries", "title": {"ja": "蓄電池", "en": "Batteries"}, "weight": 3, "questions": [
        {"id": "tested", "text": {"ja": "試験しましたか。", "en": "Tested?"}, "type": "yes-no", "evidence": "required"},
        {"id": "spare", "text": {"ja": "予備は。", "en": "Spares?"}, "type": "scale", "na": True}]},
    {"id": "words", "title": {"ja": "その他", "en": "Other"}, "questions": [
        {"id": "remark", "text": {"ja": "備考", "en": "Remarks"}, "type": "text", "required": False}]}]}


def campaign(first=0, last=30, kind="self-inspection", questionnaire="power", title="点検"):
    return server.post("/api/v1/campaigns", {"title": title, "kind": kind, "questionnaire": questionnaire, "from": day(first), "to": day(last)}, 201)["id"]


def invite(id, *names):
    people = [{"name": name, "department": "電力課"} for name in names]
    return [link["token"] for link in server.post(f"/api/v1/campaigns/{id}/respondents", {"respondents": people}, 201)["links"]]


def sheet(token, method="GET", path="", body=None, type=None):
    """A respondent's request: the link's secret and nothing else."""
    status, headers, answer = server.request(method, "/api/v1/answer-sheet" + path, body, type, {"Authorization": f"Bearer {token}"})
    return status, json.loads(answer) if answer else None


def attach(token, question="tested", data=b"proof", name="証拠.txt"):
    from urllib.parse import quote
    return sheet(token, "POST", f"/files?question={question}&name={quote(name)}", data, "application/octet-stream")


def fill(token, tested, spare):
    version = attach(token)[1]["version"]
    status, answer = sheet(token, "POST", "/submission", {"version": version, "answers": {"tested": {"value": tested}, "spare": spare}})
    assert status == 200, answer
    return answer


def refused(token, method="GET", path="", body=None):
    status, answer = sheet(token, method, path, body)
    assert status == 404, (status, answer)
    return answer["detail"]


def calm():
    """Waits until this address may try again."""
    for _ in range(70):
        if server.request("GET", "/api/v1/answer-sheet", headers={"Authorization": "Bearer calm"})[0] != 429:
            return
        time.sleep(1)


def as_role(name, role):
    server.post("/api/v1/accounts", {"name": name, "role": role, "password": PASSWORD}, 201)
    return server.sign_in(name)


def asks(who, method, path, body=None):
    status, _, answer = server.request(method, path, body, headers=who.headers)
    return status, json.loads(answer)


def questionnaires_are_checked_kept_and_come_back_as_tables():
    listed = {q["id"]: q for q in server.get("/api/v1/questionnaires")["items"]}
    assert listed["jp-2021-survey"]["built_in"] and listed["jp-2021-survey"]["areas"] == 7 and listed["jp-2021-survey"]["wording"] == "own"
    assert server.post("/api/v1/questionnaires", QUESTIONS, 201)["version"] == 1
    wrong = json.loads(json.dumps(QUESTIONS).replace('"scale"', '"stars"'))
    status, _, body = server.request("POST", "/api/v1/questionnaires", wrong)
    assert status == 400 and b"spare" in body, body
    assert server.request("POST", "/api/v1/questionnaires", QUESTIONS | {"id": "jp-2021-survey"})[0] == 409
    _, _, table = server.request("GET", "/api/v1/questionnaires/jp-2021-survey/table.csv")
    status, _, body = server.request("PUT", "/api/v1/questionnaires/own-survey/table.csv?title=own", table, "text/csv")
    document = json.loads(body)["document"]
    assert status == 200 and [a["id"] for a in document["areas"]] == ["rules", "organisation", "network", "intrusion", "personal-data", "facility-data", "frameworks"]
    status, _, body = server.request("PUT", "/api/v1/questionnaires/bad/table.csv", "area,id,ja,type\na,x,か,nonsense\n", "text/csv")
    assert status == 400, body


def a_draft_is_kept_and_looking_uses_nothing_up():
    id = campaign()
    (token,) = invite(id, "甲")
    for _ in range(3):
        status, seen = sheet(token)
        assert status == 200 and seen["name"] == "甲" and seen["on"] and "token" not in seen, seen
    status, saved = sheet(token, "PUT", "", {"version": seen["version"], "answers": {"spare": {"value": 3, "comment": "予備あり"}}})
    assert status == 200, saved
    assert sheet(token)[1]["answers"]["spare"]["comment"] == "予備あり"
    assert sheet(token, "PUT", "", {"version": seen["version"], "answers": {}})[0] == 409  # somebody saved since
    status, answer = sheet(token, "PUT", "", {"version": saved["version"], "answers": {"spare": {"value": 9}}})
    assert status == 422 and answer["fields"][0]["field"] == "spare", answer
    status, answer = sheet(token, "POST", "/submission", {"version": saved["version"]})
    assert status == 422 and [f["field"] for f in answer["fields"]] == ["tested"], answer
    assert server.get(f"/api/v1/campaigns/{id}")["progress"]["draft"] == 1


def once_handed_in_a_link_opens_nothing():
    id = campaign()
    (token,) = invite(id, "乙")
    answer = fill(token, True, {"value": 2})
    assert len(answer["receipt"]) == 64
    for method, path, body in (("GET", "", None), ("PUT", "", {"version": 3, "answers": {}}), ("POST", "/submission", {"version": 3}),
                               ("POST", "/handover", {"version": 3, "name": "x"})):
        refused(token, method, path, body)
    whole = server.get(f"/api/v1/campaigns/{id}")
    assert whole["results"]["score"] == 75 and whole["progress"]["submitted"] == 1, whole["results"]
    assert whole["respondents"][0]["receipt"] == answer["receipt"]


def misused_links_are_refused_alike():
    one, other, past = campaign(), campaign(), campaign(-30, -1)
    (token,) = invite(one, "甲")
    (foreign,) = invite(other, "乙")
    (late,) = invite(past, "丙")
    (gone,) = invite(one, "丁")
    gone_sheet = gone.rsplit(".", 1)[0]
    server.post(f"/api/v1/campaigns/{one}/respondents/{gone_sheet}", {"action": "revoke"})
    renewed = server.post(f"/api/v1/campaigns/{one}/respondents/{token.rsplit('.', 1)[0]}", {"action": "renew"})["links"][0]["token"]
    crossed = foreign.rsplit(".", 1)[0] + "." + renewed.rsplit(".", 1)[1]  # a good secret for another campaign's sheet
    words = {refused(t) for t in (token, crossed, late, gone, renewed[:-1], renewed + "A", renewed.rsplit(".", 1)[0] + ".", "", "x" * 500,
                                  "CAM-9999.001." + "A" * 43)}
    assert len(words) == 1, words  # nothing is learnt from the words
    assert sheet(renewed)[0] == 200 and sheet(foreign)[0] == 200
    server.post(f"/api/v1/campaigns/{other}/actions", {"action": "close", "version": server.get(f"/api/v1/campaigns/{other}")["version"]})
    refused(foreign)


def a_sheet_is_handed_over_with_a_trace():
    id = campaign()
    (token,) = invite(id, "課長")
    version = sheet(token)[1]["version"]
    status, answer = sheet(token, "POST", "/handover", {"version": version, "name": "担当", "note": "現場のため"})
    assert status == 200 and answer["to"] == "担当", answer
    refused(token)
    assert sheet(answer["token"])[1]["name"] == "担当"
    trace = server.get(f"/api/v1/campaigns/{id}")["respondents"][0]["trace"]
    assert [(t["what"], t.get("who"), t.get("to")) for t in trace] == [("invited", trace[0]["who"], "課長"), ("delegated", "課長", "担当")], trace


def evidence_has_ceilings_and_is_only_for_readers():
    id = campaign()
    (token,) = invite(id, "戊")
    status, answer = attach(token, name="記録.txt")
    assert status == 200 and answer["evidence"][0]["name"] == "記録.txt", answer
    hash = answer["evidence"][0]["sha256"]
    status, headers, body = server.request("GET", f"/api/v1/campaigns/{id}/files/{hash}")
    assert status == 200 and body == b"proof" and "attachment" in headers["Content-Disposition"], headers
    assert server.request("GET", f"/api/v1/campaigns/{campaign()}/files/{hash}")[0] == 404
    assert attach(token, "spare")[0] == 400 and attach(token, name="a/b")[0] == 400
    assert attach(token, data=b"x" * (10 * 1024 * 1024 + 1))[0] == 413
    for i in range(19):
        assert attach(token, data=b"%d" % i)[0] == 200
    assert attach(token, data=b"one more")[0] == 413
    assert sheet(token, "DELETE", f"/files/{hash}")[1]["evidence"][-1]["size"] <= 2
    assert sheet(token, "DELETE", f"/files/{hash}")[0] == 400


def a_campaign_keeps_the_questions_it_began_with():
    id = campaign()
    server.post("/api/v1/questionnaires", json.loads(json.dumps(QUESTIONS, ensure_ascii=False).replace("試験しましたか。", "放電試験をしましたか。", 1)), 201)
    assert server.get(f"/api/v1/campaigns/{id}")["document"]["areas"][0]["questions"][0]["text"]["ja"] == "試験しましたか。"
    later = campaign(1, 40)
    assert server.get(f"/api/v1/campaigns/{later}")["document"]["areas"][0]["questions"][0]["text"]["ja"] == "放電試験をしましたか。"
    (token,) = invite(later, "甲")
    status, seen = sheet(token)
    assert status == 200 and not seen["on"], seen
    assert sheet(token, "PUT", "", {"version": seen["version"], "answers": {}})[0] == 409  # not yet


def two_campaigns_are_compared_question_by_question():
    first = campaign(-400, 30, "survey", "own-survey", "前回")
    second = campaign(-10, 30, "survey", "own-survey", "今回")
    scores = {}
    for id, value in ((first, "written"), (second, "reviewed")):
        (token,) = invite(id, "甲")
        seen = sheet(token)[1]
        answers = {}
        for area in seen["document"]["areas"]:
            for q in area["questions"]:
                answers[q["id"]] = {"value": {"choice": (q.get("options") or [{}])[0].get("id"), "yes-no": True, "scale": 2, "number": 3, "date": "2026-01-01", "text": "無し"}[q["type"]]}
        answers["rules-policy"] = {"value": value}
        status, answer = sheet(token, "POST", "/submission", {"version": seen["version"], "answers": answers})
        assert status == 200, answer
        scores[id] = server.get(f"/api/v1/campaigns/{id}")["results"]["score"]
    found = server.get(f"/api/v1/campaigns/{second}/comparison")
    assert found["with"]["id"] == first and found["score"]["change"] == round(scores[second] - scores[first], 2) > 0, found["score"]
    changes = {q["id"]: q["change"] for q in found["questions"]}
    assert changes["rules-policy"] == 40 and changes["rules-crisis"] == 0, changes
    back = server.get(f"/api/v1/campaigns/{first}/comparison?with={second}")
    assert back["score"]["change"] == -found["score"]["change"]
    assert server.get(f"/api/v1/campaigns/{second}")["comparison"]["with"]["title"] == "前回"


def findings_go_round_and_another_person_verifies():
    owner, planner, checker = as_role("owner", "compliance"), as_role("planner", "chief-engineer"), as_role("checker", "general-manager")
    person = server.post("/api/v1/registers/persons", {"values": {"name": "対策 太郎", "department": "設備", "active": True}}, 201)["id"]
    body = {"title": "監査", "kind": "audit", "questionnaire": "power", "from": day(0), "to": day(9)}
    id = asks(owner, "POST", "/api/v1/campaigns", body)[1]["id"]
    finding = asks(owner, "POST", f"/api/v1/campaigns/{id}/findings", {"title": "試験の記録が無い", "severity": "high", "question": "tested"})[1]
    plan = {"action": "measure", "version": finding["version"], "measure": "記録する", "owner": person, "deadline": day(20)}
    status, finding = asks(planner, "POST", f"/api/v1/findings/{finding['id']}", plan)
    assert status == 200 and finding["state"] == "measure" and finding["measure"]["status"] == "open", finding
    verify = {"action": "verify", "version": finding["version"], "result": "effective", "note": "記録を見た"}
    path = f"/api/v1/findings/{finding['id']}"
    assert asks(checker, "POST", path, verify)[0] == 409  # not done yet
    measure = server.get(f"/api/v1/registers/countermeasures/{finding['measure']['id']}")
    assert measure["values"]["source"] == "audit" and measure["values"]["source_id"] == finding["id"]
    done = {"values": measure["values"] | {"status": "done", "done_on": day(0)}, "version": measure["version"]}
    assert server.request("PUT", f"/api/v1/registers/countermeasures/{measure['id']}", done)[0] == 200  # by admin
    for who in (owner, planner):
        status, answer = asks(who, "POST", path, verify)
        assert status == 403, answer
    assert server.request("POST", path, verify)[0] == 403  # admin wrote the record last
    status, again = asks(checker, "POST", path, verify | {"result": "not-effective", "note": "続いていない"})
    assert status == 200 and again["state"] == "open", again
    status, again = asks(planner, "POST", path, plan | {"version": again["version"], "measure": "様式を作る"})
    second = server.get(f"/api/v1/registers/countermeasures/{again['measure']['id']}")
    server.request("PUT", f"/api/v1/registers/countermeasures/{second['id']}", {"values": second["values"] | {"status": "done", "done_on": day(0)}, "version": second["version"]})
    status, last = asks(checker, "POST", path, verify | {"version": again["version"]})
    assert status == 200 and last["state"] == "verified" and [t["action"] for t in last["trace"]] == ["found", "measure", "verify", "measure", "verify"], last
    assert asks(as_role("looker", "auditor"), "POST", path, verify)[0] == 403


def what_came_of_it_can_be_taken_away():
    id = campaign()
    (token,) = invite(id, "=cmd()")
    fill(token, False, {"na": True})
    _, _, body = server.request("GET", f"/api/v1/campaigns/{id}/answers.csv?lang=en")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert [(r["question"], r["answer"], r["score"], r["files"]) for r in rows] == [("tested", "No", "0", "1"), ("spare", "Not applicable", "", "0"), ("remark", "", "", "0")], rows
    assert rows[0]["name"] == "'=cmd()"  # no formula
    _, _, book = server.request("GET", f"/api/v1/campaigns/{id}/answers.xlsx")
    assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(io.BytesIO(book)).namelist()
    status, headers, pdf = server.request("GET", f"/api/v1/campaigns/{id}/report.pdf")
    assert status == 200 and pdf.startswith(b"%PDF-") and headers["Content-Type"] == "application/pdf"


def no_secret_is_kept_told_or_logged():
    id = campaign()
    tokens = invite(id, "甲", "乙")
    secrets = [t.rsplit(".", 1)[1] for t in tokens]
    sheet(tokens[0])
    text = json.dumps(server.get(f"/api/v1/campaigns/{id}")) + server.words()
    for path in pathlib.Path(server.data).rglob("*"):
        if path.is_file():
            text += path.read_bytes().decode("latin-1")
    assert not any(secret in text for secret in secrets) and len(set(secrets)) == 2 and all(len(s) == 43 for s in secrets)
    assert server.request("GET", f"/api/v1/answer-sheet?token={tokens[0]}", headers={"Authorization": ""})[0] in (400, 404)  # never by the address


def the_last_day_stands_in_the_calendar_while_it_is_open():
    id = campaign(0, 12, title="暦に載る点検")
    found = [i for i in server.get("/api/v1/calendar")["items"] if i["source"] == {"type": "campaign", "id": id}]
    assert [(i["date"], i["state"]) for i in found] == [(day(12), "open")] and "暦に載る点検" in found[0]["title"]["ja"], found
    server.post(f"/api/v1/campaigns/{id}/actions", {"action": "close", "version": 1})
    assert not [i for i in server.get("/api/v1/calendar")["items"] if i["source"]["id"] == id]


def without_mail_reminding_says_so():
    id = campaign()
    invite(id, "甲")
    status, _, body = server.request("POST", f"/api/v1/campaigns/{id}/reminders")
    assert status == 409 and b"mail" in body, body


def ten_thousand_guesses_wait():
    id = campaign()
    (token,) = invite(id, "甲")
    calm()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    counts, began = {}, time.monotonic()
    for i in range(10_000):
        connection.request("GET", "/api/v1/answer-sheet", headers={"Authorization": f"Bearer {token.rsplit('.', 1)[0]}.{i:043d}"})
        answer = connection.getresponse()
        answer.read()
        counts[answer.status] = counts.get(answer.status, 0) + 1
    connection.close()
    print(f"# 10,000 guesses in {time.monotonic() - began:.1f} s: {counts}")
    assert set(counts) == {404, 429} and counts[404] < 60 and counts[429] > 9_900, counts
    assert server.get("/api/v1/campaigns")["total"] > 0  # people of the house are not in the way
    assert server.request("GET", "/api/v1/answer-sheet", headers={"Authorization": f"Bearer {token}"})[0] == 429


run(questionnaires_are_checked_kept_and_come_back_as_tables, a_draft_is_kept_and_looking_uses_nothing_up,
    once_handed_in_a_link_opens_nothing, misused_links_are_refused_alike, a_sheet_is_handed_over_with_a_trace,
    evidence_has_ceilings_and_is_only_for_readers, a_campaign_keeps_the_questions_it_began_with,
    two_campaigns_are_compared_question_by_question, findings_go_round_and_another_person_verifies,
    what_came_of_it_can_be_taken_away, no_secret_is_kept_told_or_logged,
    the_last_day_stands_in_the_calendar_while_it_is_open, without_mail_reminding_says_so, ten_thousand_guesses_wait)
