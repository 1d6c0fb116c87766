"""An accident's life through HTTP, in real time, over a network of three facilities: an outage that began three hours
ago is serious at once; its reports are frozen, downloaded, compared; it is closed."""
import datetime
import io
import json
import pathlib
import re
import subprocess
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PROGRAM, Server, ago, alarm, run, until

TOPOLOGY = [
    {"id": "core", "kind": "core", "name": "中核局", "prefecture": "13", "needs": [], "users": {}},
    {"id": "cell-1", "kind": "cell", "prefecture": "13", "needs": [{"of": ["core"], "at_least": 1}],
     "users": {"voice-emergency": 40000, "internet-access": 90000}},
    {"id": "cell-2", "kind": "cell", "prefecture": "27", "needs": [], "users": {"internet-access": 700}},
]
TEXTS = {"place": "東京都新宿区 中核局", "summary": "中核局の電源設備が停止し、都内の音声とデータ通信が利用できない状態となった。",
         "cause": "電源設備の整流器が故障したと見られる。詳細は調査中。", "measures": "予備電源へ切り替え、部品を手配した。",
         "contact": "監視センター 当直 03-0000-0000", "user_notice": "19時00分にウェブサイトで告知した。"}
server = Server("--carrier", "試験通信株式会社", topology=TOPOLOGY)
began = ago(hours=3)
accident = {}


def path(rest=""):
    return f"/api/v1/accidents/{accident['id']}{rest}"


def act(action, expect=200, version=None, **more):
    global accident
    body = {"action": action, "version": version or accident["version"], **more}
    answer = server.post(path("/actions"), body, expect)
    if expect == 200:
        assert answer["version"] > accident["version"]
        accident = answer
    return answer


def an_outage_that_began_three_hours_ago_is_serious_at_once():
    global accident
    server.alarms([alarm("core", at=began)])
    listed = until(lambda: server.get("/api/v1/accidents")["items"])
    assert len(listed) == 1
    accident = server.get(f"/api/v1/accidents/{listed[0]['id']}")
    assert accident["outcome"] == "serious" and "58条" in accident["article"], accident["article"]
    assert accident["origin"] == "engine" and accident["state"] == "suspected"
    assert abs(accident["duration_s"] - 3 * 3600) < 60
    assert [c["id"] for c in accident["causes"]] == ["core"] and accident["prefectures"] == ["13"]
    counts = {s["service"]: s["users"] for s in accident["services"]}
    assert counts == {"voice-emergency": 40000, "internet-access": 90000}, counts
    emergency = next(s for s in accident["services"] if s["service"] == "voice-emergency")
    assert emergency["branches"][0]["hours"] == 1 and emergency["branches"][0]["users"] == 30000
    kinds = {d["kind"] for d in accident["deadlines"]}
    assert {"serious-initial", "serious-detailed"} <= kinds, kinds


def it_stands_on_the_board_worst_first():
    server.alarms([alarm("cell-2")])
    board = until(lambda: len((b := server.get("/api/v1/board"))["accidents"]) == 2 and b)
    assert board["accidents"][0]["id"] == accident["id"]
    assert board["carrier"]["ja"] == "試験通信株式会社" if isinstance(board["carrier"], dict) else board["carrier"]
    assert board["synthetic"] is False and board["demo"] is False


def a_person_confirms_and_fills_in_the_texts():
    global accident
    accident = server.get(path())
    act("confirm")
    assert accident["state"] == "confirmed"
    act("edit", fields=TEXTS)
    assert accident["place"] == TEXTS["place"]
    assert {"confirm", "edit"} <= {h["action"] for h in accident["history"]}
    assert all(h["who"] for h in accident["history"])


def an_old_version_is_refused_and_nothing_changes():
    answer = act("edit", expect=409, version=1, fields={"place": "elsewhere"})
    assert answer["code"] == "conflict"
    assert server.get(path())["place"] == TEXTS["place"]


def bad_actions_are_refused_with_a_sentence():
    for body in ({}, {"action": "explode", "version": accident["version"]}, {"action": "confirm"},
                 {"action": "confirm", "version": "x"}, {"action": "edit", "version": accident["version"], "fields": []},
                 {"action": "recover", "version": accident["version"], "at": "yesterday"},
                 {"action": "estimate", "version": accident["version"], "service": "voice-emergency", "users": -5,
                  "method": "m", "author": "a"}):
        status, _, answer = server.request("POST", path("/actions"), body)
        assert status in (400, 409, 428) and len(json.loads(answer)["detail"]) > 10, (body, status, answer)
    assert server.post("/api/v1/accidents/A1999-0001/actions", {"action": "confirm", "version": 1}, 404)
    assert server.get(path())["version"] == accident["version"]


