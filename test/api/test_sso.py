"""What a provider could do wrong, by a provider of our own that does it: tokens that are old, of somebody else, signed
wrongly or not at all; keys that change; answers that are late, huge or point elsewhere. That all is well with a real
provider in a real browser is shown in test/e2e/sso.test.mjs."""
import base64
import http.client
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import Server, run

temp = tempfile.TemporaryDirectory(prefix="tokatsu-sso-")
folder = pathlib.Path(temp.name)


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Key:
    """An RSA key made and used by the openssl command."""

    def __init__(self, kid):
        self.kid, self.path = kid, folder / f"{kid}.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.path, "2048"], check=True, capture_output=True, timeout=60)
        text = subprocess.run(["openssl", "rsa", "-in", self.path, "-noout", "-modulus"], check=True, capture_output=True, timeout=60).stdout
        self.jwk = {"kty": "RSA", "kid": kid, "use": "sig", "e": "AQAB", "n": b64(bytes.fromhex(text.decode().strip().split("=")[1]))}

    def sign(self, claims, header=None):
        part = ".".join(b64(json.dumps(x).encode()) for x in (header or {"alg": "RS256", "kid": self.kid}, claims))
        done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.path], input=part.encode(), check=True, capture_output=True, timeout=60)
        return f"{part}.{b64(done.stdout)}"


class Provider(http.server.BaseHTTPRequestHandler):
    key = keys = None
    claims, token, answers, asked = {}, None, {}, []

    def log_message(self, *_):
        pass

    def answer(self, path, otherwise):
        Provider.asked.append(path)
        body = Provider.answers.get(path, otherwise)
        status, headers = 200, {}
        if callable(body):
            body, status, headers = body()
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(data))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            pass  # who asked has had enough

    def do_GET(self):
        if self.path == "/.well-known/openid-configuration":
            self.answer("configuration", {"issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/auth", "token_endpoint": f"{ISSUER}/token",
                                          "jwks_uri": f"{ISSUER}/keys"})
        elif self.path == "/keys":
            self.answer("keys", {"keys": [key.jwk for key in Provider.keys]})
        else:
            self.answer(self.path, b"")

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer("token", {"access_token": "x", "token_type": "Bearer", "id_token": Provider.token})


listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
listener.daemon_threads = True
threading.Thread(target=listener.serve_forever, daemon=True).start()
ISSUER = f"http://127.0.0.1:{listener.server_port}"
first, second = Key("one"), Key("two")
Provider.key, Provider.keys = first, [first]
config = folder / "oidc.json"
config.write_text(json.dumps({"format": "tokatsu-oidc/1", "issuer": ISSUER, "client_id": "tokatsu", "roles": [{"group": "noc", "role": "noc-operator"}]}))
server = None


def fresh():
    """A server that has asked the provider nothing yet, and from which nobody has been refused."""
    global server
    if server is not None:
        server.stop()
    Provider.answers, Provider.asked, Provider.keys = {}, [], [first]
    server = Server("--oidc", str(config))


def get(path, cookie=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def begin():
    answer = get("/sso/start?to=/law")
    assert answer.status == 303, answer.status
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["Location"]).query))
    return answer.headers["Set-Cookie"].split(";")[0], asked


def claims_for(asked, **change):
    now = int(time.time())
    whole = {"iss": ISSUER, "aud": "tokatsu", "sub": "u1", "iat": now, "exp": now + 300, "nonce": asked["nonce"], "name": "試験(架空)",
             "groups": ["noc"]} | change
    return {name: value for name, value in whole.items() if value is not None}


def outcome(cookie, query):
    """"in", or the word of the refusal."""
    answer = get("/sso/callback?" + urllib.parse.urlencode(query), cookie)
    cookies = answer.headers.get_all("Set-Cookie")
    assert any(c.startswith("tokatsu-sso=;") for c in cookies), cookies
    session = any(c.startswith("tokatsu=") for c in cookies)
    if answer.status == 200:
        assert session
        return "in"
    assert answer.status == 303 and not session, answer.status
    return urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["Location"]).query)["sso"][0]


def comes_back(make=None, key=None, header=None, **change):
    cookie, asked = begin()
    claims = claims_for(asked, **change)
    Provider.token = make(claims) if make else (key or first).sign(claims, header)
    return outcome(cookie, {"state": asked["state"], "code": "c1"})


def what_is_asked_of_the_provider_is_what_the_standards_say():
    fresh()
    cookie, asked = begin()
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    assert asked["redirect_uri"] == f"http://127.0.0.1:{server.port}/sso/callback" and "openid" in asked["scope"].split()
    assert len({asked["state"], asked["nonce"], begin()[1]["state"], begin()[1]["nonce"]}) == 4
    set_cookie = get("/sso/start").headers["Set-Cookie"]
    assert "SameSite=Lax" in set_cookie and "HttpOnly" in set_cookie and "Max-Age=600" in set_cookie
    assert asked["state"] not in cookie and asked["nonce"] not in cookie  # sealed


def a_good_token_lets_in():
    fresh()
    assert comes_back() == "in"
    assert comes_back(aud=["tokatsu", "other"], azp="tokatsu") == "in"


def tokens_that_are_not_for_this_sign_in_are_refused():
    fresh()
    past = int(time.time()) - 3600
    for change in ({"iss": "https://evil.example"}, {"aud": "other"}, {"aud": ["tokatsu", "other"]}, {"azp": "other"}, {"nonce": "other"},
                   {"nonce": None}, {"exp": past}, {"iat": past, "exp": past + 4000}, {"iat": past + 7200}, {"sub": None}, {"exp": None}):
        assert comes_back(**change) == "token", change


