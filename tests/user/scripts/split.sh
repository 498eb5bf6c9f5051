### white space
x='  a  b	c
d '; for i in $x; do echo "<$i>"; done
### colon
IFS=:; x=a:b::c:; for i in $x; do echo "<$i>"; done
### leading delimiter
IFS=:; x=:a; for i in $x; do echo "<$i>"; done
### only delimiters
IFS=:; x=:::; for i in $x; do echo "<$i>"; done
### mixed with blanks
IFS=' :'; x='a : b  c: :d'; for i in $x; do echo "<$i>"; done
### no splitting with empty IFS
IFS=; x='a b c'; for i in $x; do echo "<$i>"; done
### literal text is not split
IFS=:; for i in a:b:c; do echo "<$i>"; done
### split joins neighbours
x='b c'; for i in a$x$x; do echo "<$i>"; done
### quoted parts end fields
x=' a '; for i in $x"q"$x; do echo "<$i>"; done
### substitution is split
for i in $(echo "a b"; echo c); do echo "<$i>"; done
### IFS with letters
IFS=x; v=1x2x3; echo $v; set -- $v; echo $#
### empty expansion vanishes
e=; set -- $e a $e; echo $#; set -- "$e" a $e""; echo $#
### arithmetic is split
IFS=0; echo $((1001+1))
### glob after splitting
touch x1 x2; v='x* y'; echo $v
### at fields split again
set -- 'a b' c; IFS=' '; for i in $@; do echo "<$i>"; done
### newline only
IFS='
'; x='a b
c d'; for i in $x; do echo "<$i>"; done
### read uses IFS
echo a:b:c | { IFS=: read x y; echo "$x" "$y"; }
### read with more names
echo 'a b' | { read x y z; echo "[$x][$y][$z]"; }
### read keeps inner blanks in the last
echo '  a   b   c  ' | { read x y; echo "[$x][$y]"; }
### read -r
printf 'a\\tb\\\n' | { read -r x; printf '[%s]\n' "$x"; }
### read with backslashes
printf 'a\\ b c\\\nd\n' | { read x y; printf '[%s]' "$x" "$y"; echo; }
### read at the end
printf 'last' | { read x; echo $? "$x"; }; read y </dev/null; echo $? "[$y]"
### read in a loop
printf 'a 1\nb 2\nc 3\n' | while read k v; do echo "$v-$k"; done
### read with colons and trailing delimiter
echo a:b: | { IFS=: read x y; echo "[$x][$y]"; }
### read with two trailing delimiters
echo a:b:: | { IFS=: read x y; echo "[$x][$y]"; }
### read does not read ahead
printf 'one\ntwo\nthree\n' > f; { read x; cat; } < f
### read ahead from a pipe
printf 'one\ntwo\nthree\n' | { read x; read y; cat; }