def lint_refuses_a_report_without_what_the_law_asks_for():
    other = next(a for a in server.get("/api/v1/accidents")["items"] if a["id"] != accident["id"])
    answer = server.post(f"/api/v1/accidents/{other['id']}/reports", {"kind": "serious-initial", "version": other["version"]}, 409)
    assert any(f["level"] == "error" for f in answer["lint"]), answer


def freeze():
    global accident
    body = {"kind": "serious-initial", "version": accident["version"]}
    status, _, answer = server.request("POST", path("/reports"), body)
    if status == 409:
        answer = json.loads(answer)
        assert all(f["level"] == "warning" for f in answer["lint"]), answer["lint"]
        status, _, answer = server.request("POST", path("/reports"), body | {"override": "速報を優先する"})
    assert status == 201, (status, answer)
    accident = server.get(path())
    return json.loads(answer)


def the_first_report_is_a_real_pdf_with_the_records_values():
    frozen = freeze()
    assert frozen["number"] == 1
    status, headers, pdf = server.request("GET", path("/reports/1.pdf"))
    assert status == 200 and headers["Content-Type"] == "application/pdf" and pdf.startswith(b"%PDF-")
    assert re.search(r"attachment; filename=\"[\w.-]+\.pdf\"; filename\*=UTF-8''\S+\.pdf", headers["Content-Disposition"])
    text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    text = re.sub(r"\s", "", text)
    for value in ("試験通信株式会社", TEXTS["place"], TEXTS["summary"], TEXTS["measures"], "90,000"):
        begin = value.replace(" ", "")[:14]  # the rest may stand on the next line, beside another column
        assert begin in text, f"“{begin}” is not in the PDF: {text[:2000]}"


def the_same_report_comes_as_xlsx_csv_and_json():
    status, headers, sheet = server.request("GET", path("/reports/1.xlsx"))
    assert status == 200 and "spreadsheetml" in headers["Content-Type"]
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(sheet)).namelist()
    status, headers, table = server.request("GET", path("/reports/1.csv"))
    assert status == 200 and headers["Content-Type"].startswith("text/csv") and TEXTS["place"] in table.decode("utf-8-sig")
    assert TEXTS["place"] in json.dumps(server.get(path("/reports/1.json")), ensure_ascii=False)
    server.get(path("/reports/1.docx"), 404)
    server.get(path("/reports/2.pdf"), 404)
    server.get(path("/reports/0.pdf"), 404)
    server.get(path("/reports/99999999999999999999.pdf"), 404)


def a_frozen_report_never_changes():
    before = server.request("GET", path("/reports/1.pdf"))[2]
    act("edit", fields={"cause": "整流器の基板が焼損していたことを確認した。交換を終えた。"})
    assert server.request("GET", path("/reports/1.pdf"))[2] == before


def the_second_report_shows_what_changed():
    assert freeze()["number"] == 2
    changes = server.get(path("/reports/1/diff/2"))["changes"]
    cause = [c for c in changes if "焼損" in json.dumps(c["to"], ensure_ascii=False)]
    assert cause and "整流器が故障" in json.dumps(cause[0]["from"], ensure_ascii=False), changes
    back = server.get(path("/reports/2/diff/1"))["changes"]
    assert len(back) == len(changes)
    assert server.get(path("/reports/1/diff/1"))["changes"] == []


