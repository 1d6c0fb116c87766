"""What the server refuses before any record is touched: foreign names, foreign pages, wrong types, crooked paths,
slow and strange clients."""
import concurrent.futures
import json
import pathlib
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import NDJSON, Server, alarm, run

server = Server()
LINE = json.dumps(alarm("nowhere")) + "\n"


def post(headers=None, type=NDJSON, path="/api/v1/alarms", body=LINE):
    status, _, answer = server.request("POST", path, body, type, headers)
    return status, json.loads(answer)


def a_name_of_this_machine_is_answered():
    for host in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]", "127.0.0.2"):
        status, _, _ = server.request("GET", "/api/v1/board", headers={"Host": f"{host}:{server.port}"})
        assert status == 200, (host, status)


def any_other_host_is_refused():
    for host in ("evil.example", f"evil.example:{server.port}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil.example:{server.port}",
                 f"localhost.evil.example:{server.port}", f"192.0.2.1:{server.port}", f"[::1]x:{server.port}", ":", "[", "]:", "[]"):
        for path in ("/api/v1/board", "/", "/healthz"):
            status, _, body = server.request("GET", path, headers={"Host": host})
            assert status in (400, 421), (host, path, status)
            if body.startswith(b"{"):
                assert json.loads(body)["code"] == "misdirected" or status == 400


