"""The browser, the site on a server, and readers who bring nothing with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.book.building import ROOT
from tests.browser.reader import Reader, browsing, nothing
from tests.browser.serving import serving

PICTURES = ROOT / "_build" / "browser"
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="module")
def chromium_browser() -> Iterator[Browser]:
    """Start Chromium. It ends with the module: Playwright's event loop would be in the way of other tests."""
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="session")
def address(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the site where most sites of this kind are: in a folder of a host. Whatever leaves that folder fails."""
    host = tmp_path_factory.mktemp("host")
    (host / "course").symlink_to(site)
    with serving(host) as root:
        yield f"{root}course/"


@pytest.fixture(scope="session")
def top_address(site: Path) -> Iterator[str]:
    """Serve the site as a host of its own, as `make serve` does."""
    with serving(site) as root:
        yield root


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember for `reader` whether the test has failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def reader(chromium_browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Reader]]:
    """Return what opens a window. A test whose reader met with any trouble fails; what a failing one saw is kept."""
    readers: list[Reader] = []

    def opened(address: str = address, **settings: object) -> Reader:
        readers.append(Reader(chromium_browser, address, **settings))
        return readers[-1]

    yield opened
    failed = request.node.stash.get(FAILED, True)
    troubles = [trouble for each in readers for trouble in each.troubles]
    for number, each in enumerate(readers):
        if failed or troubles:
            each.picture(PICTURES / f"{request.node.name}-{number}.png".replace("/", "-"))
        each.close()
    if not failed:
        nothing(troubles)
