"""Passkeys over HTTP, with an authenticator made of OpenSSL: which site they belong to, the whole way from making one to
being refused with it, and that nothing a client sends about them is more than refused."""
import base64
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PASSWORD, Server, run

NAME, ORIGIN = "noc.example", "https://noc.example"
OPTIONS, ANSWER = "/api/v1/session/passkeys/sign-in/options", "/api/v1/session/passkeys/sign-in/answer"
BEGIN, MINE = "/api/v1/session/passkeys/registration/options", "/api/v1/session/passkeys"

server = Server("--behind-proxy", "--host", "NOC.example", "--host", "second.example")
keys = tempfile.mkdtemp(prefix="tokatsu-passkeys-")


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True, timeout=60).stdout


class Authenticator:
    """ES256; says of itself what it is told to."""

    def __init__(self, site=NAME):
        self.id, self.site, self.counter = os.urandom(20), site, 0
        self.path = os.path.join(keys, self.id.hex())
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.path)

    def data(self, flags):
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def client(self, type, challenge, origin):
        return json.dumps({"type": type, "challenge": challenge, "origin": origin}).encode()

    def made(self, challenge, origin=ORIGIN, flags=0x45):
        point = openssl("ec", "-in", self.path, "-pubout", "-outform", "DER")[-64:]
        key = bytes.fromhex("a5010203262001215820") + point[:32] + bytes.fromhex("225820") + point[32:]
        data = self.data(flags) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + key
        attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(data)]) + data
        return {"id": base64url(self.id), "type": "public-key", "response": {
            "clientDataJSON": base64url(self.client("webauthn.create", challenge, origin)), "attestationObject": base64url(attestation)}}

    def used(self, challenge, origin=ORIGIN, flags=0x05, holder=None):
        client, data = self.client("webauthn.get", challenge, origin), self.data(flags)
        signature = openssl("dgst", "-sha256", "-sign", self.path, data=data + hashlib.sha256(client).digest())
        response = {"clientDataJSON": base64url(client), "authenticatorData": base64url(data), "signature": base64url(signature)}
        return {"id": base64url(self.id), "type": "public-key", "response": response | ({"userHandle": holder} if holder else {})}


def ask(method, path, body=None, who=None, host=NAME, peer="192.0.2.1"):
    headers = {"Host": host, "X-Forwarded-For": peer} | (who or {"Authorization": ""})
    status, answer_headers, answer = server.request(method, path, body, headers=headers)
    return status, json.loads(answer) if answer else None, answer_headers


