"""The safety and reliability standard: a carrier's file of the notice is taken or refused whole, counts stand beside the
published ones, and assessments make progress. All text of the notice here is made up (試験用)."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PASSWORD, Server, run

BASE = "/api/v1/program/reliability"
HEAD = "section,item,title,measure,text,lines,designated,others,private,user\n"
SMALL = HEAD + ("facilities.equipment.power,1,試験用の項目,ア,試験用の対策一,◎,◎*,○,−,\n"
                "facilities.equipment.power,1,試験用の項目,イ,試験用の対策二,◎*,,,,\n"
                "management.method.after,1,試験用の別の項目,ア,=試験用の対策三,−,○,,,\n")
server = Server()


def take(text, query="?edition=試験版", expect=200, who=None):
    from urllib.parse import quote
    status, _, body = server.request("POST", f"{BASE}/content{quote(query, safe='?=&_')}", text, "text/csv", who)
    assert status == expect, f"{status} {body[:500]}"
    return json.loads(body)


def overview(query=""):
    return server.get(BASE + query)


def chapter(answer, section):
    return next(one for one in answer["chapters"] if one["section"] == section)


def nothing_is_held_before_a_file_is_imported():
    answer = overview()
    assert answer["content"] is None and answer["may_import"] is True
    assert len(answer["chapters"]) == 23 and chapter(answer, "facilities")["published"] == {"items": 65, "measures": 171}
    assert all(one["items"] == 0 and one["progress"]["asked"] == 0 for one in answer["chapters"])
    assert server.get(f"{BASE}/measures")["items"] == []
    assert server.request("GET", f"{BASE}/export.csv")[0] == 404


def a_wrong_file_is_refused_with_line_and_column():
    wrong = SMALL + "nowhere,1,試,ア,試,◎,,,,\nfacilities.equipment.power,2,,ア,試,x,,,,\n"
    body = take(wrong, expect=422)
    assert body["total"] == 3 and "5 行目" in body["detail_ja"]
    assert [(one["line"], one["column"], one["field"]) for one in body["items"]] == [(5, 1, "section"), (6, 3, "title"), (6, 6, "lines")]
    assert all(one["ja"] and one["en"] for one in body["items"])
    take(SMALL, query="", expect=400)  # which edition?
    assert overview()["content"] is None


def a_trial_keeps_nothing_and_an_import_keeps_the_file():
    trial = take(SMALL, "?edition=試験版&dry_run=1")
    assert trial["applied"] is False and (trial["items"], trial["measures"]) == (2, 3) and overview()["content"] is None
    done = take(SMALL)
    assert done["applied"] is True and not chapter(done, "facilities.equipment.power")["same"]
    content = overview()["content"]
    assert content["edition"] == "試験版" and content["measures"] == 3 and len(content["sha256"]) == 64
    items = server.get(f"{BASE}/measures?section=facilities")["items"]
    assert [(item["title"], [measure["mark"] for measure in item["measures"]]) for item in items] == [("試験用の項目", ["◎", "◎*"])]


def progress_follows_the_kind_of_network_and_the_assessments():
    def assess(code, **values):
        return server.post("/api/v1/registers/reliability-assessments", {"values": {"measure": code, **values}}, 201)["id"]
    assess("facilities.equipment.power/1/ア", state="not-done", checked="2026-01-01")
    assess("facilities.equipment.power/1/ア", state="done", reason="二系統", checked="2026-10-01")
    assess("facilities.equipment.power/1/イ", state="planned", plan="来期", plan_by="2020-01-01")
    gone = assess("facilities.equipment.power/9/ア", state="done")
    lines = chapter(overview(), "facilities")["progress"]
    assert (lines["asked"], lines["done"], lines["planned"], lines["overdue"], lines["open"]) == (2, 1, 1, 1, 0)
    assert lines["marks"][0] == {"mark": "◎", "asked": 1, "settled": 1} and lines["marks"][1]["settled"] == 0
    other = overview("?network=designated")
    assert chapter(other, "facilities")["progress"]["asked"] == 1 and chapter(other, "management")["progress"]["open"] == 1
    assert chapter(overview(), "management")["progress"]["asked"] == 0
    assert [one["record"] for one in other["left_over"]] == [gone]
    status, _, _ = server.request("GET", f"{BASE}?network=moon")
    assert status == 400


def a_new_edition_keeps_the_assessments_whose_code_is_still_there():
    changed = SMALL.replace("facilities.equipment.power,1,試験用の項目,イ,試験用の対策二", "facilities.equipment.power,1,試験用の項目,ウ,試験用の対策四")
    trial = take(changed, "?edition=第二試験版&dry_run=1")
    assert len(trial["left_over"]) == 2 and len(overview()["left_over"]) == 1
    take(changed, "?edition=第二試験版")
    assert overview()["content"]["version"] == 2 and chapter(overview(), "facilities")["progress"]["open"] == 1


def the_assessment_goes_out_as_tables_and_on_paper():
    status, headers, csv = server.request("GET", f"{BASE}/export.csv")
    text = csv.decode("utf-8-sig")
    assert status == 200 and text.splitlines()[0].startswith("section,item,title,measure,text,mark,state")
    assert "二系統" in text and "'=試験用の対策三" in text  # a spreadsheet runs nothing
    status, headers, sheet = server.request("GET", f"{BASE}/export.xlsx")
    assert status == 200 and sheet[:2] == b"PK" and "reliability-lines.xlsx" in headers["Content-Disposition"]
    status, _, pdf = server.request("GET", f"{BASE}/export.pdf")
    assert status == 200 and pdf.startswith(b"%PDF-")
    if shutil.which("pdftotext"):
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(pdf)
            file.flush()
            told = subprocess.run(["pdftotext", "-layout", file.name, "-"], capture_output=True, check=True).stdout.decode()
        for words in ("安全・信頼性基準 評価書", "第二試験版", "65 / 171", "試験用の対策一", "二系統", "未評価"):
            assert words in told, words
    assert server.request("GET", f"{BASE}/export.docx")[0] == 400


def the_guidelines_are_checklists_of_the_carriers_own():
    table = ("id,guideline,number,item,state\n,security-policy,1,試験用の項目一,done\n,security-policy,2,試験用の項目二,\n"
             ",crisis-plan,1,試験用の項目三,planned\n")
    status, _, body = server.request("POST", "/api/v1/registers/guideline-checks/import", table, "text/csv")
    assert status == 200 and json.loads(body)["applied"] == 3, body
    found = {one["guideline"]: one for one in overview()["guidelines"]}
    assert (found["security-policy"]["total"], found["security-policy"]["settled"], found["security-policy"]["open"]) == (2, 1, 1)
    assert found["crisis-plan"]["total"] == 1


def who_may_not_assess_does_not_import():
    server.post("/api/v1/accounts", {"name": "auditor", "role": "auditor", "password": PASSWORD}, 201)
    auditor = server.sign_in("auditor")
    take(SMALL, who=auditor.headers, expect=403)
    assert json.loads(server.request("GET", BASE, headers=auditor.headers)[2])["may_import"] is False


try:
    run(nothing_is_held_before_a_file_is_imported, a_wrong_file_is_refused_with_line_and_column,
        a_trial_keeps_nothing_and_an_import_keeps_the_file, progress_follows_the_kind_of_network_and_the_assessments,
        a_new_edition_keeps_the_assessments_whose_code_is_still_there, the_assessment_goes_out_as_tables_and_on_paper,
        the_guidelines_are_checklists_of_the_carriers_own, who_may_not_assess_does_not_import)
finally:
    server.stop()
