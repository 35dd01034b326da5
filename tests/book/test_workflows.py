"""Do the workflows run what the README says, with no more rights than they need, and push what launch buttons open?"""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from pooling_book import addresses, launching
from tests.book.building import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def workflow(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8"))


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in workflow(name)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_rights_are_minimal(path: Path) -> None:
    """May a workflow only read, unless a job says otherwise, and are all its actions GitHub's own?"""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content["permissions"] == {"contents": "read"}
    assert content["concurrency"]["group"]
    used = [step["uses"] for job in content["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+", action) for action in used)
    writing = {
        name: rights
        for name, job in content["jobs"].items()
        if (rights := {right for right, level in job.get("permissions", {}).items() if level == "write"})
    }
    assert writing == ({"site": {"pages", "id-token"}, "notebooks": {"contents"}} if path.stem == "deploy" else {})


def test_the_commands_are_those_of_the_readme() -> None:
    """Do workflows test with the one command and build with the other?"""
    assert ".ci/run" in [step.get("run") for step in steps("test")]
    assert "exec make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (build,) = [step for step in steps("deploy") if step.get("run") == "make book"]
    assert set(build["env"]) - {"PIP_ARGS"} == {addresses.SITE.variable, addresses.REPOSITORY.variable}


def test_only_main_goes_online() -> None:
    """Does a side branch deploy nothing, and are notebooks pushed only after the site whose buttons open them?"""
    jobs = workflow("deploy")["jobs"]
    assert jobs["site"]["if"] == "${{ github.ref == 'refs/heads/main' }}"
    assert jobs["notebooks"]["needs"] == "site"
    assert not re.search(r"always|cancelled|failure", jobs["notebooks"]["if"])  # each would run it without the site


def test_the_branch_of_notebooks_is_the_folder_and_nothing_else(tmp_path: Path) -> None:
    """Is the branch the folder, with one more commit for each change and none without, so that learners can pull?"""
    (push,) = [step for step in steps("deploy") if step.get("name") == "Push the branch"]
    origin, clone, learner = tmp_path / "origin.git", tmp_path / "clone", tmp_path / "learner"
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}

    def git(*arguments: object) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@localhost"]
        command = ["git", *identity, *map(str, arguments)]
        return subprocess.run(command, env=quiet, capture_output=True, text=True, check=True).stdout

    def published(text: str) -> list[str]:
        """Run the workflow's step on a folder with this notebook, and return the branch's commits, newest first."""
        (clone / "notebooks" / "book" / "A.ipynb").write_text(text, encoding="utf-8")
        folder = clone / push["working-directory"]
        subprocess.run(
            ["bash", "-euc", push["run"]], cwd=folder, env={**quiet, **push["env"]}, capture_output=True, check=True
        )
        assert git("-C", origin, "ls-tree", "-r", "--name-only", launching.BRANCH).split() == ["book/A.ipynb"]
        assert git("-C", origin, "show", f"{launching.BRANCH}:book/A.ipynb") == text
        return git("-C", origin, "rev-list", launching.BRANCH).split()

    git("init", "--quiet", "--bare", origin)
    git("clone", "--quiet", origin, clone)
    (clone / ".gitignore").write_text("notebooks\n", encoding="utf-8")
    git("-C", clone, "add", ".gitignore")
    git("-C", clone, "commit", "--quiet", "-m", "sources")
    (clone / "notebooks" / "book").mkdir(parents=True)

    (first,) = published("one")
    git("clone", "--quiet", "--branch", launching.BRANCH, origin, learner)
    assert published("one") == [first]
    assert published("two")[1:] == [first]
    git("-C", learner, "pull", "--quiet", "--ff-only")
    assert (learner / "book" / "A.ipynb").read_text(encoding="utf-8") == "two"
    assert git("-C", clone, "status", "--porcelain") == ""
