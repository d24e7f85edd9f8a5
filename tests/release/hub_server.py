"""A small server on this machine that speaks as much of the Hugging Face hub's API as its clients need for datasets.

One commit is a whole tree: path -> content. Started with `serve()`; `HF_ENDPOINT` of the client must be its address.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

Tree = dict[str, bytes]


@dataclass
class Repo:
    """A dataset repository."""

    private: bool = False
    commits: dict[str, Tree] = field(default_factory=lambda: {hashlib.sha1(b"").hexdigest(): {}})
    refs: dict[str, str] = field(default_factory=lambda: {"main": hashlib.sha1(b"").hexdigest()})
    tags: dict[str, str] = field(default_factory=dict)

    def commit(self, tree: Tree) -> str:
        told = json.dumps(
            [len(self.commits), sorted((p, hashlib.sha1(c).hexdigest()) for p, c in tree.items())]
        )
        sha = hashlib.sha1(told.encode()).hexdigest()
        self.commits[sha] = tree
        self.refs["main"] = sha
        return sha

    def sha(self, revision: str) -> str | None:
        found = self.refs.get(revision) or self.tags.get(revision) or revision
        return found if found in self.commits else None


@dataclass
class Hub:
    """All that the server holds; `log` has a line for each request."""

    repos: dict[str, Repo] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    url: str = ""


def is_lfs(path: str) -> bool:
    return path.endswith(".parquet")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *args: object) -> None:
        pass

    # ---- answers

    def answer(self, status: int, body: object = b"", **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def missing(self, code: str) -> None:
        self.answer(404, {"error": code}, X_Error_Code=code, X_Error_Message=code)

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    # ---- requests

    def do_HEAD(self) -> None:
        self.route()

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD

    def route(self) -> None:
        path = unquote(urlsplit(self.path).path)
        body = self.body()
        self.hub.log.append(f"{self.command} {path}")
        if token := (self.headers.get("Authorization") or "").removeprefix("Bearer "):
            self.hub.tokens.add(token)
        for method, pattern, act in ROUTES:
            if self.command in method.split() and (match := re.fullmatch(pattern, path)):
                act(self, body, **match.groupdict())
                return
        self.missing("EntryNotFound")

    def repo(self, name: str) -> Repo | None:
        if name not in self.hub.repos:
            self.missing("RepoNotFound")
        return self.hub.repos.get(name)

    def tree(self, name: str, revision: str) -> tuple[str, Tree] | None:
        repo = self.repo(name)
        if repo is None:
            return None
        sha = repo.sha(revision)
        if sha is None:
            self.missing("RevisionNotFound")
            return None
        return sha, repo.commits[sha]

    def resolve(self, body: bytes, name: str, rev: str, path: str) -> None:
        if (found := self.tree(name, rev)) is None:
            return
        sha, tree = found
        if path not in tree:
            self.answer(404, {"error": "no entry"}, X_Error_Code="EntryNotFound", X_Repo_Commit=sha)
            return
        content = tree[path]
        digest = hashlib.sha256(content).hexdigest() if is_lfs(path) else blob(content)
        head = {"ETag": f'"{digest}"', "X_Repo_Commit": sha, "Accept_Ranges": "bytes"}
        if is_lfs(path):
            head |= {"X_Linked_Etag": f'"{digest}"', "X_Linked_Size": str(len(content))}
        if self.command == "HEAD":
            self.answer(200, b"", Content_Length=str(len(content)), **head)
        elif wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or ""):
            first, last = int(wanted[1]), min(int(wanted[2] or len(content) - 1), len(content) - 1)
            self.answer(
                206, content[first : last + 1], Content_Range=f"bytes {first}-{last}/{len(content)}", **head
            )
        else:
            self.answer(200, content, **head)

    def info(self, body: bytes, name: str, rev: str | None = None) -> None:
        if (found := self.tree(name, rev or "main")) is None:
            return
        sha, tree = found
        self.answer(
            200,
            {"id": name, "_id": "0", "sha": sha, "private": self.hub.repos[name].private, "disabled": False, "gated": False,
             "downloads": 0, "likes": 0, "tags": [], "author": name.split("/")[0], "lastModified": "2031-01-01T00:00:00.000Z",
             "createdAt": "2031-01-01T00:00:00.000Z", "siblings": [{"rfilename": path} for path in sorted(tree)]},
        )  # fmt: skip

    def listing(self, body: bytes, name: str, rev: str, under: str | None = None) -> None:
        if (found := self.tree(name, rev)) is None:
            return
        prefix = f"{under}/" if under else ""
        below = {path: content for path, content in found[1].items() if path.startswith(prefix)}
        if under and not below:
            self.missing("EntryNotFound")
            return
        entries: list[dict] = []
        folders = set()
        recursive = (
            "recursive=True" in self.path or "recursive=true" in self.path or "recursive=1" in self.path
        )
        for path, content in sorted(below.items()):
            parts = path[len(prefix) :].split("/")
            for n in range(1, len(parts)):
                folders.add(prefix + "/".join(parts[:n]))
            if recursive or len(parts) == 1:
                lfs = (
                    {
                        "lfs": {
                            "oid": hashlib.sha256(content).hexdigest(),
                            "size": len(content),
                            "pointerSize": 130,
                        }
                    }
                    if is_lfs(path)
                    else {}
                )
                entries.append(
                    {"type": "file", "path": path, "size": len(content), "oid": blob(content)} | lfs
                )
        listed = [f for f in sorted(folders) if recursive or "/" not in f[len(prefix) :]]
        self.answer(
            200, [{"type": "directory", "path": f, "size": 0, "oid": "0" * 40} for f in listed] + entries
        )

    def paths_info(self, body: bytes, name: str, rev: str) -> None:
        if (found := self.tree(name, rev)) is None:
            return
        wanted = (
            json.loads(body)["paths"]
            if body.startswith(b"{")
            else [unquote(p.split("=")[1]) for p in body.decode().split("&") if p.startswith("paths=")]
        )
        self.answer(
            200,
            [
                {"type": "file", "path": p, "size": len(found[1][p]), "oid": blob(found[1][p])}
                for p in wanted
                if p in found[1]
            ],
        )

    def create(self, body: bytes) -> None:
        record = json.loads(body)
        name = "/".join(p for p in (record.get("organization"), record["name"]) if p)
        if name in self.hub.repos:
            self.answer(409, {"error": "exists", "url": f"{self.hub.url}/datasets/{name}"})
            return
        private = bool(record.get("private")) or record.get("visibility") == "private"
        self.hub.repos[name] = Repo(private)
        self.answer(200, {"url": f"{self.hub.url}/datasets/{name}", "name": name, "id": name})

    def valid(self, body: bytes) -> None:
        self.answer(200, {"errors": [], "warnings": []})

    def preupload(self, body: bytes, name: str, rev: str) -> None:
        files = json.loads(body)["files"]
        self.answer(
            200,
            {
                "files": [
                    {
                        "path": f["path"],
                        "uploadMode": "lfs" if is_lfs(f["path"]) else "regular",
                        "shouldIgnore": False,
                    }
                    for f in files
                ]
            },
        )

    def batch(self, body: bytes, name: str) -> None:
        objects = []
        for item in json.loads(body)["objects"]:
            action = {"upload": {"href": f"{self.hub.url}/upload/{item['oid']}", "header": {}}}
            objects.append(
                {"oid": item["oid"], "size": item["size"], "authenticated": True}
                | ({} if item["oid"] in self.hub.objects else {"actions": action})
            )
        self.answer(
            200, {"transfer": "basic", "objects": objects}, Content_Type="application/vnd.git-lfs+json"
        )

    def upload(self, body: bytes, oid: str) -> None:
        assert hashlib.sha256(body).hexdigest() == oid
        self.hub.objects[oid] = body
        self.answer(200)

    def commit(self, body: bytes, name: str, rev: str) -> None:
        if (found := self.tree(name, rev)) is None:
            return
        tree = dict(found[1])
        for line in body.decode().splitlines():
            record = json.loads(line)
            value = record["value"]
            if record["key"] == "file":
                tree[value["path"]] = base64.b64decode(value["content"])
            elif record["key"] == "lfsFile":
                tree[value["path"]] = self.hub.objects[value["oid"]]
            elif record["key"] == "deletedFile":
                del tree[value["path"]]
        sha = self.hub.repos[name].commit(tree)
        self.answer(
            200,
            {
                "success": True,
                "commitOid": sha,
                "commitUrl": f"{self.hub.url}/datasets/{name}/commit/{sha}",
                "hookOutput": "",
            },
        )

    def refs(self, body: bytes, name: str) -> None:
        if (repo := self.repo(name)) is not None:
            listed = [{"name": n, "ref": f"refs/tags/{n}", "targetCommit": s} for n, s in repo.tags.items()]
            self.answer(
                200,
                {
                    "branches": [
                        {"name": "main", "ref": "refs/heads/main", "targetCommit": repo.refs["main"]}
                    ],
                    "tags": listed,
                    "converts": [],
                },
            )

    def tag(self, body: bytes, name: str, rev: str) -> None:
        if (found := self.tree(name, rev)) is not None:
            self.hub.repos[name].tags[json.loads(body)["tag"]] = found[0]
            self.answer(200, {})

    def whoami(self, body: bytes) -> None:
        self.answer(200, {"type": "user", "name": "tester", "orgs": [], "auth": {}})


def blob(content: bytes) -> str:
    """The id that git gives a content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


