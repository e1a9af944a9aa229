"""Any module can be the first that somebody imports."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGES = ("features", "models", "serving", "pipelines")


def modules(root):
    """Module -> file; a package by its name."""
    files = [file for package in PACKAGES for file in (root / package).rglob("*.py")]
    return {".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


def imported_at_once(file):
    """What the file imports while it is itself imported: neither in functions nor for type checkers."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def needed(name, there):
    """The modules that must be whole before this one: those it imports, and the packages these lie in, but for its own."""
    own = {name.rsplit(".", n)[0] for n in range(name.count(".") + 1)}
    found = {other.rsplit(".", n)[0] for other in imported_at_once(there[name]) for n in range(other.count(".") + 1)}
    return {other for other in found if other in there} - own


def in_order(root):
    there = modules(root)
    return list(TopologicalSorter({name: needed(name, there) for name in there}).static_order())


def test_no_module_needs_itself_to_be_imported():
    assert len(in_order(Path())) > 400


def test_a_circle_of_imports_is_found(tmp_path):
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "serving" / "store").mkdir()
    (tmp_path / "serving" / "store" / "__init__.py").write_text("from serving.store.keeper import keep", "utf-8")
    (tmp_path / "serving" / "store" / "keeper.py").write_text("from serving.offer import Offer", "utf-8")
    (tmp_path / "serving" / "store" / "records.py").write_text("", "utf-8")
    (tmp_path / "serving" / "offer.py").write_text("from serving.store.records import Account", "utf-8")
    with pytest.raises(CycleError, match=r"serving\.offer"):
        in_order(tmp_path)
