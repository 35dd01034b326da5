"""Can every question be answered, wrongly and rightly, without a mouse, and is what comes of it heard?"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.book import tiny
from tests.book.building import ROOT
from tests.book.toc import CHAPTERS
from tests.browser.reader import NARROW, Reader, nothing

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("quizzes")]

DIRECTIVE = re.compile(r"[:`~]{3}\s*\{(choice|number|predict)\}")
WITH_QUIZZES = [name for name in CHAPTERS if DIRECTIVE.search((ROOT / f"{name}.md").read_text(encoding="utf-8"))]
FORM = re.compile(r'<form[^>]* class="quiz["\s]')
SMALLEST = 32  # pixels a finger can hit

#: What no chapter may have, yet must work.
RARE = """
:::{choice}
:several:

Which are even?

- [x] 2

  Twice 1.
- [ ] 3

  Three is odd.
- [x] **4**

  Twice 2.
:::

:::{number}
:unit: %
:tolerance: 2

How many?

- [x] 25

  A quarter.
- [ ] 50

  That is half.
- [ ] anything else

  Count again.
:::

:::{predict}
:unit: px
:name: far

How far?

---

Two pixels.
:::

:::{prediction} far
:::
"""


@pytest.fixture(scope="module")
def rare(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Build a page with the rarer kinds; return its address."""
    folder = tmp_path_factory.mktemp("rare")
    pages = tiny.show(folder, RARE, "sphinx_design", "pooling_book.scripts", "pooling_book.quizzes")
    return f"{pages.as_uri()}/"


def quizzes(page: Page, kind: str) -> list[Locator]:
    return page.locator(f'form.quiz[data-kind="{kind}"]').all()


def verdicts(form: Locator) -> list[str]:
    """Return for each answer whether it is right, as the page says without scripts."""
    items = form.locator(".quiz-folded :is(ol, ul) > :is(.right, .wrong)").all()
    return ["right" if "right" in item.get_attribute("class").split() else "wrong" for item in items]


def explanation(form: Locator, index: int) -> str:
    """Return how an answer is explained there, without the verdict."""
    return (
        form.locator(".quiz-folded :is(ol, ul) > :is(.right, .wrong)")
        .nth(index)
        .evaluate(
            "item => [...item.cloneNode(true).querySelectorAll('*')].map(e => e.matches('.quiz-verdict') && e.remove())"
            " && item.textContent.slice(item.querySelector('.quiz-verdict').textContent.length).trim()"
        )
    )


def status(form: Locator) -> Locator:
    return form.get_by_role("status")


def go_to(form: Locator) -> None:
    """Follow a link to a question: from there, Tab leads into it."""
    form.evaluate("form => { document.activeElement.blur(); location.hash = ''; location.hash = form.id; }")


def boxes(form: Locator) -> Locator:
    return form.locator('input[type="checkbox"]')


def mark(reader: Reader, form: Locator, chosen: set[int]) -> None:
    """Choose some of several boxes with the keys, and none of the others."""
    for index, box in enumerate(boxes(form).all()):
        if box.is_checked() != (index in chosen):
            reader.tab_to(box)
            reader.page.keyboard.press("Space")


def choose(reader: Reader, form: Locator, index: int) -> None:
    """Choose one option with the keys: one of several radio buttons, or one box alone."""
    if boxes(form).count():
        mark(reader, form, {index})
        return
    inputs = form.locator('input[type="radio"]')
    checked = form.locator("input:checked")
    reader.tab_to(checked if checked.count() else inputs.first)
    reader.page.keyboard.press("Space")
    for _ in range(inputs.count()):
        if inputs.nth(index).is_checked():
            return
        reader.page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrow keys do not lead to option {index}")


def press(reader: Reader, form: Locator) -> None:
    reader.tab_to(form.get_by_role("button"))
    reader.page.keyboard.press("Space")


@pytest.mark.parametrize("chapter", WITH_QUIZZES)
def test_every_choice_answers(reader: Callable[..., Reader], chapter: str) -> None:
    """Is each option explained when it is chosen, wrong ones and the right one, and heard when it is?"""
    r = reader()
    for form in quizzes(r.open(f"{chapter}.html"), "choice"):
        right = verdicts(form)
        for index in sorted(range(len(right)), key=right.__getitem__, reverse=True):
            go_to(form)
            choose(r, form, index)
            press(r, form)
            expect(status(form)).to_contain_text(explanation(form, index))
            expect(status(form)).to_contain_text(
                f"({'abcdefgh'[index]}) {right[index].replace('wrong', 'not right')}", ignore_case=True
            )
            is_all = right[index] == "right" and right.count("right") == 1
            assert ("Try again" in status(form).inner_text()) != is_all
        if boxes(form).count():
            go_to(form)
            mark(r, form, {index for index, verdict in enumerate(right) if verdict == "right"})
            press(r, form)
            expect(status(form)).not_to_contain_text("Try again")
        expect(form.locator(".quiz-folded > summary")).to_be_visible()