def tokens_that_are_not_signed_by_the_provider_are_refused():
    fresh()

    def none(claims):
        return ".".join(b64(json.dumps(x).encode()) for x in ({"alg": "none"}, claims)) + "."

    def hmac(claims):
        import hashlib
        import hmac as mac
        part = ".".join(b64(json.dumps(x).encode()) for x in ({"alg": "HS256", "kid": "one"}, claims))
        return f"{part}.{b64(mac.new(first.jwk['n'].encode(), part.encode(), hashlib.sha256).digest())}"

    assert comes_back(none) == "token"
    assert comes_back(hmac) == "token"
    assert comes_back(key=second, header={"alg": "RS256", "kid": "one"}) == "token"
    assert comes_back(lambda claims: first.sign(claims)[:-8] + "AAAAAAAA") == "token"
    assert comes_back(lambda claims: "no token at all") == "token"
    assert comes_back(lambda claims: None) == "token"


def keys_that_change_are_fetched_again_but_not_for_ever():
    fresh()
    assert comes_back() == "in"
    Provider.keys = [first, second]
    assert comes_back(key=second) == "in"
    fetched = Provider.asked.count("keys")
    assert fetched == 2, Provider.asked
    third = Key("three")
    for _ in range(3):
        assert comes_back(key=third) == "token"
    assert Provider.asked.count("keys") == fetched, "a stranger's token made us ask"


def a_callback_that_this_browser_did_not_begin_or_that_was_used_is_refused():
    fresh()
    cookie, asked = begin()
    Provider.token = first.sign(claims_for(asked))
    good = {"state": asked["state"], "code": "c1"}
    assert outcome(None, good) == "state"
    assert outcome("tokatsu-sso=made-up", good) == "state"
    assert outcome(begin()[0], good) == "state"
    assert outcome(cookie, {"code": "c1"}) == "state"
    assert outcome(cookie, good | {"iss": "https://evil.example"}) == "state"  # RFC 9207; and the state is used up by it
    assert outcome(cookie, good) == "state"
    cookie, asked = begin()
    assert outcome(cookie, {"state": asked["state"], "error": "access_denied"}) == "denied"


def a_provider_that_answers_wrongly_is_told_and_nothing_else_waits():
    elsewhere = {"Location": "http://127.0.0.1:1/elsewhere"}
    for path, answer in (("configuration", lambda: (b"", 302, elsewhere)), ("configuration", {"issuer": "https://evil.example"}),
                         ("configuration", lambda: (b"x" * 300_000, 200, {})), ("configuration", b"not JSON")):
        fresh()
        Provider.answers = {path: answer}
        assert get("/sso/start").headers["Location"] == "/?sso=provider", path
    for path, answer in (("token", lambda: (b"", 500, {})), ("token", lambda: (b"", 307, elsewhere)), ("keys", lambda: (b"", 404, {})),
                         ("keys", lambda: (b"x" * 300_000, 200, {}))):
        fresh()
        Provider.answers = {path: answer}
        assert comes_back() == "provider", path


def a_provider_that_hangs_holds_up_nobody_else():
    fresh()
    hung = threading.Event()
    Provider.answers = {"configuration": lambda: (hung.wait(30), ({}, 200, {}))[1]}
    waiting = [threading.Thread(target=get, args=("/sso/start",)) for _ in range(12)]
    for thread in waiting:
        thread.start()
    begin_s = time.monotonic()
    for _ in range(20):
        assert get("/healthz").status == 200
    print(f"# 20 other answers in {(time.monotonic() - begin_s) * 1000:.0f} ms while the provider hung")
    hung.set()
    for thread in waiting:
        thread.join(60)
        assert not thread.is_alive()


def the_path_afterwards_is_always_ours():
    fresh()
    for then, expected in (("/law?x=1", "/law?x=1"), ("https://evil.example/", "/"), ("//evil.example/", "/"), ("/\\evil.example", "/"),
                           ("/\"><script>", None)):
        answer = get("/sso/start?to=" + urllib.parse.quote(then, safe=""))
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["Location"]).query))
        Provider.token = first.sign(claims_for(asked))
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", "/sso/callback?" + urllib.parse.urlencode({"state": asked["state"], "code": "c"}), headers={"Cookie": cookie})
        body = connection.getresponse().read().decode()
        connection.close()
        assert "<script>" not in body, body
        assert expected is None or f'href="{expected}"' in body, (then, body)


def without_a_configuration_there_is_no_button():
    with Server() as plain:
        assert plain.get("/api/v1/session/methods") == {"password": True, "sso": None}
        assert plain.request("GET", "/sso/start", headers={"Authorization": ""})[0] == 404


try:
    run(what_is_asked_of_the_provider_is_what_the_standards_say, a_good_token_lets_in, tokens_that_are_not_for_this_sign_in_are_refused,
        tokens_that_are_not_signed_by_the_provider_are_refused, keys_that_change_are_fetched_again_but_not_for_ever,
        a_callback_that_this_browser_did_not_begin_or_that_was_used_is_refused, a_provider_that_answers_wrongly_is_told_and_nothing_else_waits,
        a_provider_that_hangs_holds_up_nobody_else, the_path_afterwards_is_always_ours, without_a_configuration_there_is_no_button)
finally:
    if server is not None:
        server.stop()
    listener.shutdown()
    temp.cleanup()
