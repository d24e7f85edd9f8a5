"""A Label Studio server, as far as `push`, `pull` and `status` need one: a thin layer over label-studio-sdk.

Only the SDK's API client is used (`base_client`): its usual entry also loads pandas and cloud storage, which takes longer
than a push. Nothing is retried here, for the SDK's retries could import a batch twice; `hexapla.annotate.project` finds
out what arrived and goes on. The token and the server's raw answers never enter a message: the SDK prints session cookies.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from hexapla.errors import Fault, ProjectChanged, ServerError, TokenRefused, WrongAddress, need

URL, TOKEN = "LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"
TIMEOUT = 60  # seconds, for what is small
LONG = 900  # seconds, for an import or export: an export of 6,000 tasks takes 40
PAGE = 500  # tasks in one answer
_FIELDS = "id,data,total_annotations,cancelled_annotations"


@dataclass(frozen=True, slots=True)
class Project:
    id: int
    title: str
    description: str
    label_config: str
    tasks: int


@dataclass(frozen=True, slots=True)
class ServerTask:
    """A task as it stands on the server. `answers`: annotations and skips; a list of tasks does not tell of drafts, `Server.answers`
    does."""

    id: int
    data: Mapping[str, Any]
    answers: int


@dataclass(frozen=True, slots=True)
class Prediction:
    id: int
    task: int
    model_version: str
    result: Any


class Dropped(ServerError):
    """The connection ended, or the server failed, before it answered: what was sent may have arrived or not."""


class Server:
    """Open it with `connect`. Methods raise the errors of `hexapla.errors` and no others."""

    def __init__(self, url: str, token: str) -> None:
        base = need("label_studio_sdk.base_client", "labelstudio")
        self.url = _shown(url)
        # at its lowest level it writes the headers, with the session cookie
        logging.getLogger("httpcore").setLevel(logging.INFO)
        self._sdk = base.LabelStudioBase(base_url=url, api_key=token, timeout=TIMEOUT, max_retries=0)

    def user(self) -> str:
        """Who the token belongs to. Tells the three first mistakes apart: no server, another server, another token."""
        me = self._ask("greeting", self._sdk.users.whoami, at_root=True)
        if not isinstance(getattr(me, "id", None), int):
            raise self._wrong_address("something that is not Label Studio answers")
        return _name(me)

    def projects(self) -> list[Project]:
        found: list[Project] = []
        while True:
            call = partial(self._sdk.projects.list, page=len(found) // PAGE + 1, page_size=PAGE)
            some = self._ask("the list of projects", call)
            found += [_project(p) for p in some.items or ()]
            if len(some.items or ()) < PAGE:
                return found

    def project(self, project_id: int) -> Project:
        return _project(self._ask("a project", lambda: self._sdk.projects.get(project_id), project_id))

    def create_project(
        self, title: str, description: str, label_config: str, model_version: str, annotators: int
    ) -> Project:
        """A project whose tasks open with the predictions of `model_version`, each for so many annotators."""
        call = partial(
            self._sdk.projects.create, title=title, description=description, label_config=label_config,
            model_version=model_version, show_collab_predictions=True, maximum_annotations=annotators,
        )  # fmt: skip
        return _project(self._ask("creating a project", call))

    def tasks(self, project_id: int) -> list[ServerTask]:
        """All tasks, in order of their numbers."""
        found: dict[int, ServerTask] = {}
        page = 1
        while True:
            call = partial(
                self._sdk.tasks.list, project=project_id, page=page, page_size=PAGE, include=_FIELDS
            )
            some = self._ask("the list of tasks", call, project_id)
            for t in some.items or ():
                answers = (t.total_annotations or 0) + (t.cancelled_annotations or 0)
                found[t.id] = ServerTask(t.id, t.data, answers)
            if len(some.items or ()) < PAGE or len(found) >= some.response.total:
                return [found[n] for n in sorted(found)]
            page += 1

    def answers(self, task_id: int) -> int:
        """Annotations, skips and drafts of one task."""
        task = self._ask("a task", lambda: self._sdk.tasks.get(str(task_id)))
        return len(task.annotations or ()) + len(task.drafts or ())

    def import_tasks(self, project_id: int, tasks: Sequence[Mapping[str, Any]]) -> None:
        self._ask("an import", lambda: self._sdk.projects.import_tasks(
            project_id, request=list(tasks), request_options={"timeout": LONG}
        ), project_id)  # fmt: skip

    def delete_task(self, task_id: int) -> None:
        self._ask("removing a task", lambda: self._sdk.tasks.delete(str(task_id)))

    def predictions(self, project_id: int) -> list[Prediction]:
        found = self._ask("the list of predictions", lambda: self._sdk.predictions.list(
            project=project_id, request_options={"timeout": LONG}
        ), project_id)  # fmt: skip
        return [Prediction(p.id, p.task, p.model_version or "", p.result) for p in found]

    def import_predictions(self, project_id: int, predictions: Sequence[Mapping[str, Any]]) -> None:
        self._ask("an import of predictions", lambda: self._sdk.projects.import_predictions(
            project_id, request=list(predictions), request_options={"timeout": LONG}
        ), project_id)  # fmt: skip

    def delete_prediction(self, prediction_id: int) -> None:
        self._ask("removing a prediction", lambda: self._sdk.predictions.delete(prediction_id))

    def delete_predictions_of(self, project_id: int, tasks: Iterable[int]) -> None:
        """All predictions of these tasks, of whatever model: ten times as fast as one by one."""
        chosen = {"all": False, "included": list(tasks)}
        self._ask("removing predictions", lambda: self._sdk.actions.create(
            id="delete_tasks_predictions", project=project_id, selected_items=chosen, request_options={"timeout": LONG}
        ), project_id)  # fmt: skip

    def export(self, project_id: int) -> list[dict[str, Any]]:
        """All tasks with their annotations and drafts, as Label Studio's own JSON export gives them."""
        return self._ask("the export", lambda: json.loads(b"".join(self._sdk.projects.exports.download_sync(
            project_id, export_type="JSON", download_all_tasks=True, request_options={"timeout": LONG}
        ))), project_id)  # fmt: skip

    def users(self) -> dict[int, str]:
        """Names of the users by number."""
        return {user.id: _name(user) for user in self._ask("the list of users", self._sdk.users.list)}

    # ---- errors ----------------------------------------------------------------------------------------------------

    def _wrong_address(self, found: str) -> WrongAddress:
        return WrongAddress(
            Fault("not-label-studio", self.url, found, "the address that the browser shows, such as http://localhost:8080, without /api", f"correct --url or {URL}")
        )  # fmt: skip

    def _ask(
        self, what: str, call: Callable[[], Any], project_id: int | None = None, at_root: bool = False
    ) -> Any:
        """The answer of the SDK; its errors and those of the connection become ours, in words that we choose."""
        import httpx
        from label_studio_sdk.core.api_error import ApiError

        try:
            return call()
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise ServerError(
                Fault("server-down", self.url, "no server answers", "a running Label Studio", f"start it, or correct --url or {URL}")
            ) from None  # fmt: skip
        except (httpx.UnsupportedProtocol, httpx.InvalidURL):
            raise self._wrong_address("not the address of a server") from None
        except httpx.LocalProtocolError:
            raise _no_token(self.url, "is empty or holds characters that no token has") from None
        except httpx.TransportError as error:
            raise Dropped(
                Fault("connection-dropped", self.url, f"the connection ended during {what} ({type(error).__name__})", "an answer",
                      "run the same command again: it goes on where it stopped")
            ) from None  # fmt: skip
        except (ApiError, ValueError) as error:
            raise self._refusal(error, what, project_id, at_root) from None
        except (TypeError, AttributeError):  # the SDK cannot read another program's JSON
            if not at_root:
                raise
            raise self._wrong_address("something that is not Label Studio answers") from None

    def _refusal(self, error: Any, what: str, project_id: int | None, at_root: bool) -> ServerError:
        status, body = getattr(error, "status_code", None), getattr(error, "body", None)
        ours = isinstance(body, dict)  # Label Studio's own errors are objects; a page is somebody else's
        if status in (401, 403) and (ours or not at_root):
            return _no_token(self.url, f"is refused ({status})")
        if status == 404 and project_id is not None:
            return ProjectChanged(
                Fault("no-such-project", self.url, f"project {project_id} is not there", "a project that this user sees",
                      "it may have been deleted: push again, or name another with --project")
            )  # fmt: skip
        if isinstance(status, int) and status >= 500:
            return Dropped(
                Fault("server-failed", self.url, f"the server failed during {what} ({status})", "an answer", "look at its log, then run the same command again")
            )  # fmt: skip
        if isinstance(body, dict) and not at_root:
            return ServerError(
                Fault("server-refused", self.url, f"{what} was refused ({status}): {_detail(body)}")
            )
        after = f" ({status})" if status else ""
        return self._wrong_address(f"something that is not Label Studio answers{after}")


