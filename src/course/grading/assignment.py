"""All that is needed to grade an assignment, as bytes: the graders of a class may be on other machines."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any

from course.folders import Course
from course.grading.limits import Limits
from course.grading.rebuilding import graded, is_test


@dataclass(frozen=True, eq=False)
class Assignment:
    """What a submission is graded with. It holds the hidden tests, and never goes into a learner's process."""

    name: str
    #: The notebook as learners got it.
    released: dict[str, Any]
    #: The source of every test cell by its grade id, hidden tests included.
    tests: dict[str, str]
    #: The content of cases.json.
    cases: dict[str, Any]
    #: The packages that it names.
    packages: tuple[str, ...]
    sandboxed: bool = True
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def load(cls, course: Course, name: str, sandboxed: bool = True, limits: Limits | None = None) -> Assignment:
        """Read an assignment: what was released, and the tests as they are now.

        Raises
        ------
        FileNotFoundError
            If it was not released, or is not built.
        """
        released = course.exercises / name / f"{name}.ipynb"
        built = course.built / name / f"{name}.ipynb"
        for path, remedy in ((released, f"course release {name}"), (built, "make sure that its source is in order")):
            if not path.is_file():
                raise FileNotFoundError(f"{path} is missing: {remedy}")
        notebook = json.loads(released.read_text(encoding="utf-8"))
        tests = {
            graded(cell)["grade_id"]: "".join(cell["source"])
            for cell in json.loads(built.read_text(encoding="utf-8"))["cells"]
            if is_test(cell) and cell["cell_type"] == "code"
        }
        cases = json.loads((built.parent / "checks" / "cases.json").read_text(encoding="utf-8"))
        packages = tuple(notebook["metadata"]["course"]["packages"])
        return cls(name, notebook, tests, cases, packages, sandboxed, limits or Limits())

    @property
    def hidden(self) -> set[str]:
        """The grade ids of tests that learners do not see: in the release there is something else in their place."""
        released = {graded(cell).get("grade_id"): "".join(cell["source"]) for cell in self.released["cells"]}
        return {test for test, source in self.tests.items() if released.get(test, "").strip() != source.strip()}

    def to_bytes(self) -> bytes:
        return json.dumps(dataclasses.asdict(self)).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Assignment:
        content = json.loads(data)
        content["limits"] = Limits(**content["limits"])
        content["packages"] = tuple(content["packages"])
        return cls(**content)
