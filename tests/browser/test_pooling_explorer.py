"""Does the pooling explorer answer to a mouse, to a keyboard and to an address?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import NARROW, Reader

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("widgets")]

PAGE = "book/intro.html"
#: As the introduction sets it.
GRID = [[1, 3, 2, 1], [4, 2, 1, 0], [5, 6, 1, 2], [7, 8, 3, 4]]


def explorer(page: Page) -> Locator:
    return page.locator("pooling-explorer#first")


def cell(page: Page, grid: str, row: int, column: int) -> Locator:
    return explorer(page).locator(f'[data-grid="{grid}"] [data-cell="{row},{column}"]')


def output(page: Page) -> list[list[str]]:
    rows = explorer(page).locator('[data-grid="output"] tr').all()
    return [row.locator("td").all_inner_texts() for row in rows]


def status(page: Page) -> Locator:
    return explorer(page).get_by_role("status")


def test_pointing_at_an_output_shows_its_window(reader: Callable[..., Reader]) -> None:
    """Does a hovered output light up the cells it was made from, and say how?"""
    page = reader().open(PAGE)
    cell(page, "output", 1, 0).hover()
    expect(status(page)).to_have_text("Output row 1, column 0: the largest of 5, 6, 7, 8 is 8.")
    lit = explorer(page).locator('[data-grid="x"] td.in-window input')
    assert [int(each.input_value()) for each in lit.all()] == [5, 6, 7, 8]
    expect(explorer(page).locator('[data-grid="x"] td.winner input')).to_have_value("8")


def test_everything_by_keyboard(reader: Callable[..., Reader]) -> None:
    """Can one who uses no mouse set, edit, read and reset?"""
    r = reader()
    page = r.open(PAGE)
    r.tab_to(explorer(page).get_by_role("radio", name="maximum"))
    page.keyboard.press("ArrowRight")
    assert output(page) == [["2.5", "1"], ["6.5", "2.5"]]
    r.tab_to(explorer(page).get_by_role("slider", name="stride"))
    page.keyboard.press("ArrowLeft")
    assert output(page) == [["2.5", "2", "1"], ["4.25", "2.5", "1"], ["6.5", "4.5", "2.5"]]

    r.tab_to(cell(page, "x", 0, 0))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(cell(page, "x", 1, 1)).to_be_focused()
    page.keyboard.type("-6")
    expect(cell(page, "x", 1, 1)).to_be_focused()
    assert output(page)[0][0] == "0.5"

    page.keyboard.press("Tab")
    expect(cell(page, "output", 0, 0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(status(page)).to_have_text("Output row 0, column 1: the sum of 3, 2, −6, 1, divided by 4, is 0.")

    r.tab_to(explorer(page).get_by_role("button", name="Start again"))
    page.keyboard.press("Enter")
    assert output(page) == [["4", "2"], ["8", "4"]]
    expect(cell(page, "x", 1, 1)).to_have_value("2")


def test_a_reader_can_leave_by_tab(reader: Callable[..., Reader]) -> None:
    """Are a grid's cells one stop of the tab key, so that nobody is caught in it?"""
    r = reader()
    page = r.open(PAGE)
    r.tab_to(cell(page, "x", 0, 0))
    r.tab_to(explorer(page).get_by_role("link", name="Link to this"), most=9)


@pytest.mark.parametrize("typed", ["-", "2,5,1", "1 x", "100", "", "1e9", "🦆"])
def test_what_is_no_number_is_explained_and_does_no_harm(reader: Callable[..., Reader], typed: str) -> None:
    """Does a reader learn why it cannot be used, and get back what was there before it was typed?"""
    page = reader().open(PAGE)
    field = cell(page, "x", 3, 1)
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(typed)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value(typed)
    problem = explorer(page).locator(".problem")
    expect(problem).to_contain_text(f'row 3, column 1 must be a number from -99 to 99; got "{typed}"')
    cell(page, "x", 0, 0).focus()
    expect(field).to_have_value("8")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(problem).to_be_visible()
    cell(page, "x", 0, 0).fill("2")
    expect(problem).to_be_hidden()
    assert output(page) == [["4", "2"], ["8", "4"]]


@pytest.mark.parametrize(
    ("typed", "meant"), [("2,5", "2.5"), ("−3", "−3"), ("-3", "−3"), ("1/4", "0.25"), ("0.061", "0.061")]
)
def test_numbers_can_be_typed_as_people_do(reader: Callable[..., Reader], typed: str, meant: str) -> None:
    """Is a decimal comma one, and is a number shown as it was meant?"""
    page = reader().open(PAGE)
    cell(page, "x", 0, 2).fill(typed)
    cell(page, "x", 0, 0).focus()
    expect(cell(page, "x", 0, 2)).to_have_value(meant)


def test_the_address_keeps_what_was_set(reader: Callable[..., Reader]) -> None:
    """Does a link to the page show what its sender saw, and nothing where nothing was changed?"""
    page = reader().open(PAGE)
    explorer(page).get_by_role("slider", name="kernel size").fill("3")
    cell(page, "x", 0, 2).fill("9.5")
    page.wait_for_url("**first.kernel=3&first.x=1,3,9.5,1;4,2,1,0;5,6,1,2;7,8,3,4")
    seen = output(page)
    link = explorer(page).get_by_role("link", name="Link to this")
    link.click()
    page.reload()
    assert output(page) == seen == [["9.5"]]
    explorer(page).get_by_role("button", name="Start again").click()
    page.wait_for_function("location.search === ''")


