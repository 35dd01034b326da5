"""Does the downsampling chain answer to a mouse, to a keyboard and to an address?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import NARROW, Reader

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("widgets")]

PAGE = "book/01_why_pool.html"
#: As the chapter sets it.
OUTPUTS = ["64×46×46", "64×23×23", "128×23×23", "128×11×11", "128×11×11"]
FIELDS = ["3×3", "4×4", "8×8", "10×10", "18×18"]
#: As many layers as there can be, with large numbers, the last ones on a single cell.
LONGEST = ";".join(["conv+2048+kernel+15+padding+7", "max+kernel+2"] * 10)
#: Of names and numbers, those that a line ends in, other than after a ×. A range over a text has a box for each line.
_BROKEN = """widget => {
    const walker = document.createTreeWalker(widget, NodeFilter.SHOW_TEXT);
    const broken = [];
    while (walker.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
        if (walker.currentNode.parentElement.closest('dt, dd, .map') && lines.size > 1)
            broken.push(walker.currentNode.data);
    }
    return broken;
}"""


def chain(page: Page) -> Locator:
    return page.locator("downsampling-chain#chain")


def layer(page: Page, number: int) -> Locator:
    return chain(page).get_by_role("group", name=f"Layer {number}", exact=True)


def column(page: Page, name: str) -> list[str]:
    """Return what stands under a name in all layers, or nothing where a layer has no numbers."""
    rows = chain(page).locator("li").all()
    return ["".join(row.locator("dl > div", has_text=name).locator("dd").all_text_contents()) for row in rows]


def status(page: Page) -> Locator:
    return chain(page).get_by_role("status")


def test_pointing_at_a_layer_shows_what_it_sees(reader: Callable[..., Reader]) -> None:
    """Does a layer's receptive field appear on the input, to scale, under a mouse and where the focus is?"""
    page = reader().open(PAGE)
    expect(chain(page)).to_contain_text("One number after layer 5 sees the marked 18×18 of the input's 46×46 cells.")
    layer(page, 3).hover()
    expect(chain(page)).to_contain_text("One number after layer 3 sees the marked 8×8")
    seen, whole = (chain(page).locator(name).first.bounding_box() for name in (".map-seen", ".map-front"))
    assert seen is not None
    assert whole is not None
    assert seen["width"] / whole["width"] == pytest.approx(8 / 46, abs=0.03)
    layer(page, 1).get_by_label("kernel").focus()
    expect(chain(page).get_by_role("img")).to_have_accessible_name(re.compile("layer 1 sees the marked 3×3"))


def test_a_strided_convolution_in_the_place_of_a_pool(reader: Callable[..., Reader]) -> None:
    """Does it leave shapes and receptive fields alone, and cost parameters?"""
    page = reader().open(PAGE)
    assert column(page, "output") == OUTPUTS
    assert column(page, "parameters")[1] == column(page, "multiplications")[1] == "0"
    layer(page, 2).get_by_label("Kind").select_option("convolution")
    assert column(page, "output") == OUTPUTS
    assert column(page, "receptive field") == FIELDS
    assert column(page, "parameters")[1] == f"{64 * 64 * 2 * 2 + 64:,}"
    assert column(page, "multiplications")[1] == f"{23 * 23 * 64 * 64 * 2 * 2:,}"
    layer(page, 2).get_by_label("Kind").select_option("max pool")
    page.wait_for_function("location.search === ''")


def test_everything_by_keyboard(reader: Callable[..., Reader]) -> None:
    """Can one who uses no mouse change numbers and kinds, move, add and remove layers, and start again?"""
    r = reader()
    page = r.open(PAGE)
    r.tab_to(chain(page).get_by_label("height"))
    page.keyboard.type("92")
    assert column(page, "output")[0] == "64×92×46"
    r.tab_to(layer(page, 2).get_by_label("Kind"))
    page.keyboard.press("a")
    expect(layer(page, 2).get_by_label("Kind")).to_have_value("average")
    r.tab_to(layer(page, 2).get_by_label("stride"))
    page.keyboard.press("ArrowUp")
    assert column(page, "jump") == ["1", "3", "3", "6", "6"]
    r.tab_to(chain(page).get_by_role("button", name="max pool"))
    page.keyboard.press("Enter")
    assert len(column(page, "output")) == 6
    expect(status(page)).to_contain_text("6 layers turn 3×92×46 into 128×")
    r.tab_to(chain(page).get_by_role("button", name="Start again"))
    page.keyboard.press("Enter")
    assert column(page, "output") == OUTPUTS


