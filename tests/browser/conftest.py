"""The browser, the site on a server, and readers who bring nothing with them."""

from __future__ import annotations

from collections import defaultdict
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


@pytest.fixture(scope="module")
def idle(chromium_browser: Browser) -> dict[tuple[str, str], list[Reader]]:
    """Keep the windows that no test has in use, by address and settings."""
    return defaultdict(list)


@pytest.fixture
def reader(
    chromium_browser: Browser, idle: dict[tuple[str, str], list[Reader]], address: str, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Reader]]:
    """Return what opens a window. A test whose reader met with any trouble fails; what a failing one saw is kept."""
    used: list[tuple[tuple[str, str], Reader]] = []

    def opened(address: str = address, **settings: object) -> Reader:
        key = (address, repr(settings))
        used.append((key, idle[key].pop() if idle[key] else Reader(chromium_browser, address, **settings)))
        return used[-1][1]

    yield opened
    failed = request.node.stash.get(FAILED, True)
    troubles = [trouble for _, each in used for trouble in each.troubles]
    for number, (key, each) in enumerate(used):
        if failed or troubles:
            each.picture(PICTURES / f"{request.node.name}-{number}.png".replace("/", "-"))
            each.close()
        else:
            each.forget()
            idle[key].append(each)
    if not failed:
        nothing(troubles)