@pytest.mark.parametrize("chapter", WITH_QUIZZES)
def test_every_number_answers(reader: Callable[..., Reader], chapter: str) -> None:
    """Is each value explained when it is typed, any other one too, and is a word asked back?"""
    r = reader()
    for form in quizzes(r.open(f"{chapter}.html"), "number"):
        values = form.evaluate("form => JSON.parse(form.dataset.settings).values")
        field = form.get_by_role("textbox")
        go_to(form)
        r.tab_to(field)
        for index, value in enumerate([*values, 987654]):
            r.page.keyboard.press("ControlOrMeta+A")
            r.page.keyboard.type(f"{value}")
            r.page.keyboard.press("Enter")
            expect(status(form)).to_contain_text(explanation(form, index))
            assert ("Try again" in status(form).inner_text()) == (verdicts(form)[index] == "wrong")
        r.page.keyboard.press("ControlOrMeta+A")
        r.page.keyboard.type("many")
        r.page.keyboard.press("Enter")
        expect(status(form)).to_contain_text("Write a number")
        expect(field).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("chapter", WITH_QUIZZES)
def test_every_prediction_opens_its_reveal(reader: Callable[..., Reader], chapter: str) -> None:
    """Does the reveal stay closed until something is predicted, and then stand beside it, also further down?"""
    r = reader()
    for form in quizzes(r.open(f"{chapter}.html"), "predict"):
        reveal = form.locator(".quiz-folded .sd-card-body").text_content().strip()
        expect(form.locator(".quiz-folded")).to_be_hidden()
        go_to(form)
        choose(r, form, 1)
        press(r, form)
        expect(status(form)).to_contain_text("You predicted: (b)")
        expect(status(form)).to_contain_text(reveal)
        expect(form.get_by_role("button")).to_be_focused()
        r.page.keyboard.press("Enter")
        expect(status(form)).to_contain_text("You predicted: (b)")
        for reminder in r.page.locator(f'[data-of="{form.get_attribute("id")}"]').all():
            expect(reminder).to_contain_text("You predicted: (b)")
            expect(reminder).to_be_visible()


def test_enter_on_an_option_keeps_the_focus(reader: Callable[..., Reader]) -> None:
    """Does one who predicts with the Enter key stay in the form, though its options can be chosen no more?"""
    r = reader()
    form = quizzes(r.open(f"{WITH_QUIZZES[0]}.html"), "predict")[0]
    form.get_by_role("radio").first.focus()
    r.page.keyboard.press("Space")
    r.page.keyboard.press("Enter")
    expect(status(form)).to_contain_text("You predicted: (a)")
    expect(form.get_by_role("button")).to_be_focused()


def test_every_chapter_with_questions_is_asked(site: Path) -> None:
    """Are the chapters that are gone through here those whose pages have questions?"""
    asking = [name for name in CHAPTERS if FORM.search((site / f"{name}.html").read_text(encoding="utf-8"))]
    assert asking == WITH_QUIZZES


def by_day_and_night(reader: Reader) -> list[str]:
    """Return what axe finds; of the dark page, what its colours can make worse."""
    found = []
    for scheme, options in {"dark": {"runOnly": ["color-contrast"]}, "light": {}}.items():
        reader.page.emulate_media(color_scheme=scheme)
        reader.page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
        found += reader.violations("form.quiz", **options)
    return found


@pytest.mark.parametrize("chapter", WITH_QUIZZES)
def test_answered_questions_are_accessible(reader: Callable[..., Reader], chapter: str) -> None:
    """Does axe find nothing once all is answered, by day and by night, on a narrow page with room for fingers?"""
    r = reader(viewport=NARROW)
    page = r.open(f"{chapter}.html")
    for form in page.locator("form.quiz").all():
        for field in form.get_by_role("textbox").all():
            field.fill("1")
        for option in form.locator('input:is([type="radio"], [type="checkbox"])').all()[:1]:
            option.check()
        form.get_by_role("button").click()
        for summary in form.locator(".quiz-folded > summary").all():
            summary.click()
        for target in form.locator("label, button, summary").all():
            assert target.bounding_box()["height"] >= SMALLEST, target.inner_text()
    nothing(by_day_and_night(r))
    nothing(r.wider_than_the_window())


