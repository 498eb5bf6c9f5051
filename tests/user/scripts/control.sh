### if
if true; then echo a; fi; if false; then echo b; else echo c; fi
### elif
for i in 1 2 3 4; do if [ $i = 1 ]; then echo one; elif [ $i = 2 ]; then echo two; elif [ $i = 3 ]; then echo three; else echo many; fi; done
### if without else gives zero
if false; then :; fi; echo $?
### while and until
i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done; until [ $i = 0 ]; do i=$((i-1)); echo $i; done
### loop that never runs
while false; do echo x; done; echo $?; for i in; do echo x; done; echo $?
### for
for i in a b "c d"; do echo "<$i>"; done; echo $i
### for over arguments
set -- x y; for i; do echo $i; done; for i do echo $i; done
### for with newlines
for i in 1 \
 2
do
 echo $i
done
### break and continue
for i in 1 2 3 4 5; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done
### break two levels
for i in 1 2; do for j in a b; do [ $j = b ] && break 2; echo $i$j; done; done; echo end
### continue two levels
for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; echo no; done
### break beyond the depth
for i in 1 2; do break 9; done; echo $?
### case
for x in a bb c '' '*'; do case $x in a) echo A;; b*) echo B;; '') echo empty;; \*) echo star;; *) echo other;; esac; done
### case with alternatives
case x in a|b|x) echo hit;; esac; case y in (a | y) echo hit2;; esac
### case classes
for x in 5 q Q -; do case $x in [0-9]) echo digit;; [a-z]) echo lower;; [!a-z]) echo notlower;; esac; done
### case without match
case x in y) ;; esac; echo $?
### empty case
case x in esac; case x in x) esac; echo $?
### case keeps status
case x in x) false;; esac; echo $?
### case with quoted pattern
x='*'; case abc in "$x") echo quoted;; $x) echo pattern;; esac
### case on expansion
x='a b'; case $x in 'a b') echo ok;; esac
### and or
true && echo a; false && echo b; false || echo c; true || echo d; true && false || echo e
### not
! true; echo $?; ! false; echo $?; ! false | true; echo $?
### pipeline status
true | false; echo $?; false | true; echo $?
### long pipeline
seq 10 | grep -v 5 | sort -rn | head -n 3 | tr '\n' ' '; echo
### pipeline in a condition
if echo abc | grep -q b; then echo found; fi
### group
{ echo a; echo b; } | cat; { false; }; echo $?
### subshell
x=1; (x=2; echo $x); echo $x; (exit 7); echo $?
### nested subshells
(echo a; (echo b; (echo c)))
### semicolons and newlines
echo a; echo b;
echo c
### background and wait
sleep 0 & wait; echo $?; (exit 3) & wait $!; echo $?
### background output
{ echo bg; } & wait; echo fg
### wait for unknown
wait 999999 2>/dev/null; echo $?
### several jobs
(exit 1) & a=$!; (exit 2) & b=$!; wait $a; echo $?; wait $b; echo $?
### list with background in the middle
: & echo next; wait
### nested conditions
if if true; then false; else true; fi; then echo a; else echo b; fi
### while with complex condition
i=0; while i=$((i+1)); [ $i -lt 4 ]; do echo $i; done
### exit in the middle
(echo a; exit 4; echo b); echo $?
### loop in a pipeline
seq 3 | while read n; do echo $((n*n)); done
### set -e
(set -e; true; false; echo no); echo $?
### set -e and conditions
(set -e; if false; then :; fi; false || true; ! true; while false; do :; done; echo yes); echo $?
### set -e and and-or
(set -e; false && true; echo still; true && false; echo no); echo $?
### set -e in a function
(set -e; f() { false; echo in f; }; f || echo or; f; echo no); echo $?
### set -e in a subshell
(set -e; (false; echo no); echo no2); echo $?
### reserved words as arguments
echo if then else fi for do done case esac while until in { } !
### reserved word quoted
"if" 2>/dev/null; echo $?
### deep nesting
if true; then for i in 1; do while true; do case a in a) { (echo deep); };; esac; break; done; done; fi
### break in while condition
for i in 1 2; do while break; do :; done; echo $i; done
### empty lines and comments

# nothing

echo done # end
