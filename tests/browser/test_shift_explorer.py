"""Does the shift explorer answer to a mouse, to a keyboard and to an address?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import NARROW, Reader

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("widgets")]

PAGE = "book/01_why_pool.html"
#: As the chapter sets it.
IN_PLACE = "In place: 4 of 12 outputs exactly unchanged, mean change 41.8 % of the mean value."


def explorer(page: Page) -> Locator:
    return page.locator("shift-explorer#shifts")


def status(page: Page) -> Locator:
    return explorer(page).get_by_role("status")


def equal_signs(page: Page) -> Locator:
    return explorer(page).locator("svg .equal")


def cell(page: Page, row: int, column: int) -> Locator:
    return explorer(page).locator(f'[data-cell="{row},{column}"]')


def test_everything_by_keyboard(reader: Callable[..., Reader]) -> None:
    """Can one who uses no mouse choose, shift, move along, edit and reset?"""
    r = reader()
    page = r.open(PAGE)
    widget = explorer(page)
    expect(status(page)).to_have_text(IN_PLACE)

    r.tab_to(widget.get_by_role("button", name="spike"))
    page.keyboard.press("Enter")
    expect(widget.get_by_role("button", name="spike")).to_have_attribute("aria-pressed", "true")
    expect(status(page)).to_contain_text("12 of 12 outputs exactly unchanged, mean change 0 %")

    r.tab_to(widget.get_by_role("radio", name="max pool"))
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(widget.get_by_role("radio", name="stride alone")).to_be_focused()
    expect(widget.get_by_role("slider", name="kernel size")).to_have_count(0)
    expect(status(page)).to_contain_text("11 of 12 outputs exactly unchanged")

    r.tab_to(widget.get_by_role("slider", name="shift"))
    page.keyboard.press("ArrowRight")
    expect(status(page)).to_contain_text("Moved along by 1: 11 of 11 outputs exactly unchanged, mean change 0 %.")
    r.tab_to(widget.get_by_role("checkbox", name="move the output along"))
    page.keyboard.press("Space")
    expect(equal_signs(page)).to_have_count(11)

    r.tab_to(widget.get_by_role("checkbox", name="edit the numbers"))
    page.keyboard.press("Space")
    r.tab_to(cell(page, 0, 0))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(cell(page, 1, 1)).to_be_focused()
    page.keyboard.type("7")
    expect(widget.locator("[aria-pressed=true]")).to_have_count(0)
    page.wait_for_url("**&shifts.x=0,0,0,0,0,0,0,0,0,7,0,0,0,9,0,**")

    again = r.tab_to(widget.get_by_role("button", name="Start again"))
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text(IN_PLACE)
    expect(again).to_be_focused()
    expect(widget.get_by_role("grid")).to_have_count(0)


def test_operations_are_compared(reader: Callable[..., Reader]) -> None:
    """Are all four measured at the shift that is set, and does each say the same when it is chosen?"""
    page = reader().open(PAGE)
    for name in ("max pool", "average pool", "blur pool", "stride alone"):
        explorer(page).get_by_role("radio", name=name).check()
        share = status(page).inner_text().split("mean change ")[1].split(" of")[0]
        expect(explorer(page).locator(".drawing-caption").last).to_contain_text(f"{name} {share}")


def test_steadier_is_not_invariant(reader: Callable[..., Reader]) -> None:
    """Do the outputs of a shift by a stride differ in place, and come back when they are moved along?"""
    page = reader().open(f"{PAGE}?shifts.shift=2")
    in_place = equal_signs(page).count()
    explorer(page).get_by_role("checkbox", name="move the output along").check()
    expect(equal_signs(page)).to_have_count(11)
    assert in_place < 11


def test_the_drawings_say_what_they_show(reader: Callable[..., Reader]) -> None:
    """Are the signal, both outputs and the changes there in words?"""
    page = reader().open(f"{PAGE}?shifts.x=edge&shifts.shift=2")
    signal, outputs, changes = explorer(page).get_by_role("img").all()
    expect(signal).to_have_attribute("aria-label", f"the signal: {', '.join(['1'] * 13 + ['8'] * 19)}")
    before, after = ", ".join(["1"] * 6 + ["8"] * 6), ", ".join(["1"] * 5 + ["8"] * 7)
    expect(outputs).to_have_attribute("aria-label", f"before: {before}; after: {after}")
    expect(changes).to_have_attribute("aria-label", changes_in_words())


def changes_in_words() -> str:
    """An edge in an odd cell: every second shift moves it into the window before, which adds 7 to a sum of 54."""
    in_place = [round(100 * 7 * (shift // 2) / 54) for shift in range(9)]
    return (
        "Mean change in per cent, for shifts from 0. "
        f"In place: {', '.join(map(str, in_place))}. Moved along: {', '.join(['0'] * 9)}."
    )


def test_zeros_have_no_mean_to_compare_with(reader: Callable[..., Reader]) -> None:
    """Is a change from nothing told in words, and drawn nowhere?"""
    signal = ",".join(["0"] * 24 + ["5"] * 8)
    page = reader().open(f"{PAGE}?shifts.x={signal}&shifts.shift=4")
    expect(status(page)).to_contain_text(
        "In place: 10 of 12 outputs exactly unchanged, mean change not in per cent (the mean is 0)."
    )
    expect(explorer(page).get_by_role("img").nth(2)).to_have_accessible_name(
        re.compile(r"In place: 0, none \(the mean is 0\), none")
    )
    expect(explorer(page).locator("svg .in-place circle")).to_have_count(1)


@pytest.mark.parametrize("typed", ["-", "-3", "100", "1 2"])
def test_a_number_out_of_range_does_no_harm(reader: Callable[..., Reader], typed: str) -> None:
    """Is what is no number marked while it is typed, and gone when the reader leaves?"""
    page = reader().open(f"{PAGE}?shifts.edit=yes")
    cell(page, 0, 0).fill(typed)
    expect(cell(page, 0, 0)).to_have_attribute("aria-invalid", "true")
    expect(status(page)).to_have_text(IN_PLACE)
    cell(page, 0, 1).focus()
    expect(cell(page, 0, 0)).to_have_value("2")


def test_the_address_keeps_what_was_set(reader: Callable[..., Reader]) -> None:
    """Does a link to the page show what its sender saw, whatever else stands in it?"""
    page = reader().open(f"{PAGE}?shifts.shift=99&shifts.x=1,2,3&other=2")
    expect(status(page)).to_have_text(IN_PLACE)
    explorer(page).get_by_role("button", name="wave").click()
    explorer(page).get_by_role("slider", name="shift").fill("7")
    page.wait_for_url("**?other=2&shifts.shift=7&shifts.x=wave")
    seen = status(page).inner_text()
    explorer(page).get_by_role("link", name="Link to this").click()
    page.reload()
    expect(status(page)).to_have_text(seen)
    explorer(page).get_by_role("button", name="Start again").click()
    page.wait_for_url("**?other=2#shifts")


def test_other_noise_goes_into_the_address(reader: Callable[..., Reader]) -> None:
    """Can noise that came by chance be linked to?"""
    page = reader().open(PAGE)
    explorer(page).get_by_role("button", name="Other noise").click()
    page.wait_for_url("**?shifts.x=*,*")
    seen = status(page).inner_text()
    page.reload()
    expect(status(page)).to_have_text(seen)


def test_everything_fits_a_telephone(reader: Callable[..., Reader]) -> None:
    """Does nothing make the page scroll sideways, and is every control large enough for a finger?"""
    r = reader(viewport=NARROW, has_touch=True)
    page = r.open(f"{PAGE}?shifts.edit=yes&shifts.stride=1&shifts.kernel=1&shifts.operation=blur")
    assert r.wider_than_the_window() == []
    explorer(page).get_by_role("button", name="edge").tap()
    expect(explorer(page).get_by_role("button", name="edge")).to_have_attribute("aria-pressed", "true")
    targets = "button, input:is([type=range], [type=text]), label:has(input)"
    for control in explorer(page).locator(targets).all():
        box = control.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24, control


def test_without_a_script_there_is_a_figure(reader: Callable[..., Reader]) -> None:
    """Does a reader without JavaScript see the drawings and the measurement, and no control that does nothing?"""
    page = reader(java_script_enabled=False).open(PAGE)
    expect(explorer(page).get_by_role("img")).to_have_count(3)
    expect(status(page)).to_have_text(IN_PLACE)
    expect(explorer(page).locator("button, input")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?shifts.edit=yes&shifts.along=yes&shifts.shift=4"])
def test_axe_finds_nothing(reader: Callable[..., Reader], scheme: str, query: str) -> None:
    """Is every state of the widget accessible as far as a machine can tell?"""
    r = reader(color_scheme=scheme)
    r.open(PAGE + query)
    assert r.violations("shift-explorer") == []
