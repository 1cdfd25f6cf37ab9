# shellcheck shell=bash
# Sourced by the launchers in scripts/: makes pinprobe's virtual environment where it is missing or
# out of date, and leaves its interpreter in VENV_PYTHON. A second run costs a few milliseconds.
#
#   PYTHON          the interpreter to make it with (default: python3, or the first newer one on PATH)
#   PINPROBE_VENV   where it goes (default: .venv in the project)

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf 'pinprobe: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

# Runs a command with its output in a log; says every few seconds that it still works on it.
with_progress() { # with_progress TEXT LOG COMMAND...
    local text=$1 log=$2 pid started=$SECONDS said=$SECONDS
    shift 2
    say "$text ..."
    "$@" >>"$log" 2>&1 &
    pid=$!
    # shellcheck disable=SC2064  # the process id is meant to be the one of now
    trap "kill $pid 2>/dev/null; exit 130" INT TERM
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        if ((SECONDS - said >= 5)); then
            said=$SECONDS
            say "$text ... $((SECONDS - started)) s"
        fi
    done
    trap - INT TERM
    wait "$pid"
}

version_is_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    if [[ -n ${PYTHON:-} ]]; then
        command -v "$PYTHON" >/dev/null || fail "PYTHON=$PYTHON: there is no such program."
        version_is_enough "$PYTHON" ||
            fail "PYTHON=$PYTHON is $("$PYTHON" --version 2>&1 || true); pinprobe needs Python 3.11 or later."
        printf '%s\n' "$PYTHON"
        return
    fi
    for candidate in python3 python3.11 python3.12 python3.13 python3.14 python; do
        if command -v "$candidate" >/dev/null && version_is_enough "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    fail "no Python 3.11 or later found (python3 is $(python3 --version 2>&1 || true))." \
        "Install one, or name it: PYTHON=/path/to/python3.11 $0"
}

# The newest mitmproxy for Python 3.11 is 11; mitmproxy 12 wants 3.12 or later.
constraints_for() {
    if "$1" -c 'import sys; sys.exit(sys.version_info >= (3, 12))'; then
        printf '%s\n' "$ROOT/constraints/py311-mitmproxy11.txt"
    else
        printf '%s\n' "$ROOT/constraints/py313-mitmproxy12.txt"
    fi
}

install_venv() { # install_venv PYTHON CONSTRAINTS VENV STAMP
    local python=$1 constraints=$2 venv=$3 stamp=$4 log=$3/install.log started=$SECONDS
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "$("$python" --version) has no venv or ensurepip module." \
            "On Debian or Ubuntu: apt-get install python3-venv. Or name another interpreter: PYTHON=..."
    if [[ -d $venv && ! -e $venv/pinprobe.stamp && -n $(ls -A "$venv") ]]; then
        fail "PINPROBE_VENV=$venv is a folder that pinprobe did not make; name another one."
    fi
    "$python" -m venv --clear "$venv" || fail "could not make a virtual environment in $venv."
    echo unfinished >"$venv/pinprobe.stamp"
    : >"$log"
    if ! with_progress "installing with $("$python" --version), $(basename "$constraints" .txt)" "$log" \
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        -c "$constraints" -e "$ROOT[dev]"; then
        tail -n 20 "$log" >&2
        fail "pip could not install the packages; all it said is in $log"
    fi
    printf '%s\n' "$stamp" >"$venv/pinprobe.stamp"
    say "ready after $((SECONDS - started)) s, in $venv"
}

ensure_venv() {
    local python constraints venv stamp
    venv=${PINPROBE_VENV:-$ROOT/.venv}
    [[ $venv == /* ]] || venv=$PWD/$venv
    python=$(find_python) || exit 1
    constraints=$(constraints_for "$python")
    stamp=$({
        cat "$ROOT/pyproject.toml" "$constraints"
        "$python" -c 'import sys; print(sys.version, sys.argv[1])' "$ROOT"
    } | cksum)
    VENV_PYTHON=$venv/bin/python
    if [[ $(cat "$venv/pinprobe.stamp" 2>/dev/null) != "$stamp" ]] || ! "$VENV_PYTHON" -c '' 2>/dev/null; then
        install_venv "$python" "$constraints" "$venv" "$stamp"
    fi
}
