#!/bin/sh
# Written by `acutance integrate files`; `acutance integrate --remove files` takes it away.
exec @COMMAND@ "$@"
