### default value
unset x; echo ${x:-a} ${x-b} "${x:-c d}"; x=; echo ${x:-a} [${x-b}]
### assign default
unset x; echo ${x:=val} $x; x=; echo ${x=other} [$x] ${x:=more} $x
### alternative
unset x; echo [${x:+a}] [${x+b}]; x=; echo [${x:+a}] [${x+b}]; x=1; echo ${x:+a} ${x+b}
### error when unset
(unset x; echo ${x:?gone}; echo not reached) 2>/dev/null; echo $?
### error when null
(x=; echo ${x?fine}; echo ${x:?}; echo no) 2>/dev/null; echo $?
### length
x=hello; echo ${#x}; unset y; echo ${#y}; set -- a b c; echo ${#} ${#1} $#
### remove prefix
p=/a/b/c.tar.gz; echo ${p#*/} ${p##*/} ${p#x} ${p#/a}
### remove suffix
p=/a/b/c.tar.gz; echo ${p%.*} ${p%%.*} ${p%x} ${p%gz}
### patterns in prefix and suffix
x=abcabc; echo ${x#a?c} ${x##*b} ${x%b*} ${x%%b*} ${x#[a-b]} ${x%[!a]}
### quoted pattern
x='a*b*c'; echo "${x#'a*'}" "${x#a\*}" "${x##a*}"
### pattern from a variable
x=foobar; p='f*b'; echo ${x#$p} ${x#"$p"}
### expansions nest
unset a b; c=3; echo ${a:-${b:-${c}}} "${a:-"${b:-x}"}"
### quotes inside braces
unset x; echo "${x:-'a b'}" ${x:-'a b'} ${x:-"a  b"}
### braces with blanks
unset x; printf '<%s>' ${x:-a b  c}; echo; printf '<%s>' "${x:-a b  c}"; echo
### special parameters
set -- a b; echo $# $1 $2 "$*" "$@"; false; echo $?
### positional beyond nine
set -- 1 2 3 4 5 6 7 8 9 ten eleven; echo $10 ${10} ${11}
### at in quotes keeps arguments
set -- "a b" "" c; for i in "$@"; do echo "<$i>"; done
### star in quotes joins
set -- "a b" "" c; for i in "$*"; do echo "<$i>"; done
### star joins with IFS
set -- a b c; IFS=:; echo "$*"; IFS=; echo "$*"; unset IFS; echo "$*"
### unquoted at and star
set -- "a b" "" c; for i in $@; do echo "<$i>"; done; for i in $*; do echo "<$i>"; done
### at inside a word
set -- a b c; for i in x"$@"y; do echo "<$i>"; done
### at without arguments
set --; for i in "$@"; do echo "<$i>"; done; for i in "" "$@"; do echo "<$i>"; done; printf '[%s]' x"$@"y; echo
### at in assignment
set -- "a  b" c; x="$@"; echo "$x"; x=$*; echo "$x"
### default of at
set --; echo "${@:-none}" ${*:-none}; set -- a b; echo "${@:-none}" "${@:+some}"
### cut on each argument
set -- a.c b.c; echo ${1%.c} ${2%.c}
### command substitution
echo $(echo a; echo b) "$(echo c; echo d)"
### trailing newlines go
x=$(printf 'a\n\n\n'); echo "[$x]"; x="$(printf '\n\nb\n')"; echo "[$x]"
### status of substitution
x=$(false); echo $?; x=$(exit 5) ; echo $?; echo $(exit 3); echo $?
### empty substitution
x=$(); echo "[$x]"; x=`` ; echo "[$x]"
### case inside substitution
echo $(case a in (a) echo yes;; b) echo no;; esac)
### closing parenthesis in quotes and comments
echo $(echo ')' # )
echo b)
### substitution in here-document
cat <<E
$(echo a; echo b) `echo c` $((1+1))
E
### large substitution
x=$(seq 1 3000); echo ${#x}
### backslash kept in expansion
x='a\b'; printf '%s\n' $x "$x"
### dollar dollar is the main shell
[ $$ = $(sh -c 'echo $PPID') ] && echo same; (echo $$) > f; [ $$ = $(cat f) ] && echo same
### unset with -u
(set -u; unset x; echo $x; echo no) 2>/dev/null; echo $?; (set -u; echo ${x-ok} $#)
### indirect through eval
a=b; b=c; eval echo \$$a
### bad substitution
(echo ${x!y}) 2>/dev/null; echo $?
### nested quotes and braces
x=1; echo "${x+"a b"}" "${x+a}b}"
### word in here-document
unset x; cat <<E
${x:-"a 'b'"} ${x:-'c'}
E
### assignment is not split
x='a  b'; y=$x; echo "$y"; z=*; echo "$z"
### several assignments see each other
a=1 b=$a c=$b; echo $a$b$c
### dollar single quote in double quotes
x="a$'b'"; echo "$x"
### pattern with slash and star
x=a/b/c; echo ${x%/*} ${x%%/*} ${x#*/} ${x##*/}
### empty pattern
x=abc; echo ${x#} ${x%} ${x#""}
