"""Does a chapter's question become one that can be read and answered, and a mistake in it an error that names it?"""

import itertools
import re
from pathlib import Path

import pytest
from docutils import nodes

from pooling_book import quizzes
from tests.book import node, tiny

SCRIPT = Path(__file__).with_name("numbers.js")
EXPLAINED = "- [ ] two $x$\n\n  Too few.\n- [x] three\n\n  As many as there are."
OTHERWISE = "- [ ] anything else\n\n  Count again."
VALUES = f"- [x] 1,536\n\n  All of them.\n- [ ] −2.5\n\n  Why?\n{OTHERWISE}"


def page(folder: Path, source: str) -> tuple[nodes.document, str]:
    return tiny.read(folder, source, "sphinx_design", "pooling_book.quizzes")


def directive(name: str, *parts: str, options: str = "") -> str:
    return "\n\n".join([f":::{{{name}}}\n{options}", *parts, ":::", ""])


def only_quiz(folder: Path, source: str) -> quizzes.QuizNode:
    doctree, warnings = page(folder, source)
    assert not warnings
    (quiz,) = doctree.findall(quizzes.QuizNode)
    return quiz


def test_options_and_explanations_are_in_the_page(tmp_path: Path) -> None:
    """Do options stand under the question, formulas in them, and explanations with a verdict in what is folded?"""
    asked, options, folded = only_quiz(tmp_path, directive("choice", "How many?", EXPLAINED)).children
    assert asked.astext() == "1. How many?"
    assert [option.astext() for option in options] == ["two x", "three"]
    assert list(options.findall(nodes.math))
    title, explanations = folded.children
    assert title.astext() == "Answers"
    assert [item.astext() for item in explanations] == ["Not right. Too few.", "Right. As many as there are."]
    assert [item["classes"] for item in explanations] == [["wrong"], ["right"]]


def test_a_question_can_have_more_than_a_paragraph(tmp_path: Path) -> None:
    """Does what stands between the question and its options stay there?"""
    quiz = only_quiz(tmp_path, directive("choice", "What is printed?", "```python\nprint(3)\n```", EXPLAINED))
    assert [type(child) for child in quiz][:3] == [quizzes.QuestionNode, nodes.literal_block, nodes.enumerated_list]


def test_an_explanation_can_begin_with_code(tmp_path: Path) -> None:
    """Is the verdict a line of its own where no paragraph begins the explanation?"""
    options = "- [ ] two\n\n  ```python\n  print(2)\n  ```\n- [x] three\n\n  Yes."
    quiz = only_quiz(tmp_path, directive("choice", "How many?", options))
    (wrong,) = quiz.findall(lambda node: isinstance(node, nodes.list_item) and "wrong" in node["classes"])
    assert [child.astext() for child in wrong] == ["Not right.", "print(2)\n"]


def test_values_are_read_where_they_stand(tmp_path: Path) -> None:
    """Does the form get the numbers that readers see, and its tolerance and unit?"""
    quiz = only_quiz(tmp_path, directive("number", "How many?", VALUES, options=":tolerance: 0.5\n:unit: cells"))
    assert quiz["settings"] == {"values": [1536, -2.5], "tolerance": 0.5, "unit": "cells"}
    items = [item.astext() for item in quiz.findall(nodes.list_item)]
    assert items == [
        "1,536 cells: Right. All of them.",
        "−2.5 cells: Not right. Why?",
        "Anything else: Not right. Count again.",
    ]


def test_a_prediction_is_kept_for_further_down(tmp_path: Path) -> None:
    """Does the reveal follow the options, and does a reminder know whose it is?"""
    source = directive("predict", "How many?", "- two\n- three", "You will see.", options=":name: A Guess")
    doctree, warnings = page(tmp_path, source + "\n:::{prediction} a guess\n:::\n")
    assert not warnings
    (quiz,), (reminder,) = doctree.findall(quizzes.QuizNode), doctree.findall(quizzes.PredictionNode)
    assert quiz["ids"] == [reminder["of"]] == ["a-guess"]
    assert [child.astext() for child in quiz] == [
        "Predict How many?",
        "two\n\nthree",
        "After your prediction\n\nYou will see.",
    ]


