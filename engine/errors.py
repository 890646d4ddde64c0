"""What the user did or met, said in a sentence; everything else is a bug and keeps its traceback."""

import errno

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
"""What the system's errors mean, in words of ours."""


class UserError(Exception):
    """The text is one clear sentence that names the file or the value and the reason.

    ``UserError("{path} is an empty file.", path=path)`` keeps sentence and fields apart, so that `app.language` can
    say it in another language; an error among the fields (an OSError, say) is said by its reason.
    """

    def __init__(self, sentence: str, /, **fields: object) -> None:
        plain = {name: reason_of(value) if isinstance(value, Exception) else value for name, value in fields.items()}
        super().__init__(sentence.format(**plain) if fields else sentence)
        self.sentence, self.fields = sentence, fields


class Cancelled(Exception):  # noqa: N818 - it is no error
    """The user cancelled the job."""


def reason_of(error: BaseException) -> str:
    """Return what an error says of its reason, without number and file name."""
    if isinstance(error, OSError) and error.errno is not None:
        return REASONS.get(error.errno) or error.strerror or str(error)
    return str(error) or type(error).__name__
