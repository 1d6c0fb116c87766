"""Controls over HTTP: an answer counted everywhere, evidence that runs out, documents in OSCAL that validate and come back
without loss, assessments to the plan of action, statements of applicability, automatic checks; and hostile documents."""
import base64
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PROGRAM, Server, run

BYTES = "application/octet-stream"
server = Server()


def record(register, values, id=None, expect=201):
    return server.post(f"/api/v1/registers/{register}", {"values": values} | ({"id": id} if id else {}), expect)


def answer(framework, item, state, **more):
    words = {"reason": "none here"} if state == "not-applicable" else {"text": "done"}
    return record("control-answers", {"framework": framework, "item": item, "state": state} | words | more, f"{framework}:{item}")


def control(framework, item):
    return server.get(f"/api/v1/controls/frameworks/{framework}/{item}")


def coverage(framework):
    return next(f for f in server.get("/api/v1/controls")["frameworks"] if f["id"] == framework)["coverage"]


def take(document, query="", expect=200):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    status, _, answer = server.request("POST", f"/api/v1/controls/documents?{query}", body, BYTES)
    assert status == expect, (status, answer[:600])
    return json.loads(answer)


def file(path, expect=200):
    status, headers, body = server.request("GET", path)
    assert status == expect, (path, status, body[:300])
    return headers, body


def one_answer_is_counted_in_other_frameworks_with_its_weakest_link():
    before = coverage("iso-27001-2013")["implemented"]
    answer("iso-27001-2022", "A.8.13", "implemented")
    found = control("iso-27001-2013", "A.12.3.1")
    assert found["state"] == "implemented" and found["answer"] is None, found
    assert found["rests_on"]["way"]["path"][found["rests_on"]["way"]["weakest"]]["relation"] == "equal", found
    assert coverage("iso-27001-2013")["implemented"] == before + 1
    far = control("nist-csf-1.1", "PR.IP-4")
    assert far["state"] == "partial" and len(far["rests_on"]["way"]["path"]) == 2, far
    assert far["rests_on"]["way"]["path"][far["rests_on"]["way"]["weakest"]]["relation"] == "intersect", far


def the_effect_is_told_before_and_is_what_happens():
    changes = server.post("/api/v1/controls/frameworks/iso-27001-2022/A.8.17/effect", {"state": "implemented"})["changes"]
    assert {"iso-27001-2013"} < {c["framework"] for c in changes} | {"x"} and all(c["before"] != c["after"] for c in changes), changes
    assert control("iso-27001-2022", "A.8.17")["state"] == "open"  # nothing was written
    answer("iso-27001-2022", "A.8.17", "implemented")
    for change in changes:
        assert control(change["framework"], change["item"])["state"] == change["after"]["state"], change
    server.post("/api/v1/controls/frameworks/iso-27001-2022/A.8.17/effect", {"state": "wonderful"}, 400)
    server.post("/api/v1/controls/frameworks/iso-27001-2022/A.99/effect", {"state": "planned"}, 404)


def evidence_has_days_and_a_hash_and_runs_out():
    status, _, body = server.request("POST", "/api/v1/register-files", b"proof", BYTES)
    assert status == 201, body
    kept = json.loads(body)["sha256"]
    record("documents", {"title": "old", "kind": "evidence", "effective": "2020-01-01", "valid_until": "2020-12-31",
                         "file": {"sha256": kept, "name": "proof.txt"}}, "DOC-OLD")
    answer("iso-27001-2022", "A.8.15", "implemented", evidence=["DOC-OLD"])
    found = control("iso-27001-2022", "A.8.15")
    assert found["evidence"] == "expired" and found["answer"]["evidence"][0]["sha256"] == kept, found
    record("documents", {"title": "new", "kind": "evidence", "approved": "2021-01-01"}, "DOC-NEW")
    record("documents", {"title": "without a day", "kind": "evidence"}, "DOC-NONE")
    answer("iso-27001-2022", "A.8.16", "implemented", evidence=["DOC-OLD", "DOC-NEW", "DOC-NONE"])
    assert control("iso-27001-2022", "A.8.16")["evidence"] == "valid"
    assert any(f["record"] == "iso-27001-2022:A.8.16" for f in server.get("/api/v1/controls")["findings"])


