"""Fields of a dataclass as options of a command line: one declaration gives parser, values and words.

A dataclass of options, such as `engine.choices.Choices`, declares them; the parsers of all commands are made from it.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

_KEY = "option"


@dataclass(frozen=True)
class _Option:
    """flag: "" for that of the field's name. read: makes a value of a word. metavar: the value in the help."""

    help: str
    flag: str
    read: Callable[[str], Any]
    metavar: str


def option(
    default: Any,
    *,
    help: str,  # noqa: A002 - as argparse calls it
    flag: str = "",
    read: Callable[[str], Any] = str,
    metavar: str = "",
    marks: Mapping[str, Any] = MappingProxyType({}),
) -> Any:
    """Return a field of a dataclass that is an option too; marks: what else the field's metadata holds.

    False becomes a flag that makes it true. True becomes a pair of --NAME and --no-NAME, as a bool or None does, or a
    flag of another name that makes it false. A tuple is an option that may stand several times, and a Literal offers
    its values.
    """
    return field(default=default, metadata={**marks, _KEY: _Option(help, flag, read, metavar)})


def options_of(owner: type) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass that are options."""
    return tuple(one.name for one in dataclasses.fields(owner) if _KEY in one.metadata)


def add_options(parser: argparse._ActionsContainer, owner: type, names: Iterable[str]) -> None:
    """Add the options that these fields of a dataclass declare."""
    for name in names:
        add_option(parser, owner, name)


def add_option(parser: argparse._ActionsContainer, owner: type, name: str) -> None:
    """Add the option that a dataclass's field declares."""
    one, kind = _option(owner, name), get_type_hints(owner)[name]
    given: dict[str, Any] = {"dest": name, "help": one.help}
    default = _default(owner, name)
    if _is_pair(one, kind, default):
        given |= {"action": argparse.BooleanOptionalAction, "default": default}
    elif kind is bool:
        given["action"] = "store_false" if default else "store_true"
    elif get_origin(kind) is Literal:
        given |= {"choices": get_args(kind), "default": default}
    elif get_origin(kind) is tuple:
        given |= {"action": "append", "type": one.read}
    else:
        given |= {"type": one.read, "default": default}
    if one.metavar:
        given["metavar"] = one.metavar
    parser.add_argument(_flag(one, name), **given)


def value_of(arguments: argparse.Namespace, owner: type, name: str) -> Any:
    """Return the value of a field that the arguments give."""
    value = getattr(arguments, name)
    if get_origin(get_type_hints(owner)[name]) is tuple:
        return tuple(value or ())
    return value


def words_of(options: Any, name: str) -> list[str]:
    """Return the words that give a field its value, none if that is the default."""
    owner: type = type(options)
    one, value = _option(owner, name), getattr(options, name)
    if value == _default(owner, name):
        return []
    flag = _flag(one, name)
    if _is_pair(one, get_type_hints(owner)[name], _default(owner, name)):
        return [flag if value else f"--no-{flag.removeprefix('--')}"]
    if isinstance(value, bool):
        return [flag]
    values = value if isinstance(value, tuple) else (value,)
    return [word for each in values for word in (flag, str(each))]


def _is_pair(one: _Option, kind: Any, default: Any) -> bool:
    """Whether a field stands as --NAME and --no-NAME."""
    return kind == bool | None or (kind is bool and default is True and not one.flag)


def _option(owner: type, name: str) -> _Option:
    made: _Option = _field(owner, name).metadata[_KEY]
    return made


def _default(owner: type, name: str) -> Any:
    return _field(owner, name).default


def _field(owner: type, name: str) -> dataclasses.Field[Any]:
    return next(one for one in dataclasses.fields(owner) if one.name == name)


def _flag(one: _Option, name: str) -> str:
    return one.flag or f"--{name.replace('_', '-')}"
