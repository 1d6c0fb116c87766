"""Reminders against a real mail server and a real webhook of this machine: once each, to the owner or who stands in, tried
again after a refusal, kept over a restart."""
import base64
import contextlib
import datetime as dt
import email
import email.header
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import shutil
import sys
import tempfile
import threading

try:
    from aiosmtpd.controller import Controller
except ImportError:  # a Debian package: another Python on the path does not see it
    debian = "/usr/bin/python3"
    if os.path.exists(debian) and "TOKATSU_DEBIAN_PYTHON" not in os.environ:
        os.execve(debian, [debian, *sys.argv], os.environ | {"TOKATSU_DEBIAN_PYTHON": "1"})
    print("1..0 # SKIP aiosmtpd is not there: no mail server to try reminders against")
    sys.exit(0)

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import JST, Server, run, until

TODAY = dt.datetime.now(JST).date()
SECRET = "a secret of the webhook"
mails, hooks = [], []
refuse = threading.Event()


class Sink:
    async def handle_DATA(self, server, session, envelope):
        if refuse.is_set():
            return "451 try again later"
        mails.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        hooks.append((dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


folder = tempfile.mkdtemp(prefix="tokatsu-reminders-")
smtp = Controller(Sink(), hostname="127.0.0.1", port=0)
with contextlib.suppress(Exception):
    smtp.start()
smtp_port = smtp.server.sockets[0].getsockname()[1]
web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
threading.Thread(target=web.serve_forever, daemon=True).start()
pathlib.Path(folder, "secret").write_text(SECRET + "\n")
SETTINGS = {"format": "tokatsu-notify/1", "smtp": {"url": f"smtp://127.0.0.1:{smtp_port}", "from": "tokatsu@example.jp", "tls": False},
            "webhook": {"url": f"http://127.0.0.1:{web.server_port}/hook", "secret_file": os.path.join(folder, "secret")},
            "days_before": [7, 0], "escalate_after_days": 3, "escalate_to": ["second@example.jp"], "to": ["all@example.jp"], "look_every_s": 1}
path = os.path.join(folder, "notify.json")
pathlib.Path(path).write_text(json.dumps(SETTINGS))
server = Server("--notify", path)


def record(register, values):
    return server.post(f"/api/v1/registers/{register}", {"values": values}, 201)


def order(title, days, owner):
    return record("orders", {"title": title, "kind": "guidance", "received": "2026-01-01", "content": "対応", "status": "open", "owner": owner,
                             "deadline": (TODAY + dt.timedelta(days=days)).isoformat()})


def person(name, address):
    return record("persons", {"name": name, "department": "法務", "active": True, "email": address})["id"]


def subject(mail):
    parts = email.header.decode_header(email.message_from_bytes(mail[1])["Subject"])
    return "".join(part.decode(code or "ascii") if isinstance(part, bytes) else part for part, code in parts)


def mails_of(title):
    return [mail for mail in mails if title in subject(mail)]


owner = person("担当", "owner@example.jp")
deputy = person("代理", "deputy@example.jp")


def what_falls_due_is_mailed_to_its_owner_once():
    order("指導への対応一号", 5, owner)
    until(lambda: mails_of("指導への対応一号"), 20)
    to, content = mails_of("指導への対応一号")[0]
    mail = email.message_from_bytes(content)
    assert to == ["owner@example.jp"] and mail["From"].endswith("<tokatsu@example.jp>"), (to, mail["From"])
    assert mail["Message-ID"] and mail["Date"] and "期限" in subject((to, content)), content[:500]
    assert (TODAY + dt.timedelta(days=5)).isoformat() in base64.b64decode(mail.get_payload()).decode()


def the_webhook_is_signed():
    found = until(lambda: [one for one in hooks if "指導への対応一号" in one[1].decode()], 20)
    headers, body = found[0]
    wanted = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Tokatsu-Signature"] == wanted and json.loads(body)["stage"] == "before-7", headers


def what_is_far_is_not_mailed_and_what_is_late_goes_to_the_second_person_too():
    order("まだ先の件二号", 8, owner)
    order("遅れた件三号", -4, owner)
    until(lambda: mails_of("遅れた件三号"), 20)
    assert sorted(mails_of("遅れた件三号")[0][0]) == ["owner@example.jp", "second@example.jp"]
    assert not mails_of("まだ先の件二号")


def who_stands_in_gets_it_instead():
    record("delegations", {"person": owner, "deputy": deputy, "from": TODAY.isoformat(), "to": TODAY.isoformat()})
    order("不在中の件四号", 1, owner)
    until(lambda: mails_of("不在中の件四号"), 20)
    assert mails_of("不在中の件四号")[0][0] == ["deputy@example.jp"]


def a_refusal_is_shown_and_tried_again_later():
    refuse.set()
    order("断られる件五号", 2, owner)

    def refused():
        return [one for one in server.get("/api/v1/reminders")["items"] if one["state"] == "retry" and "断られる件五号" in one["title"]["ja"]]
    found = until(refused, 20)[0]
    refuse.clear()
    assert found["tries"] == 1 and found["next_try"] and "451" in found["error"], found
    later = dt.datetime.fromisoformat(found["next_try"]) - dt.datetime.now(JST)
    assert dt.timedelta(seconds=10) < later <= dt.timedelta(seconds=61), later


def nothing_is_sent_twice_also_over_a_restart():
    before = len(mails), len(hooks)
    sent = server.get("/api/v1/reminders")["total"]
    assert server.end() == 0
    server.start()
    order("再起動後の件六号", 1, owner)
    until(lambda: mails_of("再起動後の件六号"), 20)
    assert len(mails) == before[0] + 1 and server.get("/api/v1/reminders")["total"] == sent + 2, (before, len(mails))
    assert server.get("/api/v1/reminders")["on"] is True


def wrong_settings_are_refused_with_the_field():
    for change, says in [({"days_before": [1, 7]}, "days_before"), ({"to": ["nobody"]}, "to"), ({"smtp": {"url": "http://x"}}, "smtp.url"),
                         ({"webhook": {"url": "https://x"}}, "secret_file"), ({"more": 1}, "more"),
                         ({"smtp": SETTINGS["smtp"] | {"user": "u", "password_file": os.path.join(folder, "secret")}}, "smtp.tls")]:
        wrong = os.path.join(folder, "wrong.json")
        pathlib.Path(wrong).write_text(json.dumps(SETTINGS | change))
        try:
            other = Server("--notify", wrong)
        except RuntimeError as error:
            assert says in str(error), (says, error)
        else:
            other.stop()
            raise AssertionError(f"{change} was taken")


try:
    run(what_falls_due_is_mailed_to_its_owner_once, the_webhook_is_signed,
        what_is_far_is_not_mailed_and_what_is_late_goes_to_the_second_person_too, who_stands_in_gets_it_instead,
        a_refusal_is_shown_and_tried_again_later, nothing_is_sent_twice_also_over_a_restart, wrong_settings_are_refused_with_the_field)
finally:
    server.stop()
    web.shutdown()
    smtp.stop(no_assert=True)
    shutil.rmtree(folder, ignore_errors=True)
