"""Sessions of one app, read together: what each run did at an endpoint, and READINGS, the table of what that means. Pure."""

from pinprobe.runs.experiment import Experiment, Run, experiment_of
from pinprobe.runs.reading import Reading, judge_together
from pinprobe.runs.role import ROLE_WORDS, Role, role_of
from pinprobe.runs.seen import Happened, Seen
from pinprobe.runs.table import JOINT_RULES, READINGS, Row

__all__ = [
    "JOINT_RULES",
    "READINGS",
    "ROLE_WORDS",
    "Experiment",
    "Happened",
    "Reading",
    "Role",
    "Row",
    "Run",
    "Seen",
    "experiment_of",
    "judge_together",
    "role_of",
]
