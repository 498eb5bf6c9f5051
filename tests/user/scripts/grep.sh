### plain
printf 'apple\nbanana\ncherry\n' >f; grep an f; echo $?; grep zz f; echo $?; grep -v an f; grep -c a f; grep -n e f; grep -in APPLE f
### several files
printf 'a\nb\n' >f; printf 'a\nc\n' >g; grep a f g; grep -h a f g; grep -H a f; grep -c a f g; grep -l c f g; grep -L c f g; grep -n b f g
### -r
mkdir -p d/e; echo hit >d/1; echo miss >d/2; echo hit >d/e/3; grep -r hit d | sort; grep -rl hit d | sort; grep -rc hit d | sort; cd d; grep -r hit | sort; grep -rh hit . | sort
### -q -s
echo a >f; grep -q a f; echo $?; grep -q b f; echo $?; grep -q a nosuch f 2>/dev/null; echo $?; grep -s a nosuch; echo $?; grep a nosuch 2>/dev/null; echo $?
### -w -x
printf 'foo\nfoobar\nfoo bar\n' >f; grep -w foo f; grep -x foo f; grep -wc foo f; grep -xv foo f; grep -w 'fo*' f
### -o
printf 'abcabc\nxyz\n' >f; grep -o b f; grep -o '[ac]*' f; grep -on c f; grep -o 'z*' f; grep -ow abcabc f
### -e -f
printf 'a\nb\nc\n' >f; grep -e a -e c f; printf 'b\nc\n' >p; grep -f p f; grep 'a
b' f; grep -e -x f; echo $?
### -F
printf 'a.b\naxb\n[x]\n' >f; grep -F a.b f; grep -F '[x]' f; grep a.b f; grep -Fx a.b f; grep -Fi A.B f; grep -F '' f; grep -Fw a f
### -m -A -B -C
seq 20 >f; grep -m 2 1 f; grep -A 1 5 f; grep -B 1 7 f; grep -C 1 10 f; grep -n -A1 -B1 '^1$' f; grep -A1 -e 3 -e 9 f; grep -m1 -A2 5 f
### anchors
printf 'ab\nba\nb\n\n' >f; grep '^a' f; grep 'a$' f; grep '^b$' f; grep -c '^$' f; grep 'a^b' f; grep -E '^(a|b)$' f; grep -c '' f
### dot and star
printf 'ac\nabc\nabbc\nadc\n' >f; grep 'ab*c' f; grep 'a.c' f; grep 'a.*c' f; grep '*c' f; grep 'ab\{2\}c' f; grep 'ab\{0,1\}c' f
### brackets
printf 'a1\nb2\n-3\n]4\n^5\n' >f; grep '[ab]' f; grep '[^ab]' f; grep '[a-b][0-9]' f; grep '[]]' f; grep '[-]' f; grep '[x^]' f; grep '[[:digit:]]' f | wc -l; grep '[[:alpha:]]' f; grep '^[^[:alnum:]]' f
### basic groups
printf 'abab\naba\nxx\n' >f; grep '\(ab\)\1' f; grep '^\(.\).*\1$' f; grep 'a\|x' f; grep 'x\+' f; grep '\(ab\)*$' f | wc -l; grep 'ab\?a' f
### extended
printf 'foo\nbar\nfoobar\nfo\n' >f; grep -E 'foo|bar' f; grep -E '^fo+$' f; grep -E 'o{2}' f; grep -E '^(foo|bar)+$' f; grep -E 'fo?b?' f; grep -E '(o)\1' f; grep -E 'x?' f; grep -E '^fo{1,}$' f; grep -E 'fo{,2}$' f
### word operators
printf 'one two\nonetwo\n_one\n' >f; grep '\<two' f; grep 'one\>' f; grep '\bone\b' f; grep 'e\B' f; grep '\w\w\w_*\W' f; grep '^\S*$' f; grep '\s' f
### case
printf 'ABC\nabc\nAbC\n' >f; grep -i abc f; grep -i '[a]BC' f; grep -ic '\(a\)b' f; printf 'aA\n' | grep -i '\(a\)\1'
### escapes
printf 'a+b\na*b\na.b\n(x)\n{y}\na\\b\n' >f; grep 'a+b' f; grep 'a\*b' f; grep -E 'a\+b' f; grep -E '\(x\)' f; grep '(x)' f; grep '{y}' f; grep 'a\\b' f; grep 'a\.b' f
### errors
echo a >f; grep '[a' f 2>/dev/null; echo $?; grep '\(a' f 2>/dev/null; echo $?; grep -E '(a' f 2>/dev/null; echo $?; grep 'a\{1' f 2>/dev/null; echo $?; grep 2>/dev/null; echo $?; grep -@ a f 2>/dev/null; echo $?; grep a . 2>/dev/null; echo $?
### longest match
echo xabcabcdx | grep -oE 'abc|abcabcd|b'; echo aaa | grep -oE 'a|aa'; echo abcd | grep -oE '(a|ab)(c|bcd)'
### nested stars
echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac | grep -cE '^(a*)*b$'; echo aaaaaaaaaaaaaaaaaaaaaaaaaaaa | grep -cE '^(a|aa)+$'
### standard input
printf 'x\ny\n' | grep x; printf 'x\ny\n' | grep -n y -; printf 'x\n' | grep -c x - -; printf 'x' | grep x
### invert and count
seq 10 >f; grep -vc 1 f; grep -vn '[2-9]' f; grep -v '' f; echo $?; grep -vx -e 1 -e 2 f | wc -l
### intervals of groups
printf 'ababab\nabab\n' >f; grep -E '^(ab){3}$' f; grep '^\(ab\)\{2\}$' f; grep -E '^(ab){1,2}$' f; grep -oE '(ab){2,}' f
### empty alternatives
printf 'ac\nabc\n' >f; grep -E 'a(b|)c' f; grep -E '()' f | wc -l; grep -Eo 'a|' f
