"""Technical standards: sets of documents by day, what a confirmation lacks, equipment that waits for its filing, the package
as one PDF; and the registers' options, which are the law's own ids."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PROGRAM, ROOT, Server, run

BASE = "/api/v1"
server = Server()


def ask(method, path, body=None, expect=200, **headers):
    status, _, answer = server.request(method, BASE + path, body, headers={k.replace("_", "-"): v for k, v in headers.items()})
    assert status == expect, f"{method} {path}: {status} {answer[:600]}"
    return json.loads(answer)


def add(register, values, expect=201):
    return ask("POST", f"/registers/{register}", {"values": values}, expect)


def change(register, record, values, expect=200):
    version = ask("GET", f"/registers/{register}/{record}")["version"]
    return ask("PUT", f"/registers/{register}/{record}", {"values": values}, expect, If_Match=f'"{version}"')


def standards(query=""):
    return ask("GET", "/program/standards" + query)


def confirmation(record, query=""):
    return next(one for one in standards(query)["confirmations"] if one["record"] == record)


def the_sets_of_documents_follow_the_day():
    def documents(day, category):
        found = [one for one in standards(f"?date={day}")["categories"] if one["category"] == category]
        return [document["document"] for document in found[0]["documents"]] if found else None
    old = documents("2021-05-12", "mobile")
    assert len(old) == 25 and old[-1] == "supplement"  # the 24 of the published paper, and what completes them
    assert set(documents("2026-11-23", "mobile")) - set(old) == {"entrusted-functions", "overload-test"}
    assert len(documents("2026-11-23", "analog")) == 26
    assert documents("2023-06-15", "broadband") is None and documents("2023-06-16", "broadband")


def the_registers_offer_the_categories_documents_and_measures_of_the_law():
    law = json.loads((ROOT / "law" / "jp" / "standards.json").read_text(encoding="utf-8"))["entries"]
    ids = {kind: {entry[kind] for entry in law if entry["kind"] == kind} for kind in ("category", "document", "measure")}
    seen = 0
    for path in (ROOT / "registers").glob("*.json"):
        register = json.loads(path.read_text(encoding="utf-8"))
        for field in register["fields"]:
            if field["id"] in ids and field["type"] == "enum" and register["id"] in (
                    "facilities", "confirmations", "confirmation-documents", "measure-assessments", "maintenance-checks"):
                assert {option["id"] for option in field["options"]} - {"exempt"} == ids[field["id"]], (register["id"], field["id"])
                seen += 1
    assert seen == 7


def the_matrix_says_what_is_asked_and_who_has_assessed_it():
    add("measure-assessments", {"category": "data", "measure": "protection", "state": "partly", "ground": "古い方", "checked": "2026-01-01"})
    newest = add("measure-assessments", {"category": "data", "measure": "protection", "state": "meets", "ground": "試験で確かめた",
                                         "checked": "2026-10-01"})
    matrix = ask("GET", "/program/standards/matrix")
    rows = {row["measure"]: {cell["category"]: cell for cell in row["cells"]} for row in matrix["measures"]}
    assert "data" not in rows["spare"] and rows["spare"]["mobile"]["level"] == "must"
    assert rows["disaster"]["mobile"]["level"] == "effort"
    assert rows["overload-test"].keys() == {"mobile", "designated-mobile"}
    cell = rows["protection"]["data"]
    assert cell["assessment"]["record"] == newest["id"] and cell["assessment"]["state"] == "meets"
    assert cell["article"] == "事業用電気通信設備規則16条の5(6条)"
    assert "assessment" not in rows["protection"]["phs"]  # not the carrier's
    assert "overload-test" not in {row["measure"] for row in ask("GET", "/program/standards/matrix?date=2023-09-25")["measures"]}


def equipment_waits_for_the_filing_of_its_confirmation():
    values = {"name": "長野データ局", "kind": "伝送装置", "status": "planned", "category": "data"}
    facility = add("facilities", values)["id"]
    refused = change("facilities", facility, {**values, "status": "active"}, 422)
    assert refused["fields"][0]["field"] == "status" and "自己確認" in refused["fields"][0]["ja"]
    book = {"title": "長野", "category": "data", "basis": "41-1", "reason": "new-use", "facilities": [facility], "state": "ready",
            "planned_use": "2027-01-15"}
    made = add("confirmations", book)["id"]
    change("facilities", facility, {**values, "status": "active"}, 422)
    assert facility in {one["record"] for one in standards()["waiting"]}
    assert confirmation(made)["due"] == "2027-01-14"  # the day before its use
    change("confirmations", made, {**book, "state": "filed"}, 422)  # the day of the filing is missing
    change("confirmations", made, {**book, "state": "filed", "filed": "2026-11-20"})
    change("facilities", facility, {**values, "status": "active"})
    assert facility not in {one["record"] for one in standards()["waiting"]}
    exempt = add("facilities", {"name": "同じ方法の局", "kind": "伝送装置", "status": "active", "category": "exempt"})
    assert exempt["values"]["status"] == "active"


def a_confirmation_says_what_it_lacks():
    made = add("confirmations", {"title": "有線共用", "category": "cable-shared", "basis": "41-1", "reason": "designation",
                                 "designated": "2026-11-30", "state": "draft"})["id"]
    empty = confirmation(made)
    assert empty["due"] == "2027-02-28"  # 法42条7項: three months
    assert (empty["documents_asked"], empty["documents_lacking"], empty["complete"]) == (4, 4, False)
    def document(name, **values):
        return add("confirmation-documents", {"confirmation": made, "document": name, **values})["id"]
    document("cable-demarcation", state="done", content="分界点の説明")
    document("cable-normality", state="done")  # neither text nor file
    old = document("cable-separation", state="done", content="測定", valid_until="2020-01-01")
    add("confirmation-documents", {"confirmation": made, "document": "cable-secrecy", "state": "not-applicable"}, 422)  # no reason
    document("cable-secrecy", state="not-applicable", reason="受信設備がない")
    states = {line["document"]: line["state"] for line in confirmation(made)["documents"]}
    assert states == {"cable-demarcation": "done", "cable-normality": "empty", "cable-separation": "expired",
                      "cable-secrecy": "not-applicable"}
    assert confirmation(made)["documents_lacking"] == 2
    change("confirmation-documents", old, {"confirmation": made, "document": "cable-separation", "state": "done", "content": "測定"})
    document("cable-normality", state="done", content="確認方式")
    assert confirmation(made)["complete"] is True


def a_filed_confirmation_is_judged_by_the_law_of_its_day():
    made = add("confirmations", {"title": "2021年の移動", "category": "mobile", "basis": "41-1", "reason": "new-use", "state": "filed",
                                 "filed": "2021-05-12"})["id"]
    assert confirmation(made)["judged"] == "2021-05-12" and confirmation(made)["documents_asked"] == 25
    early = add("confirmations", {"title": "早すぎる", "category": "broadband", "basis": "41-1", "reason": "new-use", "state": "filed",
                                  "filed": "2022-01-01"})["id"]
    assert confirmation(early)["category_known"] is False and confirmation(early)["complete"] is False
    ask("GET", f"/program/standards/confirmations/{early}/package.pdf", expect=422)


def the_package_is_one_pdf_with_an_index():
    made = add("confirmations", {"title": "一式の試験", "category": "cable-shared", "basis": "41-1", "reason": "new-use", "state": "draft"})["id"]
    add("confirmation-documents", {"confirmation": made, "document": "cable-demarcation", "state": "done",
                                   "content": "# 分界点\n本文。\n- 点\n"})
    path = f"{BASE}/program/standards/confirmations/{made}/package.pdf"
    status, headers, pdf = server.request("GET", path)
    assert status == 200 and headers["Content-Type"] == "application/pdf" and pdf.startswith(b"%PDF-")
    assert f"confirmation-{made}.pdf" in headers["Content-Disposition"]
    if shutil.which("pdftotext"):
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(pdf)
            file.flush()
            text = subprocess.run(["pdftotext", "-layout", file.name, "-"], capture_output=True, check=True).stdout.decode()
        for words in ("目次", "添付書類の一覧", "有線放送設備との分界点", "なし", "下書き", "技術基準への適合状況", "本文。"):
            assert words in text, words
    status, _, english = server.request("GET", path + "?lang=en")
    assert status == 200 and english != pdf
    ask("GET", "/program/standards/confirmations/CNF-9999/package.pdf", expect=404)


def the_command_line_tells_the_same_by_the_law_alone():
    def tell(*options):
        return subprocess.run([PROGRAM, "program", "standards", *options], capture_output=True, timeout=60)
    lines = [json.loads(line) for line in tell("--date", "2026-11-23").stdout.splitlines()]
    assert len(lines) == 21
    mobile = next(line for line in lines if line["category"] == "mobile")
    assert len(mobile["documents"]) == 27 and {"measure": "overload-test", "basis": "41-1", "level": "must", "article": "8条の2の2"} in mobile["measures"]
    table = tell("--date", "2021-05-12", "--category", "mobile", "--format", "table").stdout.decode()
    assert "書類 25" in table and "● 予備機器・経路の複数化  4条" in table and "過負荷試験" not in table
    none = tell("--category", "broadband", "--date", "2023-06-15")
    assert none.returncode == 2 and b"there is no category" in none.stderr


try:
    run(the_sets_of_documents_follow_the_day, the_registers_offer_the_categories_documents_and_measures_of_the_law,
        the_matrix_says_what_is_asked_and_who_has_assessed_it, equipment_waits_for_the_filing_of_its_confirmation,
        a_confirmation_says_what_it_lacks, a_filed_confirmation_is_judged_by_the_law_of_its_day, the_package_is_one_pdf_with_an_index,
        the_command_line_tells_the_same_by_the_law_alone)
finally:
    server.stop()