def what_does_not_apply_needs_a_reason_and_stands_in_the_statement():
    record("control-answers", {"framework": "iso-27001-2022", "item": "A.8.28", "state": "not-applicable"}, expect=422)
    answer("iso-27001-2022", "A.8.28", "not-applicable", reason="自社では開発しない")
    path = "/api/v1/controls/frameworks/iso-27001-2022/applicability"
    _, body = file(f"{path}/json")
    rows = {r["id"]: r for r in json.loads(body)["items"]}
    assert len(rows) == 93 and rows["A.8.28"]["applicable"] is False and rows["A.8.28"]["justification"] == "自社では開発しない"
    headers, body = file(f"{path}/pdf")
    assert body.startswith(b"%PDF") and "applicability-iso-27001-2022.pdf" in headers["Content-Disposition"]
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=body, capture_output=True).stdout.decode() if which("pdftotext") else None
    assert text is None or ("適用宣言書" in text and "自社では開発しない" in text), text[:400]
    _, body = file(f"{path}/xlsx?lang=en")
    sheet = zipfile.ZipFile(io.BytesIO(body))
    words = b"".join(sheet.read(n) for n in sheet.namelist() if "sharedStrings" in n or "sheet1" in n).decode()
    assert "Statement" not in words and "not applicable" in words and "自社では開発しない" in words
    file(f"{path}/doc", 400)


def which(name):
    return any(os.access(os.path.join(p, name), os.X_OK) for p in os.environ["PATH"].split(os.pathsep))


def an_assessment_leads_from_its_plan_to_the_plan_of_action():
    for n in (1, 2):
        record("persons", {"name": f"評価 {n}", "department": "監査部", "active": True}, f"PER-{n}")
    answer("iso-27001-2022", "A.8.24", "implemented", owner="PER-1")
    record("assessments", {"title": "内部評価", "framework": "iso-27001-2022", "items": "A.8.13, A.8.24 A.99", "method": "記録", "assessor": "PER-1",
                           "from": "2026-10-01", "to": "2026-10-09", "state": "under-way"}, "ASM-1")
    found = next(a for a in server.get("/api/v1/controls/assessments")["items"] if a["id"] == "ASM-1")
    assert found["items"] == ["A.8.13", "A.8.24"] and found["unknown"] == ["A.99"] and found["assessor_answers_for"] == ["A.8.24"], found
    record("countermeasures", {"title": "鍵を更新", "source": "audit", "source_id": "ASM-1", "measure": "更新", "owner": "PER-2",
                               "deadline": "2026-12-31", "status": "open"}, "MEA-1")
    record("assessment-results", {"assessment": "ASM-1", "item": "A.8.13", "method": "test", "result": "satisfied", "observed": "戻せた",
                                  "assessed": "2026-10-02", "status": "closed"}, "RES-1")
    bad = {"assessment": "ASM-1", "item": "A.8.24", "method": "examine", "result": "not-satisfied", "severity": "high", "observed": "古い",
           "assessed": "2026-10-02", "countermeasure": "MEA-1", "evidence": ["DOC-OLD"]}
    record("assessment-results", bad | {"status": "closed"}, expect=422)  # the measure is not done
    record("assessment-results", bad | {"status": "open"}, "RES-2")
    path = "/api/v1/controls/frameworks/iso-27001-2022/oscal"
    documents = {kind: json.loads(file(f"{path}/{kind}?assessment=ASM-1")[1]) for kind in ("assessment-plan", "assessment-results", "plan-of-action-and-milestones")}
    (item,) = documents["plan-of-action-and-milestones"]["plan-of-action-and-milestones"]["poam-items"]
    assert "鍵を更新" in item["title"], item
    risk = documents["assessment-results"]["assessment-results"]["results"][0]["risks"][0]
    assert risk["deadline"].startswith("2026-12-31") and risk["remediations"][0]["lifecycle"] == "planned", risk
    documents |= {kind: json.loads(file(f"{path}/{kind}")[1]) for kind in ("component-definition", "system-security-plan")}
    for kind, document in documents.items():
        check(kind, document)
    file(f"{path}/assessment-plan", 400)
    file(f"{path}/sonnet", 404)
    file("/api/v1/controls/frameworks/iso-27011/oscal/component-definition", 409)  # nothing is answered


