#!/bin/sh
# Prints a password of 144 bits: no hash of it needs to be slow.
set -eu
head -c 18 /dev/urandom | base64 | tr -d '\n' | tr +/ -_
