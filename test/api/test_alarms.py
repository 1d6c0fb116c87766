"""Alarm intake at POST /api/v1/alarms: what is taken, what is refused with its line, and that the rest goes on."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import NDJSON, Server, ago, alarm, run, until

TOPOLOGY = [
    {"id": "ring-a", "kind": "aggregation", "prefecture": "27", "needs": [], "users": {}},
    {"id": "ring-b", "kind": "aggregation", "prefecture": "27", "needs": [], "users": {}},
    {"id": "cell", "kind": "cell", "prefecture": "27", "needs": [{"of": ["ring-a", "ring-b"], "at_least": 1}],
     "users": {"voice": 1234}},
]
server = Server(topology=TOPOLOGY)


def send(body):
    status, _, answer = server.request("POST", "/api/v1/alarms", body, NDJSON)
    return status, json.loads(answer)


def affected():
    return server.get("/api/v1/board")["network"]["affected"].get("voice", 0)


def line(**changes):
    return json.dumps(alarm("ring-a") | changes) + "\n"


def good_lines_are_taken_and_redundancy_holds():
    assert server.alarms([alarm("ring-a")]) == {"accepted": 1, "rejected": [], "rejected_total": 0}
    until(lambda: server.get("/api/v1/board")["network"]["down"] == 1)
    assert affected() == 0, "one of two rings is enough"


def the_second_failure_takes_the_users_with_it():
    server.alarms([alarm("ring-b")])
    until(lambda: affected() == 1234)
    facility = server.get("/api/v1/facilities/cell")
    assert facility["state"] == "down" and facility["under"] == {"voice": 1234}


def clearing_one_brings_them_back():
    server.alarms([alarm("ring-b", severity="cleared")])
    until(lambda: affected() == 0)


def repeated_and_late_lines_do_not_change_the_answer():
    down, up = ago(minutes=3), ago(minutes=2)
    server.alarms([alarm("ring-b", at=up, severity="cleared", key="late")])
    server.alarms([alarm("ring-b", at=down, key="late")] * 3)
    until(lambda: server.get("/api/v1/facilities/ring-b")["state"] == "up")
    assert affected() == 0


def bad_lines_cost_themselves_only_and_are_named():
    bad = {
        2: "nonsense\n",
        4: '{"at":"2026-04-01T00:00:00+09:00"}\n',
        5: line(severity="awful"),
        6: line(at="2026-02-30T00:00:00+09:00"),
        7: line(at="2026-04-01T00:00:00"),
        8: line(service_affecting="yes"),
        9: "[]\n",
        10: line(at="9999-01-01T00:00:00+09:00"),
    }
    body = "".join(bad.get(number, line(key=f"k{number}", severity="cleared")) for number in range(1, 12))
    status, answer = send(body)
    assert status == 200 and answer["accepted"] == 11 - len(bad), answer
    assert [r["line"] for r in answer["rejected"]] == sorted(bad), answer
    assert all(len(r["message"]) > 10 for r in answer["rejected"])
    assert next(r for r in answer["rejected"] if r["line"] == 5).get("field") == "severity", answer


def an_unknown_facility_does_not_stop_the_rest():
    status, answer = send(line(object="nowhere") + line(key="known", severity="cleared"))
    assert status == 200 and answer["accepted"] + len(answer["rejected"]) == 2 and answer["accepted"] >= 1, answer


def text_that_is_not_utf8_is_refused_by_line():
    body = line(key="a", severity="cleared").encode() + b'{"at":"\xff\xfe"}\n' + line(key="b", severity="cleared").encode()
    status, answer = send(body)
    assert status == 200 and answer["accepted"] == 2 and [r["line"] for r in answer["rejected"]] == [2], answer


def a_line_of_seven_megabytes_is_refused_and_the_next_is_taken():
    body = '{"at":"' + "x" * (7 << 20) + '"}\n' + line(key="after", severity="cleared")
    status, answer = send(body)
    assert status == 200 and answer["accepted"] == 1 and [r["line"] for r in answer["rejected"]] == [1], str(answer)[:300]


def a_body_over_the_ceiling_is_413_and_nothing_of_it_is_taken():
    status, answer = send("x" * (10 << 20))
    assert status == 413 and answer["code"] == "limit"
    status, answer = send(line(object="ring-b", key="too much") * 60_000)
    assert status == 413
    assert affected() == 0


def empty_bodies_are_no_error_and_no_work():
    for body in ("", "\n\n", "\ufeff"):
        status, answer = send(body)
        assert status == 200 and answer["accepted"] == 0, (status, answer)


def many_bad_lines_are_counted_and_the_answer_stays_small():
    status, answer = send("x\n" * 50_000)
    assert status == 200 and answer["accepted"] == 0 and answer["rejected_total"] == 50_000
    assert len(answer["rejected"]) <= 1000


try:
    run(good_lines_are_taken_and_redundancy_holds, the_second_failure_takes_the_users_with_it, clearing_one_brings_them_back,
        repeated_and_late_lines_do_not_change_the_answer, bad_lines_cost_themselves_only_and_are_named,
        an_unknown_facility_does_not_stop_the_rest, text_that_is_not_utf8_is_refused_by_line,
        a_line_of_seven_megabytes_is_refused_and_the_next_is_taken,
        a_body_over_the_ceiling_is_413_and_nothing_of_it_is_taken, empty_bodies_are_no_error_and_no_work,
        many_bad_lines_are_counted_and_the_answer_stays_small)
finally:
    server.stop()