def test_the_focus_stays_with_a_layer_that_moves(reader: Callable[..., Reader]) -> None:
    """Can a layer be carried to either end by one key pressed again and again?"""
    r = reader()
    page = r.open(PAGE)
    r.tab_to(chain(page).get_by_role("button", name="Move layer 4 up"))
    for place in (3, 2, 1, 1):
        page.keyboard.press("Enter")
        expect(chain(page).get_by_role("button", name=f"Move layer {place} up")).to_be_focused()
    assert column(page, "output")[:3] == ["3×23×23", "64×23×23", "64×11×11"]
    expect(chain(page)).to_contain_text("One number after layer 1 sees the marked 2×2")


def test_the_focus_is_not_lost_with_a_layer(reader: Callable[..., Reader]) -> None:
    """Is the focus on a neighbour when a layer goes, and on what adds one after the last?"""
    page = reader().open(PAGE)
    chain(page).get_by_role("button", name="Remove layer 4").focus()
    for place in (4, 3, 2, 1):
        page.keyboard.press("Enter")
        expect(chain(page).get_by_role("button", name=f"Remove layer {place}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(chain(page).get_by_role("button", name="convolution")).to_be_focused()
    expect(status(page)).to_have_text("Without a layer the input stays what it is.")
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("1 layer turns 3×46×46 into 64×46×46")


def test_the_address_keeps_what_was_set(reader: Callable[..., Reader]) -> None:
    """Does a link show what its sender saw, in words that can be read?"""
    page = reader().open(PAGE)
    chain(page).get_by_role("button", name="global average").click()
    chain(page).get_by_role("button", name="Remove layer 4").click()
    layer(page, 2).get_by_label("padding").fill("1")
    chain(page).get_by_label("channels").first.fill("1")
    conv = "conv+128+kernel+3+padding+1"
    written = f"conv+64+kernel+3+padding+1;max+kernel+2+padding+1;{conv};{conv};global"
    page.wait_for_url(f"**?chain.input=1,46,46&chain.layers={written}")
    seen = column(page, "output"), column(page, "multiplications")
    page.reload()
    assert (column(page, "output"), column(page, "multiplications")) == seen
    assert seen[0][-1] == "128×1×1"


@pytest.mark.parametrize("broken", ["chain.layers=max+2", "chain.input=3,46", "chain.layers=" + "global;" * 21])
def test_an_edited_address_does_no_harm(reader: Callable[..., Reader], broken: str) -> None:
    """Is what makes no sense passed over?"""
    page = reader().open(f"{PAGE}?{broken}")
    assert column(page, "output") == OUTPUTS


def test_what_does_not_fit_is_explained(reader: Callable[..., Reader]) -> None:
    """Does the layer say why, do those after it stay empty, and does the widget go on?"""
    page = reader().open(PAGE)
    layer(page, 4).get_by_label("kernel").fill("14")
    layer(page, 4).get_by_label("padding").fill("0")
    chain(page).get_by_label("width").fill("27")
    expect(layer(page, 4)).to_contain_text("Does not fit. No window fits: it spans 14 cells, and the axis has 13")
    assert column(page, "output") == ["64×46×27", "64×23×13", "128×23×13", "", ""]
    left_out = "Layer 4 does not fit, and is left out with all that comes after it."
    expect(status(page)).to_contain_text(f"{left_out} No window fits: it spans 14 cells, and the axis has 13")
    chain(page).get_by_role("button", name="Remove layer 4").click()
    assert column(page, "output")[-1] == "128×23×13"


def test_half_a_number_does_no_harm(reader: Callable[..., Reader]) -> None:
    """Does an emptied field wait for its number, and get the old one back when the reader leaves?"""
    page = reader().open(PAGE)
    field = layer(page, 1).get_by_label("channels")
    field.fill("")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert column(page, "output") == OUTPUTS
    layer(page, 1).get_by_label("kernel").focus()
    expect(field).to_have_value("64")
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_the_longest_chain_fits_a_telephone(reader: Callable[..., Reader]) -> None:
    """Is nothing wider than the window, and every button large enough for a finger?"""
    r = reader(viewport=NARROW, has_touch=True)
    page = r.open(f"{PAGE}?chain.input=2048,1024,1024&chain.layers={LONGEST}")
    assert r.wider_than_the_window() == []
    assert len(column(page, "output")) == 20
    chain(page).get_by_role("button", name="Move layer 20 up").tap()
    expect(layer(page, 19).get_by_label("kernel")).to_have_value("2")
    sizes = [button.bounding_box() for button in chain(page).get_by_role("button").all()]
    assert all(size and min(size["width"], size["height"]) >= 24 for size in sizes)
    chain(page).get_by_role("button", name="max pool").tap(force=True)
    assert len(column(page, "output")) == 20


@pytest.mark.parametrize("width", [320, 390, 800, 1200, 1280, 1600])
@pytest.mark.parametrize("query", ["", f"?chain.input=2048,1024,1024&chain.layers={LONGEST}"], ids=["usual", "longest"])
def test_no_word_and_no_number_is_broken(reader: Callable[..., Reader], width: int, query: str) -> None:
    """Does a line end only between words and after the × of a shape, and does nothing cover its neighbour?"""
    page = reader(viewport={"width": width, "height": 900}).open(PAGE + query)
    assert chain(page).evaluate(_BROKEN) == []
    covering = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
    assert chain(page).locator("dl > div, dt, dd").evaluate_all(covering) == []


def test_large_text_stays_inside(reader: Callable[..., Reader]) -> None:
    """Do a layer's controls wrap where a reader's letters are twice as large?"""
    page = reader().open(PAGE)
    page.add_style_tag(content="html { font-size: 200% }")
    outside = """widget => [...widget.querySelectorAll('button, select, input')].filter(
        one => one.getBoundingClientRect().right > widget.getBoundingClientRect().right).map(one => one.outerHTML)"""
    assert chain(page).evaluate(outside) == []


def test_an_output_may_see_nothing_but_padding(reader: Callable[..., Reader]) -> None:
    """Is nothing marked on the input where the receptive field is outside it, and is that said?"""
    page = reader().open(f"{PAGE}?chain.input=1,5,5&chain.layers=conv+1+kernel+1+stride+15+padding+7")
    expect(chain(page)).to_contain_text("the one in the middle sees nothing but padding")
    expect(chain(page).locator(".map-front")).to_have_count(2)
    expect(chain(page).locator(".map-seen")).to_have_count(0)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("chain.input=1,1,1&chain.layers=conv+1+kernel+1", "2 parameters and 1 multiplication."),
        ("chain.input=1,39,39&chain.layers=conv+1+kernel+1", "2 parameters and 1,521 multiplications."),
        ("chain.input=1,1000,1000&chain.layers=conv+1+kernel+1", "2 parameters and 1 million multiplications."),
    ],
)
def test_amounts_are_told_as_one_says_them(reader: Callable[..., Reader], query: str, said: str) -> None:
    """Is one a singular, and are only large amounts rounded?"""
    page = reader().open(f"{PAGE}?{query}")
    expect(status(page)).to_contain_text(said)