def test_a_link_names_all_widgets_as_they_are(reader: Callable[..., Reader]) -> None:
    """Does the link of one widget keep what was set in another, without loading the page again?"""
    page = reader().open("book/03_max_and_average.html")
    page.evaluate("window.stayed = true")
    page.locator("pooling-explorer#way-back").get_by_role("radio", name="average").check()
    other = page.locator("pooling-explorer#padding")
    other.get_by_role("link", name="Link to this").click()
    expect(other.get_by_text(re.compile("link is"))).to_be_visible()
    assert page.url.endswith("?way-back.operation=average#padding")
    assert page.evaluate("window.stayed")


def test_going_back_changes_no_widget(reader: Callable[..., Reader]) -> None:
    """Do the address and the widget agree after the reader went back?"""
    page = reader().open(f"{PAGE}?first.stride=1")
    page.evaluate("location.hash = 'who-this-is-for'")
    explorer(page).get_by_role("slider", name="kernel size").fill("3")
    page.wait_for_url("**first.kernel=3&first.stride=1#who-this-is-for")
    page.go_back()
    page.wait_for_url("**first.kernel=3&first.stride=1")
    assert output(page) == [["6", "6"], ["8", "8"]]


def test_an_edited_address_does_no_harm(reader: Callable[..., Reader]) -> None:
    """Is what makes no sense in an address passed over, and the rest used?"""
    page = reader().open(f"{PAGE}?first.kernel=99&first.stride=1&first.x=<b>&first.nothing=1&other=2")
    assert output(page) == [["4", "3", "2"], ["6", "6", "2"], ["8", "8", "4"]]
    cell(page, "x", 0, 0).fill("5")
    page.wait_for_url("**?other=2&first.stride=1&first.x=**")


def test_what_does_not_fit_is_explained(reader: Callable[..., Reader]) -> None:
    """Does a refused padding say so in words, and does the widget go on when it is taken back?"""
    page = reader().open(f"{PAGE}?first.kernel=3&first.padding=2")
    expect(status(page)).to_contain_text("it may be at most half of the kernel size, 1 for a kernel size of 3")
    assert output(page) == []
    explorer(page).get_by_role("slider", name="padding").fill("1")
    assert output(page) == [["4", "3"], ["8", "8"]]


def test_the_gradient_finds_its_way_back(reader: Callable[..., Reader]) -> None:
    """Do overlapping windows add up at the cell that wins them?"""
    page = reader().open(f"{PAGE}?first.stride=1&first.gradient=yes")
    rows = explorer(page).locator('[data-grid="gradient"] tr').all()
    gradient = [[int(text) for text in row.locator("td").all_inner_texts()] for row in rows]
    assert gradient == [[0, 1, 1, 0], [1, 0, 0, 0], [0, 2, 0, 1], [0, 2, 0, 1]]


def test_rows_and_columns_come_and_go(reader: Callable[..., Reader]) -> None:
    """Does the grid grow and shrink, and stop at its limits?"""
    page = reader().open(PAGE)
    for name, most in (("Add a row", 8), ("Drop a column", 1)):
        button = explorer(page).get_by_role("button", name=name)
        for _ in range(9):
            button.click(force=True)  # also when it says that there is nothing more to do
        expect(button).to_have_attribute("aria-disabled", "true")
        counted = explorer(page).locator('[data-grid="x"] tr' if "row" in name else '[data-grid="x"] tr:first-child td')
        expect(counted).to_have_count(most)
    expect(status(page)).to_contain_text("No window fits")


def test_two_on_a_page_do_not_meddle(reader: Callable[..., Reader]) -> None:
    """Does each of a page's widgets keep its own settings, radio buttons included?"""
    page = reader().open("book/03_max_and_average.html")
    one, other = page.locator("pooling-explorer#padding"), page.locator("pooling-explorer#way-back")
    one.get_by_role("radio", name="average").check()
    expect(other.get_by_role("radio", name="maximum")).to_be_checked()
    page.wait_for_url("**?padding.operation=average")


def test_the_largest_grid_fits_a_telephone(reader: Callable[..., Reader]) -> None:
    """Does nothing make the page scroll sideways, with the most cells and the most padding?"""
    rows = ";".join([",".join(["-88.25"] * 8)] * 8)
    r = reader(viewport=NARROW, has_touch=True)
    page = r.open(f"{PAGE}?first.kernel=4&first.padding=2&first.stride=1&first.gradient=yes&first.x={rows}")
    assert len(output(page)) == 9
    assert r.wider_than_the_window() == []
    cell(page, "output", 4, 4).tap()
    expect(status(page)).to_contain_text("Output row 4, column 4")


def test_without_a_script_there_is_a_figure(reader: Callable[..., Reader]) -> None:
    """Does a reader without JavaScript see input and output, and no control that does nothing?"""
    page = reader(java_script_enabled=False).open(PAGE)
    expect(explorer(page).get_by_role("table")).to_have_count(2)
    expect(explorer(page)).to_contain_text("the largest of 1, 3, 4, 2 is 4")
    expect(explorer(page).locator("button, input")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?first.kernel=3&first.padding=1&first.gradient=yes", "?first.padding=2"])
def test_axe_finds_nothing(reader: Callable[..., Reader], scheme: str, query: str) -> None:
    """Is every state of the widget accessible as far as a machine can tell?"""
    r = reader(color_scheme=scheme)
    r.open(PAGE + query)
    assert r.violations("pooling-explorer") == []
