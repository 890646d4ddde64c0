"""No module imports itself by way of others, not even for types: what one file needs of another is on one side."""

import grimp

ROOTS = ("app", "engine", "training", "resources")


def circles(imports: dict[str, set[str]]) -> list[set[str]]:
    """Return the groups of modules that import each other, directly or by way of others."""
    reached = {module: _reached(module, imports) for module in imports}
    found: list[set[str]] = []
    for module in imports:
        together = {module} | {other for other in reached[module] if module in reached[other]}
        if module in reached[module] and together not in found:
            found.append(together)
    return found


def _reached(start: str, imports: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(imports[start])
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting.extend(imports[module])
    return seen


def test_a_circle_is_found():
    imports = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"a"}}
    assert circles(imports) == [{"a", "b", "c"}]


def test_no_modules_import_each_other():
    graph = grimp.build_graph(*ROOTS)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert circles(imports) == []
