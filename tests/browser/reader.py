"""Somebody who reads the site: a window of the browser, and a record of all that went wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    sync_playwright,
)

from tests.book.building import NODE_MODULES, ROOT
from tests.browser.chromium import chromium

#: Every other host is unknown to the browser: a request to it fails, and is recorded.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
AXE = ROOT / NODE_MODULES / "axe-core" / "axe.min.js"

#: What reaches beyond the right edge, unless something that holds it can be scrolled or cuts it off.
_WIDER_THAN_THE_WINDOW = """() => {
    const width = document.scrollingElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= width) return [];
    const held = element => element && element !== document.body
        && (getComputedStyle(element).overflowX !== 'visible' || held(element.parentElement));
    return [...document.body.querySelectorAll('*')]
        .filter(element => element.getBoundingClientRect().right > width + 1 && !held(element.parentElement))
        .map(element => element.outerHTML.replace(/\\s+/g, ' ').slice(0, 120));
}"""
_NOT_LOADED = """async () => {
    const images = [...document.images];
    for (const image of images) image.loading = 'eager';
    const loaded = await Promise.all(images.map(image => image.decode().then(() => true, () => false)));
    return images.filter((_, index) => !loaded[index]).map(image => image.outerHTML.slice(0, 120));
}"""
_VIOLATIONS = """async ({within, options}) => {
    for (const animation of document.getAnimations()) animation.finish();
    const results = await axe.run({include: within}, {resultTypes: ['violations'], ...options});
    return results.violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${node.target.join(' ')}: ${node.html} ${node.failureSummary}`.replace(/\\s+/g, ' ')));
}"""


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start Chromium. While it runs, so does Playwright's event loop, which would be in the way of other tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[ALONE])
        yield browser
        browser.close()


def nothing(found: list[str]) -> None:
    """Fail with what was found, the first of it, if there is anything."""
    if found:
        more = [f"and {len(found) - 12} more"] if len(found) > 12 else []
        pytest.fail("\n".join(found[:12] + more), pytrace=False)


class Reader:
    """A window of its own, with nothing remembered from another one.

    Parameters
    ----------
    browser : Browser
        What opens the window.
    address : str
        Where the site begins, with a slash at the end. All that is asked for must lie there.
    settings : object
        What the reader's machine is like, as for `Browser.new_context`.
    """

    def __init__(self, browser: Browser, address: str, **settings: object) -> None:
        self.settings = {"viewport": WIDE, "color_scheme": "light", "reduced_motion": "reduce"} | settings
        self.address = address
        self.context: BrowserContext = browser.new_context(**self.settings)  # type: ignore[arg-type]
        #: Requests to places that are not the site's, failures, and what was written to the console.
        self.troubles: list[str] = []
        self.responses: list[Response] = []
        self.context.on("request", self._on_request)
        self.context.on("requestfailed", self._on_failure)
        self.context.on("response", self._on_response)
        self.context.on("console", self._on_console)
        self.context.on("weberror", lambda error: self.troubles.append(f"uncaught: {error.error}"))
        self.page: Page = self.context.new_page()
        self.page.on("websocket", lambda socket: self.troubles.append(f"opens {socket.url}"))
        self.page.set_default_timeout(10_000)

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.troubles.append(f"asks for {request.url}")

    def _on_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the reader went on before it arrived
            self.troubles.append(f"{request.url}: {request.failure}")

    def _on_response(self, response: Response) -> None:
        self.responses.append(response)
        if response.status >= 400:
            self.troubles.append(f"{response.url}: {response.status}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self.troubles.append(f"console: {message.text} ({message.location['url']})")

    def open(self, path: str) -> Page:
        """Go to a page of the site, and wait until all of it is there."""
        self.page.goto(self.address + path)
        self.page.evaluate("document.fonts.ready")
        return self.page

    def accept(self, *words: str) -> None:
        """Strike off the troubles that a test has made, by words that are in them. There must have been some."""
        for each in words:
            assert any(each in trouble for trouble in self.troubles), f"no trouble with {each}: {self.troubles}"
            self.troubles[:] = [trouble for trouble in self.troubles if each not in trouble]

    def forget(self) -> None:
        """Make the window as good as a new one, which takes several times as long to open."""
        self.page.evaluate("() => { try { localStorage.clear(); sessionStorage.clear(); } catch {} }")
        self.page.goto("about:blank")
        self.page.emulate_media(
            media="null",
            color_scheme=self.settings["color_scheme"],
            reduced_motion=self.settings["reduced_motion"],
        )
        self.page.set_viewport_size(self.settings["viewport"])
        self.troubles.clear()
        self.responses.clear()

    def close(self) -> None:
        self.context.close()

    def violations(self, within: str = "html", **options: object) -> list[str]:
        """Say what axe finds wrong within some elements as they are now; `options` are those of `axe.run`."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        return self.page.evaluate(_VIOLATIONS, {"within": within, "options": options})

    def missing_images(self) -> list[str]:
        """Name the images that are not shown, also those that a reader has to scroll to."""
        return self.page.evaluate(_NOT_LOADED)

    def wider_than_the_window(self) -> list[str]:
        """Name what makes the page scroll sideways."""
        return self.page.evaluate(_WIDER_THAN_THE_WINDOW)

    def weight(self, images: bool) -> dict[str, int]:
        """Return the bytes of what was transferred, by address: of images, or of all else."""
        return {
            response.url: len(response.body())
            for response in self.responses
            if (response.request.resource_type == "image") == images and response.ok
        }

    def tab_to(self, target: Locator, most: int = 200) -> Locator:
        """Press Tab until an element has the focus, as one who uses no mouse would."""
        for _ in range(most):
            if target.evaluate("element => element === document.activeElement"):
                return target
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{most} times Tab do not lead to {target}")

    def picture(self, path: Path) -> None:
        """Keep what the window shows."""
        self.page.screenshot(path=path)
