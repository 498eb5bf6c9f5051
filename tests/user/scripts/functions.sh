### definition and call
f() { echo "f: $1 $2 $#"; }; f a b; f
### return
f() { return 3; echo no; }; f; echo $?; f() { false; return; }; f; echo $?
### arguments are restored
set -- x y; f() { set -- 1 2 3; echo $#; }; f; echo $# $1
### recursion
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(($1 * $(fact $(($1-1))))); fi; }; fact 6
### local
x=outer; f() { local x=inner; echo $x; g; }; g() { echo g $x; }; f; echo $x
### local without value
x=outer; f() { local x; x=changed; echo $x; }; f; echo $x
### body forms
f() (x=sub; echo $x); x=1; f; echo $x; g() if true; then echo if; fi; g; h() for i in 1 2; do echo $i; done; h
### name and parentheses apart
f () { echo spaced; }
f
### on several lines
f()
{
    echo lines
}
f
### redefinition
f() { echo one; }; f; f() { echo two; }; f
### redefinition while running
f() { f() { echo new; }; echo old; }; f; f
### unset -f
f() { echo f; }; unset -f f; f 2>/dev/null; echo $?
### function in a pipeline
f() { while read x; do echo "<$x>"; done; }; seq 2 | f
### function shadows a command
ls() { echo mine; }; ls; command ls -d . 
### prefix assignment
f() { echo $v; }; v=1; v=2 f
### return in a loop
f() { for i in 1 2 3; do [ $i = 2 ] && return 5; echo $i; done; }; f; echo $?
### return ends a sourced file
echo 'echo a; return 4; echo b' > s; . ./s; echo $?
### sourced file sees and sets
echo 'y=$x' > s; x=5; . ./s; echo $y
### source a missing file
(. ./missing; echo no) 2>/dev/null; echo $?
### positional parameters and shift
set -- a b c d; shift; echo $1 $#; shift 2; echo $1 $#
### shift too many
(set -- a; shift 2; echo no) 2>/dev/null; echo $?
### set options
set -f; touch x1; echo x*; set +f; echo x*
### set -- clears
set -- a b; set --; echo $#
### set with dash values
set -- -a b; echo $1; set -f -- x; echo $1; set +f
### eval
x='echo a; echo b'; eval $x; eval "$x"; eval; echo $?
### eval with quotes
x='a b'; eval "set -- \"\$x\" c"; echo $#
### eval syntax error
(eval 'if' 2>/dev/null; echo no); echo $?
### export
export E=5; sh -c 'echo $E'; F=6; sh -c 'echo [$F]'; export F; sh -c 'echo $F'
### prefix assignment is exported
V=1 sh -c 'echo $V'; echo [$V]
### prefix assignment to a builtin
x=1; x=2 true; echo $x; x=3 :; echo $x
### unset
x=1; unset x; echo [$x]; unset nosuch; echo $?
### readonly
(readonly r=1; r=2; echo no) 2>/dev/null; echo $?
### readonly and unset
(readonly r=1; unset r; echo no) 2>/dev/null; echo $?
### exec replaces
(exec echo replaced; echo no)
### exec of nothing found
(exec nosuchprogram; echo no) 2>/dev/null; echo $?
### command -v
command -v cd; command -v if; command -v nosuch; echo $?; f() { :; }; command -v f
### command skips functions
echo() { printf 'no\n'; }; command echo yes
### type
type cd >/dev/null && echo ok; type nosuch >/dev/null 2>&1; echo $?
### getopts
set -- -a -b val -c rest; while getopts ab:c o; do echo "$o [$OPTARG]"; done; shift $((OPTIND-1)); echo $1
### getopts joined
set -- -abval x; while getopts ab: o; do echo "$o [$OPTARG]"; done; echo $OPTIND
### getopts with an unknown option
set -- -z; while getopts ab o 2>/dev/null; do echo "$o"; done
### getopts silent
set -- -z -b; while getopts :b: o; do echo "$o $OPTARG"; done
### getopts with double dash
set -- -a -- -b; while getopts ab o; do echo $o; done; echo $OPTIND
### trap EXIT
(trap 'echo bye' EXIT; echo hi); sh -c 'trap "echo bye2" 0; exit 3'; echo $?
### trap reset
(trap 'echo no' EXIT; trap - EXIT; echo yes)
### trap sees the status
sh -c 'trap "echo status \$?" EXIT; exit 5'; echo $?
### trap changes the status
sh -c 'trap "exit 9" EXIT; exit 5'; echo $?
### cd and pwd
r=$PWD; mkdir -p a/b; cd a/b; echo "${PWD#$r}"; cd ..; x=$(pwd); echo "${x#$r}"; cd - >/dev/null; echo "${PWD#$r}"; cd ./../../a//b/.; echo "${PWD#$r}"
### cd failing
cd /nonexistent 2>/dev/null; echo $?
### cd home
mkdir h; HOME=$PWD/h; cd; basename "$(pwd)"; cd "$OLDPWD"; ls
### CDPATH
mkdir -p p/q; CDPATH=p; cd q >/dev/null; basename "$PWD"; cd ..; basename "$PWD"
### umask
umask 027; umask; touch f; ls -l f | cut -c1-10; mkdir d; ls -ld d | cut -c1-10; umask 077; (umask 022; umask); umask
### umask symbolic
umask u=rwx,g=rx,o=; umask; umask -S; umask g-x; umask
### colon and true
: ignored args; echo $?; true; echo $?; false; echo $?
### exit status of exit without argument
(false; exit); echo $?; (true; exit); echo $?
### status 127 and 126
nosuchcommand 2>/dev/null; echo $?; touch noexec; ./noexec 2>/dev/null; echo $?; ./missing 2>/dev/null; echo $?
### script by path
printf '#!/bin/sh\necho script $1 $#\n' > s; sh ./s a b; sh s; PATH=$PATH:. ; sh s x
### sh -c arguments
sh -c 'echo $0 $1 $#' name a b; sh -c 'echo $#'
### sh -s
echo 'echo $1 $#' | sh -s a b
### sh -e -u -x -n
sh -e -c 'false; echo no'; echo $?; sh -n -c 'echo no'; sh -u -c 'echo $nosuch' 2>/dev/null; echo $?; sh -x -c 'echo x' 2>&1
### dollar dash
set -f; case $- in *f*) echo f;; esac; set +f; case $- in *f*) echo f;; *) echo none;; esac
### a syntax error in a script
printf 'echo a\nif\necho b\n' > s; sh ./s 2>/dev/null; echo $?
### syntax errors
for t in ')' 'a )' '( a' '; a' 'a | ' '{ a' 'for' 'case' 'echo "x' "echo 'x" 'if true; fi' 'while do' '&& a' '$((1' '${x' 'f(' 'f() ' 'a ;; b' '< ' 'done' '`x'; do sh -c "$t" >/dev/null 2>&1; echo "$t $?"; done
### killed by a signal
sh -c 'kill -9 $$' 2>/dev/null; echo $?; sh -c 'kill -TERM $$' 2>/dev/null; echo $?
### kill -l
kill -l 9; kill -l 137; kill -l 15
### LINENO style nesting of functions
f() { g() { echo inner; }; g; }; f; g
### unset of a local
x=1; f() { local x=2; unset x; echo [$x]; }; f; echo $x
### test builtin
[ a = a ] && [ a != b ] && [ -n x ] && [ -z '' ] && [ 1 -lt 2 ] && [ ! 1 -gt 2 ] && test x && echo ok
### exported function variables
f() { V=$1; export V; }; f 3; sh -c 'echo $V'
### host only: scripts by path
printf 'echo plain $1\n' >s; chmod +x s; ./s a; printf '#!/bin/sh\necho bang $1 $#\n' >t; chmod +x t; ./t b c; printf '\177ELF\000junk' >u; chmod +x u; ./u 2>/dev/null; echo $?; mkdir d; ./d 2>/dev/null; echo $?; PATH=.:$PATH; s c