def check(kind, document):
    """By ours, and by the published schema where it is here."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as out:
        json.dump(document, out)
        out.flush()
        done = subprocess.run([PROGRAM, "oscal", "check", out.name], capture_output=True, text=True)
        assert done.returncode == 0, (kind, done.stdout[:600])
    shared = pathlib.Path(os.environ.get("TOKATSU_SHARED", "/nowhere")) / "data/oscal/schema/oscal_complete_schema_1.2.1.json"
    try:
        import jsonschema
    except ImportError:
        return
    if not shared.is_file():
        return
    text = shared.read_text(encoding="utf-8").replace(json.dumps(r"^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$")[1:-1], r"^[A-Za-z_][A-Za-z0-9._\\-]*$")
    schema = json.loads(text)
    choice = next(c for c in schema["oneOf"] if c["required"] == [next(iter(document))])
    wrong = list(jsonschema.Draft7Validator({**choice, "definitions": schema["definitions"]}).iter_errors(document))
    assert not wrong, (kind, wrong[0].message[:300])


META = {"title": "他者のカタログ", "version": "3", "oscal-version": "1.1.2", "last-modified": "2026-01-02T03:04:05Z"}
CATALOG = {"catalog": {"uuid": "11111111-2222-4333-8444-555555555555", "metadata": META,
                       "groups": [{"id": "g", "title": "組", "controls": [{"id": f"c-{n}", "title": f"管理策 {n}"} for n in range(1, 6)]}]}}


def a_catalogue_becomes_a_framework_and_a_wrong_one_says_what_is_wrong():
    seen = take(CATALOG, "framework=mine&dry_run=1&name=c.json")
    assert seen["sound"] and seen["controls"] == 5 and seen["document"] is None, seen
    assert not any(f["id"] == "mine" for f in server.get("/api/v1/controls")["frameworks"])
    assert take(CATALOG, "framework=mine&name=c.json")["document"] == "OSC-0001"
    items = server.get("/api/v1/controls/items?framework=mine")["items"]
    assert [i["id"] for i in items] == ["g", "c-1", "c-2", "c-3", "c-4", "c-5"] and items[0]["kind"] == "group", items
    answer("mine", "c-3", "partial")
    assert coverage("mine")["partial"] == 1
    twice = json.loads(json.dumps(CATALOG))
    twice["catalog"]["groups"][0]["controls"][1]["id"] = "c-1"
    seen = take(twice, "framework=other", 422)
    assert any("c-1" in f["message"] and f["level"] == "fault" for f in seen["findings"]), seen
    dangling = json.loads(json.dumps(CATALOG))
    dangling["catalog"]["groups"][0]["controls"][0]["links"] = [{"href": "#nowhere", "rel": "related"}]
    seen = take(dangling, "framework=other&dry_run=1")
    assert not seen["sound"] and any("nowhere" in f["message"] for f in seen["findings"]), seen
    seen = take(CATALOG, "framework=iso-27001-2022", 422)
    assert any("is there already" in f["message"] for f in seen["findings"]), seen


def a_profile_finds_its_catalogue_by_name_or_says_which_href_is_wrong():
    profile = {"profile": {"uuid": "11111111-2222-4333-8444-555555555556", "metadata": META,
                           "imports": [{"href": "c.json", "include-controls": [{"with-ids": ["c-1", "c-2"]}]}], "merge": {"as-is": True}}}
    assert take(profile, "framework=chosen")["controls"] == 2
    profile["profile"]["imports"][0]["href"] = "wrong.json"
    seen = take(profile, "framework=again&dry_run=1")
    assert not seen["sound"] and any("wrong.json" in f["message"] for f in seen["findings"]), seen
    assert take(profile, "framework=again&catalog=OSC-0001")["controls"] == 2


def answers_of_others_come_in_and_go_back_without_loss():
    definition = {"component-definition": {
        "uuid": "11111111-2222-4333-8444-555555555557", "metadata": META,
        "components": [{"uuid": "11111111-2222-4333-8444-555555555558", "type": "software", "title": "箱", "description": "d", "props": [
            {"name": "vendor-word", "value": "kept", "ns": "https://example.com/ns"}], "control-implementations": [
            {"uuid": "11111111-2222-4333-8444-555555555559", "source": "https://example.com", "description": "d", "implemented-requirements": [
                {"uuid": "11111111-2222-4333-8444-55555555555a", "control-id": "c-1", "description": "できている。\n\n二行目",
                 "props": [{"name": "implementation-status", "value": "implemented"}], "remarks": "kept too"},
                {"uuid": "11111111-2222-4333-8444-55555555555b", "control-id": "c-3", "description": "別の答え"},
                {"uuid": "11111111-2222-4333-8444-55555555555c", "control-id": "c-99", "description": "?"}]}]}]}}
    seen = take(definition, "framework=mine")
    assert {a["item"]: a["action"] for a in seen["answers"]} == {"c-1": "add", "c-3": "keep"} and seen["unknown"] == ["c-99"], seen
    assert control("mine", "c-1")["state"] == "implemented" and control("mine", "c-3")["answer"]["note"] == "done"
    _, body = file(f"/api/v1/controls/documents/{seen['document']}")
    assert json.loads(body) == definition
    have = server.get("/api/v1/registers/control-answers/mine:c-1")
    status, _, _ = server.request("PUT", "/api/v1/registers/control-answers/mine:c-1", {"version": have["version"], "values": have["values"] | {"text": "変えた", "state": "partial"}})
    assert status == 200
    back = json.loads(file(f"/api/v1/controls/documents/{seen['document']}")[1])
    requirement = definition["component-definition"]["components"][0]["control-implementations"][0]["implemented-requirements"][0]
    requirement["description"], requirement["props"][0]["value"] = "変えた", "partial"
    assert back == definition, back
    assert {a["action"] for a in take(definition, "framework=mine&replace=1")["answers"]} == {"same", "replace"}


def published_examples_come_back_as_they_came():
    folder = pathlib.Path(os.environ.get("TOKATSU_SHARED", "/nowhere")) / "data/oscal"
    if not folder.is_dir():
        print("# skipped: the published documents are not here")
        return
    catalog = (folder / "NIST_SP-800-53_rev4_catalog-min.json").read_bytes()
    assert take(catalog, "framework=sp800-53r4&name=NIST_SP-800-53_rev4_catalog.json")["controls"] > 800
    for level, number in (("LOW", 124), ("MODERATE", 261), ("HIGH", 343)):
        profile = (folder / f"NIST_SP-800-53_rev4_{level}-baseline_profile.json").read_bytes()
        assert take(profile, f"framework=r4-{level.lower()}")["controls"] == number, level
    for path in sorted([*folder.glob("examples/ssp/json/*.json"), *folder.glob("examples/component-definition/json/*.json")]):
        seen = take(path.read_bytes(), "framework=sp800-53r4")
        assert json.loads(file(f"/api/v1/controls/documents/{seen['document']}")[1]) == json.loads(path.read_bytes()), path


def sheet(rows, strings=None, extra=b""):
    """A small spreadsheet; `extra` goes before the sheet's root element."""
    cell = lambda text: f'<c t="inlineStr"><is><t>{text}</t></is></c>'
    body = "".join(f"<row>{''.join(cell(c) for c in row)}</row>" for row in rows)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        z.writestr("_rels/.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/workbook.xml", '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="s"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        z.writestr("xl/worksheets/sheet1.xml", b'<?xml version="1.0"?>' + extra + f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>'.encode())
    return out.getvalue()


