"""Annotation with Label Studio: configurations, tasks out, annotations back, and checks of both.

config(task, langs)          the XML of a project
to_tasks(article, task)      tasks with predictions
from_tasks(export, corpus)   the corpus as annotated
check(tasks)                 what is wrong with tasks or an export
push, pull, check_file       the same on files
"""

from hexapla.annotate.back import from_tasks
from hexapla.annotate.check import check
from hexapla.annotate.config import config
from hexapla.annotate.files import check_file, pull, push, write_configs
from hexapla.annotate.tasks import to_tasks

__all__ = ["check", "check_file", "config", "from_tasks", "pull", "push", "to_tasks", "write_configs"]
