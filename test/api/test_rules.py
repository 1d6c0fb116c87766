"""Management rules: editions with text, coverage by date, comparison, approval by another person, import of documents."""
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import Server, run

server = Server()
BASE = "/api/v1/program/rules"
LONG = "この条では、責任者、手順、記録及び見直しの時期を具体的に定め、毎年度の計画に基づいて実施するものとする。"


def record(register, values, status=201):
    return server.post(f"/api/v1/registers/{register}", {"values": values}, status)


def put(path, body, status=200, who=server):
    got, _, answer = who.request("PUT", path, body) if who is server else server.request("PUT", path, body, None, who.headers)
    answer = json.loads(answer) if answer[:1] in (b"{", b"[") else answer
    assert got == status, (got, answer)
    return answer


for fact, value in [("cross_border_cable", "yes"), ("outsourced_functions", "yes"), ("designated_41", "no")]:
    record("profile", {"fact": fact, "value": value})


def text(*sections, title="管理規程"):
    return {"format": "tokatsu-rules/1", "title": title,
            "sections": [{"id": id, "level": 3, "heading": heading, "text": body, "items": items} for id, heading, body, items in sections]}


def items_on(date):
    return [one["item"] for one in server.get(f"{BASE}?date={date}")["items"]]


def complete(date):
    return text(*[(f"s{i}", f"第{i}条", LONG, [item]) for i, item in enumerate(items_on(date), 1)])


def edition(name, effective, rules=None):
    made = record("rule-editions", {"name": name, "kind": "change", "effective": effective, "state": "draft"})
    return made if rules is None else put(f"{BASE}/{made['id']}", {"rules": rules, "version": made["version"]})


def person(role):
    server.post("/api/v1/accounts", {"name": f"rules-{role}", "role": role, "password": "correct horse battery"}, 201)
    return server.sign_in(f"rules-{role}", "correct horse battery")


def the_article_grows_on_its_four_days():
    counts = [len(items_on(day)) for day in ("2021-05-12", "2023-09-25", "2023-09-26", "2023-12-26", "2023-12-27", "2023-12-31", "2024-01-01")]
    assert counts == [28, 28, 33, 33, 34, 34, 38], counts


def a_text_complete_in_2021_lacks_what_was_added():
    rules = complete("2021-05-12")
    for day, missing in [("2021-05-12", 0), ("2023-09-26", 5), ("2023-12-27", 6), ("2024-01-01", 10)]:
        check = server.post(f"{BASE}/check", {"rules": rules, "date": day}, 200)
        assert check["counts"]["missing"] == missing, (day, check["counts"])
        assert sum(one["kind"] == "missing" for one in check["findings"]) == missing


def a_saved_text_comes_back_and_a_stale_version_is_refused():
    made = edition("保存の版", "2026-04-01", complete("2026-04-01"))
    got = server.get(f"{BASE}/{made['id']}")
    assert got["rules"]["sections"][0]["items"] == ["policy-overall"] and got["check"]["counts"]["missing"] == 0, got["check"]["counts"]
    assert made["values"]["content"]["sha256"] == got["record"]["values"]["content"]["sha256"]
    put(f"{BASE}/{made['id']}", {"rules": complete("2026-04-01"), "version": made["version"] - 1}, 409)


def a_text_over_a_ceiling_is_refused_with_its_section():
    made = edition("限度の版", "2026-04-01")
    answer = put(f"{BASE}/{made['id']}", {"rules": text(("a", "第1条", "x" * 20001, [])), "version": made["version"]}, 413)
    assert "section 1: text" in answer["detail"], answer


def two_editions_are_compared_word_by_word():
    a = edition("旧", "2025-04-01", text(("a", "第1条", "稼働率99.95%を守る。", []), ("b", "第2条", "同じ。", []), ("c", "第3条", "廃止。", [])))
    b = edition("新", "2026-04-01", text(("a", "第1条", "稼働率99.99%を守る。", []), ("b", "第2条", "同じ。", []), ("d", "第4条", "新設。", [])))
    got = server.get(f"{BASE}/{a['id']}/compare/{b['id']}")
    assert got["counts"] == {"added": 1, "removed": 1, "changed": 1, "moved": 0, "same": 1}, got["counts"]
    changed = got["sections"][0]
    assert changed["text"] == [{"same": "稼働率"}, {"from": "99.95", "to": "99.99"}, {"same": "%を守る。"}], changed
    for one in got["sections"]:  # applying what changed to the old text gives the new one
        assert "".join(span.get("same", "") + span.get("from", "") for span in one["text"]) in ("稼働率99.95%を守る。", "同じ。", "廃止。", "")
    status, headers, pdf = server.request("GET", f"{BASE}/{a['id']}/compare/{b['id']}.pdf")
    assert status == 200 and pdf.startswith(b"%PDF"), status
    if shutil.which("pdftotext"):
        words = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        assert "新旧対照表" in words and "99.99" in words and "99.95" in words and "廃止" in words, words[:500]


