"""Names and passwords of a directory: against a real slapd of our own, with StartTLS, ldaps and without, by template and by
search. People are synthetic."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PASSWORD, PROGRAM, Server, run, until

SLAPD = shutil.which("slapd") or ("/usr/sbin/slapd" if os.path.exists("/usr/sbin/slapd") else None)
if not SLAPD:
    print("1..1\nok 1 - the directory # SKIP slapd is not installed")
    sys.exit(0)

BASE = "dc=example,dc=jp"
LDIF = f"""dn: {BASE}
objectClass: dcObject
objectClass: organization
o: Example (synthetic)
dc: example

dn: ou=people,{BASE}
objectClass: organizationalUnit
ou: people

dn: ou=groups,{BASE}
objectClass: organizationalUnit
ou: groups
"""
PEOPLE = {"taro": "運用 太郎(架空)", "hanako": "監査 花子(架空)", "jiro": "営業 次郎(架空)", "admin": "にせ 管理者(架空)"}
GROUPS = {"noc": ["taro", "hanako", "admin"], "audit": ["hanako"], "sales": ["jiro"], "admins": ["admin"]}
for uid, name in PEOPLE.items():
    LDIF += (f"\ndn: uid={uid},ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {name}\nsn: x\n"
             f"userPassword: the word of {uid}\n")
LDIF += f"\ndn: cn=reader,{BASE}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: reader\nuserPassword: only for searching\n"
for group, members in GROUPS.items():
    LDIF += f"\ndn: cn={group},ou=groups,{BASE}\nobjectClass: groupOfNames\ncn: {group}\n" + "".join(f"member: uid={m},ou=people,{BASE}\n" for m in members)

ROLES = [{"group": "audit", "role": "auditor"}, {"group": "admins", "role": "administrator"}, {"group": "noc", "role": "noc-operator"}]
GROUP_SEARCH = {"base": f"ou=groups,{BASE}", "filter": "(&(objectClass=groupOfNames)(member={dn}))"}


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Directory:
    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="tokatsu-ldap-"))
        self.plain, self.tls = f"ldap://127.0.0.1:{free_port()}", f"ldaps://127.0.0.1:{free_port()}"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", self.dir / "key.pem", "-out", self.dir / "cert.pem"],
                       check=True, capture_output=True, timeout=60)
        (self.dir / "db").mkdir()
        # A copy of our own: a system's profile for its directory server does not hold for it, nor its settings.
        self.program = shutil.copy(SLAPD, self.dir / "slapd")
        (self.dir / "slapd.conf").write_text(
            "".join(f"include /etc/ldap/schema/{name}.schema\n" for name in ("core", "cosine", "inetorgperson"))
            + f"pidfile {self.dir}/pid\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
            + f"TLSCertificateFile {self.dir}/cert.pem\nTLSCertificateKeyFile {self.dir}/key.pem\n"
            + f'database mdb\nsuffix "{BASE}"\nrootdn "cn=root,{BASE}"\ndirectory {self.dir}/db\n'
            + "access to attrs=userPassword by anonymous auth by * none\n"
            + f'access to * by dn.exact="cn=reader,{BASE}" read by users read by * auth\n')
        (self.dir / "people.ldif").write_text(LDIF)
        subprocess.run([self.program, "-T", "add", "-f", self.dir / "slapd.conf", "-l", self.dir / "people.ldif"], check=True,
                       capture_output=True, timeout=60)
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.program, "-f", self.dir / "slapd.conf", "-h", f"{self.plain} {self.tls}", "-d", "0"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for url in (self.plain, self.tls):
            until(lambda: not socket.socket().connect_ex(("127.0.0.1", int(url.rsplit(":", 1)[1]))))

    def pause(self):
        self.process.terminate()
        self.process.wait(20)

    def stop(self):
        self.pause()
        shutil.rmtree(self.dir, ignore_errors=True)

    def config(self, name="ldap.json", **change):
        path = self.dir / name
        whole = {"format": "tokatsu-ldap/1", "url": self.plain, "user_dn": f"uid={{name}},ou=people,{BASE}", "groups": GROUP_SEARCH,
                 "roles": ROLES} | change
        path.write_text(json.dumps({k: v for k, v in whole.items() if v is not None}))
        return str(path)


directory = Directory()
server = Server("--ldap", directory.config())


def sign_in(name, password, to=server):
    status, headers, body = to.request("POST", "/api/v1/session", {"name": name, "password": password}, headers={"Authorization": ""})
    return status, json.loads(body), headers


def a_person_of_the_directory_signs_in_with_the_role_of_the_groups():
    status, who, _ = sign_in("taro", "the word of taro")
    assert status == 200, who
    assert (who["role"], who["display"], who["source"]) == ("noc-operator", PEOPLE["taro"], "ldap"), who
    assert sign_in("hanako", "the word of hanako")[1]["role"] == "auditor"  # the first line decides


def without_a_role_nobody_comes_in():
    status, body, headers = sign_in("jiro", "the word of jiro")
    assert status == 409 and "groups" in json.dumps(body) and "Set-Cookie" not in headers, body
    assert "jiro" not in {a["name"] for a in server.get("/api/v1/accounts")["items"]}


def a_wrong_or_empty_password_is_refused_in_the_one_sentence():
    wrong = sign_in("taro", "not the word of taro")
    assert wrong[0] == 401
    for name, password in (("taro", ""), ("nobody", "x"), ("nobody", ""), ("*", "x"), ("taro)(uid=*", "x"), ("taro,ou=people", "x")):
        status, body, _ = sign_in(name, password)
        assert status == 401 and body == wrong[1], (name, status, body)
    until(lambda: sign_in("taro", "the word of taro")[0] == 200, every=1)


def a_local_account_of_the_same_name_is_never_the_directorys():
    assert sign_in("admin", "the word of admin")[0] == 401
    status, who, _ = sign_in("admin", PASSWORD)
    assert status == 200 and who["source"] == "local"


def the_account_has_no_password_of_its_own_and_can_be_shut():
    assert server.request("POST", "/api/v1/accounts/taro/password", {"password": PASSWORD})[0] == 409
    assert server.edit_account("taro", {"role": "administrator"})[0] == 409
    own = server.request("POST", "/api/v1/session", {"name": "taro", "password": "the word of taro"}, headers={"Authorization": ""})
    mine = {"Cookie": own[1]["Set-Cookie"].split(";")[0], "X-CSRF-Token": json.loads(own[2])["csrf"]}
    assert server.request("POST", "/api/v1/session/totp", headers=mine)[0] == 409
    assert server.edit_account("taro", {"disabled": True})[0] == 200
    assert sign_in("taro", "the word of taro")[0] == 401
    assert server.edit_account("taro", {"disabled": False})[0] == 200
    assert sign_in("taro", "the word of taro")[0] == 200


def tls_is_checked_and_the_search_finds_who_it_is():
    search = {"base": f"ou=people,{BASE}", "filter": "(&(objectClass=person)(uid={name}))", "bind_dn": f"cn=reader,{BASE}",
              "password_file": str(directory.dir / "reader")}
    (directory.dir / "reader").write_text("only for searching\n")
    ca = str(directory.dir / "cert.pem")
    for change in ({"url": directory.tls, "ca_file": ca}, {"start_tls": True, "ca_file": ca}):
        with Server("--ldap", directory.config("tls.json", user_dn=None, search=search, **change)) as other:
            status, who, _ = sign_in("taro", "the word of taro", other)
            assert status == 200 and who["role"] == "noc-operator", who
            assert sign_in("t*", "the word of taro", other)[0] == 401
            assert sign_in("hanako", "", other)[0] == 401
    with Server("--ldap", directory.config("untrusted.json", url=directory.tls)) as other:
        status, body, _ = sign_in("taro", "the word of taro", other)
        assert status == 503, body  # the certificate is nobody's that we know


def a_directory_that_is_away_is_told_and_local_accounts_go_on():
    directory.pause()
    try:
        assert sign_in("taro", "the word of taro")[0] == 503
        assert sign_in("admin", PASSWORD)[0] == 200
    finally:
        directory.start()


def a_configuration_that_is_not_safe_is_refused():
    for change, why in (({"url": "ldap://ldap.example.jp"}, "url"), ({"url": "http://127.0.0.1"}, "url"), ({"user_dn": "uid=taro"}, "{name}"),
                        ({"user_dn": None}, "either"), ({"roles": []}, "roles"), ({"roles": [{"group": "x", "role": "none"}]}, "roles[0]"),
                        ({"colour": "red"}, "colour"), ({"groups": {"base": "x", "filter": "(cn=x)"}}, "groups")):
        done = subprocess.run([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--data", str(directory.dir / "never"), "--ldap",
                               directory.config("bad.json", **change)], capture_output=True, text=True, timeout=60)
        assert done.returncode == 2 and why in done.stderr, (change, done.stderr)


def no_password_of_the_directory_lies_in_the_data():
    data = b"".join(p.read_bytes() for p in pathlib.Path(server.data).iterdir() if p.is_file())
    assert b"the word of" not in data and "the word of" not in server.words()


try:
    run(a_person_of_the_directory_signs_in_with_the_role_of_the_groups, without_a_role_nobody_comes_in,
        a_wrong_or_empty_password_is_refused_in_the_one_sentence, a_local_account_of_the_same_name_is_never_the_directorys,
        the_account_has_no_password_of_its_own_and_can_be_shut, tls_is_checked_and_the_search_finds_who_it_is,
        a_directory_that_is_away_is_told_and_local_accounts_go_on, a_configuration_that_is_not_safe_is_refused,
        no_password_of_the_directory_lies_in_the_data)
finally:
    server.stop()
    directory.stop()
