#!/bin/sh
# full.sh NODE SCRIPT ARGS…: runs the script with a small real disk (tmpfs) as its temporary directory, in a mount
# namespace of its own. Skipped (77) where nobody may mount.
disk=$(mktemp -d)
trap 'rmdir "$disk"' EXIT
unshare -rm mount -t tmpfs -o size=64m none "$disk" 2>/dev/null || { echo "skipped: no tmpfs may be mounted here"; exit 77; }
TMPDIR=$disk unshare -rm sh -c 'mount -t tmpfs -o size=64m none "$TMPDIR" && exec "$@"' full "$@"
