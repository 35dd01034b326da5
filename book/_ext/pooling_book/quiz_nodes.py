"""What questions in a chapter are made of, and their HTML. book/_ext/pooling_book/quizzes.py reads them."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx_design.shared import create_component

RIGHT, WRONG = "Right.", "Not right."


class QuizNode(nodes.General, nodes.Element):
    """A question with all that belongs to it."""


class QuestionNode(nodes.paragraph):
    """What is asked."""


class PredictionNode(nodes.General, nodes.Element):
    """The place for what a reader has predicted."""


class Option(NamedTuple):
    """An item of a question's list."""

    text: list[nodes.Node]
    explanation: list[nodes.Node]
    right: bool | None

    @property
    def words(self) -> str:
        """The option as text."""
        return "".join(node.astext() for node in self.text).strip()


def explained(option: Option, before: Sequence[nodes.Node] = ()) -> nodes.list_item:
    """Return the explanation of an option, which begins with the verdict."""
    verdict = nodes.strong("", "", *before, nodes.Text(" " if before else ""), classes=["quiz-verdict"])
    verdict += nodes.Text(RIGHT if option.right else WRONG)
    first, *others = option.explanation
    if isinstance(first, nodes.paragraph):
        first[:0] = [verdict, nodes.Text(" ")]
    else:
        first, others = nodes.paragraph("", "", verdict), option.explanation
    return nodes.list_item("", first, *others, classes=["right" if option.right else "wrong"])


def list_of_options(options: Sequence[Option]) -> nodes.enumerated_list:
    """Return the options as a list with letters."""
    return lettered([nodes.list_item("", nodes.inline("", "", *option.text)) for option in options], "quiz-options")


def lettered(items: Sequence[nodes.list_item], *classes: str) -> nodes.enumerated_list:
    """Return a list whose items are (a), (b), (c)."""
    return nodes.enumerated_list(
        "", *items, enumtype="loweralpha", prefix="(", suffix=")", classes=["lettered", *classes]
    )


def folded(title: str, *content: nodes.Node) -> nodes.container:
    """Return a dropdown, as sphinx-design makes it."""
    return create_component(
        "dropdown",
        type="dropdown",
        children=[nodes.rubric("", title), *content],
        opened=False,
        has_title=True,
        icon=None,
        chevron=None,
        container_classes=["quiz-folded"],
        title_classes=[],
        body_classes=[],
    )


def visit_quiz(self: Any, node: QuizNode) -> None:
    """Open the form; its controls come from the page's script."""
    attributes = {"data-kind": node["kind"], "data-settings": json.dumps(node["settings"])}
    self.body.append(self.starttag(node, "form", **attributes, autocomplete="off"))
    self.body.append("<fieldset>\n")


def depart_quiz(self: Any, node: QuizNode) -> None:
    """Close it."""
    self.body.append("</fieldset></form>\n")


def visit_question(self: Any, node: QuestionNode) -> None:
    """Open the legend, which names the controls for those who hear them."""
    self.body.append(self.starttag(node, "legend", ""))


def depart_question(self: Any, node: QuestionNode) -> None:
    """Close it."""
    self.body.append("</legend>\n")


def visit_prediction(self: Any, node: PredictionNode) -> None:
    """Write a place that is empty until something has been predicted."""
    self.body.append(self.starttag(node, "p", "", hidden="", CLASS="quiz-prediction", **{"data-of": node["of"]}))
    self.body.append("</p>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the nodes."""
    app.add_node(QuizNode, html=(visit_quiz, depart_quiz))
    app.add_node(QuestionNode, html=(visit_question, depart_question))
    app.add_node(PredictionNode, html=(visit_prediction, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