def the_notification_names_its_basis_what_changed_and_whose_layout_it_has():
    a = edition("届出の旧", "2025-04-01", text(("a", "第1条(甲)", "旧。", []), ("b", "第2条(乙)", "同じ。", [])))
    made = record("rule-editions", {"name": "届出の新", "kind": "change", "effective": "2026-04-01", "state": "draft", "previous": a["id"]})
    put(f"{BASE}/{made['id']}", {"rules": text(("a", "第1条(甲)", "新。", []), ("b", "第2条(乙)", "同じ。", [])), "version": made["version"]})
    status, _, pdf = server.request("GET", f"{BASE}/{made['id']}/notice.pdf")
    assert status == 200 and pdf.startswith(b"%PDF"), status
    if shutil.which("pdftotext"):
        words = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        assert "様式第22" in words and "第1条(甲)" in words and "第2条(乙)" not in words and "Tokatsuのもの" in words, words


def an_edition_is_compared_with_itself_at_an_earlier_time():
    made = edition("履歴の版", "2026-04-01", text(("a", "第1条", "一つ目。", [])))
    put(f"{BASE}/{made['id']}", {"rules": text(("a", "第1条", "二つ目。", [])), "version": made["version"]})
    got = server.get(f"{BASE}/{made['id']}/compare/{made['id']}?before_as_of={made['at'].replace('+', '%2B')}")
    assert got["counts"]["changed"] == 1 and got["before"]["version"] == made["version"], got


def what_is_exported_is_imported_the_same():
    made = edition("書出しの版", "2026-04-01", text(("x1", "第1条(目的)", "第2条による。\n# これは本文\n*星*", ["policy-overall"]), ("x2", "第2条", LONG, [])))
    for format, name in [("md", "a.md"), ("json", "a.json")]:
        status, _, got = server.request("GET", f"{BASE}/{made['id']}/text.{format}")
        assert status == 200
        back = imported(name, got)
        assert [(s["id"], s["heading"], s["text"], s["items"]) for s in back["rules"]["sections"][:1]] == \
            [("x1", "第1条(目的)", "第2条による。\n# これは本文\n*星*", ["policy-overall"])], back["rules"]
    assert server.request("GET", f"{BASE}/{made['id']}/text.pdf")[2].startswith(b"%PDF")
    assert "第1条(目的)" in server.request("GET", f"{BASE}/{made['id']}/text.txt")[2].decode()


def approval_is_given_by_another_person_who_may():
    writer, manager = person("compliance"), person("general-manager")
    path = "/api/v1/registers/rule-editions"
    made = edition("承認の版", "2026-04-01", text(("a", "第1条", LONG, [])))
    values = made["values"]
    asked = put(f"{path}/{made['id']}", {"values": values | {"state": "submitted"}, "version": made["version"]}, who=writer)
    put(f"{path}/{made['id']}", {"values": asked["values"] | {"state": "approved"}, "version": asked["version"]}, 422, writer)
    done = put(f"{path}/{made['id']}", {"values": asked["values"] | {"state": "approved"}, "version": asked["version"]}, who=manager)
    assert done["values"]["approver"] == "rules-general-manager" and done["values"]["approved_at"], done["values"]
    # its text stays as it was approved, also for the administrator
    put(f"{BASE}/{made['id']}", {"rules": text(("a", "第1条", "別の本文。", [])), "version": done["version"]}, 422)
    overview = server.get(BASE)
    assert overview["in_force"] == made["id"] and [one["to_file"] for one in overview["editions"] if one["id"] == made["id"]] == [True]
    filed = put(f"{path}/{made['id']}", {"values": done["values"] | {"filing": "filed", "filed_on": "2026-04-02"}, "version": done["version"]})
    duty = next(one for one in server.get("/api/v1/program")["obligations"] if one["id"] == "management-rules")
    assert [one["fulfilled"] for one in duty["fulfilment"]] == [True] and duty["fulfilment"][0]["record"] == filed["id"], duty["fulfilment"]


