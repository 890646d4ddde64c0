"""What the user did or met, said in a sentence; everything else is a bug and keeps its traceback."""


class UserError(Exception):
    """The text is one clear sentence that names the file or the value and the reason."""


class Cancelled(Exception):  # noqa: N818 - it is no error
    """The user cancelled the job."""
