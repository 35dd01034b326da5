"""Is everything that comes from a learner's process taken apart and written anew?"""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from course.checks.answering import Answer
from course.checks.values import Plain
from course.grading.inside.wire import Garbled, Gone, Silent
from course.grading.learner import Learner, _answer, _outputs
from course.grading.limits import Limits

PICTURE = base64.b64encode(b"\x89PNG and so on").decode()


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ({"result": [[1, 2.5], [2], "list", None]}, Answer(Plain([1, 2.5], (2,), "list", None))),
        ({"result": [[], [0, 3], "array", "float64"]}, Answer(Plain([], (0, 3), "array", "float64"))),
        ({"result": [[[1], [2]], [9, 9], "x", 5]}, Answer(Plain([[1], [2]], (2, 1), "list", None))),
        ({"result": [[[1], [2, 3]], [2], "list", None]}, Answer(Plain([[1], [2, 3]], None, "list", None))),
        ({"error": "ZeroDivisionError", "printed": "hm"}, Answer(error="ZeroDivisionError", printed="hm")),
        ({"changed": ["x", "it was 1"]}, Answer(changed=("x", "it was 1"))),
        ({"result": [1, [], "list", None], "error": "no"}, Answer(error="no")),
    ],
)
def test_answers(reply: Any, expected: Answer) -> None:
    """Is an answer one thing, of the shape that it has rather than the one it claims?"""
    assert _answer(reply) == expected


@pytest.mark.parametrize(
    "reply",
    [
        None,
        [],
        "passed",
        {},
        {"result": "passed"},
        {"result": [1]},
        {"result": [{"a": 1}, [], "list", None]},
        {"result": [[[]] * 2, 1, 2, 3, 4]},
        {"result": [[0] * 1_000_001, [1_000_001], "list", None]},
        {"result": [json.loads("[" * 40 + "]" * 40), [], "list", None]},
        {"error": 5, "odd": ["x"]},
        {"changed": "x"},
        {"passed": True},
    ],
    ids=lambda reply: str(reply)[:40],
)
def test_what_is_no_answer(reply: Any) -> None:
    """Is everything else an answer without a result, and with a reason?"""
    answer = _answer(reply)
    assert answer.result is None
    assert answer.error or answer.odd


def test_long_texts_are_cut() -> None:
    """Can a reply not fill the gradebook?"""
    answer = _answer({"error": "x" * 100_000, "printed": "y" * 100_000})
    assert len(answer.error or "") < 5000
    assert len(answer.printed) < 5000


def test_outputs_are_text_and_pictures() -> None:
    """Is nothing kept that a browser would run?"""
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "hello"},
        {"output_type": "stream", "name": "<script>", "text": "x" * 10**6},
        {"output_type": "display_data", "data": {"text/html": "<script>", "text/plain": "plain", "image/png": PICTURE}},
        {"output_type": "display_data", "data": {"image/png": base64.b64encode(b"<script>").decode()}},
        {"output_type": "display_data", "data": {"image/svg+xml": "<svg onload=alert(1)>"}},
        {"output_type": "error", "ename": 3, "evalue": None, "traceback": ["line", 4, "x" * 10**5]},
        {"output_type": "execute_result", "data": {"text/plain": "5.0"}},
        "text",
        None,
    ]
    found = _outputs({"outputs": outputs})
    assert [output["output_type"] for output in found] == ["stream", "stream", "display_data", "error"]
    assert found[1]["name"] == "stdout"
    assert len(found[1]["text"]) < 60_000
    assert found[2]["data"] == {"text/plain": "plain", "image/png": PICTURE}
    assert sum(map(len, found[3]["traceback"])) < 10_000
    assert _outputs(None) == _outputs({"outputs": "x"}) == []


class Far:
    """A learner's process that behaves as told."""

    def __init__(self, replies: list[Any]) -> None:
        self.replies, self.asked, self.refused, self.ended = replies, [], [], 0
        self.channel = self

    def send(self, message: Any, seconds: float) -> None:
        self.asked.append(message)

    def receive(self, seconds: float) -> Any:
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return [self.asked[-1]["number"], reply]

    def refuse_pooling(self, on: bool) -> None:
        self.refused.append(on)

    def end(self) -> None:
        self.ended += 1

    def lost(self) -> str:
        return "it crashed"


def learner(*processes: list[Any]) -> tuple[Learner, list[Far]]:
    far = [Far(replies) for replies in processes]
    waiting = iter(far)
    return Learner(lambda: next(waiting), {}, Limits(submission=1000)), far  # type: ignore[arg-type,return-value]


def test_cells_run_again_in_a_new_process() -> None:
    """After a loss, does the next request find all cells run that came to an end, and only those?"""
    fine = {"outputs": []}
    found, (_, second) = learner([fine, Gone(), fine], [fine, fine, {"error": "e"}])
    found.run("first")
    assert "it crashed" in found.run("second")[0]["evalue"]
    found.run("third")
    found.answer("f", "function", {}, 1)
    assert [each.get("source", "f") for each in second.asked] == ["first", "third", "f"]
    assert second.refused == [False, False, True]  # torch's own pooling: allowed in cells, refused in answers
    assert found.losses == ["it crashed"]


@pytest.mark.parametrize("problem", [Silent(), Garbled("odd"), [7, {}], "no list"])
def test_a_process_that_misbehaves_is_ended(problem: Any) -> None:
    """Is there no second chance for one that is late, garbled, or answers what was not asked?"""
    found, (far,) = learner([problem])
    far.receive = lambda seconds: (_ for _ in ()).throw(problem) if isinstance(problem, Exception) else problem  # type: ignore[method-assign,assignment,misc]
    assert found.answer("f", "function", {}, 1).error
    assert far.ended == 1


def test_the_time_for_all_is_limited() -> None:
    """Is nothing asked any more when the time is used up?"""
    found = Learner(lambda: pytest.fail("nothing should be started"), {}, Limits(submission=0))
    assert "used up" in found.run("x")[0]["evalue"]
    assert "used up" in (found.answer("f", "function", {}, 1).error or "")
    assert found.is_late
