"""Reads an exported log with nothing of Tokatsu's: hashlib, and the openssl command for Ed25519.

    python3 ledger_reader.py EXPORT [ENTRY PROOF.json]

An independent reading of C2SP tlog-checkpoint, signed-note and tlog-tiles and of RFC 6962: what it accepts, other
people's tools can be expected to accept. Prints the size; dies with the reason where something does not hold."""
import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

export = pathlib.Path(sys.argv[1])


def sha(data):
    return hashlib.sha256(data).digest()


def tree_hash(hashes):
    if len(hashes) < 2:
        return hashes[0] if hashes else sha(b"")
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return sha(b"\1" + tree_hash(hashes[:half]) + tree_hash(hashes[half:]))


def name(index, width):
    parts = [f"{index % 1000:03}"]
    while index := index // 1000:
        parts.insert(0, f"x{index % 1000:03}")
    return "/".join(parts) + ("" if width == 256 else f".p/{width}")


def check_signature(text, line, key):
    key_name, key_id, material = key.split("+", 2)
    material = base64.b64decode(material)
    assert material[0] == 1 and sha(key_name.encode() + b"\n" + material)[:4].hex() == key_id, "the key's id"
    dash, signer, signature = line.split(" ")
    signature = base64.b64decode(signature)
    assert dash == "—" and signer == key_name and signature[:4].hex() == key_id, "the signature line"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "text").write_bytes(text.encode())
        (folder / "signature").write_bytes(signature[4:])
        (folder / "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + material[1:])
        subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder / "key", "-rawin",
                        "-in", folder / "text", "-sigfile", folder / "signature"], check=True, capture_output=True)


def read_leaves(size):
    leaves = []
    for index in range((size + 255) // 256):
        width = min(256, size - 256 * index)
        data = (export / "tile" / "entries" / name(index, width)).read_bytes()
        hashes = []
        while data:
            length = int.from_bytes(data[:2], "big")
            assert len(data) >= 2 + length, "an entry is cut"
            hashes.append(sha(b"\0" + data[2:2 + length]))
            data = data[2 + length:]
        assert len(hashes) == width, "entries of a bundle"
        assert b"".join(hashes) == (export / "tile" / "0" / name(index, width)).read_bytes(), "the tile of a bundle"
        leaves += hashes
    return leaves


def check_levels(hashes, level=1):
    hashes = [tree_hash(hashes[i:i + 256]) for i in range(0, len(hashes) // 256 * 256, 256)]
    for index in range((len(hashes) + 255) // 256):
        row = hashes[256 * index:256 * index + 256]
        assert b"".join(row) == (export / "tile" / str(level) / name(index, len(row))).read_bytes(), "a tile above"
    if hashes:
        check_levels(hashes, level + 1)


def check_proof(proof, root):
    index, last, at = proof["index"], proof["size"] - 1, sha(b"\0" + proof["entry"].encode())
    assert at == base64.b64decode(proof["leaf_hash"]), "the hash of the entry"
    for sibling in map(base64.b64decode, proof["proof"]):  # RFC 9162 section 2.1.3.2
        if index & 1 or index == last:
            at = sha(b"\1" + sibling + at)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            at = sha(b"\1" + at + sibling)
        index, last = index >> 1, last >> 1
    assert last == 0 and at == root, "the proof"


text, lines = (export / "checkpoint").read_text(encoding="utf-8").rsplit("\n\n", 1)
text += "\n"
size, root = int(text.splitlines()[1]), base64.b64decode(text.splitlines()[2])
check_signature(text, lines.splitlines()[0], (export / "key.pub").read_text().splitlines()[0])
leaves = read_leaves(size)
assert tree_hash(leaves) == root, "the root"
check_levels(leaves)
if len(sys.argv) > 2:
    check_proof(json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")), root)
print(size)
