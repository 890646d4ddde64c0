"""Errors for the user, each one sentence. Any other error is a bug and keeps its traceback."""

import errno
from typing import Self

REASONS = {
    errno.ENOENT: "there is no such file or folder",
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EEXIST: "the file exists already",
    errno.ELOOP: "its symbolic links go round in a circle",
    errno.ENAMETOOLONG: "its name is too long for this disk",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EROFS: "the disk is read-only",
    errno.EFBIG: "the file is too large for this disk",
}
"""The system's errors in our own words."""


class Sentence(str):
    """English text for the user that keeps wording and fields apart, so that `app.language` can translate it.

    ``Sentence("{path} is an empty file.", path=path)``. A field that is an error (such as an OSError) is replaced by
    its reason, a tuple by a list of its items. Files and other receivers get the English text only.
    """

    wording: str
    fields: dict[str, object]

    def __new__(cls, wording: str, /, **fields: object) -> Self:
        """Fill in the fields; without fields, keep the wording unchanged, even its braces."""
        plain = {name: _plain(value) for name, value in fields.items()}
        made = super().__new__(cls, wording.format(**plain) if fields else wording)
        made.wording, made.fields = wording, fields
        return made


def _plain(value: object) -> object:
    if isinstance(value, Exception):
        return reason_of(value)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


class TranslatableError(Exception):
    """An error that holds a translatable `Sentence`."""

    def __init__(self, wording: str, /, **fields: object) -> None:
        self.sentence = Sentence(wording, **fields)
        super().__init__(str(self.sentence))


class UserError(TranslatableError):
    """A problem in one clear sentence that names the file or the value, and the reason."""


class Cancelled(Exception):  # noqa: N818 - it is no error
    """The user cancelled the job."""


def reason_of(error: BaseException) -> str:
    """Return an error's reason, without number and file name."""
    if isinstance(error, OSError) and error.errno is not None:
        return REASONS.get(error.errno) or error.strerror or str(error)
    return str(error) or type(error).__name__