_NAME = r"(?P<name>[^/]+/[^/]+)"
_REV = r"(?P<rev>[^/]+)"
ROUTES = (
    ("GET HEAD", rf"/datasets/{_NAME}/resolve/{_REV}/(?P<path>.+)", Handler.resolve),
    ("GET", rf"/api/datasets/{_NAME}", Handler.info),
    ("GET", rf"/api/datasets/{_NAME}/revision/{_REV}", Handler.info),
    ("GET", rf"/api/datasets/{_NAME}/tree/{_REV}(?:/(?P<under>.+))?", Handler.listing),
    ("POST", rf"/api/datasets/{_NAME}/paths-info/{_REV}", Handler.paths_info),
    ("GET", rf"/api/datasets/{_NAME}/refs", Handler.refs),
    ("POST", rf"/api/datasets/{_NAME}/tag/{_REV}", Handler.tag),
    ("POST", rf"/api/datasets/{_NAME}/preupload/{_REV}", Handler.preupload),
    ("POST", rf"/api/datasets/{_NAME}/commit/{_REV}", Handler.commit),
    ("POST", "/api/repos/create", Handler.create),
    ("POST", "/api/validate-yaml", Handler.valid),
    ("POST", rf"/datasets/{_NAME}\.git/info/lfs/objects/batch", Handler.batch),
    ("PUT", r"/upload/(?P<oid>[0-9a-f]{64})", Handler.upload),
    ("GET", "/api/whoami-v2", Handler.whoami),
)  # fmt: skip


@contextmanager
def serve() -> Iterator[Hub]:
    """A hub on a free port of this machine."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"hub": hub}))
    hub.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
