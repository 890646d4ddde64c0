"""Fields of a dataclass as options of a command line: one declaration gives parser, values and words."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin, get_type_hints


@dataclass(frozen=True)
class _Argument:
    """flag: "" for that of the field's name. read: makes a value of a word."""

    help: str
    flag: str
    read: Callable[[str], Any]


def argument(
    default: Any,
    *,
    help: str,  # noqa: A002 - as argparse calls it
    flag: str = "",
    read: Callable[[str], Any] = str,
) -> Any:
    """Return a field of a dataclass that is an option too.

    False becomes a flag that makes it true. True becomes a pair of --NAME and --no-NAME, as a bool or None does, or a
    flag of another name that makes it false. A tuple is an option that may stand several times, and a Literal offers
    its values.
    """
    return field(default=default, metadata={"argument": _Argument(help, flag, read)})


def add_field(parser: argparse._ActionsContainer, owner: type, name: str) -> None:
    """Add the option of a dataclass's field."""
    one, kind = _argument(owner, name), get_type_hints(owner)[name]
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
    one, value = _argument(owner, name), getattr(options, name)
    if value == _default(owner, name):
        return []
    flag = _flag(one, name)
    if _is_pair(one, get_type_hints(owner)[name], _default(owner, name)):
        return [flag if value else f"--no-{flag.removeprefix('--')}"]
    if isinstance(value, bool):
        return [flag]
    values = value if isinstance(value, tuple) else (value,)
    return [word for each in values for word in (flag, str(each))]


def _is_pair(one: _Argument, kind: Any, default: Any) -> bool:
    """Whether a field stands as --NAME and --no-NAME."""
    return kind == bool | None or (kind is bool and default is True and not one.flag)


def _argument(owner: type, name: str) -> _Argument:
    made: _Argument = _field(owner, name).metadata["argument"]
    return made


def _default(owner: type, name: str) -> Any:
    return _field(owner, name).default


def _field(owner: type, name: str) -> dataclasses.Field[Any]:
    return next(one for one in dataclasses.fields(owner) if one.name == name)


def _flag(one: _Argument, name: str) -> str:
    return one.flag or f"--{name.replace('_', '-')}"
