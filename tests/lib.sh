# TAP helpers for tests written in shell: source this file, call the functions, end with done_testing.
# Variables: B is the build folder; T a scratch folder that is removed at exit.
: "${B:=build}"
export B
tap_count=0
tap_failed=0
T=$(mktemp -d "${TMPDIR:-/tmp}/tarn-test.XXXXXX") || exit 99
trap 'rm -rf "$T"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ok TEXT / not_ok TEXT [DIAGNOSTIC...]: report one assertion.
ok()
{
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - $1"
}

not_ok()
{
    tap_count=$((tap_count + 1))
    tap_failed=$((tap_failed + 1))
    echo "not ok $tap_count - $1"
    shift
    for diagnostic in "$@"; do
        printf '%s\n' "$diagnostic" | sed 's/^/# /'
    done
}

# is GOT WANT TEXT: equal strings.
is()
{
    if [ "$1" = "$2" ]; then ok "$3"; else not_ok "$3" "got:  $1" "want: $2"; fi
}

# like TEXT_TO_SEARCH PATTERN TEXT: an extended regular expression matches some line.
like()
{
    if printf '%s\n' "$1" | grep -qE -- "$2"; then ok "$3"; else not_ok "$3" "got:  $1" "want: /$2/"; fi
}

# same FILE_GOT FILE_WANT TEXT: equal files.
same()
{
    if cmp -s "$1" "$2"; then ok "$3"; else not_ok "$3" "$(diff "$2" "$1" | head -n 20)"; fi
}

# check TEXT COMMAND...: the command succeeds.
check()
{
    check_text=$1
    shift
    if check_out=$("$@" 2>&1); then ok "$check_text"; else not_ok "$check_text" "status $? from: $*" "$check_out"; fi
}

# skip TEXT REASON
skip()
{
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - $1 # SKIP $2"
}

# witness NAME: the path of a witness that is not everywhere (tools/witness lists them); if it is not
# here the whole test ends as skipped:  qemu=$(witness qemu-system-riscv64) || exit 0
witness()
{
    tools/witness "$1" && return
    echo "1..0 # SKIP $1 is not here: tools/bootstrap --witnesses fetches it" >&3
    return 1
}
exec 3>&1

done_testing()
{
    echo "1..$tap_count"
    [ "$tap_failed" -eq 0 ]
    exit
}
