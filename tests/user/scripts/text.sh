### wc
printf 'one two\nthree\n' >f; wc f; wc -l f; wc -w f; wc -c f; wc <f; wc -l <f; cat f | wc
### wc of several
printf 'a b\n' >f; printf 'c\n' >g; wc f g; wc -l f g nosuch 2>/dev/null; echo $?; wc -cl f; wc -L f
### wc of odd input
printf '' | wc; printf 'no newline' | wc; printf '\n\n  \n' | wc; printf 'a\tb\vc\fd\n' | wc
### head
seq 20 >f; head f; head -n 3 f; head -3 f; head -c 5 f; head -n -17 f; head -n 0 f; head -n 100 f | wc -l
### head of several
seq 3 >f; seq 4 6 >g; head -n 1 f g; head -q -n 1 f g; head -v -n 1 f; head nosuch 2>/dev/null; echo $?
### head -c
printf abcdef | head -c 3; echo; printf abcdef | head -c -2; echo; printf abc | head -c 10; echo
### head leaves the rest
seq 5 >f; { head -n 2; cat; } <f
### tail
seq 20 >f; tail f; tail -n 3 f; tail -3 f; tail -c 5 f; tail -n +18 f; tail -c +48 f; tail -n 0 f; tail -n +0 f | wc -l; tail -n 100 f | wc -l
### tail of odd input
printf 'a\nb' | tail -n 1; echo; printf 'a\n\n\n' | tail -n 2 | wc -l; printf '' | tail; printf 'x' | tail -c 5; echo
### tail of several
seq 3 >f; seq 4 6 >g; tail -n 1 f g; tail -q -n 1 f g; tail nosuch 2>/dev/null; echo $?
### tail of much
seq 100000 | tail -n 2; seq 100000 | tail -c 7; seq 30000 | tail -n +29999
### bad counts
head -n x </dev/null 2>/dev/null; echo $?; tail -c y </dev/null 2>/dev/null; echo $?; head -@ 2>/dev/null; echo $?
### sort
printf 'b\na\nc\na\n' | sort; printf 'b\na\nc\na\n' | sort -r; printf 'b\na\nc\na\n' | sort -u; printf 'b\na\nc\na\n' | sort -ru
### sort -n
printf '10\n9\n-1\n0\n1.5\n1.45\nabc\n  3\n007\n' | sort -n; printf '10\n9\n10\n010\n' | sort -nu; printf '5\n10\n' | sort -nr
### sort -k
printf 'x 3 b\ny 1 c\nz 2 a\n' >f; sort -k2 f; sort -k3 f; sort -k2,2nr f; sort -k 3,3 -k 2,2 f; sort -k1.1,1.1r f
### sort -t
printf 'b:2\na:10\nc:1\n' >f; sort -t: -k2 f; sort -t: -k2n f; sort -t : -k 2,2n -r f
### sort is stable with -s
printf 'b 1\na 1\nc 0\n' | sort -s -k2; printf 'b 1\na 1\nc 0\n' | sort -k2
### sort -f -b -d
printf 'b\nA\na\nB\n' | sort -f; printf '  b\n a\n' | sort -b; printf 'a-c\nab\n' | sort -d
### sort -c
printf 'a\nb\n' | sort -c; echo $?; printf 'b\na\n' | sort -c 2>/dev/null; echo $?; printf 'a\na\n' | sort -cu 2>/dev/null; echo $?
### sort -o and several files
printf 'c\na\n' >f; printf 'b\n' >g; sort f g; sort -o f f; cat f; sort nosuch 2>/dev/null; echo $?
### sort without final newline
printf 'b\na' | sort; printf '' | sort; printf '\n\na\n' | sort
### sort -h and empty fields
printf '2K\n1M\n500\n3G\n' | sort -h; printf 'a::1\nb:x:0\n' | sort -t: -k2
### sort bad option
sort -@ 2>/dev/null; echo $?; sort -k 0 2>/dev/null </dev/null; echo $?
### sort much
seq 5000 | sort -r | sort -n | tail -n 1; seq 2000 | sort | head -n 3
### uniq
printf 'a\na\nb\na\n' >f; uniq f; uniq -c f; uniq -d f; uniq -u f; printf 'A\na\n' | uniq -i; printf '1 a\n2 a\n' | uniq -f1; printf 'xa\nya\n' | uniq -s1; printf 'ab\nac\n' | uniq -w1
### uniq output file
printf 'a\na\n' >f; uniq f g; cat g; uniq nosuch 2>/dev/null; echo $?
### cut
printf 'a:b:c\nd:e\nnodelim\n' >f; cut -d: -f2 f; cut -d: -f1,3 f; cut -d: -f2- f; cut -d: -f-2 f; cut -s -d: -f1 f; cut -c2 f; cut -c1-3,5 f; cut -b2- f
### cut errors
cut -f0 </dev/null 2>/dev/null; echo $?; cut </dev/null 2>/dev/null; echo $?; cut -d xx -f1 </dev/null 2>/dev/null; echo $?; cut -f2-1 </dev/null 2>/dev/null; echo $?
### tr
echo Hello | tr a-z A-Z; echo hello | tr -d l; echo aabbcc | tr -s b; echo 'a1b2' | tr -cd '0-9\n'; echo abc | tr abc xy; echo 'a b' | tr ' ' '\n'; echo abc | tr '[:lower:]' '[:upper:]'
### tr sets
printf 'a\\b]c-d\n' | tr '\\]-' 'xyz'; echo abcabc | tr -ds a b; echo aabb | tr -s ab xy; echo test | tr 'a-y' 'b-z'; echo abc | tr 'abc' '[x*]'; echo hello | tr -c 'a-l\n' .
### tr errors
tr </dev/null 2>/dev/null; echo $?; tr a </dev/null 2>/dev/null; echo $?; tr z-a x </dev/null 2>/dev/null; echo $?; tr '[:foo:]' x </dev/null 2>/dev/null; echo $?
### tee
echo a | tee f g; cat f g; echo b | tee -a f; cat f; echo c | tee nodir/x 2>/dev/null; echo $?
### echo
env echo a b; env echo -n x; env echo; env echo -e 'a\tb\nc\\d\0101\x41\c no'; env echo -E 'a\tb'; env echo -ne 'x\n'; env echo -nx; env echo - -- -e
### printf formats
env printf '%s %d %5s|%-5s|%05d|%x|%X|%o|%c|%%\n' a 42 r l 7 255 255 8 char
### printf reuse and missing
env printf '%s-%s\n' 1 2 3; env printf '%d\n'; env printf 'x%sy\n'; env printf '%s\n' a b c
### printf escapes
env printf 'a\tb\\n\n\101\n'; env printf '%b|\n' 'x\ty\0101'; env printf '%b' 'stop\chere' no; echo; env printf '\x41\n'
### printf numbers
env printf '%+d % d %#x %#o %.3d %8.3d|%-8d|\n' 5 5 255 8 7 7 7; env printf '%d %d %d\n' 0x1F 017 "'A"; env printf '%u %i\n' 3 -3; env printf '%.2s|%5.1s|\n' abc xyz
### printf width from arguments
env printf '%*d|%-*d|%.*s|\n' 5 1 5 2 2 abc
### printf errors
env printf '%d\n' abc 2>/dev/null; echo $?; env printf '%d\n' 12x 2>/dev/null; echo $?; env printf 2>/dev/null; echo $?; env printf '%z' 2>/dev/null; echo $?
### seq
seq 3; seq 2 4; seq 1 2 7; seq 5 -2 0; seq 3 1; seq -s, 3; seq -w 8 11; seq -2 0; seq 0 0; seq x 2>/dev/null; echo $?; seq 2>/dev/null; echo $?; seq 1 0 5 2>/dev/null; echo $?
### basename and dirname
for p in /a/b a/b /a a / // a/ /a/b/ '' ./a a//b; do basename "$p"; dirname "$p"; done; basename a.c .c; basename .c .c; basename -s .c a.c b.c; basename -a x/y z; basename 2>/dev/null; echo $?
### true false yes
env true; echo $?; env false; echo $?; yes | head -n 2; yes a b | head -n 1
### env
env -i A=1 B=2 env; env -i; A=5 env | grep '^A='; env -u A sh -c 'echo [$A]'; env nosuchprogram 2>/dev/null; echo $?; env X=1 sh -c 'echo $X'
### pwd
mkdir d; cd d; basename "$(env pwd)"; basename "$(env pwd -P)"; cd ..
### sleep
sleep 0; echo $?; sleep 0.01 0.01; echo $?; sleep x 2>/dev/null; echo $?; sleep 2>/dev/null; echo $?; sleep 0s; echo $?
### kill
sleep 5 & kill $!; wait $! 2>/dev/null; echo $?; sleep 5 & kill -9 $!; wait $! 2>/dev/null; echo $?; env kill -KILL 999999 2>/dev/null; echo $?; sleep 5 & env kill -s TERM $!; wait $! 2>/dev/null; echo $?
### kill -0
sleep 1 & kill -0 $! && echo alive; kill $!; wait $! 2>/dev/null; kill -0 999999 2>/dev/null; echo $?
### date
date -u -d @0 '+%Y-%m-%d %H:%M:%S'; date -u -d @1700000000 +%s; date -u -d @951782400 '+%a %b %e %j'; date -d '' 2>/dev/null >&2; date -@ 2>/dev/null; echo $?
### hexdump -C
printf 'hello\000\377world, this is text\n' | hexdump -C; head -c 64 /dev/zero | hexdump -C; printf '' | hexdump -C; printf abc | hexdump; seq 10 >f; hexdump -C -n 5 -s 2 f; head -c 48 /dev/zero | hexdump -Cv
### missing files
for t in cat wc head tail sort cut uniq hexdump; do case $t in cut) a=-c1;; *) a=;; esac; $t $a nosuch >/dev/null 2>&1; echo "$t $?"; done
### broken pipe ends a writer
seq 100000 | head -n 1; yes | head -n 1; cat /dev/zero | head -c 3 | wc -c
### very long line
head -c 200000 /dev/zero | tr '\0' x >f; wc -c f; wc -L f; head -n 1 f | wc -c; tail -n 1 f | wc -c; sort f | wc -c; cut -c199999- f | wc -c; grep -c xxx f
### NUL bytes
printf 'b\000x\na\000y\n' | sort | tr '\0' N; printf 'a\000b\n' | wc; printf 'a\000b\n' | cut -c1-3 | tr '\0' N; printf 'a\000b\n' | tail -n 1 | tr '\0' N
