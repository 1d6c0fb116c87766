"""The contract of `tokatsu serve`: the ready line, health, the interface description, the end."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PROGRAM, Server, ago, run


def the_ready_line_names_the_port_that_was_taken():
    with Server() as server:
        assert re.fullmatch(r"listening on http://127\.0\.0\.1:[1-9]\d*\n", server.ready_line), server.ready_line


def healthz_says_ok():
    with Server() as server:
        assert server.get("/healthz")["status"] == "ok"


def a_signal_ends_it_cleanly_with_streams_open():
    for number in (signal.SIGTERM, signal.SIGINT):
        with Server() as server:
            stream = server.stream()
            stream.next()
            assert server.end(number) == 0, server.words()
            stream.close()


def the_port_is_free_again_at_once():
    with Server() as server:
        server.get("/healthz")
        server.end()
        done = subprocess.Popen([PROGRAM, "serve", "--listen", f"127.0.0.1:{server.port}", "--data", server.data],
                                stdout=subprocess.PIPE)
        line = done.stdout.readline().decode()
        done.terminate()
        done.wait(30)
        done.stdout.close()
        assert line == f"listening on http://127.0.0.1:{server.port}\n", line


def refuses(*arguments):
    """Runs serve with arguments that it must refuse; gives back its words."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([PROGRAM, "serve", *arguments], capture_output=True, timeout=30, cwd=folder,
                              env={k: v for k, v in os.environ.items() if k != "XDG_DATA_HOME"})
    assert done.returncode == 2 and done.stdout == b"", (done.returncode, done.stdout)
    return done.stderr.decode()


def an_address_that_is_not_of_this_machine_is_refused():
    for address in ("0.0.0.0:0", "[::]:0", "192.0.2.7:0"):
        assert "only on this machine" in refuses("--listen", address)


def a_bad_address_or_a_taken_port_is_one_clear_sentence():
    for address in ("8080", "127.0.0.1", "127.0.0.1:99999", "127.0.0.1:x", "::1:80", ""):
        assert "HOST:PORT" in refuses("--listen", address), address
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = refuses("--listen", f"127.0.0.1:{taken.getsockname()[1]}")
        assert "cannot listen" in words and words.count("\n") == 1, words


def unusable_arguments_are_refused():
    assert "not understood" in refuses("surplus")
    assert "not both" in refuses("--data", "x", "--database", "postgresql://localhost/x")
    assert "synthetic" in refuses("--demo", "--topology", "x")


def without_a_network_it_serves_what_people_enter():
    with Server() as server:
        assert server.get("/api/v1/board")["network"]["facilities"] == 0
        opened = server.post("/api/v1/accidents", {"title": "試験", "started_at": ago(hours=5), "services": {"voice": 50_000},
                                                   "fault": "telecom-equipment"}, 201)
        assert opened["outcome"] == "serious"
        server.end()
        server.start()
        assert server.get("/api/v1/accidents")["total"] == 1


def a_topology_file_without_a_facility_is_refused():
    with tempfile.NamedTemporaryFile() as empty:
        assert "no facility" in refuses("--listen", "127.0.0.1:0", "--topology", empty.name)
    assert "cannot be read" in refuses("--listen", "127.0.0.1:0", "--topology", "missing.jsonl")


def a_data_folder_takes_one_server():
    with Server() as server:
        words = refuses("--listen", "127.0.0.1:0", "--data", server.data)
        assert "another server" in words, words
        server.get("/healthz")


def without_options_the_data_lie_in_the_users_folder():
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"XDG_DATA_HOME": folder}
        server = subprocess.Popen([PROGRAM, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, env=environment)
        server.stdout.readline()
        server.terminate()
        server.wait(30)
        server.stdout.close()
        assert os.path.isdir(os.path.join(folder, "tokatsu")), os.listdir(folder)


def ready_is_told_to_systemd():
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(os.path.join(folder, "notify"))
        manager.settimeout(30)
        environment = os.environ | {"NOTIFY_SOCKET": manager.getsockname()}
        server = subprocess.Popen([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--data", os.path.join(folder, "data")],
                                  stdout=subprocess.PIPE, env=environment)
        told = manager.recv(100)
        server.terminate()
        server.wait(30)
        server.stdout.close()
        assert told == b"READY=1" and manager.recv(100) == b"STOPPING=1"


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def the_interface_description_is_whole():
    with Server() as server:
        document = server.get("/api/openapi.json")
        assert document["openapi"].startswith("3.1")
        operations = [o for path in document["paths"].values() for o in path.values()]
        assert len({o["operationId"] for o in operations}) == len(operations) >= 20
        for reference in references(document):
            node = document
            for part in reference.removeprefix("#/").split("/"):
                node = node[part]
        for path, methods in document["paths"].items():
            for operation in methods.values():
                named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
                assert named == set(re.findall(r"{(\w+)}", path)), path
                assert {"400", "413", "503"} <= set(operation["responses"])


def every_described_request_is_answered_by_a_route_and_no_other_is():
    with Server() as server:
        paths = server.get("/api/openapi.json")["paths"]
        for path, methods in paths.items():
            filled = re.sub(r"{\w+}", "1", path)
            _, headers, _ = server.request("OPTIONS", filled)
            allowed = {m.strip().lower() for m in headers["Allow"].split(",")} - {"options", "head"}
            assert allowed >= set(methods), (path, allowed)
            if "{" not in path:
                fits = [m for other, m in paths.items() if re.fullmatch(re.sub(r"{\w+}", "[^/]+", other), path)]
                assert allowed == set().union(*fits), (path, allowed)


def the_description_in_words_names_the_same_requests():
    text = (pathlib.Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    told = {(method, re.sub(r"\b(ID|KIND|ARTICLE|NAME|REGISTER|HASH|CODE|N|M)\b", "{}", path.split("?")[0]))
            for method, path in re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^` ]*)", text)}
    with Server() as server:
        served = {(method.upper(), re.sub(r"{\w+}", "{}", path).replace("{}.{}", "{}.pdf").replace("report.{}", "report.pdf").replace("notice.{}", "notice.pdf").replace("result.{}", "result.json").replace("export.{}", "export.csv").replace("text.{}", "text.pdf"))
                  for path, methods in server.get("/api/openapi.json")["paths"].items() for method in methods}
    assert told == served, f"only told: {told - served}; only served: {served - told}"


run(the_ready_line_names_the_port_that_was_taken, healthz_says_ok, a_signal_ends_it_cleanly_with_streams_open,
    the_port_is_free_again_at_once, an_address_that_is_not_of_this_machine_is_refused,
    a_bad_address_or_a_taken_port_is_one_clear_sentence, unusable_arguments_are_refused,
    without_a_network_it_serves_what_people_enter, a_topology_file_without_a_facility_is_refused, a_data_folder_takes_one_server,
    without_options_the_data_lie_in_the_users_folder, ready_is_told_to_systemd, the_interface_description_is_whole,
    every_described_request_is_answered_by_a_route_and_no_other_is, the_description_in_words_names_the_same_requests)
