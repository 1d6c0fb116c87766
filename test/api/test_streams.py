"""A stream of events ends with what let it in: the session, the account, the API token."""
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PASSWORD, Server, Stream, run

server = Server()
SOON_S = 20  # "a few seconds"; how long it takes is printed, not asserted


def account(name, role="engineer"):
    server.post("/api/v1/accounts", {"name": name, "role": role, "password": PASSWORD}, 201)
    return server.sign_in(name)


def open_stream(headers):
    stream = Stream(server.port, headers)
    assert stream.answer.status == 200, stream.answer.status
    assert stream.next()[0]["event"] == "board"
    return stream


def ends(stream):
    """Reads on until "signed-out" and the stream's end."""
    begin = time.monotonic()
    while True:
        assert time.monotonic() - begin < SOON_S, "the stream goes on"
        fields, _ = stream.next()
        if fields["event"] == "signed-out":
            break
    assert stream.answer.read() == b"", "something came after the farewell"
    print(f"# ended after {time.monotonic() - begin:.1f} s")
    stream.close()


def goes_on(stream):
    """It still tells of a change."""
    server.post("/api/v1/accidents", {"title": "試験(架空)", "started_at": "2026-11-01T00:00:00+09:00", "services": {"voice": 10}}, 201)
    assert stream.next()[0]["event"] == "board"


def a_stream_ends_when_its_session_is_signed_out():
    who, other = account("leaves"), server.sign_in("leaves")
    stream, stays = open_stream(who.headers), open_stream(other.headers)
    assert server.request("DELETE", "/api/v1/session", headers=who.headers)[0] == 204
    ends(stream)
    goes_on(stays)
    stays.close()


def a_stream_ends_when_its_account_is_shut():
    stream = open_stream(account("shut").headers)
    assert server.edit_account("shut", {"disabled": True})[0] == 200
    ends(stream)


def a_stream_ends_when_the_role_changes():
    stream = open_stream(account("changes").headers)
    assert server.edit_account("changes", {"role": "none"})[0] == 200
    ends(stream)


def a_stream_ends_when_the_password_is_set_anew():
    stream = open_stream(account("forgot").headers)
    assert server.request("POST", "/api/v1/accounts/forgot/password", {"password": PASSWORD + "!", "one_time": True})[0] == 200
    ends(stream)


def a_stream_ends_when_its_api_token_is_revoked():
    who = account("program")
    status, _, body = server.request("POST", "/api/v1/tokens", {"label": "x", "scope": "read"}, headers=who.headers)
    assert status == 201
    stream = open_stream({"Authorization": "Bearer " + json.loads(body)["token"]})
    listed = json.loads(server.request("GET", "/api/v1/tokens", headers=who.headers)[2])["items"]
    assert server.request("DELETE", f"/api/v1/tokens/{listed[0]['id']}", headers=who.headers)[0] == 200
    ends(stream)


try:
    run(a_stream_ends_when_its_session_is_signed_out, a_stream_ends_when_its_account_is_shut, a_stream_ends_when_the_role_changes,
        a_stream_ends_when_the_password_is_set_anew, a_stream_ends_when_its_api_token_is_revoked)
finally:
    server.stop()
