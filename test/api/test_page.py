"""The page as files: the one page for every path of its own, assets for ever, packed twins, nothing else."""
import gzip
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import Server, run

server = Server()


def page():
    status, headers, body = server.request("GET", "/")
    assert status == 200, f"{status}: the page is not built into the program; ./dev build does it"
    return headers, body


def the_page_is_served_and_asked_for_anew_each_time():
    headers, body = page()
    assert headers["Content-Type"] == "text/html; charset=utf-8" and headers["Cache-Control"] == "no-cache"
    assert b"<html" in body and len(headers["ETag"]) > 10
    status, again, nothing = server.request("GET", "/", headers={"If-None-Match": headers["ETag"]})
    assert status == 304 and nothing == b"" and again["ETag"] == headers["ETag"]


def paths_of_the_pages_own_router_are_the_page():
    _, body = page()
    for path in ("/accidents", "/accidents/A2026-0001", "/law/%E6%96%BD%E8%A1%8C%E8%A6%8F%E5%89%87", "/index.html"):
        assert server.request("GET", path)[2] == body, path
    for path in ("/accidents/missing.js", "/favicon.ico", "/api/x", "/taxii2/", "/.git/config", "/etc/passwd.txt"):
        assert server.request("GET", path)[0] == 404, path


def what_the_page_names_is_there_and_kept_for_ever():
    _, body = page()
    names = re.findall(rb'(?:src|href)="(/assets/[^"]+)"', body)
    assert names
    for name in names:
        status, headers, content = server.request("GET", name.decode())
        assert status == 200 and len(content) > 100
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert headers["Content-Type"].split(";")[0] in ("text/javascript", "text/css"), headers["Content-Type"]


def packed_twins_go_to_who_takes_them():
    _, body = page()
    name = re.search(rb'src="(/assets/[^"]+\.js)"', body)[1].decode()
    plain = server.request("GET", name)[2]
    status, headers, packed = server.request("GET", name, headers={"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip" and gzip.decompress(packed) == plain
    status, headers, _ = server.request("GET", name, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert headers["Content-Encoding"] == "br" and "Accept-Encoding" in headers["Vary"]
    for refused in ("identity", "gzip;q=0, br;q=0", "compress"):
        _, headers, content = server.request("GET", name, headers={"Accept-Encoding": refused})
        assert "Content-Encoding" not in headers and content == plain, refused


def nothing_in_the_page_needs_more_than_the_policy_gives():
    _, body = page()
    assert not re.search(rb"<script(?![^>]*\bsrc=)", body) and b"<style" not in body and not re.search(rb"\son\w+=", body)
    assert not re.search(rb'(?:src|href)="(?:https?:)?//', body)


def a_write_to_the_page_is_refused():
    for path in ("/", "/index.html"):
        status, headers, _ = server.request("POST", path, {})
        assert status == 405 and "GET" in headers["Allow"], (path, status)


try:
    run(the_page_is_served_and_asked_for_anew_each_time, paths_of_the_pages_own_router_are_the_page,
        what_the_page_names_is_there_and_kept_for_ever, packed_twins_go_to_who_takes_them,
        nothing_in_the_page_needs_more_than_the_policy_gives, a_write_to_the_page_is_refused)
finally:
    server.stop()