def test_a_number_can_be_predicted(tmp_path: Path) -> None:
    """Does a line stand for the options where a number is asked for?"""
    quiz = only_quiz(tmp_path, directive("predict", "How many?", "---", "You will see."))
    assert [type(child) for child in quiz] == [quizzes.QuestionNode, nodes.container]


def test_questions_are_numbered_and_predictions_are_not(tmp_path: Path) -> None:
    """Does every question of a page have a number and a place of its own?"""
    source = directive("predict", "Now?", "---", "Yes.") + 2 * directive("choice", "How many?", EXPLAINED)
    doctree, _ = page(tmp_path, source)
    found = list(doctree.findall(quizzes.QuizNode))
    assert [quiz["ids"] for quiz in found] == [["prediction_1"], ["question_1"], ["question_2"]]
    assert [quiz[0].astext().split()[0] for quiz in found] == ["Predict", "1.", "2."]


def test_questions_and_headings_have_addresses_of_their_own(tmp_path: Path) -> None:
    """Does a heading keep the address it would have, be it called as a question is, before or behind it?"""
    source = (
        "## Question 1\n\n" + 2 * directive("choice", "How many?", EXPLAINED) + "\n## Question 2\n\n## question_1\n"
    )
    doctree, warnings = page(tmp_path, source)
    assert not warnings
    ids = [found["ids"][0] for found in doctree.findall(nodes.section)]
    assert ids == ["a-page", "question-1", "question-2", "id1"]
    assert [quiz["ids"] for quiz in doctree.findall(quizzes.QuizNode)] == [["question_1"], ["question_2"]]


def test_a_negative_value_is_shown_with_a_minus_sign(tmp_path: Path) -> None:
    """Does a value that a cell has written with a hyphen read as any other number of the page?"""
    quiz = only_quiz(tmp_path, directive("number", "How many?", VALUES.replace("−2.5", "-8")))
    assert quiz["settings"]["values"] == [1536, -8]
    assert "−8: Not right. Why?" in [item.astext() for item in quiz.findall(nodes.list_item)]