def a_request_without_host_is_refused():
    assert server.raw(b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 400")


def a_page_of_another_origin_cannot_write():
    for origin in ("https://evil.example", "null", f"https://127.0.0.1:{server.port}", f"http://127.0.0.1:{server.port}.evil.example",
                   f"http://localhost:{server.port}", "http://", ""):
        status, body = post({"Origin": origin})
        assert status == 403 and body["code"] == "forbidden", (origin, status)
    for site in ("cross-site", "same-site"):
        assert post({"Sec-Fetch-Site": site})[0] == 403


def our_own_page_and_a_program_can_write():
    assert post({"Origin": f"http://127.0.0.1:{server.port}", "Sec-Fetch-Site": "same-origin"})[0] == 200
    assert post({"Sec-Fetch-Site": "none"})[0] == 200
    assert post()[0] == 200


def a_write_needs_its_content_type():
    for type in (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json",
                 "application/x-ndjsonx", "application/x-ndjson; charset=shift_jis"):
        status, body = post(type=type)
        assert status == 415 and NDJSON in body["detail"], (type, status)
    assert post(type="text/plain", path="/api/v1/accidents", body="{}")[0] == 415
    assert post(type="Application/X-NDJSON; charset=UTF-8")[0] == 200


def crooked_paths_lead_nowhere():
    for path in ("/../../etc/passwd", "/assets/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fetc/passwd",
                 "/assets/%5c..%5c..", "/./", "/a/../api/v1/board", "/%00", "/x%0d%0aSet-Cookie:a=b", "/%ff", "/%", "/%2", "/%zz",
                 "/api/v1/accidents/..", "/api/v1/accidents/%2e%2e", "/api/v1/accidents/a%2fb"):
        answer = server.raw(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 400"), (path, answer[:200])
        assert b"root:" not in answer and b"Set-Cookie" not in answer


def targets_that_are_no_path_are_refused():
    for target in ("api/v1/board", "http://127.0.0.1/healthz", "*", "?x"):
        answer = server.raw(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 400"), (target, answer[:100])
    assert server.request("GET", "/" + "a" * 5000)[0] in (413, 414)
    assert server.request("GET", "/healthz?" + "&".join(f"a{i}=1" for i in range(100)))[0] == 413
    assert server.request("GET", "/healthz", headers={"X-Long": "a" * 100_000})[0] in (400, 413, 431)


def what_does_not_exist_is_404_with_a_sentence():
    for path in ("/api", "/api/", "/api/v2/board", "/api/v1/board/", "/api/v1/nothing", "/nothing.js", "/assets/nothing.js"):
        status, headers, body = server.request("GET", path)
        assert status == 404 and headers["Content-Type"] == "application/problem+json", (path, status)
        assert json.loads(body)["code"] == "not-found"


def a_refusal_is_a_problem_document_whose_type_explains_itself():
    codes = server.get("/api/openapi.json")["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    for code in codes:
        status, headers, page = server.request("GET", f"/problems/{code}")
        assert status == 200 and headers["Content-Type"].startswith("text/html") and 'lang="ja"' in page.decode(), code
    status, headers, body = server.request("GET", "/api/v1/accidents/A1999-0001")
    problem = json.loads(body)
    assert status == problem["status"] == 404 and problem["type"] == "/problems/not-found" and problem["code"] in codes, problem
    assert headers["Content-Type"] == "application/problem+json" and problem["title"] and problem["detail"] != problem["detail_ja"], problem
    assert server.request("GET", "/problems/nothing")[0] == 404


def a_wrong_method_is_405_and_says_which_ones_fit():
    for method in ("PUT", "DELETE", "PATCH", "POST", "TRACE", "PROPFIND"):
        status, headers, body = server.request(method, "/api/v1/board")
        assert status == 405 and "GET" in headers["Allow"], (method, status)
        assert "GET" in json.loads(body)["detail"]
    status, headers, _ = server.request("GET", "/api/v1/alarms")
    assert status == 405 and "POST" in headers["Allow"] and "GET" not in headers["Allow"]


def head_and_options():
    status, headers, body = server.request("HEAD", "/api/v1/board")
    assert status == 200 and body == b"" and int(headers["Content-Length"]) > 100
    status, headers, body = server.request("HEAD", "/api/v1/events")
    assert status == 200 and body == b""
    status, headers, body = server.request("OPTIONS", "/api/v1/accidents", headers={"Origin": "https://evil.example"})
    assert status == 204 and {"GET", "HEAD", "POST", "OPTIONS"} == set(headers["Allow"].split(", ")) and body == b""
    assert "Access-Control-Allow-Origin" not in headers


def every_answer_carries_the_security_headers():
    for path in ("/", "/healthz", "/api/v1/board", "/api/v1/nothing", "/%00"):
        _, headers, _ = server.request("GET", path)
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
    assert server.request("GET", "/api/v1/board")[1]["Cache-Control"] == "no-store"


def bodies_have_ceilings():
    status, body = post(body="x" * (17 << 20))
    assert status == 413 and body["code"] == "limit", status
    status, body = post(type="application/json", path="/api/v1/judge", body=" " * ((1 << 20) + 1))
    assert status == 413, status

    def chunks():
        for _ in range(20):
            yield b" " * 100_000
    status, _, _ = server.request("POST", "/api/v1/judge", chunks(), "application/json")
    assert status == 413, status
    head = (f"POST /api/v1/judge HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {server.token}\r\nExpect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n")
    assert server.raw(head.encode()).startswith(b"HTTP/1.1 413")


def bodies_that_are_no_json_object_are_refused():
    assert post(type="application/json", path="/api/v1/judge", body="[" * 100_000)[0] == 413  # nested too deep
    for body in ("", "[]", "nonsense", '{"a":1,"a":2}', '{"a":"\ud800"}'.encode("utf-8", "surrogatepass"),
                 b"\xff\xfe", '{"a":1} x', "null", "1e999"):
        status, answer = post(type="application/json", path="/api/v1/judge", body=body)
        assert status == 400 and answer["detail"] and answer["detail_ja"], (body[:20], status, answer)


def broken_requests_do_no_harm():
    for data in (b"\x00" * 100, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"POST /api/v1/alarms HTTP/1.1\r\n"
                 b"Host: x\r\nContent-Length: -1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                 b"POST /api/v1/alarms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzz\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as peer:
            peer.sendall(data)
            peer.shutdown(socket.SHUT_WR)
            while peer.recv(65536):
                pass
    server.get("/healthz")


def a_client_that_trickles_its_headers_is_cut_off():
    """Silence is limited elsewhere; this one is never silent and must not hold its place for ever."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as peer:
        peer.sendall(b"GET /healthz HTTP/1.1\r\n")
        begin = time.monotonic()
        while time.monotonic() - begin < 90:
            try:
                peer.sendall(b"X-a: b\r\n")
                peer.settimeout(1)
                if peer.recv(100) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        held = time.monotonic() - begin
        print(f"# cut off after {held:.1f} s")
        assert held < 60
        assert server.get("/healthz")["status"] == "ok"


def many_idle_connections_do_not_keep_others_out():
    idle = []
    try:
        for _ in range(500):
            idle.append(socket.create_connection(("127.0.0.1", server.port), timeout=5))
        assert server.get("/healthz")["status"] == "ok"
    finally:
        for peer in idle:
            peer.close()


def many_clients_at_once_are_all_answered():
    def one(_):
        return server.request("GET", "/api/v1/board")[0]
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        assert set(pool.map(one, range(500))) == {200}


try:
    run(a_name_of_this_machine_is_answered, any_other_host_is_refused, a_request_without_host_is_refused,
        a_page_of_another_origin_cannot_write, our_own_page_and_a_program_can_write, a_write_needs_its_content_type,
        crooked_paths_lead_nowhere, targets_that_are_no_path_are_refused, what_does_not_exist_is_404_with_a_sentence,
    a_refusal_is_a_problem_document_whose_type_explains_itself,
        a_wrong_method_is_405_and_says_which_ones_fit, head_and_options, every_answer_carries_the_security_headers,
        bodies_have_ceilings, bodies_that_are_no_json_object_are_refused, broken_requests_do_no_harm,
        a_client_that_trickles_its_headers_is_cut_off, many_idle_connections_do_not_keep_others_out,
        many_clients_at_once_are_all_answered)
finally:
    server.stop()