def a_receipt_proves_a_frozen_report_without_the_server():
    def receipt(report):
        def covered():  # by a signed checkpoint, which comes half a second after the write
            status, _, body = server.request("GET", path(f"/proof?report={report}"))
            return json.loads(body) if status == 200 else None
        return until(covered)
    folder = pathlib.Path(server.temp)
    (folder / "receipt.json").write_text(json.dumps(receipt(1)), encoding="utf-8")
    (folder / "key.pub").write_bytes(server.request("GET", "/ledger/key.pub")[2])
    (folder / "1.pdf").write_bytes(server.request("GET", path("/reports/1.pdf"))[2])
    (folder / "2.pdf").write_bytes(server.request("GET", path("/reports/2.pdf"))[2])

    def check(*arguments):
        done = subprocess.run([PROGRAM, "ledger", "check-proof", *map(str, arguments)], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr
    status, words = check(folder / "receipt.json", "--key", folder / "key.pub", folder / "1.pdf")
    assert status == 0 and f"accident {accident['id']}" in words and "is the pdf of report 1" in words, words
    status, words = check(folder / "receipt.json", "--key", folder / "key.pub", folder / "2.pdf")
    assert status == 1 and "is no file of this record" in words, words
    altered = receipt(1)
    altered["record"]["title"] = "何もなかった"
    (folder / "altered.json").write_text(json.dumps(altered), encoding="utf-8")
    status, words = check(folder / "altered.json", "--key", folder / "key.pub")
    assert status == 1 and "not the one that was recorded" in words, words
    assert check(folder / "1.pdf")[0] == 2
    assert receipt(0)["record"]["version"] == accident["version"]
    server.get(path("/proof?report=9"), 404)


def an_estimate_stands_beside_the_counts_until_it_is_chosen():
    act("estimate", service="voice-emergency", users=31000, method="呼量の実測", author="網運用部")
    service = next(s for s in accident["services"] if s["service"] == "voice-emergency")
    assert service["counts"]["estimate"]["users"] == 31000 and service["users"] == 40000
    act("choose", service="voice-emergency", count="estimate")
    service = next(s for s in accident["services"] if s["service"] == "voice-emergency")
    assert service["users"] == 31000 and service["chosen"] == "estimate"


def clearing_the_alarm_recovers_it_and_a_person_closes_it():
    global accident
    server.alarms([alarm("core", severity="cleared")])
    accident = until(lambda: (a := server.get(path()))["state"] == "recovered" and a)
    assert accident["recovered_at"] and accident["outcome"] == "serious", "recovery does not undo what it was"
    act("close")
    assert accident["state"] == "closed" and accident["closed_at"]
    until(lambda: all(a["id"] != accident["id"] for a in server.get("/api/v1/board")["accidents"]))
    act("reopen")
    assert accident["state"] != "closed"


def one_opened_by_hand_is_judged_too():
    body = {"title": "海底ケーブル障害", "started_at": ago(hours=13), "services": {"internet-access": 1_200_000},
            "fault": "telecom-equipment", "place": "沖縄県", "summary": "試験", "cause": "試験"}
    opened = server.post("/api/v1/accidents", body, 201)
    assert opened["origin"] == "hand" and opened["outcome"] == "serious", opened["outcome"]
    for broken in ({}, body | {"started_at": ago(hours=-5)}, body | {"services": {"voice": -1}}, body | {"services": {"x": 1}},
                   body | {"started_at": "2026-13-01T00:00:00+09:00"}, body | {"title": 5}):
        server.post("/api/v1/accidents", broken, 400)


def a_leak_is_reported_in_versions_and_its_deadline_stands_on_the_board():
    body = {"title": "誤送付", "started_at": ago(hours=30), "known_at": ago(hours=2), "leak": "specified-user-info", "users": 1001,
            "designated": True, "place": "東京都新宿区の事務所", "summary": "請求書を別の利用者へ誤って送付した。",
            "measures": "送付先へ連絡し、すべて回収した。", "contact": "法務部"}
    leak = server.post("/api/v1/cases?kind=leak", body, 201)
    at = f"/api/v1/cases/{leak['id']}"
    assert leak["outcome"] == "leak" and [d["kind"] for d in leak["deadlines"]] == ["leak-specified-initial", "leak-specified-detailed"]
    known = datetime.date.fromisoformat(leak["known_at"][:10])
    detailed = leak["deadlines"][1]
    assert detailed["due"] == str(known + datetime.timedelta(30)) and detailed["due_safe"] == str(known + datetime.timedelta(29))
    on_board = lambda: {d["kind"] for d in server.get("/api/v1/board")["deadlines"] if d.get("case") == leak["id"]}
    until(lambda: on_board() == {"leak-specified-initial", "leak-specified-detailed"})

    draft = server.get(f"{at}/reports/leak-specified-initial/draft")
    assert draft["next_number"] == 1 and not [f for f in draft["lint"] if f["level"] == "error"], draft["lint"]
    freeze = lambda kind, expect=201, **more: server.post(
        f"{at}/reports", {"kind": kind, "version": server.get(at)["version"], "override": "試験", **more}, expect)
    assert freeze("leak-specified-initial")["name"]["ja"] == "第一報"
    assert freeze("leak-specified-detailed", 409)["lint"], "no cause yet"
    freeze("serious-initial", 400)
    server.post(at, {"version": server.get(at)["version"], "fields": {
        "cause": "封入する装置の設定を誤った。", "content": "氏名と住所", "prevention": "設定を二人で確認する手順に改めた。",
        "user_notice": "対象の利用者へ書面で通知した。"}})
    assert freeze("leak-specified-detailed")["name"]["ja"] == "第二報"
    changed = {c["item"] for c in server.get(f"{at}/reports/1/diff/2")["changes"]}
    assert "cause" in changed and "place" not in changed, changed
    for format, begin in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b""), ("json", b"{")):
        status, _, file = server.request("GET", f"{at}/reports/2.{format}")
        assert status == 200 and file.startswith(begin) and len(file) > 100, (format, status)
    server.get(f"{at}/reports/3.pdf", 404)
    server.get(f"/api/v1/accidents/{leak['id']}/reports/1.json", 404)

    now = server.get(at)
    assert [r["number"] for r in now["reports"]] == [1, 2] and all(d["done"] for d in now["deadlines"])
    assert [h["action"] for h in now["history"]] == ["open", "freeze", "edit", "freeze"]
    assert [h["version"] for h in now["history"]] == [1, 2, 3, 4] and now["version"] == 4
    until(lambda: not on_board())