def a_list_in_a_spreadsheet_becomes_a_framework():
    rows = [["番号", "題名", "親", "種類"], ["3", "ガバナンス", "", "chapter"]] + [[f"3.{n}", f"項目 {n}", "3", ""] for n in range(1, 19)]
    seen = take(sheet(rows), "framework=ismap-list&name=list.xlsx")
    assert seen["controls"] == 18 and coverage("ismap-list")["open"] == 18, seen
    assert "row 3" in take(sheet([["id", "title"], ["1", "a"], ["", "b"]]), "framework=x&dry_run=1", 400)["detail"]
    assert "番号" in take(sheet([["number", "name"]]), "framework=x&dry_run=1", 400)["detail"]


def hostile_documents_are_refused_and_the_server_goes_on():
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;">' % ((98 + n,) + (97 + n,) * 8) for n in range(9)) + b"]>"
    zeros = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet([["id", "title"]]))) as old, zipfile.ZipFile(zeros, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) if "sheet1" not in name else b" " * (200 << 20))
    hostile = {
        "too deep": b'{"catalog":' + b'{"groups":[' * 5000 + b"]}" * 5000 + b"}",
        "a key twice": b'{"catalog":{"uuid":"a","uuid":"b"}}',
        "not JSON": b"%PDF-1.7 not a document",
        "half": json.dumps(CATALOG).encode()[:-40],
        "not UTF-8": b'{"catalog":{"uuid":"\xff\xfe"}}',
        "another thing": b'{"hello":"world"}',
        "a list": b"[1,2,3]",
        "empty": b"",
        "entities": sheet([["id", "title"], ["1", "&i;"]], extra=bomb),
        "a zip that unpacks to 200 MB": zeros.getvalue(),
        "a zip of nothing": b"PK\x05\x06" + b"\0" * 18,
    }
    for name, body in hostile.items():
        status, _, answer = server.request("POST", "/api/v1/controls/documents?framework=evil", body, BYTES)
        assert status in (400, 413, 422), (name, status, answer[:300])
    status, _, _ = server.request("POST", "/api/v1/controls/documents?framework=evil", b" " * (33 << 20), BYTES)
    assert status == 413, status
    many = {"catalog": CATALOG["catalog"] | {"groups": [], "controls": [{"id": f"m-{n}", "title": "x"} for n in range(20001)]}}
    assert not take(many, "framework=many&dry_run=1")["sound"]
    assert server.get("/healthz")["status"] == "ok" and not any(f["id"] in ("evil", "many") for f in server.get("/api/v1/controls")["frameworks"])