def nobody_approves_what_they_asked_for():
    manager = server.sign_in("rules-general-manager", "correct horse battery")
    made = edition("自己承認の版", "2026-04-01", text(("a", "第1条", LONG, [])))
    asked = put(f"/api/v1/registers/rule-editions/{made['id']}", {"values": made["values"] | {"state": "submitted"}, "version": made["version"]}, who=manager)
    put(f"/api/v1/registers/rule-editions/{made['id']}", {"values": asked["values"] | {"state": "approved"}, "version": asked["version"]}, 422, manager)


def a_filing_day_stands_in_the_calendar():
    made = record("rule-editions", {"name": "期限の版", "kind": "change", "state": "draft", "filing": "to-file", "filing_due": "2027-01-15"})
    found = [one for one in server.get("/api/v1/calendar?from=2027-01-01&to=2027-01-31")["items"] if one["source"].get("id") == made["id"]]
    assert [(one["date"], one["source"]["field"]) for one in found] == [("2027-01-15", "filing_due")], found


def inspections_are_counted_and_findings_without_a_measure_named():
    made = edition("点検の版", "2026-04-01", text(("a", "第1条", LONG, []), ("b", "第2条", LONG, [])))
    one = record("rule-inspections", {"title": "令和8年度の自己点検", "edition": made["id"], "planned": "2026-03-31", "state": "under-way"})
    record("rule-inspection-results", {"inspection": one["id"], "section": "a", "heading": "第1条", "result": "kept"})
    record("rule-inspection-results", {"inspection": one["id"], "section": "b", "heading": "第2条", "result": "not-kept", "finding": "訓練の記録がない"})
    record("rule-inspection-results", {"inspection": one["id"], "section": "b", "heading": "第2条", "result": "not-kept"}, 422)
    shown = next(i for i in server.get(BASE)["inspections"] if i["id"] == one["id"])
    assert shown["results"] == {"kept": 1, "not-kept": 1, "without_measure": 1} and shown["overdue"], shown


def orders_on_the_rules_say_what_they_ask():
    owner = record("persons", {"name": "試験 花子", "department": "法務", "active": True})["id"]
    record("orders", {"title": "変更命令", "kind": "rules-change", "received": "2026-05-01", "content": "三号ルを定めること", "owner": owner, "status": "open", "deadline": "2026-06-01"})
    record("orders", {"title": "別の命令", "kind": "conformity", "received": "2026-05-01", "content": "x", "owner": owner, "status": "open"})
    orders = server.get(BASE)["orders"]
    assert [(one["title"], one["basis"], one["overdue"]) for one in orders] == [("変更命令", "電気通信事業法44条の2第1項", True)], orders
    assert "様式第22" in orders[0]["asks"]["ja"]


# ---- documents ----

def imported(name, data, status=200):
    got, _, answer = server.request("POST", f"{BASE}/import?name={name}&date=2026-04-01", data, "application/octet-stream")
    answer = json.loads(answer)
    assert got == status, (got, answer)
    return answer


