#!/bin/sh
# Written by `acutance integrate files`; `acutance integrate --remove files` takes it away.
# Each result goes beside its photo as NAME-acutance; nothing is replaced.
@COMMAND@ deblur "$@" 2>"${TMPDIR:-/tmp}/acutance-$$.txt" ||
    notify-send -i acutance Acutance "$(tail -n 3 "${TMPDIR:-/tmp}/acutance-$$.txt")"
rm -f "${TMPDIR:-/tmp}/acutance-$$.txt"