MISTAKES = {
    "nothing is asked": (directive("choice", EXPLAINED), "it must begin with a paragraph that asks something"),
    "no options": (directive("choice", "How many?"), "a list of at least two options must follow"),
    "no box": (directive("choice", "How many?", "- two\n\n  No.\n- [x] three\n\n  Yes."), '"two" must begin with [ ]'),
    "no right one": (directive("choice", "How many?", EXPLAINED.replace("x]", " ]")), "no option is right"),
    "two right ones": (
        directive("choice", "How many?", EXPLAINED.replace("[ ]", "[x]")),
        "more than one option is right: two x, three; say :several:",
    ),
    "no explanation": (directive("choice", "How many?", "- [x] two\n- [ ] three\n\n  No."), '"two" has no explanation'),
    "an empty option": (
        directive("choice", "How many?", "- [x]\n\n  Yes.\n- [ ] three\n\n  No."),
        "an option is empty",
    ),
    "no text": (
        directive("choice", "How many?", "- ```\n  x\n  ```\n- [x] a\n\n  Yes."),
        "must begin with a paragraph",
    ),
    "something behind": (directive("choice", "How many?", EXPLAINED, "And?"), "nothing can follow the options"),
    "one inside another": (
        ":::"
        + directive("predict", "How many?", "- 2\n- 3", directive("choice", "Sure?", EXPLAINED)).strip()
        + ":::\n",
        "no question can stand inside another, as browsers drop it there: put it after this one",
    ),
    "one option twice": (
        directive("choice", "How many?", EXPLAINED.replace("three", "two $x$")),
        'two options are "two x"',
    ),
    "one prediction twice": (directive("predict", "How many?", "- 2\n- 2", "So."), 'two options are "2"'),
    "a flag with a value": (
        directive("choice", "How many?", EXPLAINED, options=":several: no"),
        ":several: has no value",
    ),
    "two right values": (directive("number", "How many?", VALUES.replace("[ ] −", "[x] −")), "one value is right"),
    "a decimal comma": (directive("number", "How many?", VALUES.replace("−2.5", "3,5")), "as in 3.5"),
    "a group too short": (directive("number", "How many?", VALUES.replace("1,536", "1,536,0")), '"1,536,0": commas'),
    "a value without end": (directive("number", "How many?", VALUES.replace("−2.5", "1e400")), '"1e400" is too large'),
    "a negative tolerance": (
        directive("number", "How many?", VALUES, options=":tolerance: -1"),
        "it must be at least 0",
    ),
    "no number": (directive("number", "How many?", EXPLAINED + "\n" + OTHERWISE), '"two x" is not a number'),
    "no hint": (directive("number", "How many?", VALUES.removesuffix(OTHERWISE)), 'must be "[ ] anything else"'),
    "values that are one": (
        directive("number", "How many?", VALUES.replace("−2.5", "1536.0")),
        "1536.0 cannot be told from a value before it",
    ),
    "a right prediction": (
        directive("predict", "How many?", "- [x] 2\n- [ ] 3", "So."),
        '"2": a predicted option has no',
    ),
    "one to predict": (directive("predict", "How many?", "- 2", "So."), "one option is no choice"),
    "no reveal": (directive("predict", "How many?", "- 2\n- 3"), "a reveal must follow the options"),
    "nobody's prediction": (":::{prediction} mine\n:::\n", "no predict above has the name mine"),
}


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """Read a page with every mistake in it; return what was said about each of its lines."""
    _, warnings = page(tmp_path_factory.mktemp("mistakes"), "".join(source for source, _ in MISTAKES.values()))
    return {int(line): said for line, said in re.findall(r"index\.md:(\d+): ERROR: (.*)", warnings)}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_named(complaints: dict[int, str], mistake: str) -> None:
    """Does a mistake in the source fail the build with its place and with what would be right?"""
    source, expected = MISTAKES[mistake]
    before = "".join(itertools.takewhile(source.__ne__, (other for other, _ in MISTAKES.values())))
    assert expected in complaints[3 + before.count("\n")]


def test_several_options_may_be_right_where_that_is_meant(tmp_path: Path) -> None:
    """Does `:several:` allow two right options?"""
    source = directive("choice", "Which?", EXPLAINED.replace("[ ]", "[x]"), options=":several:")
    assert only_quiz(tmp_path, source)["settings"] == {"several": True}


READ = {
    ("3", ""): 3,
    (" +3 ", ""): 3,
    ("-3", ""): -3,
    ("−3", ""): -3,
    ("3.5", ""): 3.5,
    ("3,5", ""): 3.5,
    (".5", ""): 0.5,
    ("1e3", ""): 1000,
    ("1,536", ""): 1536,
    ("1 536", ""): 1536,
    ("1,536,000.5", ""): 1536000.5,
    ("0,125", ""): 0.125,
    ("0,1", ""): 0.1,
    ("1/4", ""): 0.25,
    ("1 / 4", ""): 0.25,
    ("25 %", ""): 0.25,
    ("25 %", "%"): 25,
    ("25", "%"): 25,
    ("15 cells", "cells"): 15,
    ("15cells", "cells"): 15,
    ("15 Cells", "cells"): 15,
    ("12 345 cells", "cells"): 12345,
    ("1 5", ""): None,
    ("1 2345", ""): None,
    ("", ""): None,
    ("cells", "cells"): None,
    ("fifteen", ""): None,
    ("1/0", ""): None,
    ("1.2.3", ""): None,
    ("1,2,3", ""): None,
    ("3 to 4", ""): None,
    ("15 rows", "cells"): None,
}


def test_numbers_are_read_as_people_write_them() -> None:
    """Does the page understand signs, decimal commas, fractions, per cent and units, and nothing that is no number?"""
    assert dict(zip(READ, node.run(SCRIPT, list(READ)), strict=True)) == READ
