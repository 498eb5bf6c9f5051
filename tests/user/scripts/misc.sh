### very long command line
x=$(head -c 50000 /dev/zero | tr '\0' a); echo $x | wc -c; eval "y=$x"; echo ${#y}
### many arguments
set -- $(seq 3000); echo $# ${3000}; f() { echo $#; }; f "$@"
### deep arithmetic
echo $((((((((((((((((((((1))))))))))))))))))))
### long and-or chain
x=true; i=0; while [ $i -lt 200 ]; do x="$x && true"; i=$((i+1)); done; eval "$x" && echo ok
### deep recursion of a function
f() { [ $1 -eq 0 ] || f $(($1-1)); }; f 100; echo $?
### variables with long values
x=a; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do x=$x$x; done; echo ${#x}; echo "${x%a}" | wc -c
### script file with CRLF free but no final newline
printf 'echo a\necho b' > s; sh s
### script with a NUL in front is read as text or refused, never hung
printf 'echo a\n' > s; sh s
### output to a full set of descriptors
exec 3>f3 4>f4 5>f5 6>f6 7>f7 8>f8 9>f9; for i in 3 4 5 6 7 8 9; do eval "echo $i >&$i"; done; cat f?
### pipes in functions in loops
f() { echo $1 | tr a-z A-Z; }; for i in a b c; do f $i | tr '\n' '!'; done
### quoting survives export
export X='a  b $c `d` "e"'; sh -c 'printf "%s\n" "$X"'
### set prints quoted values
x="it's"; set | grep '^x='; unset x; y='a b'; set | grep '^y='
### export -p can be read back
export Q='a b'; export -p | grep ' Q='
### nested case and loops in substitution
x=$(for i in 1 2 3; do case $i in 2) continue;; esac; echo $i; done); echo $x
### status of a pipeline of functions
a() { return 3; }; b() { cat >/dev/null; return 4; }; a | b; echo $?; b </dev/null | a; echo $?
### empty command after expansion
e=; $e; echo $?; $e echo hi; x=1 $e; echo $x
### assignment with command substitution failing
x=$(exit 3) y=2; echo $? $y
### command from a variable
c='echo a b'; $c c; "$c" 2>/dev/null; echo $?
### while read with here-document and substitution
while read a b; do echo "$b $a"; done <<E
$(printf '1 2\n3 4\n')
E
### subshell does not change the parent
x=1; cd / ; (cd /tmp; x=2; set -- a; umask 0); echo $x $# $(pwd)
### background process group of subshells
(sleep 0; echo a) & (sleep 0; echo a) & wait; echo end
### sigpipe of builtins
while :; do echo y; done | head -n 1; echo $?
### printf builtin in a loop
for i in 1 2 3; do printf '%03d ' $i; done; echo
### local IFS
f() { local IFS=:; set -- $1; echo $#; }; f a:b:c; x='a b'; set -- $x; echo $#
### positional in arithmetic
f() { echo $(($1 + $2)); }; f 3 4
### complicated word
x=1; printf '%s\n' a"b$x"'c'$(echo d)`echo e`$((x+1))\f
### nested here-document and group
{ cat <<A; echo mid; cat <<B; } | tr a-z A-Z
first
A
second
B
### here-document in substitution
x=$(cat <<E
inside
E
); echo "[$x]"
### wide fields
for i in 1 2 3; do for j in 1 2 3; do printf '%d ' $((i*j)); done; echo; done
### primes
i=2; while [ $i -lt 30 ]; do j=2; p=1; while [ $((j*j)) -le $i ]; do if [ $((i%j)) -eq 0 ]; then p=0; break; fi; j=$((j+1)); done; [ $p = 1 ] && printf '%d ' $i; i=$((i+1)); done; echo
### reverse lines
seq 5 | { r=; while read x; do r="$x $r"; done; echo $r; }
### string replacement by hand
s=a.b.c.d; while case $s in *.*) true;; *) false;; esac; do s=${s%%.*}-${s#*.}; done; echo $s
### very long and-or list
x=$(yes 'true &&' | head -n 5000); eval "$x true || echo no"; echo $?; x=$(yes 'false ||' | head -n 5000); eval "$x false && echo no"; echo $?
### and-or lists choose
for a in true false; do for b in true false; do for c in true false; do $a && $b || $c; echo $?; $a || $b && $c; echo $?; $a && $b && echo both || echo not; done; done; done
### set -e at the end of an and-or list
(set -e; true && false && true; echo on; true || false; echo on2; false || false; echo no); echo $?
### a bracket that is no pattern
touch a; echo [ ] [] [a [a]b
### very long pattern
p=$(seq 1000 | tr '\n' .); seq 3 | grep -c "$p"; printf "$p\n" | grep -c "$p"; seq 2 | grep -v -c -e "$p" -e 1
### many words from one expansion
x=$(seq 5000); n=0; for i in $x; do n=$((n+1)); done; echo $n $i
### host only: no room left
for t in 'cat f' 'ls' 'seq 3' 'grep a f' 'sort f' 'env echo x' 'head f' 'wc f' 'yes' 'env printf x' 'tail f' 'uniq f' 'cut -c1 f' 'tr a b'; do echo a >f; $t <f >/dev/full 2>/dev/null; echo $t $?; done; (echo x >/dev/full) 2>/dev/null; echo $?
