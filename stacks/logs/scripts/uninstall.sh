#!/bin/sh
# On a node: forgets what has been sent. The logs themselves are in the store.
#   FOLDER  holds it
set -eu
rm -rf "$FOLDER"
