#!/usr/bin/env bash
# Makes a Python environment with the peer that main.go times: setup.sh DIR.
set -euo pipefail
if [ $# -ne 1 ]; then
	echo "usage: setup.sh DIR, a folder for the environment (about 1 GB)" >&2
	exit 2
fi
python3 -m venv "$1"
"$1/bin/pip" install --quiet tvboptim==0.4.0 jax==0.10.2