def person(name="admin", password=PASSWORD):
    status, body, headers = ask("POST", "/api/v1/session", {"name": name, "password": password})
    assert status == 200, body
    return {"Cookie": headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": body["csrf"]}


def enrol(who, authenticator, label="鍵"):
    status, options, _ = ask("POST", BEGIN, who=who)
    assert status == 200, options
    made = authenticator.made(options["publicKey"]["challenge"])
    return ask("POST", MINE, {"label": label, "credential": made}, who)[:2], options["publicKey"]


def sign_in(authenticator, name=None, **more):
    status, asked, _ = ask("POST", OPTIONS, {"name": name} if name else {})
    assert status == 200, asked
    credential = authenticator.used(asked["publicKey"]["challenge"], **more)
    return ask("POST", ANSWER, {"attempt": asked["attempt"], "credential": credential})


def the_site_is_a_name_that_the_operator_gave():
    for host, site in ((NAME, NAME), ("NOC.EXAMPLE", NAME), ("second.example", "second.example")):
        status, body, _ = ask("POST", OPTIONS, {}, host=host)
        assert status == 200 and body["publicKey"]["rpId"] == site, (host, status, body)
    for host in (f"{NAME}:8443", f"127.0.0.1:{server.port}", f"[::1]:{server.port}"):
        status, body, _ = ask("POST", OPTIONS, {}, host=host)
        assert status == 409 and "belong to a name" in body["detail"] and "パスキー" in body["detail_ja"], (host, status, body)
    assert ask("POST", OPTIONS, {}, host="evil.example")[0] == 421


def from_making_one_to_being_refused_with_it():
    who, device = person(), Authenticator()
    (status, made), options = enrol(who, device, "業務用端末")
    assert status == 201 and made["label"] == "業務用端末" and made["algorithm"] == "ES256", made
    assert options["rp"]["id"] == NAME and options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert {one["alg"] for one in options["pubKeyCredParams"]} == {-7, -8, -257}
    assert "admin" not in base64.urlsafe_b64decode(options["user"]["id"] + "=").decode("latin-1")
    for name, holder in ((None, options["user"]["id"]), ("admin", None)):
        status, body, headers = sign_in(device, name, holder=holder)
        assert status == 200 and body["account"] == "admin" and body["role"] == "administrator", body
        assert headers["Set-Cookie"].startswith("__Host-tokatsu=") and "HttpOnly" in headers["Set-Cookie"]
    items = ask("GET", MINE, who=who)[1]["items"]
    assert len(items) == 1 and items[0]["used_at"] is not None, items
    assert ask("DELETE", f"{MINE}/{made['id']}", who=who)[0] == 200
    assert ask("DELETE", f"{MINE}/{made['id']}", who=who)[0] == 404
    status, body, headers = sign_in(device, "admin")
    assert status == 401 and body["code"] == "sign-in" and "not known here" in body["detail"] and "Set-Cookie" not in headers, body


def what_is_wrong_is_said_and_opens_nothing():
    who, device = person(), Authenticator()
    (status, made), _ = enrol(who, device)
    assert status == 201, made
    for more, words in (({"origin": f"{ORIGIN}:8443"}, "another origin"), ({"flags": 0x01}, "did not verify its holder"),
                        ({"holder": "c29tZWJvZHk"}, "does not fit")):
        ask("POST", "/api/v1/session", {"name": "admin", "password": PASSWORD})  # forgets the failures before
        status, body, headers = sign_in(device, "admin", **more)
        assert status == 401 and words in body["detail"] and "Set-Cookie" not in headers, (more, body)
    person()
    foreign = Authenticator("evil.example")
    foreign.id, foreign.path = device.id, device.path
    status, body, _ = sign_in(foreign, "admin")
    assert status == 401 and "another site" in body["detail"], body
    person()
    assert sign_in(device, "admin")[0] == 200


def a_registration_is_answered_in_the_session_that_began_it():
    one, other, device = person(), person(), Authenticator()
    challenge = ask("POST", BEGIN, who=one)[1]["publicKey"]["challenge"]
    body = {"label": "鍵", "credential": device.made(challenge)}
    assert ask("POST", MINE, body, other)[0] == 409
    without = {"Cookie": one["Cookie"]}
    assert ask("POST", MINE, body, without)[0] == 403, "without the session's token"
    assert ask("POST", MINE, body, one)[0] == 201
    assert ask("POST", MINE, body, one)[0] == 409


def an_administrator_removes_a_lost_one_and_its_holder_is_signed_out():
    admin = person()
    assert ask("POST", "/api/v1/accounts", {"name": "hanako", "role": "engineer", "password": PASSWORD}, admin)[0] == 201
    hers, device = person("hanako"), Authenticator()
    (status, made), _ = enrol(hers, device)
    assert status == 201, made
    path = "/api/v1/accounts/hanako/passkeys"
    assert [one["id"] for one in ask("GET", path, who=admin)[1]["items"]] == [made["id"]]
    assert ask("GET", path, who=hers)[0] == 403
    assert ask("DELETE", f"/api/v1/accounts/admin/passkeys/{made['id']}", who=admin)[0] == 404
    assert ask("GET", "/api/v1/accounts/nobody/passkeys", who=admin)[0] == 404
    assert ask("DELETE", f"{path}/{made['id']}", who=admin)[0] == 200
    assert ask("GET", "/api/v1/session", who=hers)[0] == 401
    assert sign_in(device, "hanako")[0] == 401


def an_api_token_makes_no_passkeys():
    token = server.credentials()
    assert ask("POST", BEGIN, who=token)[0] == 403 and ask("GET", MINE, who=token)[0] == 403


def nothing_that_is_sent_is_more_than_refused():
    who = person()
    texts = ["", "A", "====", "\x00", "é", "A" * 30000, "-_-_", base64url(b"\xa3"), base64url(b"{}"), 7, None, [], {"a": 1}, True]
    for peer, text in enumerate(texts):
        response = {"clientDataJSON": text, "attestationObject": text, "authenticatorData": text, "signature": text, "userHandle": text,
                    "transports": text}
        for credential in (text, {"id": text, "response": text}, {"id": text, "response": response},
                           {"id": base64url(b"x" * 16), "response": response}):
            attempt = ask("POST", OPTIONS, {}, peer=f"192.0.2.{peer}")[1]["attempt"]
            for given in (attempt, text):
                status, body, _ = ask("POST", ANSWER, {"attempt": given, "credential": credential}, peer=f"192.0.2.{peer}")
                assert status in (400, 401, 413, 422, 429), (text, status, body)
            ask("POST", BEGIN, who=who)
            status, body, _ = ask("POST", MINE, {"label": "鍵", "credential": credential}, who)
            assert status in (400, 409, 413, 422), (text, status, body)
        status, body, _ = ask("POST", OPTIONS, {"name": text})
        assert status in (200, 400, 413, 422), (text, status, body)
    assert ask("POST", ANSWER, {"attempt": "x", "credential": "y" * 40000})[0] == 413


def an_address_from_which_many_passkeys_fail_waits():
    stranger, statuses = Authenticator(), []
    credential = stranger.used("bm90aGluZw")
    for _ in range(25):
        attempt = ask("POST", OPTIONS, {}, peer="198.51.100.7")[1]["attempt"]
        statuses.append(ask("POST", ANSWER, {"attempt": attempt, "credential": credential}, peer="198.51.100.7")[0])
    assert statuses[0] == 401 and 429 in statuses, statuses
    assert ask("POST", ANSWER, {"attempt": "x", "credential": credential}, peer="198.51.100.8")[0] == 401


try:
    run(the_site_is_a_name_that_the_operator_gave, from_making_one_to_being_refused_with_it, what_is_wrong_is_said_and_opens_nothing,
        a_registration_is_answered_in_the_session_that_began_it, an_administrator_removes_a_lost_one_and_its_holder_is_signed_out,
        an_api_token_makes_no_passkeys, nothing_that_is_sent_is_more_than_refused, an_address_from_which_many_passkeys_fail_waits)
finally:
    server.stop()
    for name in os.listdir(keys):
        os.remove(os.path.join(keys, name))
    os.rmdir(keys)
