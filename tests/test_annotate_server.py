"""The layer over label-studio-sdk, before a server that fails in every way; and that the token is never told.

Runs where the SDK is: `make test-live`. Without it, the command says which extra is missing.
"""

import importlib.util
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from annotated import demo
from click.testing import CliRunner

from hexapla.annotate.server import Dropped, connect
from hexapla.cli import main
from hexapla.corpus import Corpus
from hexapla.errors import (
    ConfigDiffers,
    HexaplaError,
    ProjectChanged,
    ServerError,
    TokenRefused,
    WrongAddress,
)
from hexapla.store import write_corpus

TOKEN = "c0ffee" * 6 + "beef"
ME = {"id": 1, "email": "ana@example.com", "first_name": "Ana", "last_name": "Cruz", "username": "ana"}
has_sdk = importlib.util.find_spec("label_studio_sdk") is not None
needs_sdk = pytest.mark.skipif(not has_sdk, reason="label-studio-sdk is not installed: make test-live")


class Answers:
    """What the stub answers: path -> (status, body); a body of None drops the connection. `asked` keeps the requests."""

    def __init__(self):
        self.by_path = {"/api/current-user/whoami": (200, ME)}
        self.asked = []


@pytest.fixture
def stub(monkeypatch):
    answers = Answers()

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("content-length") or 0))
            path = self.path.partition("?")[0].rstrip("/")
            answers.asked.append((self.command, path))
            status, body = answers.by_path.get(path, (404, "<!doctype html><p>nothing here"))
            if body is None:
                self.connection.close()
                return
            content = body if isinstance(body, str) else json.dumps(body)
            self.send_response(status)
            self.send_header("content-type", "text/html" if isinstance(body, str) else "application/json")
            self.send_header("set-cookie", "sessionid=secret-cookie")
            self.end_headers()
            self.wfile.write(content.encode())

        do_GET = do_POST = do_DELETE = do_PATCH = answer

        def log_message(self, *args):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    answers.url = f"http://127.0.0.1:{httpd.server_port}"
    monkeypatch.setenv("LABEL_STUDIO_URL", answers.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", TOKEN)
    yield answers
    httpd.shutdown()
    httpd.server_close()


@needs_sdk
def test_connect_says_who_we_are(stub):
    assert connect().user() == "Ana Cruz"


AT_THE_DOOR = [
    (401, {"detail": "Invalid token."}, TokenRefused, "bad-token"),
    (403, {"detail": "Forbidden"}, TokenRefused, "bad-token"),
    (403, "<p>a proxy", WrongAddress, "not-label-studio"),
    (404, "<p>nothing", WrongAddress, "not-label-studio"),
    (404, {"detail": "Not found"}, WrongAddress, "not-label-studio"),
    (200, "<p>a welcome page", WrongAddress, "not-label-studio"),
    (200, {"hello": 1}, WrongAddress, "not-label-studio"),
    (200, [], WrongAddress, "not-label-studio"),
    (500, "<p>broken", Dropped, "server-failed"),
    (200, None, Dropped, "connection-dropped"),
]


@needs_sdk
@pytest.mark.parametrize(("status", "body", "kind", "code"), AT_THE_DOOR)
def test_the_first_answer_tells_the_mistake(stub, status, body, kind, code):
    stub.by_path["/api/current-user/whoami"] = (status, body)
    with pytest.raises(kind) as error:
        connect()
    assert [f.code for f in error.value.faults] == [code]
    told_nothing(error.value)


def told_nothing(error):
    """No token, no cookie: in the message, in the cause, in the context that a traceback would show."""
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    for text in (str(error), repr(error)):
        assert TOKEN not in text
        assert "secret-cookie" not in text


@needs_sdk
@pytest.mark.parametrize(
    ("url", "kind", "code"),
    [
        ("http://127.0.0.1:9", ServerError, "server-down"),
        ("http://no-such-host.invalid", ServerError, "server-down"),
        ("localhost:8080", WrongAddress, "not-label-studio"),
        ("ftp://localhost", WrongAddress, "not-label-studio"),
        ("http://[", ServerError, "server-down"),
    ],
)
def test_addresses(stub, url, kind, code):
    with pytest.raises(kind) as error:
        connect(url)
    assert [f.code for f in error.value.faults] == [code]
    told_nothing(error.value)


@needs_sdk
def test_a_password_in_the_address_is_not_shown(stub):
    with pytest.raises(ServerError) as error:
        connect("http://ana:hunter2@127.0.0.1:9/")
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize("token", ["", "  "])
def test_no_token(monkeypatch, token):
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", token)
    with pytest.raises(TokenRefused, match="is not set"):
        connect("http://localhost:8080")


def test_no_address(monkeypatch):
    monkeypatch.delenv("LABEL_STUDIO_URL", raising=False)
    with pytest.raises(WrongAddress, match="--url"):
        connect()


@needs_sdk
def test_a_token_with_a_line_end_is_refused_and_not_told(stub, monkeypatch):
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", TOKEN[:9] + "\n" + TOKEN[9:])
    with pytest.raises(TokenRefused) as error:
        connect()
    assert TOKEN[:9] not in str(error.value)


@needs_sdk
def test_a_project_that_is_gone(stub):
    stub.by_path["/api/projects/7"] = (404, {"detail": "No Project matches"})
    server = connect()
    for call in (
        lambda: server.project(7),
        lambda: server.import_tasks(7, [{"data": {}}]),
    ):  # the second is told by a page
        with pytest.raises(ProjectChanged, match="project 7"):
            call()


@needs_sdk
@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (500, {"detail": "boom"}, "server-failed"),
        (200, None, "connection-dropped"),
        (409, {"detail": "conflict"}, "server-refused"),
    ],
)
def test_a_write_is_sent_once(stub, status, body, code):
    """The SDK would send it again on all three, and an import would be done twice."""
    stub.by_path["/api/projects/1/import"] = (status, body)
    server = connect()
    with pytest.raises(ServerError) as error:
        server.import_tasks(1, [{"data": {}}])
    assert [f.code for f in error.value.faults] == [code]
    assert stub.asked.count(("POST", "/api/projects/1/import")) == 1


