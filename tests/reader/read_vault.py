#!/usr/bin/env python3
"""Reads a Keyroom vault from docs/FORMAT.md alone, in another language and with other libraries.

    pip install cryptography        (47 or later: Argon2id, ML-KEM)
    read_vault.py VAULT PASSWORD_FILE [OPERATOR]

Opens the slot, the bundle and the grants, verifies the roster, the whole log, the newest checkpoint and the state root, opens
every key and every value, and prints what it found; values only as their SHA-256. It writes nothing. A tool for those who
doubt the description, not part of the product.
"""

import base64
import datetime
import hashlib
import hmac
import sqlite3
import struct
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

TABLES = ["header", "slot", "bundle", "grant", "roster", "scope", "settings", "key", "version", "draft"]
NONE, METADATA, LOG = bytes(16), b"\x4d" * 16, b"\x4c" * 16
u8, u16, u32, u64 = (lambda n, f=f: struct.pack(f, n) for f in (">B", ">H", ">I", ">Q"))
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()


# 1.1 lp
def lp(*parts):
    return b"".join(u32(len(p)) + p for p in parts)


def parts(data):
    found = []
    while data:
        (n,) = struct.unpack(">I", data[:4])
        assert len(data) >= 4 + n
        found.append(data[4 : 4 + n])
        data = data[4 + n :]
    return found


num = lambda part: int.from_bytes(part, "big")
day = lambda moment: str(datetime.datetime.fromtimestamp(moment / 1000, datetime.timezone.utc).date())


# 1.2 postcard
class Postcard:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        assert self.at + n <= len(self.data)
        self.at += n
        return self.data[self.at - n : self.at]

    def rest(self):
        return self.data[self.at :]

    def n(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def i64(self):
        n = self.n()
        return (n >> 1) ^ -(n & 1)

    def str(self):
        return self.take(self.n()).decode()

    def bool(self):
        return self.take(1)[0] == 1

    def opt(self, read):
        return read() if self.take(1)[0] else None

    def list(self, read):
        return [read() for _ in range(self.n())]

    def enum(self, words):
        return words[self.n()]

    def end(self, value):
        assert self.at == len(self.data)
        return value


# 4 The envelope
def hkdf_expand(prk, info, length):
    out, block = b"", b""
    for i in range(1, 256):
        block = hmac.digest(prk, block + info + bytes([i]), "sha256")
        out += block
        if len(out) >= length:
            return out[:length]


def hchacha20(key, nonce):
    s = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce))
    rot = lambda v, n: ((v << n) | (v >> (32 - n))) & 0xFFFFFFFF

    def quarter(a, b, c, d):
        for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[x] = (s[x] + s[y]) & 0xFFFFFFFF
            s[z] = rot(s[z] ^ s[x], n)

    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<8I", *s[:4], *s[12:])


def open_envelope(k, aad, sealed):
    assert sealed[0] == 1
    nonce, commitment, body = sealed[1:25], sealed[25:57], sealed[57:]
    okm = hkdf_expand(k, lp(b"keyroom/env/1", nonce, sha(aad)), 64)
    assert hmac.compare_digest(okm[32:], commitment), "commitment"
    padded = ChaCha20Poly1305(hchacha20(okm[:32], nonce[:16])).decrypt(bytes(4) + nonce[16:], body, aad)
    n = num(padded[:4])
    assert not any(padded[4 + n :])
    return padded[4 : 4 + n]


# 3 Rows and positions
class Row:
    def __init__(self, table, id, version, scope, epoch, data):
        self.table, self.id, self.version, self.scope, self.epoch, self.data = table, id, version, scope, epoch, data

    def hash(self):
        return sha(b"keyroom/row/1", u8(TABLES.index(self.table)), u32(len(self.id)), self.id, u64(self.version),
                   self.scope, u32(self.epoch), u64(len(self.data)), self.data)


def aad(vault, place, id, version, scope, epoch):
    return lp(b"keyroom/row/1", u16(1), vault, place.encode(), id, u64(version), u16(1), scope, u32(epoch))


def aad_of(vault, row, place=None):
    return aad(vault, place or row.table, row.id, row.version, row.scope, row.epoch)


# 6 Grants: X-Wing and HPKE
def xwing_open(seed, enc):
    expanded = hashlib.shake_256(seed).digest(96)
    kem, x = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])
    pk_x = x.public_key().public_bytes_raw()
    ss_m, ss_x = kem.decapsulate(enc[:1088]), x.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    return hashlib.sha3_256(ss_m + ss_x + enc[1088:] + pk_x + b"\\.//^\\").digest()