def docx(document, parts=()):
    """The least a word processor's document holds, made here."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zip:
        zip.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                     '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                     '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
        zip.writestr("_rels/.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                     '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>')
        zip.writestr("word/document.xml", document)
        zip.writestr("word/styles.xml", '<?xml version="1.0"?><w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>')
        for name, data in parts:
            zip.writestr(name, data)
    return out.getvalue()


def body(*paragraphs):
    inner = "".join(f"<w:p><w:r><w:t xml:space=\"preserve\">{p}</w:t></w:r></w:p>" for p in paragraphs)
    return f'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{inner}</w:body></w:document>'


def a_docx_without_headings_is_taken_apart_at_its_provisions():
    got = imported("kitei.docx", docx(body("見本通信 管理規程", "第1章　総則", "（目的）", "第１条　この規程は、管理に必要な事項を定める。", "２　細則は別に定める。", "第２条（教育及び訓練）　従事者に訓練を行う。", "附則", "この規程は公布の日から施行する。")))
    assert got["source"] == "docx" and got["rules"]["title"] == "見本通信 管理規程", got["rules"]
    assert [(s["heading"], s["text"]) for s in got["rules"]["sections"]] == [
        ("第1章 総則", ""), ("第１条（目的）", "この規程は、管理に必要な事項を定める。\n\n２　細則は別に定める。"),
        ("第２条（教育及び訓練）", "従事者に訓練を行う。"), ("附則", "この規程は公布の日から施行する。")], got["rules"]["sections"]
    assert got["rules"]["sections"][2]["items"] == ["method-training"] and got["rules"]["sections"][2]["suggested"]


def a_document_written_by_pandoc_keeps_its_headings_and_tables():
    made = subprocess.run(["pandoc", "-f", "markdown", "-t", "docx", "-o", "-"], capture_output=True, check=True,
                          input="# 管理規程\n\n## 方針\n\n本文 *強調* です。\n\n| 区分 | 内容 |\n|---|---|\n| 甲 | 乙 |\n\n### 教育\n\n行う。\n".encode()).stdout
    sections = imported("a.docx", made)["rules"]["sections"]
    assert [(s["level"], s["heading"]) for s in sections] == [(2, "方針"), (3, "教育")], sections
    assert sections[0]["text"].startswith("本文 強調 です。") and "甲" in sections[0]["text"], sections[0]


def shift_jis_is_read_and_said():
    got = imported("a.txt", "第1条 目的\n本文。\n".encode("cp932"))
    assert got["rules"]["sections"][0]["heading"] == "第1条 目的" and "CP932" in got["notes"][0]["ja"], got["notes"]


def hostile_documents_are_refused_with_a_sentence():
    entities = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + body("&amp;b;")[21:]
    for data, status, says in [
            (b"PK\x03\x04 no zip", 400, "docx"), (docx(entities), 400, "DOCTYPE"), (docx(body("x"), [("word/media/x.bin", b"\0" * (20 << 20))]), 413, "展開"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", 400, ".docx"), (b"%PDF-1.7 x", 400, "pdf"), (b"\x81\xff\xfe", 400, "UTF-8"), (b"", 400, "")]:
        answer = imported("x.docx" if data[:2] == b"PK" else "x.txt", data, status)
        assert says in answer.get("detail_ja", answer["detail"]) or says in answer["detail"], (answer, says)
    spreadsheet = io.BytesIO()
    with zipfile.ZipFile(spreadsheet, "w") as zip:
        zip.writestr("xl/workbook.xml", "<x/>")
    assert "word/document.xml" in imported("x.docx", spreadsheet.getvalue(), 400)["detail"]


def an_import_writes_nothing():
    before = server.get("/api/v1/ledger")["size"] if "size" in server.get("/api/v1/ledger") else None
    imported("a.md", "## 第1条\n\n本文。\n".encode())
    after = server.get("/api/v1/ledger")
    assert before is None or after["size"] == before


def only_those_who_write_editions_import_and_an_auditor_reads():
    auditor = person("auditor")
    assert server.request("GET", BASE, None, None, auditor.headers)[0] == 200
    assert server.request("POST", f"{BASE}/import?name=a.md", b"## x\n\ny\n", "application/octet-stream", auditor.headers)[0] == 403


run(the_article_grows_on_its_four_days, a_text_complete_in_2021_lacks_what_was_added, a_saved_text_comes_back_and_a_stale_version_is_refused,
    a_text_over_a_ceiling_is_refused_with_its_section, two_editions_are_compared_word_by_word,
    the_notification_names_its_basis_what_changed_and_whose_layout_it_has, an_edition_is_compared_with_itself_at_an_earlier_time,
    what_is_exported_is_imported_the_same, approval_is_given_by_another_person_who_may, nobody_approves_what_they_asked_for,
    a_filing_day_stands_in_the_calendar, inspections_are_counted_and_findings_without_a_measure_named, orders_on_the_rules_say_what_they_ask,
    a_docx_without_headings_is_taken_apart_at_its_provisions, a_document_written_by_pandoc_keeps_its_headings_and_tables, shift_jis_is_read_and_said,
    hostile_documents_are_refused_with_a_sentence, an_import_writes_nothing, only_those_who_write_editions_import_and_an_auditor_reads)
