#!/bin/sh
# The first process of a test image: hands a signal on to the program, which as number 1 would not hear it.
"$@" &
program=$!
trap 'kill -TERM "$program"' TERM INT
wait "$program"
status=$?
# A trapped signal ends the first wait only.
wait "$program" 2>/dev/null
exit "$status"