def hpke_open(seed, enc, ciphertext, info, additional):
    suite = b"HPKE" + u16(0x647A) + u16(1) + u16(3)
    extract = lambda salt, label, ikm: hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")
    expand = lambda prk, label, i, n: hkdf_expand(prk, u16(n) + b"HPKE-v1" + suite + label + i, n)
    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(xwing_open(seed, enc), b"secret", b"")
    key, nonce = expand(secret, b"key", context, 32), expand(secret, b"base_nonce", context, 12)
    return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, additional)


# 8 Metadata
KEY_TYPES = ["aes-256", "chacha20", "hmac-sha256", "password", "passphrase", "api-token", "text", "file"]
KEY_STATES = ["pre-active", "active", "suspended", "deactivated", "compromised", "destroyed"]
AROUND = ["sponsor", "custodians", "location", "shared_with", "runbook"]
VERSION_STATES = ["current", "overlap", "retired", "compromised", "destroyed"]


def read_key(data):
    p = Postcard(data)

    def policy():
        return [lambda: "default", lambda: p.take(16).hex(), lambda: "exempt: " + p.str()][p.n()]()

    def origin():
        return ["generated", "entered", "imported"][(n := p.n())] + (" " + p.str() if n == 2 else "")

    def version():
        return dict(number=p.n(), state=p.enum(VERSION_STATES), origin=origin(), created=p.i64(), current_from=p.i64(),
                    current_to=p.opt(p.i64), overlap_ends=p.opt(p.i64), length=p.n(), description=p.str(),
                    check_value=p.opt(p.str), fingerprint=p.take(16), by=p.str(), reason=p.str())

    compromise = lambda: dict(reason=p.n(), occurred=p.i64(), noticed=p.i64(), note=p.str())
    key = dict(
        id=p.take(16), compartment=p.take(16), name=p.str(), type=p.enum(KEY_TYPES), state=p.enum(KEY_STATES),
        owner=p.str(), system=p.str(), environment=p.str(), purpose=p.str(), tags=p.list(p.str), note=p.str(),
        critical=p.bool(), policy=policy(), created=p.i64(), activated=p.opt(p.i64), suspended=p.opt(p.str),
        compromise=p.opt(compromise), destroy_at=p.opt(p.i64), destroyed=p.opt(p.i64), ever_revealed=p.bool(),
        ever_copied=p.bool(), ever_exported=p.bool(), last_used=p.opt(p.i64), versions=p.list(version))
    # A row ends after the block that was the last when it was written; what is missing is as it was then.
    key |= dict(contact="", deployed="", expires=None, deactivated=None, last_revealed=None, uses=0)
    if p.rest():
        key |= dict(contact=p.str(), deployed=p.str(), expires=p.opt(p.i64), deactivated=p.opt(p.i64),
                    last_revealed=p.opt(p.i64), uses=p.n())
    key |= dict(suspended_at=None, review_by=None, compromised_after_destruction=False, periods=[])
    if p.rest():
        key |= dict(suspended_at=p.opt(p.i64), review_by=p.opt(p.i64), compromised_after_destruction=p.bool(),
                    periods=p.list(lambda: (p.n(), p.i64())))
    key |= dict(sponsor="", custodians="", location="", shared_with="", runbook="", process_until=None, replaces=None)
    if p.rest():
        key |= dict(sponsor=p.str(), custodians=p.str(), location=p.str(), shared_with=p.str(), runbook=p.str(),
                    process_until=p.opt(p.i64), replaces=p.opt(lambda: p.take(16)))
    # A program goes on over what a later one wrote behind this; here it would be something the page does not say.
    return p.end(key)


def read_settings(data):
    p = Postcard(data)
    policy = lambda: (p.take(16), p.str(), p.opt(p.n), p.n(), p.list(lambda: p.enum(KEY_TYPES)))
    first = (p.str(), [p.n() for _ in range(5)], p.bool(), p.bool(), p.n(), p.n(), p.list(policy))
    # A row from before these were added ends here.
    later = ((p.n(), p.n()), [p.n() for _ in range(8)], p.list(p.str)) if p.rest() else None
    locks = p.bool() if p.rest() else None
    return p.end(first + (later, locks))


def read_details(data):
    p = Postcard(data)
    objects = [lambda: "vault", lambda: (p.take(16), p.str(), p.opt(p.n)), lambda: p.n(), lambda: (p.take(16), p.str())]
    return p.end((objects[p.n()](), p.n(), p.n(), p.str(), p.list(lambda: (p.str(), p.str(), p.str())), p.str(),
                  p.str(), p.str()))


