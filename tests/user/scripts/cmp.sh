### the same
seq 100 > a; cp a b; cmp a b; echo $?; cmp a a; echo $?
### a difference
seq 100 > a; tr 5 x < a > b; cmp a b; echo $?; cmp -s a b; echo $?
### every difference
printf 'abcdef\n' > a; printf 'aXcdYf\n' > b; cmp -l a b; echo $?; cmp -lb a b; cmp -b a b
### control and high bytes
printf 'a\001\200\377\n' > a; printf 'a\177b\210\n' > b; cmp -lb a b; cmp -b a b
### the end of one
printf 'one\ntwo\n' > a; printf 'one\n' > b; printf 'one\ntw' > c; : > d; for f in b c d; do cmp a $f 2>&1; echo $?; cmp $f a 2>&1; cmp -l a $f 2>&1; done
### standard input
echo hi > a; echo hi | cmp a; echo $?; echo ho | cmp a -; echo ho | cmp - a; echo $?
### limit and skips
printf 0123456789 > a; printf 012345xxxx > b; printf xx0123456789 > c; cmp -n 6 a b; echo $?; cmp -n 7 a b; cmp -i 0:2 a c; echo $?; cmp a c 0 2; echo $?; cmp -i 7 a b; cmp a c 3
### no such file
echo > a; cmp a nope 2> /dev/null; echo $?; cmp nope a 2> /dev/null; echo $?
### bad usage
cmp 2> /dev/null; echo $?; cmp -n x a b 2> /dev/null; echo $?; cmp -ls a b 2> /dev/null; echo $?