def lists_are_paged_and_filtered():
    everything = server.get("/api/v1/accidents")
    assert everything["total"] == len(everything["items"]) == 3
    page = server.get("/api/v1/accidents?limit=1")
    first, second = page["items"], server.get(f"/api/v1/accidents?limit=1&cursor={page['next']}")["items"]
    assert [first[0]["id"], second[0]["id"]] == [a["id"] for a in everything["items"][:2]]
    assert {a["state"] for a in server.get("/api/v1/accidents?state=suspected")["items"]} <= {"suspected"}
    for query in ("limit=0", "limit=501", "limit=x", "cursor=zzz", "cursor=", "state=sleeping", "limit=9999999999999999999999"):
        server.get(f"/api/v1/accidents?{query}", 400)


def the_year_is_listed_in_every_format():
    year = "from=2026-04-01&to=2027-03-31"
    assert "試験通信" in json.dumps(server.get(f"/api/v1/periodic?{year}"), ensure_ascii=False)
    for format, begin in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"")):
        for form in ("detailed", "simplified"):
            status, headers, body = server.request("GET", f"/api/v1/periodic?{year}&form={form}&format={format}")
            assert status == 200 and body.startswith(begin) and body, (format, form, status, body[:200])
    for query in ("", "from=2026-04-01", "from=2027-03-31&to=2026-04-01", f"{year}&form=x", f"{year}&format=x", "from=x&to=y"):
        status = server.request("GET", f"/api/v1/periodic?{query}")[0]
        assert status == 400, (query, status)


def the_law_answers_by_date():
    assert server.get("/api/v1/law?date=2010-01-01")["law"] == "2008-04-01"
    assert server.get("/api/v1/law")["law"] >= "2026-04-01"
    server.get("/api/v1/law?date=2010-02-30", 400)
    server.get("/api/v1/law/nothing-of-the-kind", 404)


def judge_answers_as_the_command_does():
    facts = {"id": "1", "carrier": "c", "service": "voice", "started_at": "2024-05-01T00:00:00+09:00",
             "ended_at": "2024-05-01T03:00:00+09:00", "affected_users": 40000, "fault": "telecom-equipment"}
    verdict = server.post("/api/v1/judge", facts)
    assert verdict["outcome"] == "serious" and verdict["law"] == "2019-04-01" and verdict["branch"] == {"hours": 2, "users": 30000}
    assert verdict["duration_s"] == 10800
    server.post("/api/v1/judge", facts | {"ended_at": "2024-04-30T00:00:00+09:00"}, 400)
    server.post("/api/v1/judge", facts | {"service": "telepathy"}, 400)


try:
    run(an_outage_that_began_three_hours_ago_is_serious_at_once, it_stands_on_the_board_worst_first,
        a_person_confirms_and_fills_in_the_texts, an_old_version_is_refused_and_nothing_changes,
        bad_actions_are_refused_with_a_sentence, lint_refuses_a_report_without_what_the_law_asks_for,
        the_first_report_is_a_real_pdf_with_the_records_values, the_same_report_comes_as_xlsx_csv_and_json,
        a_frozen_report_never_changes, the_second_report_shows_what_changed,
        a_receipt_proves_a_frozen_report_without_the_server,
        an_estimate_stands_beside_the_counts_until_it_is_chosen, clearing_the_alarm_recovers_it_and_a_person_closes_it,
        one_opened_by_hand_is_judged_too,
        a_leak_is_reported_in_versions_and_its_deadline_stands_on_the_board, lists_are_paged_and_filtered, the_year_is_listed_in_every_format,
        the_law_answers_by_date, judge_answers_as_the_command_does)
finally:
    server.stop()
