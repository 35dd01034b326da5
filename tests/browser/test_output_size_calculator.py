"""Does the output size calculator answer to a mouse, to a keyboard and to an address?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import NARROW, Reader

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("widgets")]

PAGE = "book/02_windows.html"


def calculator(page: Page) -> Locator:
    return page.locator("output-size-calculator#windows")


def status(page: Page) -> Locator:
    return calculator(page).get_by_role("status")


def working(page: Page) -> list[str]:
    return calculator(page).locator(".working > span").all_inner_texts()


def test_everything_by_keyboard(reader: Callable[..., Reader]) -> None:
    """Can one who uses no mouse type a size, step it, set everything else and reset?"""
    r = reader()
    page = r.open(PAGE)
    widget = calculator(page)
    expect(status(page)).to_have_text("3 windows. No window reads cells 0, 8.")

    size = r.tab_to(widget.get_by_role("spinbutton", name="size"))
    page.keyboard.type("13")
    page.keyboard.press("ArrowDown")
    expect(size).to_have_value("12")
    more = r.tab_to(widget.get_by_role("button", name="one cell more"))
    page.keyboard.press("Enter")
    expect(size).to_have_value("13")
    expect(more).to_be_focused()

    for name, key in (("kernel size", "ArrowRight"), ("stride", "ArrowLeft"), ("dilation", "ArrowLeft")):
        r.tab_to(widget.get_by_role("slider", name=name))
        page.keyboard.press(key)
    expect(widget.locator(".call")).to_have_text("output_size(13, kernel_size=4, stride=2, padding=1)")
    assert working(page) == [
        "n = ⌊(L + 2·p − d·(k − 1) − 1) / s⌋ + 1",
        "= ⌊(13 + 2·1 − 1·(4 − 1) − 1) / 2⌋ + 1",
        "= ⌊11 / 2⌋ + 1",
        "= 5 + 1",
        "= 6",
    ]

    r.tab_to(widget.get_by_role("button", name="Start again"))
    page.keyboard.press("Space")
    expect(size).to_have_value("10")
    expect(status(page)).to_have_text("3 windows. No window reads cells 0, 8.")


def test_same_padding_takes_the_place_of_a_number(reader: Callable[..., Reader]) -> None:
    """Does "same" say how many cells it adds at each end, and go when the reader sets a number?"""
    page = reader().open(f"{PAGE}?windows.size=6&windows.stride=2&windows.dilation=1")
    widget = calculator(page)
    same, slider = widget.get_by_role("checkbox", name="same"), widget.get_by_role("slider", name="padding")
    same.check()
    assert working(page)[:2] == [
        "n = ⌊(L + before + after − d·(k − 1) − 1) / s⌋ + 1",
        "= ⌊(6 + 0 + 1 − 1·(3 − 1) − 1) / 2⌋ + 1",
    ]
    expect(widget.locator(".call")).to_have_text('output_size(6, kernel_size=3, stride=2, padding="same")')
    expect(slider).to_have_attribute("aria-valuetext", "same")
    page.wait_for_url("**&windows.padding=same**")
    slider.fill("1")
    expect(same).not_to_be_checked()
    expect(slider).to_have_value("1")


def test_a_dropped_window_is_explained(reader: Callable[..., Reader]) -> None:
    """Does the working go on where rounding up counts a window too many, and is that window drawn?"""
    page = reader().open(f"{PAGE}?windows.size=5&windows.kernel=2&windows.stride=2&windows.dilation=1&windows.ceil=yes")
    assert working(page)[-2:] == [
        "= 4",
        "4 − 1 = 3: the last of them would start at cell 5, behind the last real one, and is dropped",
    ]
    expect(calculator(page).locator(".dropped text")).to_have_text("dropped")
    calculator(page).get_by_role("checkbox", name="ceil_mode").uncheck()
    expect(calculator(page).locator(".dropped")).to_have_count(0)


def test_the_drawing_says_what_it_shows(reader: Callable[..., Reader]) -> None:
    """Is there a window for each output, an open square for each tap without a cell, and all of it in words?"""
    page = reader().open(PAGE)
    drawing = calculator(page).get_by_role("img")
    expect(drawing.locator(".window")).to_have_count(3)
    expect(drawing.locator(".open")).to_have_count(1)
    expect(drawing.locator("rect[fill]")).to_have_count(2)
    said = "10 cells with padding, 1 before and 1 after; window 0 reads 1, 3; window 1 reads 2, 4, 6; "
    expect(drawing).to_have_attribute("aria-label", said + "window 2 reads 5, 7, 9; no window reads 0, 8")


def test_a_large_axis_is_counted_but_not_drawn(reader: Callable[..., Reader]) -> None:
    """Is a usual image too large to draw, and what is left at its end named?"""
    page = reader().open(f"{PAGE}?windows.dilation=1&windows.padding=0")
    calculator(page).get_by_role("spinbutton", name="size").fill("224")
    expect(status(page)).to_have_text("74 windows. No window reads cells 222, 223. Up to 32 cells are drawn.")
    expect(calculator(page).get_by_role("img")).to_have_count(0)


def test_what_does_not_fit_is_explained(reader: Callable[..., Reader]) -> None:
    """Are refusals in words, and does the widget go on, with the focus where it was?"""
    r = reader()
    page = r.open(f"{PAGE}?windows.padding=2")
    expect(status(page)).to_contain_text("it may be at most half of the kernel size, 1 for a kernel size of 3")
    assert working(page) == []
    again = r.tab_to(calculator(page).get_by_role("button", name="Start again"))
    page.keyboard.press("Enter")
    expect(again).to_be_focused()
    calculator(page).get_by_role("spinbutton", name="size").fill("2")
    expect(status(page)).to_contain_text("No window fits: it spans 5 cells, and the axis has 4, padding included.")


@pytest.mark.parametrize("typed", ["", "0", "1025", "2.5"])
def test_a_size_out_of_range_does_no_harm(reader: Callable[..., Reader], typed: str) -> None:
    """Is a size that cannot be marked while it is typed, and gone when the reader leaves?"""
    page = reader().open(PAGE)
    size = calculator(page).get_by_role("spinbutton", name="size")
    size.fill(typed)
    expect(size).to_have_attribute("aria-invalid", "true")
    expect(status(page)).to_contain_text("3 windows.")
    size.blur()
    expect(size).to_have_value("10")
    expect(size).not_to_have_attribute("aria-invalid", "true")


def test_the_steps_end_with_the_range(reader: Callable[..., Reader]) -> None:
    """Do the buttons stop at the smallest and the largest size?"""
    for size, name in ((1, "one cell less"), (1024, "one cell more")):
        page = reader().open(f"{PAGE}?windows.size={size}&windows.kernel=1&windows.padding=0")
        calculator(page).get_by_role("button", name=name).click()
        expect(calculator(page).get_by_role("spinbutton", name="size")).to_have_value(str(size))


def test_the_address_keeps_what_was_set(reader: Callable[..., Reader]) -> None:
    """Does a link to the page show what its sender saw, whatever else stands in it?"""
    page = reader().open(f"{PAGE}?windows.kernel=99&windows.padding=full&other=2")
    expect(status(page)).to_have_text("3 windows. No window reads cells 0, 8.")
    calculator(page).get_by_role("slider", name="stride").fill("4")
    page.wait_for_url("**?other=2&windows.stride=4")
    seen = working(page)
    calculator(page).get_by_role("link", name="Link to this").click()
    page.reload()
    assert working(page) == seen
    calculator(page).get_by_role("button", name="Start again").click()
    page.wait_for_url("**?other=2#windows")


def test_the_longest_drawing_fits_a_telephone(reader: Callable[..., Reader]) -> None:
    """Does nothing make the page scroll sideways, and is every control large enough for a finger?"""
    r = reader(viewport=NARROW, has_touch=True)
    page = r.open(f"{PAGE}?windows.size=32&windows.kernel=12&windows.stride=1&windows.padding=6&windows.dilation=1")
    expect(calculator(page).get_by_role("img")).to_be_visible()
    assert r.wider_than_the_window() == []
    calculator(page).get_by_role("button", name="one cell less").tap()
    expect(calculator(page).get_by_role("spinbutton", name="size")).to_have_value("31")
    for control in calculator(page).locator("button, input:is([type=range], [type=number]), label:has(input)").all():
        box = control.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24, control


def test_without_a_script_there_is_a_figure(reader: Callable[..., Reader]) -> None:
    """Does a reader without JavaScript see the drawing and the working, and no control that does nothing?"""
    page = reader(java_script_enabled=False).open(PAGE)
    expect(calculator(page).get_by_role("img")).to_be_visible()
    assert working(page)[-1] == "= 3"
    expect(calculator(page).locator("button, input")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?windows.size=30&windows.ceil=yes", "?windows.padding=2"])
def test_axe_finds_nothing(reader: Callable[..., Reader], scheme: str, query: str) -> None:
    """Is every state of the widget accessible as far as a machine can tell?"""
    r = reader(color_scheme=scheme)
    r.open(PAGE + query)
    assert r.violations("output-size-calculator") == []
