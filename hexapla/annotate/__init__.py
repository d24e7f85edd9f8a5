"""Annotation with Label Studio: configurations, tasks out, annotations back, checks of both, agreement, adjudication.

config(task, langs)              the XML of a project
to_tasks(article, task)          tasks with predictions
from_tasks(export, corpus)       the corpus as annotated
check(tasks)                     what is wrong with tasks or an export
push, pull, check_file           the same on files
connect, push_to, pull_from      the same on a server
agreement(a, b)                  of two folders; `hexapla.annotate.agreement.among` for an export
adjudicate(folder, exports, …)   what annotators agree on, and tasks for the rest
"""

from hexapla.annotate.adjudicate import adjudicate
from hexapla.annotate.agreement import agreement
from hexapla.annotate.back import from_tasks
from hexapla.annotate.check import check
from hexapla.annotate.config import config
from hexapla.annotate.files import check_file, pull, pull_from, push, push_to, write_configs
from hexapla.annotate.server import connect
from hexapla.annotate.tasks import to_tasks

__all__ = [
    "adjudicate", "agreement", "check", "check_file", "config", "connect", "from_tasks", "pull", "pull_from", "push",
    "push_to", "to_tasks", "write_configs",
]  # fmt: skip
