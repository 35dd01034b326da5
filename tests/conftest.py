"""Counts what the conformance tests compared, and says so at the end."""

from collections import Counter

import pytest

compared: Counter[str] = Counter()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up what a test recorded; with `pytest -n` this runs in the process that writes the summary."""
    if report.when == "call" and report.passed:
        layer = report.nodeid.partition("[")[2].partition("-")[0]
        compared[layer] += dict(report.user_properties).get("compared", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the number of cases that agree with PyTorch."""
    numbers = {layer: number for layer, number in compared.items() if number}
    if numbers:
        layers = ", ".join(f"{layer} {number:,}" for layer, number in sorted(numbers.items()))
        terminalreporter.write_line(f"pooling cases that agree with PyTorch: {sum(numbers.values()):,} ({layers})")