def connect(url: str | None = None) -> Server:
    """A server that knows us. url: else the environment's LABEL_STUDIO_URL; the token is LABEL_STUDIO_API_KEY's.

    `MissingExtra`, `ServerError` (nobody answers), `WrongAddress`, `TokenRefused`.
    """
    url = url or os.environ.get(URL, "")
    if not url:
        raise WrongAddress(Fault("no-address", "--url", "no server is named", "such as http://localhost:8080", f"give --url or set {URL}, or work on files with --file"))  # fmt: skip
    token = os.environ.get(TOKEN, "").strip()
    if not token:
        raise _no_token(_shown(url), "is not set")
    server = Server(url.rstrip("/"), token)
    server.user()
    return server


def _no_token(where: str, found: str) -> TokenRefused:
    return TokenRefused(
        Fault("bad-token", where, f"the token in {TOKEN} {found}", "the access token of Label Studio's Account & Settings", f"export {TOKEN}=…")
    )  # fmt: skip


def _shown(url: str) -> str:
    """An address as it may be shown: without user and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "the address"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _detail(body: Mapping[str, Any]) -> str:
    """The server's reason, short. Its answers to us hold no token."""
    reason = body.get("validation_errors") or body.get("detail") or "no reason given"
    text = reason if isinstance(reason, str) else json.dumps(reason, ensure_ascii=False)
    return " ".join(text.split())[:200]


def _project(p: Any) -> Project:
    return Project(p.id, p.title or "", p.description or "", p.label_config or "", p.task_number or 0)


def _name(user: Any) -> str:
    full = f"{user.first_name or ''} {user.last_name or ''}".strip()
    return full or user.email or user.username or f"user {user.id}"