@needs_sdk
def test_a_refusal_is_given_in_the_servers_words(stub):
    stub.by_path["/api/projects/1/import"] = (
        400,
        {"detail": "Validation error", "validation_errors": {"x": ["no text_ar"]}},
    )
    with pytest.raises(ServerError, match="no text_ar"):
        connect().import_tasks(1, [{"data": {}}])


def test_every_situation_has_an_exit_code_of_its_own():
    kinds = (ServerError, TokenRefused, WrongAddress, ProjectChanged, ConfigDiffers)
    assert [k.exit_code for k in kinds] == [5, 6, 7, 8, 9]
    assert all(issubclass(k, HexaplaError) for k in kinds)


@pytest.mark.skipif(has_sdk, reason="the extra is there")
def test_without_the_extra_the_command_names_it(monkeypatch, tmp_path):
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", TOKEN)
    words = ["annotate", "push", str(tmp_path), "--langs", "ar,fil", "--url", "http://localhost:8080"]
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, "hexapla[labelstudio]" in done.output) == (4, True)
    assert TOKEN not in done.output


@needs_sdk
@pytest.mark.parametrize("command", [("push", "--dry-run"), ("pull",), ("status",), ("status", "--json")])
@pytest.mark.parametrize(("status", "body"), [(401, {"detail": "x"}), (500, "x"), (200, None), (200, ME)])
def test_the_token_appears_nowhere(stub, tmp_path, monkeypatch, caplog, command, status, body):
    """Not in what is said, not in the log at its most talkative, not in a file."""
    caplog.set_level(0)
    write_corpus(Corpus((demo(),)), tmp_path / "build")
    monkeypatch.chdir(tmp_path)
    stub.by_path["/api/current-user/whoami"] = (status, body)
    stub.by_path["/api/projects"] = (200, {"count": 0, "next": None, "previous": None, "results": []})
    words = [command[0], *(["build"] if command[0] != "status" else []), *command[1:], "--langs", "ar,fil"]
    done = CliRunner().invoke(main, ["annotate", *words])
    assert stub.asked
    said = [
        done.output,
        caplog.text,
        str(done.exception),
        *(p.read_text("utf-8") for p in tmp_path.rglob("*") if p.is_file()),
    ]
    assert not any(TOKEN in text or "secret-cookie" in text for text in said)
    assert "Traceback" not in done.output
    assert done.exit_code == {(401, True): 6, (500, True): 5, (200, False): 5}.get(
        (status, body is not None), 0 if command[0] == "push" else 8
    )
