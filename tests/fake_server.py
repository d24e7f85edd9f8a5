"""A Label Studio server in memory, with the ways of the real one: it uses numbers again, doubles what is sent twice, and drops."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from hexapla.annotate.server import Dropped, Prediction, Project, Server, ServerTask
from hexapla.errors import Fault, ProjectChanged, ServerError

DROPPED = Fault("connection-dropped", "fake", "the connection ended")
DOWN = Fault("server-down", "fake", "no server answers")


class Killed(BaseException):
    """The client is killed."""


class FakeServer(Server):
    """`mishaps`: what happens to each import in turn: "lost" (nothing arrives), "late" (it arrives after the client has looked
    once), "unheard" (it arrives, the answer does not), "half" (a part arrives), "down", "killed" (it arrives, the client dies), "" (all is well)."""

    def __init__(self, mishaps: Sequence[str] = ()) -> None:
        self.url = "http://fake"
        self.mishaps = list(mishaps)
        self.made: dict[int, dict[str, Any]] = {}
        self.late: list[Any] = []
        self.number = 0
        self.imports: list[int] = []

    def projects(self) -> list[Project]:
        return [self.project(n) for n in self.made]

    def project(self, project_id: int) -> Project:
        if project_id not in self.made:
            raise ProjectChanged(Fault("no-such-project", self.url, f"project {project_id} is not there"))
        p = self.made[project_id]
        now = len(p["tasks"])
        if self.late:
            self._arrive(*self.late.pop())
        return Project(project_id, p["title"], p["description"], p["config"], now)

    def create_project(
        self, title: str, description: str, label_config: str, model_version: str, annotators: int
    ) -> Project:
        n = max(self.made, default=0) + 1
        self.made[n] = {"title": title, "description": description, "config": label_config, "tasks": {}}
        return Project(n, title, description, label_config, 0)

    def tasks(self, project_id: int) -> list[ServerTask]:
        return [
            ServerTask(n, t["data"], len(t["annotations"])) for n, t in self.made[project_id]["tasks"].items()
        ]

    def answers(self, task_id: int) -> int:
        (task,) = [p["tasks"][task_id] for p in self.made.values() if task_id in p["tasks"]]
        return len(task["annotations"]) + len(task["drafts"])

    def import_tasks(self, project_id: int, tasks: Any) -> None:
        mishap = self.mishaps.pop(0) if self.mishaps else ""
        self.imports.append(len(tasks))
        if mishap == "down":
            raise ServerError(DOWN)
        if mishap == "late":
            self.late.append((project_id, tasks))
        elif mishap != "lost":
            self._arrive(project_id, tasks[: len(tasks) // 2] if mishap == "half" else tasks)
        if mishap == "killed":
            raise Killed
        if mishap:
            raise Dropped(DROPPED)

    def _arrive(self, project_id: int, tasks: Any) -> None:
        for t in copy.deepcopy(list(tasks)):
            held = self.made[project_id]["tasks"]
            n = max(held, default=0) + 1
            predictions = [self._numbered(p) for p in t["predictions"]]
            held[n] = {
                "id": n,
                "data": t["data"],
                "annotations": [],
                "drafts": [],
                "predictions": predictions,
            }

    def _numbered(self, p: Any) -> Any:
        self.number += 1
        return {"id": self.number, "model_version": p["model_version"], "result": p["result"]}

    def delete_task(self, task_id: int) -> None:
        for p in self.made.values():
            p["tasks"].pop(task_id, None)

    def predictions(self, project_id: int) -> list[Prediction]:
        return [
            Prediction(p["id"], n, p["model_version"], p["result"])
            for n, t in self.made[project_id]["tasks"].items() for p in t["predictions"]
        ]  # fmt: skip

    def import_predictions(self, project_id: int, predictions: Any) -> None:
        for p in copy.deepcopy(list(predictions)):
            self.made[project_id]["tasks"][p["task"]]["predictions"].append(self._numbered(p))

    def delete_prediction(self, prediction_id: int) -> None:
        for p in self.made.values():
            for t in p["tasks"].values():
                t["predictions"] = [x for x in t["predictions"] if x["id"] != prediction_id]

    def delete_predictions_of(self, project_id: int, tasks: Any) -> None:
        for n in tasks:
            self.made[project_id]["tasks"][n]["predictions"] = []

    def export(self, project_id: int) -> list[dict[str, Any]]:
        out = copy.deepcopy(list(self.made[project_id]["tasks"].values()))
        for t in out:
            t["predictions"] = [p["id"] for p in t["predictions"]]
        return out

    def users(self) -> dict[int, str]:
        return {1: "Ana Cruz", 2: "ben@example.com"}