@pytest.mark.parametrize("chapter", WITH_QUIZZES)
def test_groups_are_named_by_their_question(reader: Callable[..., Reader], chapter: str) -> None:
    """Does one who hears the page hear the question with its options, and formulas in them once?"""
    page = reader().open(f"{chapter}.html")
    for form in page.locator("form.quiz").all():
        asked = form.locator("legend").inner_text().split()
        expect(form.get_by_role("group").first).to_have_accessible_name(re.compile(rf"^{re.escape(asked[0])}"))
        for index, option in enumerate(form.get_by_role("radio").all()):
            expect(option).to_have_accessible_name(re.compile(rf"^\({'abcdefgh'[index]}\) \S"))


@pytest.mark.parametrize("chapter", WITH_QUIZZES)
def test_without_javascript_answers_can_be_opened(reader: Callable[..., Reader], chapter: str) -> None:
    """Are there options to read, nothing that does nothing, and answers to open?"""
    page = reader(java_script_enabled=False).open(f"{chapter}.html")
    for form in page.locator("form.quiz").all():
        expect(form.locator("input, button")).to_have_count(0)
        content = form.locator(".quiz-folded .sd-card-body")
        expect(content).to_be_hidden()
        form.locator("summary").click()
        expect(content).to_be_visible()


@pytest.mark.parametrize("settings", [{}, {"java_script_enabled": False}], ids=["with scripts", "without"])
def test_paper_shows_the_answers(reader: Callable[..., Reader], settings: dict) -> None:
    """Are questions, options and answers printed, and no buttons?"""
    page = reader(**settings).open(f"{WITH_QUIZZES[0]}.html")
    page.emulate_media(media="print")
    for form in page.locator("form.quiz").all():
        expect(form.locator("button:visible")).to_have_count(0)
        for part in form.locator("legend, .quiz-options li, .quiz-folded .sd-card-body").all():
            assert part.evaluate("e => e.checkVisibility({contentVisibilityAuto: true}) && e.clientHeight > 0")


def test_several_right_options(reader: Callable[..., Reader], rare: str) -> None:
    """Is what is missing said, what is wrong explained, and all of it accepted?"""
    page = reader(rare).open("index.html")
    form = page.locator("#question_1")
    page_two, three, four = form.get_by_role("checkbox").all()
    form.get_by_role("button").click()
    expect(status(form)).to_have_text("Choose an answer first.")
    page_two.check()
    form.get_by_role("button").click()
    expect(status(form)).to_have_text("(a) Right. Twice 1.There is more that is right. Try again, or open the answers.")
    three.check()
    form.get_by_role("button").click()
    expect(status(form)).to_contain_text("(b) Not right. Three is odd.Try again, or open the answers.")
    three.uncheck()
    four.check()
    form.get_by_role("button").click()
    expect(status(form)).to_have_text("(a) Right. Twice 1.(c) Right. Twice 2.")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("26", "25%: Right. A quarter."),
        ("25 %", "25%: Right. A quarter."),
        ("48,5", "50%: Not right. That is half."),
        ("30", "30: Not right. Count again."),
        ("-30", "−30: Not right. Count again."),
    ],
)
def test_a_number_may_be_a_little_off(reader: Callable[..., Reader], rare: str, typed: str, said: str) -> None:
    """Is what lies within the tolerance taken for the value, and what does not for none?"""
    form = reader(rare).open("index.html").locator("#question_2")
    expect(form.get_by_role("textbox")).to_have_accessible_name("Your answer, in %")
    form.get_by_role("textbox").fill(typed)
    form.get_by_role("button").click()
    expect(status(form)).to_contain_text(said)


def test_a_predicted_number_is_kept(reader: Callable[..., Reader], rare: str) -> None:
    """Is a number asked for until there is one, and shown with its unit beside the reveal and further down?"""
    page = reader(rare).open("index.html")
    form = page.locator("#far")
    form.get_by_role("button").click()
    expect(status(form)).to_contain_text("Write a number")
    form.get_by_role("textbox").fill("1,5")
    form.get_by_role("button").click()
    expect(status(form)).to_have_text("You predicted: 1,5 px Two pixels.")
    expect(page.locator("[data-of=far]")).to_have_text("You predicted: 1,5 px")
    expect(form.get_by_role("textbox")).to_be_disabled()