def test_pointing_moves_nothing(reader: Callable[..., Reader]) -> None:
    """Does what stands below the maps stay where it is, however long the words about a layer are?"""
    page = reader().open(f"{PAGE}?chain.layers=max+kernel+2;conv+64+kernel+15+padding+7")
    heights = []
    for place in ("Input", "Layer 1", "Layer 2"):
        chain(page).get_by_role("group", name=place, exact=True).hover()
        heights.append(chain(page).evaluate("widget => widget.offsetHeight"))
    assert max(heights) - min(heights) <= 1  # lines are not whole pixels


def test_without_a_script_there_is_a_figure(reader: Callable[..., Reader]) -> None:
    """Does a reader without JavaScript see the maps and all numbers, and no control that does nothing?"""
    page = reader(java_script_enabled=False).open(PAGE)
    assert column(page, "output") == OUTPUTS
    assert column(page, "receptive field") == FIELDS
    expect(layer(page, 2)).to_contain_text("2. max pool, kernel 2")
    expect(chain(page).get_by_role("img")).to_be_visible()
    expect(chain(page).locator("button, input, select")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?chain.layers=", "?chain.layers=max+kernel+2+padding+2;global"])
def test_axe_finds_nothing(reader: Callable[..., Reader], scheme: str, query: str) -> None:
    """Is every state of the widget accessible as far as a machine can tell?"""
    r = reader(color_scheme=scheme)
    r.open(PAGE + query)
    assert r.violations("downsampling-chain") == []