# 11 State root
def state_root(hashes):
    buckets = [[] for _ in range(1024)]
    for (table, id), h in hashes.items():
        buckets[id[0] * 4 + id[1] // 64].append((table, id, h))
    level = []
    for rows in buckets:
        body = b"".join(u8(t) + u32(len(i)) + i + h for t, i, h in sorted(rows))
        level.append(sha(b"\2", body) if rows else bytes(32))
    while len(level) > 1:
        level = [sha(b"\3", level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


# 12 The tree
class Frontier:
    def __init__(self):
        self.size, self.roots = 0, []

    def push(self, node):
        size = self.size
        while size & 1:
            node = sha(b"\1", self.roots.pop(), node)
            size >>= 1
        self.roots.append(node)
        self.size += 1

    def root(self):
        if not self.roots:
            return sha()
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = sha(b"\1", left, node)
        return node


def verify(key, context, body, signature):
    Ed25519PublicKey.from_public_bytes(key).verify(signature, lp(context, body))


def main(path, password_file, operator=None):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    assert db.execute("PRAGMA application_id").fetchone()[0] == 0x4B59524D
    assert db.execute("PRAGMA user_version").fetchone()[0] == 1
    rows = {t: [Row(t, *r) for r in db.execute(f'SELECT id, version, scope, epoch, data FROM "{t}" ORDER BY id')]
            for t in TABLES}
    fmt, suite, vault, made_with = parts(rows["header"][0].data)
    assert (num(fmt), num(suite)) == (1, 1)
    print("vault", vault.hex(), "made with", made_with.decode())

    # 5 From a password to keys
    password = open(password_file, "rb").readline().rstrip(b"\r\n")
    handle = operator and sha(b"keyroom/login/1", vault, operator.strip().lower().encode())[:16]
    slot = next(r for r in rows["slot"] if handle in (None, parts(r.data)[2]))
    kind, who, _, m, t, lanes, salt, salt2, sealed = parts(slot.data)
    pw_key = Argon2id(salt=salt, length=32, iterations=num(t), lanes=num(lanes), memory_cost=num(m)).derive(password)
    binding = lp(vault, slot.id, who, kind, m, t, lanes)
    prk = hmac.digest(salt2, lp(pw_key), "sha256")
    root_key = open_envelope(hkdf_expand(prk, lp(b"keyroom/slot/1", binding), 32), aad_of(vault, slot), sealed)
    bundle = next(r for r in rows["bundle"] if r.id == who)
    seeds = open_envelope(root_key, aad_of(vault, bundle), bundle.data)
    seal_seed, sign_seed = seeds[:32], seeds[32:]

    scopes = {}
    for row in rows["grant"]:
        assert row.id[:20] == row.scope + u32(row.epoch)
        if row.id[20:] == who:
            enc, ciphertext = parts(row.data)
            scopes[row.scope, row.epoch] = hpke_open(seal_seed, enc, ciphertext, b"keyroom/grant/1", aad_of(vault, row))

    # 7 Roster
    opened = lambda row: open_envelope(scopes[row.scope, row.epoch], aad_of(vault, row), row.data)
    rosters, ids, previous = [], [], bytes(32)
    for row in rows["roster"]:
        signed = opened(row)
        body, signature = signed[:-64], signed[-64:]
        head, people = parts(body)[:4], parts(body)[4:]
        ops = {people[i]: people[i + 1 : i + 7] for i in range(0, len(people), 7)}
        assert head[0] == vault and num(head[1]) == len(rosters) + 1 and head[2] == previous
        signer = (rosters[-1] if rosters else ops)[head[3]]
        assert num(signer[1]) == 1
        verify(signer[3], b"keyroom/roster/1", body, signature)
        previous = sha(signed)
        assert row.id in (u32(len(rosters) + 1), u32(len(rosters) + 1) + previous)
        ids.append(row.id)
        if not rosters:
            print("genesis", previous.hex())
        rosters.append(ops)
    me = rosters[-1][who]
    assert Ed25519PrivateKey.from_private_bytes(sign_seed).public_key().public_bytes_raw() == me[3]
    print("operators", ", ".join(o[0].decode() for o in rosters[-1].values()))

    # 12 The log
    tree, state, version = Frontier(), {}, 1
    for seq, epoch, leaf_hash, data in db.execute("SELECT seq, epoch, leaf_hash, data FROM log ORDER BY seq"):
        record = open_envelope(scopes[LOG, epoch], aad(vault, "log", u64(seq), 1, LOG, epoch), data)
        leaf, salt, details, delta = parts(record)
        body, signature = leaf[:-64], leaf[-64:]
        v, leaf_vault, leaf_seq, prev, _, _, signer, action, roster, delta_hash, root, commitment = parts(body)
        assert (num(v), leaf_vault, num(leaf_seq), prev) == (1, vault, seq, tree.root()) and seq == tree.size
        assert leaf_hash == sha(b"\0", leaf) and delta_hash == sha(delta) and commitment == sha(salt, details)
        assert num(roster) == version
        verify(rosters[num(roster) - 1][signer][3], b"keyroom/leaf/1", body, signature)
        read_details(details)
        changes = parts(delta)
        for i in range(0, len(changes), 4):
            table, id, before, after = changes[i : i + 4]
            assert state.get((num(table), id), b"") == before
            if TABLES[num(table)] == "roster" and after:
                assert id == ids[num(id[:4]) - 1]
                version = max(version, num(id[:4]))
            if after:
                state[num(table), id] = after
            else:
                del state[num(table), id]
        if seq % 50 == 0:
            assert state_root(state) == root
        tree.push(leaf_hash)
    assert state_root(state) == root
    print("log", tree.size, "entries, root", tree.root().hex())

    # 13 Checkpoint
    size, epoch, data = db.execute("SELECT size, epoch, data FROM checkpoint ORDER BY size DESC").fetchone()
    note, frontier, signer, roster = parts(
        open_envelope(scopes[LOG, epoch], aad(vault, "checkpoint", u64(size), 1, LOG, epoch), data))
    assert size == tree.size and frontier == b"".join(tree.roots)
    body, line = note.decode().split("\n\n")
    body += "\n"
    assert body == f"keyroom/{vault.hex()}\n{size}\n{base64.b64encode(tree.root()).decode()}\n"
    public = rosters[num(roster) - 1][signer][3]
    name = "keyroom-" + sha(lp(b"keyroom/fingerprint/1", public)).hex()[:16]
    dash, line_name, blob = line.strip().split(" ")
    blob = base64.b64decode(blob)
    assert (dash, line_name) == ("\u2014", name) and blob[:4] == sha(name.encode(), b"\n\1", public)[:4]
    Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], body.encode())

    # 11 State root
    tables = {(TABLES.index(t), r.id): r.hash() for t in TABLES for r in rows[t]}
    assert tables == state and state_root(tables) == root
    print("state root", root.hex())

    # 8 and 9 Metadata and values
    print("settings", read_settings(opened(rows["settings"][0]))[0])
    for row in rows["scope"]:
        p = Postcard(opened(row))
        print("compartment", p.end((p.take(16).hex(), p.str(), p.i64()))[1])
    values = {r.id: r for r in rows["version"]}
    keys = [read_key(opened(row)) for row in rows["key"]]
    names = {key["id"]: key["name"] for key in keys}
    for key in keys:
        print("key", key["name"], key["type"], key["state"], key["policy"])
        if key["suspended_at"] is not None:
            print("  suspended", day(key["suspended_at"]), "review by", day(key["review_by"]))
        if key["compromised_after_destruction"]:
            print("  compromised after its destruction")
        around = [(name.replace("_", " "), key[name]) for name in AROUND]
        around += [("process until", key["process_until"] and day(key["process_until"]))]
        around += [("replaces", names.get(key["replaces"], "?") if key["replaces"] else None)]
        if any(told for _, told in around):
            print(" ", ", ".join(name + " " + told for name, told in around if told))
        for number, start in key["periods"]:
            print("  v%d counts from" % number, day(start))
        for v in key["versions"]:
            row = values.pop(key["id"] + u32(v["number"]), None)
            assert (row is None) == (v["state"] == "destroyed")
            if row is None or (row.scope, row.epoch) not in scopes:
                print("  v%d" % v["number"], v["state"])
                continue
            compartment_key = scopes[row.scope, row.epoch]
            wrapped, sealed = parts(row.data)
            data_key = open_envelope(compartment_key, aad_of(vault, row, "version/wrap"), wrapped)
            value = open_envelope(data_key, aad(vault, "version/value", row.id, 0, row.scope, 0), sealed)
            fk = hkdf_expand(compartment_key, lp(b"keyroom/fingerprint/1", b""), 32)
            assert hmac.digest(fk, value, "sha256")[:16] == v["fingerprint"] and len(value) == v["length"]
            print("  v%d" % v["number"], v["state"], len(value), "bytes, SHA-256", sha(value).hex()[:16])
    assert not values
    print("everything holds")


if __name__ == "__main__":
    main(*sys.argv[1:])
