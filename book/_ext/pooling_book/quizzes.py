"""Put a question into a chapter.

    :::{choice}
    64 maps of 56×56 go through a 2×2 max pool. What comes out?

    - [ ] 32 maps of 28×28

      The channels are not halved: each is pooled alone.
    - [x] {glue:text}`maps` maps of 28×28

      Height and width are halved; the channels stay.
    :::

The first paragraph is the question. Every option is a paragraph, and what follows in its item explains it, be it right
or wrong. `:several:` allows more than one right option. No question stands inside another.

In `number` the options are values, such as 1,536, 3.5 or 1/4: the one that is right, and those that wrong ways lead to.
The last, `anything else`, is a hint for all the rest. `:tolerance:` says how far from a value still counts as it,
`:unit:` what is counted.

In `predict` options have no boxes and no explanations. What follows them is the reveal, which opens once a reader has
chosen. Without options a number is predicted, and a line with `---` comes before the reveal. Where the chapter gets to
the answer, `{prediction} name` reminds readers of what they chose in the `predict` of that `:name:`.

What stands in the page can be read without scripts: the options as a list, explanations and reveal folded below it.
book/_web/quizzes/ makes forms of it.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pooling_book import scripts
from pooling_book.quiz_nodes import (
    Option,
    PredictionNode,
    QuestionNode,
    QuizNode,
    explained,
    folded,
    lettered,
    list_of_options,
)

BOX = re.compile(r"^\[([ xX])\]\s*")
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
ANYTHING_ELSE = "anything else"


class Quiz(SphinxDirective):
    """What the three directives share."""

    has_content = True
    option_spec: ClassVar = {"name": directives.unchanged_required}
    #: What it is to readers: each page counts its own.
    counted = "question"

    def run(self) -> list[nodes.Node]:
        """Return the question as it is read without scripts."""
        scripts.need_scripts(self.env)
        asked, items, rest = self._parts()
        serial = self.env.new_serialno(self.counted) + 1
        node = QuizNode(kind=self.name, classes=["quiz"])
        self.set_source_info(node)
        if "name" in self.options:
            self.add_name(node)
        else:
            # A heading "Question 3" may follow: docutils puts no underscore into the ids it makes of titles and names.
            node["ids"] = [f"{self.counted}_{serial}"]
            self.state.document.set_id(node)
        title = nodes.strong("", self.heading(serial), classes=["quiz-heading"])
        node += QuestionNode("", "", title, nodes.Text(" "), *asked[0].children)
        node += asked[1:]
        options = [self._option(item) for item in items]
        self._check_distinct(options)
        node += self.answers(node, options, rest)
        return [node]

    def heading(self, serial: int) -> str:
        """Return what stands before the question."""
        return f"{serial}."

    def answers(self, node: nodes.Element, options: list[Option], rest: list[nodes.Node]) -> list[nodes.Node]:
        """Return what follows the question, and note in the node what its form needs to know."""
        raise NotImplementedError

    def refuse(self, what: str) -> Exception:
        """Return the error that stops the build here."""
        return self.error(f"{self.name}: {what}")

    def _parts(self) -> tuple[list[nodes.Element], list[nodes.Element], list[nodes.Node]]:
        """Return the question, the items of its list, and what follows."""
        parsed = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, parsed)
        if any(parsed.findall(QuizNode)):
            raise self.refuse("no question can stand inside another, as browsers drop it there: put it after this one")
        ends = (index for index, node in enumerate(parsed) if isinstance(node, nodes.bullet_list | nodes.transition))
        end = next(ends, len(parsed))
        if not end or not isinstance(parsed[0], nodes.paragraph):
            raise self.refuse("it must begin with a paragraph that asks something")
        items = parsed[end].children if end < len(parsed) else []
        return parsed[:end], items, parsed[end + 1 :]

    def _option(self, item: nodes.Element) -> Option:
        if not item.children or not isinstance(item[0], nodes.paragraph):
            raise self.refuse("every option must begin with a paragraph")
        text = item[0].children
        box = isinstance(text[0], nodes.Text) and BOX.match(text[0])
        if box:
            text = [nodes.Text(text[0][box.end() :]), *text[1:]]
        return Option(text, item.children[1:], box[1] != " " if box else None)

    def _check_distinct(self, options: Sequence[Option]) -> None:
        """Refuse options that readers could not tell apart."""
        words = [option.words for option in options]
        for index, twice in enumerate(words):
            if twice in words[:index]:
                raise self.refuse(f'two options are "{twice}"')


class Choice(Quiz):
    """A question with options to choose from."""

    option_spec: ClassVar = {**Quiz.option_spec, "several": directives.unchanged}

    def answers(self, node: nodes.Element, options: list[Option], rest: list[nodes.Node]) -> list[nodes.Node]:
        several = "several" in self.options
        if self.options.get("several"):  # of a flag MyST drops the value: `:several: no` would mean yes
            raise self.refuse(":several: has no value: leave it out where one option is right")
        check_explained(self, options, rest)
        right = [option.words for option in options if option.right]
        if len(right) > 1 and not several:
            raise self.refuse(f"more than one option is right: {', '.join(right)}; say :several: if that is meant")
        node["settings"] = {"several": several}
        return [list_of_options(options), folded("Answers", lettered(list(map(explained, options))))]


class Number(Quiz):
    """A question that is answered with a number."""

    option_spec: ClassVar = {
        **Quiz.option_spec,
        "tolerance": directives.unchanged_required,
        "unit": directives.unchanged_required,
    }

    def answers(self, node: nodes.Element, options: list[Option], rest: list[nodes.Node]) -> list[nodes.Node]:
        check_explained(self, options, rest)
        *valued, other = options
        if other.words != ANYTHING_ELSE or other.right:
            raise self.refuse(f'the last option must be "[ ] {ANYTHING_ELSE}", with a hint for every other number')
        if sum(bool(option.right) for option in valued) > 1:
            raise self.refuse("more than one value is right: mark one with [x]")
        unit, tolerance = self.options.get("unit", ""), self._number(self.options.get("tolerance", "0"))
        if tolerance < 0:
            raise self.refuse(":tolerance: is a distance: it must be at least 0")
        values = [self._number(option.words) for option in valued]
        for index, value in enumerate(values):
            if any(abs(value - before) <= tolerance for before in values[:index]):
                raise self.refuse(f"{valued[index].words} cannot be told from a value before it")
        node["settings"] = {
            "values": [float(value) for value in values],
            "tolerance": float(tolerance),
            "unit": unit,
        }
        behind = f"{'' if unit == '%' else ' '}{unit}" if unit else ""
        shown = [[nodes.inline("", f"{option.words.replace('-', '−')}{behind}:")] for option in valued]
        shown.append([nodes.inline("", f"{ANYTHING_ELSE.capitalize()}:")])
        items = [explained(option, text) for option, text in zip(options, shown, strict=True)]
        return [folded("Answers", nodes.bullet_list("", *items))]

    def _number(self, text: str) -> Fraction:
        plain = text.replace("−", "-")
        if "," in plain and not GROUPED.fullmatch(plain):
            raise self.refuse(
                f'"{text}": commas group thousands, as in 1,536; before decimals write a point, as in 3.5'
            )
        try:
            value = Fraction(plain.replace(",", ""))
            float(value)
        except (ValueError, ZeroDivisionError):
            raise self.refuse(f'"{text}" is not a number') from None
        except OverflowError:
            raise self.refuse(f'"{text}" is too large for a number in a page') from None
        return value


class Predict(Quiz):
    """A question to think about before the chapter answers it."""

    option_spec: ClassVar = {**Quiz.option_spec, "unit": directives.unchanged_required}
    counted = "prediction"

    def heading(self, serial: int) -> str:
        return "Predict"

    def answers(self, node: nodes.Element, options: list[Option], rest: list[nodes.Node]) -> list[nodes.Node]:
        for option in options:
            if option.right is not None or option.explanation:
                raise self.refuse(
                    f'"{option.words}": a predicted option has no box, and the reveal explains all of them'
                )
        if len(options) == 1:
            raise self.refuse("one option is no choice")
        if not rest:
            raise self.refuse("a reveal must follow the options, or --- where there are none")
        node["settings"] = {"unit": self.options.get("unit", "")}
        return [*([list_of_options(options)] if options else []), folded("After your prediction", *rest)]


class Prediction(SphinxDirective):
    """A reminder of a prediction, further down the page."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the place for it."""
        target = self.state.document.nameids.get(nodes.fully_normalize_name(self.arguments[0]))
        if not any(
            node["kind"] == "predict" and target in node["ids"] for node in self.state.document.findall(QuizNode)
        ):
            raise self.error(f"prediction: no predict above has the name {self.arguments[0]}")
        return [PredictionNode(of=target)]


def check_explained(directive: Quiz, options: Sequence[Option], rest: Sequence[nodes.Node]) -> None:
    """Refuse options that do not say whether they are right, or why, or all of which are wrong."""
    if len(options) < 2:
        raise directive.refuse("a list of at least two options must follow the question")
    if rest:
        raise directive.refuse("nothing can follow the options")
    for option in options:
        if option.right is None:
            raise directive.refuse(f'"{option.words}" must begin with [ ] or, if it is right, with [x]')
        if not option.words:
            raise directive.refuse("an option is empty")
        if not option.explanation:
            raise directive.refuse(f'"{option.words}" has no explanation: add an indented paragraph below it')
    if not any(option.right for option in options):
        raise directive.refuse("no option is right: mark one with [x]")


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directives."""
    app.setup_extension("pooling_book.quiz_nodes")
    app.add_directive("choice", Choice)
    app.add_directive("number", Number)
    app.add_directive("predict", Predict)
    app.add_directive("prediction", Prediction)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
