### ls plain
mkdir d; touch b a .h d/x; ls; ls -1; ls -a; ls -A; ls d; ls a b
### ls -l fields
printf 12345 >f; mkdir d; ls -l | tail -n +2 | cut -c1-10; ls -l f | tr -s ' ' | cut -d' ' -f5,9
### ls -R
mkdir -p a/b/c; touch a/f a/b/g a/b/c/h; ls -R; ls -R a/b
### ls -r -S
printf 1 >s1; printf 12345 >s5; printf 123 >s3; ls -S; ls -rS; ls -r
### ls -t
touch -r / old 2>/dev/null; sleep 0.02; touch mid; sleep 0.02; touch new; ls -t mid new; ls -rt mid new
### ls -d -F -p
mkdir d; touch f; ls -d d .; ls -F; ls -p; ls -dF d
### ls -h
head -c 2000 /dev/zero >k2; head -c 100 /dev/zero >b100; head -c 300000 /dev/zero >k300; ls -lh | tail -n +2 | tr -s ' ' | cut -d' ' -f5,9
### ls of several directories
mkdir x y; touch x/1 y/2 f; ls x y f; ls x y nosuch 2>/dev/null; echo $?
### ls of nothing
ls nosuch 2>/dev/null; echo $?; mkdir e; ls e; ls -a e
### ls bad option
ls -@ 2>/dev/null; echo $?
### ls total
mkdir e; ls -l e
### ls -i shows numbers
touch f; ls -i f | grep -c '^[0-9][0-9]* f$'
### cat
printf 'a\nb' >f; printf 'c\n' >g; cat f g; cat <g; echo x | cat - g
### cat -n -b -s -E -A
printf 'a\n\n\n\tb\n\001\n' >f; cat -n f; cat -b f; cat -s f; cat -E f; cat -A f
### cat missing
echo a >f; cat f nosuch f 2>/dev/null; echo $?; cat . 2>/dev/null; echo $?
### cat bytes
printf 'a\000b\377' >f; cat f | hexdump -C
### cp file
echo a >f; cp f g; cat g; mkdir d; cp f d; cp f g d; ls d
### cp errors
touch f; cp nosuch x 2>/dev/null; echo $?; cp 2>/dev/null; echo $?; cp f 2>/dev/null; echo $?; cp f f 2>/dev/null; echo $?; cp f f nodir 2>/dev/null; echo $?
### cp directory without -r
mkdir d; cp d e 2>/dev/null; echo $?; ls
### cp -r
mkdir -p a/b; echo 1 >a/f; echo 2 >a/b/g; cp -r a c; ls -R c; cat c/b/g; mkdir e; cp -r a e; ls -R e
### cp -r onto existing
mkdir -p a d/a; echo 1 >a/x; echo 2 >d/a/y; cp -r a d; ls d/a
### cp -r into itself
mkdir a; touch a/f; cp -r a a/b 2>/dev/null; echo $?
### cp -p keeps times
touch f; sleep 0.02; touch g; cp -p f h; [ f -ot g ] && [ h -ot g ] && echo older; cp f i; [ i -ot g ] || echo newer
### cp -i
echo a >f; echo b >g; echo n | cp -i f g 2>/dev/null; cat g; echo y | cp -i f g 2>/dev/null; cat g
### cp -n -v -f
echo a >f; echo b >g; cp -n f g; cat g; cp -v f h; cp -f f g; cat g
### cp overwrites
echo long content >g; echo s >f; cp f g; cat g
### cp over a directory
mkdir -p d/f; touch f; cp f d 2>/dev/null; echo $?
### mv
echo a >f; mv f g; ls; mkdir d; mv g d; ls d; mv d e; ls e
### mv several
touch a b c; mkdir d; mv a b c d; ls d; ls
### mv errors
mv nosuch x 2>/dev/null; echo $?; touch f; mv f nodir/x 2>/dev/null; echo $?; mv f 2>/dev/null; echo $?; mkdir d; mv d d/e 2>/dev/null; echo $?
### mv over
echo a >f; echo b >g; mv f g; cat g; ls
### mv directory over file
mkdir d; touch f; mv d f 2>/dev/null; echo $?; mkdir -p e/f; mv f e 2>/dev/null; echo $?
### mv -i -n -v
echo a >f; echo b >g; echo n | mv -i f g 2>/dev/null; cat g; mv -n f g; cat g; mv -v f h
### mv to itself
touch f; mv f f 2>/dev/null; echo $?
### rm
touch a b c; rm a b; ls; rm nosuch 2>/dev/null; echo $?; rm -f nosuch; echo $?; rm -f; echo $?; rm 2>/dev/null; echo $?
### rm directory
mkdir -p d/e; touch d/f; rm d 2>/dev/null; echo $?; rm -d d 2>/dev/null; echo $?; rm -r d; ls; mkdir x; rm -d x; ls
### rm -rf
mkdir -p a/b/c/d; touch a/1 a/b/2 a/b/c/3; rm -rf a nosuch; echo $?; ls
### rm -i
touch a b; printf 'y\nn\n' | rm -i a b 2>/dev/null; ls
### rm dot
rm -r . 2>/dev/null; echo $?; rm -rf .. 2>/dev/null; echo $?
### rm -v
touch f; mkdir d; rm -rv f d
### mkdir
mkdir a b; ls; mkdir a 2>/dev/null; echo $?; mkdir x/y 2>/dev/null; echo $?; mkdir 2>/dev/null; echo $?
### mkdir -p
mkdir -p a/b/c; mkdir -p a/b/c; echo $?; ls -R; touch f; mkdir -p f/x 2>/dev/null; echo $?; mkdir -p x//y/./z/; ls x/y
### mkdir -m
mkdir -m 700 a; ls -ld a | cut -c1-10; mkdir -m 755 -p b/c; ls -ld b/c | cut -c1-10; mkdir -m 9 z 2>/dev/null; echo $?
### mkdir -v
mkdir -v a; mkdir -pv b/c
### rmdir
mkdir a; rmdir a; ls; mkdir -p b/c; rmdir b 2>/dev/null; echo $?; rmdir -p b/c; ls; rmdir nosuch 2>/dev/null; echo $?; touch f; rmdir f 2>/dev/null; echo $?
### touch
touch a; ls; touch -c b; ls; touch a b; ls; touch nodir/x 2>/dev/null; echo $?; touch 2>/dev/null; echo $?
### touch -r
touch a; sleep 0.02; touch b; touch -r a b; [ a -nt b ] || [ b -nt a ] || echo same
### test files
touch f; printf x >g; mkdir d; for t in '-e f' '-f f' '-d f' '-s f' '-s g' '-d d' '-f d' '-e n' '-r f' '-w f' '-c /dev/null' '-b f' '-p f' '-L f'; do test $t; echo "$t $?"; done
### test strings and numbers
for t in 'a = a' 'a = b' 'a != b' '1 -eq 01' '2 -gt 10' '-1 -lt 0' '-n a' '-z a' 'a' '' '! a' '! -z a' 'a -a b' 'a -o ' '( a )' '! ( a )' '1 -eq 1 -a 2 -eq 2' '1 -eq 2 -o 2 -eq 2' '( 1 -eq 2 -o 1 -eq 1 ) -a a'; do env test $t 2>/dev/null; echo "$t: $?"; done
### test odd operands
env test = ; echo $?; env test ! ; echo $?; env test -n; echo $?; env test '(' ; echo $?; env test = = =; echo $?; env test '!' = '!'; echo $?; env test '' -a x; echo $?; env test ! ''; echo $?; env test -f = -f; echo $?
### test errors
env test 1 -eq a 2>/dev/null; echo $?; env test a b c 2>/dev/null; echo $?; env test a b 2>/dev/null; echo $?; env [ a 2>/dev/null; echo $?; env [ a ]; echo $?
### file ages
touch a; sleep 0.02; touch b; [ a -ot b ]; echo $?; [ a -nt b ]; echo $?; env test b -nt nosuch; echo $?; env test nosuch -ot b; echo $?; env test nosuch -nt b; echo $?; [ a -ef a ]; echo $?
