"""The live board as server-sent events: first at once, then each change; one event for everybody; nobody waits for
a slow reader."""
import datetime
import json
import pathlib
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import Server, alarm, run, until

TOPOLOGY = [
    {"id": "core", "kind": "core", "prefecture": "13", "needs": [], "users": {}},
    {"id": "cell", "kind": "cell", "prefecture": "13", "needs": [{"of": ["core"], "at_least": 1}],
     "users": {"voice": 500, "internet-access": 900}},
]
server = Server(topology=TOPOLOGY)


def the_first_event_comes_at_once_and_is_the_board():
    begin = time.monotonic()
    stream = server.stream()
    assert stream.answer.headers["Content-Type"] == "text/event-stream"
    assert stream.answer.headers["Cache-Control"] == "no-store"
    fields, board = stream.next()
    print(f"# first event after {(time.monotonic() - begin) * 1000:.1f} ms")
    stream.close()
    assert fields["event"] == "board" and fields["id"] == str(board["seq"])
    assert board["network"]["facilities"] == 2 and len(board["prefectures"]) == 47


def a_change_is_heard_soon_after_its_alarm_is_acknowledged():
    stream = server.stream()
    stream.next()
    latencies = []
    for turn in range(10):
        severity, expected = ("critical", 1) if turn % 2 == 0 else ("cleared", 0)
        assert server.alarms([alarm("cell", severity=severity)])["accepted"] == 1
        acknowledged = time.monotonic()
        while stream.next()[1]["network"]["alarms"] != expected:
            pass
        latencies.append((time.monotonic() - acknowledged) * 1000)
    stream.close()
    latencies.sort()
    print(f"# from acknowledgement to event: median {latencies[5]:.0f} ms, worst {latencies[-1]:.0f} ms")
    assert latencies[-1] < 5000


def applied(board, change):
    """docs/api.md: what a client does with a change."""
    assert change.pop("since") == board["seq"]
    for one in change.pop("prefectures", []):
        board["prefectures"] = [one if p["code"] == one["code"] else p for p in board["prefectures"]]
    if "accidents" in change:
        part = change.pop("accidents")
        by = {a["id"]: a for a in board["accidents"]}
        for one in part["changed"]:
            by[one["id"]] = by.get(one["id"], {}) | one
        board["accidents"] = [by[id] for id in part.get("order", [a["id"] for a in board["accidents"]])]
    if "series" in change and "count" in change["series"]:
        part = change.pop("series")
        count = part.pop("count")
        began = [datetime.datetime.fromisoformat(s["from"]) for s in (board["series"], part)]
        dropped = round((began[1] - began[0]).total_seconds() / part["step_s"])
        for id, tail in part["services"].items():
            part["services"][id] = board["series"]["services"][id][dropped:dropped + count - len(tail)] + tail
        board["series"] = part
    return board | change


def changes_lead_to_the_same_board():
    whole, stream = server.stream(), server.stream("/api/v1/events?changes=1")
    fields, board = stream.next()
    assert fields["event"] == "board"
    boards, sizes, full = {}, [], 0
    for turn in range(6):
        server.alarms([alarm("cell", severity="critical" if turn % 2 == 0 else "cleared", key="change")])
        fields, told = stream.next()
        if fields["event"] == "board":
            board = told
        else:
            sizes.append(len(json.dumps(told, ensure_ascii=False)))
            board = applied(board, told)
        boards[board["seq"]] = json.loads(json.dumps(board))
    compared = 0
    while compared < 3:
        _, true = whole.next()
        full = len(json.dumps(true, ensure_ascii=False))
        if true["seq"] in boards:
            assert boards[true["seq"]] == true, true["seq"]
            compared += 1
        if true["seq"] >= max(boards):
            break
    whole.close()
    stream.close()
    assert compared > 0 and sizes, (compared, sizes)
    print(f"# a board of {full} characters, its changes of {min(sizes)} to {max(sizes)}")


def numbers_grow_and_events_are_not_more_than_two_a_second():
    stream = server.stream()
    seqs = [stream.next()[1]["seq"]]
    begin = time.monotonic()
    while time.monotonic() - begin < 3:
        server.alarms([alarm("cell", severity="critical" if len(seqs) % 2 else "cleared")])
        seqs.append(stream.next()[1]["seq"])
    stream.close()
    assert seqs == sorted(set(seqs)), seqs
    assert len(seqs) <= 2 + 3 * 2 + 2, f"{len(seqs)} events in 3 s"


def a_reader_that_stops_reading_gets_the_newest_when_it_goes_on():
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    slow.settimeout(30)
    slow.connect(("127.0.0.1", server.port))
    slow.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                 f"Authorization: Bearer {server.token}\r\n\r\n".encode())
    quick = server.stream()
    for turn in range(12):
        server.alarms([alarm("cell", severity="critical" if turn % 2 == 0 else "cleared")])
        newest = quick.next()[1]["seq"]
    got = bytearray()

    def newest_has_come():
        got.extend(slow.recv(65536))
        return f"id: {newest}\n".encode() in got
    until(newest_has_come, 20, every=0)
    print(f"# of {turn + 2} events the slow reader was sent {got.count(b'event: board')}")
    quick.close()
    slow.close()


def hundreds_of_streams_hear_the_same():
    streams = [server.stream() for _ in range(300)]
    for stream in streams:
        stream.next()
    before = server.get("/api/v1/board")["seq"]
    server.alarms([alarm("cell", severity="critical", key="another")])
    seen = set()
    for stream in streams:
        while (event := stream.next())[1]["seq"] <= before or event[1]["network"]["alarms"] == 0:
            pass
        seen.add(json.dumps(event[1]["network"], sort_keys=True))
    for stream in streams:
        stream.close()
    assert len(seen) == 1, len(seen)
    server.get("/healthz")


def streams_that_break_off_are_forgotten():
    for _ in range(200):
        peer = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        peer.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                     f"Authorization: Bearer {server.token}\r\n\r\n".encode())
        peer.close()
    stream = server.stream()
    stream.next()
    server.alarms([alarm("cell", severity="cleared", key="another")])
    stream.next()
    stream.close()


try:
    run(the_first_event_comes_at_once_and_is_the_board, a_change_is_heard_soon_after_its_alarm_is_acknowledged,
        numbers_grow_and_events_are_not_more_than_two_a_second, changes_lead_to_the_same_board,
        a_reader_that_stops_reading_gets_the_newest_when_it_goes_on, hundreds_of_streams_hear_the_same,
        streams_that_break_off_are_forgotten)
finally:
    server.stop()
