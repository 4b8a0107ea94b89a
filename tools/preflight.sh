#!/usr/bin/env bash
# Say what is missing before anything is installed. Usage: preflight.sh [python]
set -u
python="${1:-python3}"
fault=0
say() { echo "tongbo: $*" >&2; fault=1; }
command -v "$python" >/dev/null 2>&1 || { say "no $python found. Debian: apt-get install python3 python3-venv"; exit 1; }
"$python" - <<'PY' || say "Python 3.11 or newer is needed; this is $("$python" --version 2>&1)"
import sys
sys.exit(sys.version_info < (3, 11))
PY
"$python" -c 'import ensurepip, venv' 2>/dev/null || say "the venv module is missing. Debian: apt-get install python3-venv"
free_kib=$(df -Pk . | awk 'NR==2 {print $4}')
if [ ! -e .venv/.installed ] && [ "${free_kib:-0}" -lt 2500000 ]; then
  say "the environment and the data need about 2.5 GB of disk; $((free_kib / 1024)) MB are free here"
fi
[ -w . ] || say "this folder can't be written"
exit $fault