def an_imported_framework_that_is_no_longer_sound_costs_itself_only():
    status, _, body = server.request("POST", "/api/v1/register-files", b"{}", BYTES)
    record("oscal-documents", {"title": "bad", "kind": "catalog", "file": {"sha256": json.loads(body)["sha256"], "name": "bad.json"},
                               "framework": "bad", "used": True, "imported": "2026-11-23"}, "OSC-BAD")
    seen = server.get("/api/v1/controls")
    assert any(f["record"] == "OSC-BAD" for f in seen["findings"]) and any(f["id"] == "mine" for f in seen["frameworks"]), seen["findings"]


def checks_run_on_demand_and_measure_what_is_here():
    assert server.get("/api/v1/controls/checks")["at"] is None
    done = subprocess.run([PROGRAM, "backup", os.path.join(server.temp, "b.backup"), "--data", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = {c["id"]: c for c in server.post("/api/v1/controls/checks", {})["items"]}
    assert found["backup-age"]["result"] == "pass" and found["backup-age"]["value"] == 0, found["backup-age"]
    assert found["mfa-share"]["result"] == "fail" and found["mfa-share"]["value"] == 0 and found["mfa-share"]["facts"]["accounts"] == 1
    assert found["idle-accounts"]["result"] == "pass" and found["one-time-passwords"]["result"] == "pass"
    assert found["ledger-verified"]["result"] == "pass" and found["ledger-verified"]["facts"]["proved"] > 1, found["ledger-verified"]
    assert found["log-retention"]["result"] == "cannot-tell" and found["log-retention"]["why"]["en"]
    assert found["evidence-expired"]["result"] == "fail"
    item = next(i for i in server.get("/api/v1/controls/items?framework=iso-27001-2022")["items"] if i["id"] == "A.8.5")
    assert item["attention"] == ["mfa-share"], item
    server.post("/api/v1/controls/checks", {})
    assert len(server.get("/api/v1/controls/checks/mfa-share")["changes"]) == 1
    server.end()
    server.start()
    assert server.get("/api/v1/controls/checks")["summary"]["fail"] >= 2  # a restart forgets nothing


try:
    run(one_answer_is_counted_in_other_frameworks_with_its_weakest_link,
        the_effect_is_told_before_and_is_what_happens,
        evidence_has_days_and_a_hash_and_runs_out,
        what_does_not_apply_needs_a_reason_and_stands_in_the_statement,
        an_assessment_leads_from_its_plan_to_the_plan_of_action,
        a_catalogue_becomes_a_framework_and_a_wrong_one_says_what_is_wrong,
        a_profile_finds_its_catalogue_by_name_or_says_which_href_is_wrong,
        answers_of_others_come_in_and_go_back_without_loss,
        published_examples_come_back_as_they_came,
        a_list_in_a_spreadsheet_becomes_a_framework,
        hostile_documents_are_refused_and_the_server_goes_on,
        an_imported_framework_that_is_no_longer_sound_costs_itself_only,
        checks_run_on_demand_and_measure_what_is_here)
finally:
    server.stop()
