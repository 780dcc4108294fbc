"""What belongs to the project as a whole: its layout, the list of packages, and what must not be in its files."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = ("app", "engine", "resources", "widgets")
TOP_LEVEL = {
    *(".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "SECURITY.md"),
    *("app", "benchmarks", "constraints.txt", "docs", "engine", "pyproject.toml"),
    *("resources", "stress", "tests", "widgets"),
}


@pytest.fixture(scope="module")
def project_files() -> list[Path]:
    """Files of the project, relative to its folder: all that git keeps or would keep."""
    git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [Path(name) for name in names if name and (ROOT / name).is_file()]


def test_every_package_is_listed() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = {folder.relative_to(ROOT) for source in SOURCES for folder in packages_below(ROOT / source)}
    assert sorted(listed) == sorted("dictrace." + ".".join(folder.parts) for folder in found)


def test_every_resource_goes_into_the_package(project_files: list[Path]) -> None:
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    patterns = [f"resources/{pattern}" for pattern in setup["package-data"]["dictrace.resources"]]
    resources = [file for file in project_files if file.parts[0] == "resources" and file.suffix not in {".py", ".po"}]
    assert [file for file in resources if not any(file.match(pattern) for pattern in patterns)] == []


def packages_below(folder: Path) -> set[Path]:
    """Folders with Python files, from `folder` down."""
    return {file.parent for file in folder.rglob("*.py")}


def test_top_level_holds_the_layout_and_nothing_else(project_files: list[Path]) -> None:
    assert {file.parts[0] for file in project_files} == TOP_LEVEL


def test_no_registry_address_and_no_machine_path(project_files: list[Path]) -> None:
    unwanted = re.compile(r"(?i)pypi\.|pythonhosted\.|anaconda\.|(?<![\w.])/(work|tmp|opt|home|root|Users)/\w")
    found = []
    for file in project_files:
        if file.suffix not in {".gif", ".mo", ".png", ".gz"}:
            lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
            found += [f"{file}:{n}: {line}" for n, line in enumerate(lines, start=1) if unwanted.search(line)]
    assert found == []


def test_constraints_are_names_and_versions() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+(; python_version[<>=]+'3\.\d+')?", line)] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_to_files_of_the_project(project_files: list[Path], name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / name).read_text())
    assert links
    assert [link for link in links if Path(link) not in project_files] == []
