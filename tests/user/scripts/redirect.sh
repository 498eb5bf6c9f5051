### output and input
echo hello >f; cat <f; cat f
### append
echo a >f; echo b >>f; cat f
### stderr
sh -c 'echo err >&2; echo out' 2>e >o; cat o e
### both to one file
sh -c 'echo err >&2; echo out' >f 2>&1; cat f
### order matters
{ echo out; echo err >&2; } 2>&1 >f | tr a-z A-Z; cat f
### swap
{ echo out; echo err >&2; } 3>&1 1>f 2>&3 3>&- | cat; cat f
### here-document
cat <<EOF
line $((1+1))
	tab
EOF
### here-document with quoted delimiter
x=1; cat <<'EOF'
$x `x` \$
EOF
### here-document strips tabs
cat <<-EOF
	one
		two
	EOF
### here-document backslashes
x=1; cat <<EOF
\$x \\ \a "q" \`
joined \
line
EOF
### two here-documents
cat <<A; cat <<B
in a
A
in b
B
### here-document into a loop
while read x; do echo "<$x>"; done <<EOF
a
b
EOF
### here-document in a function
f() { cat <<EOF
$1
EOF
}
f one; f two
### long here-document
n=$(seq 1 2000); cat <<EOF | wc -c
$n
EOF
### noclobber
echo a >f; (set -C; echo b >f) 2>/dev/null; echo $?; set -C; echo c >|f; cat f; echo d >>f; cat f
### read and write
printf 'abc\n' >f; exec 3<>f; read x <&3; echo "$x"; echo more >&3; exec 3>&-; cat f
### read-write creates
: <>newfile; ls
### close
echo a >f; exec 3<f; exec 3<&-; cat <&3 2>/dev/null; echo $?
### exec redirection
exec 3>f; echo one >&3; echo two >&3; exec 3>&-; cat f
### exec for the rest
(exec >f; echo captured); cat f
### redirect a compound command
{ echo a; echo b; } >f; cat f; for i in 1 2; do echo $i; done >f; cat f; if true; then echo t; fi >f; cat f
### redirect a while loop
seq 3 >f; n=0; while read x; do n=$((n+x)); done <f; echo $n
### redirect a subshell
(echo a; echo b) >f; cat f
### missing input
cat </nonexistent 2>/dev/null; echo $?; echo after
### a builtin with missing input goes on
read x </nonexistent 2>/dev/null; echo $?
### a special builtin with bad redirection ends the shell
(: </nonexistent; echo not reached) 2>/dev/null; echo $?
### redirection without command
>f; ls; <f; echo $?
### redirection before the command
>f echo a b; <f cat
### redirection amid words
echo a >f b; cat f
### duplicate input
echo a >f; exec 4<f; cat <&4; exec 4<&-
### number glued to a word
echo a2>f; cat f
### to a name from a variable
n=out; echo hi >$n; cat out; echo hi2 >"$n.x"; cat out.x
### function with redirection
f() { echo in f; } >f; f; cat f
### redirected function call
f() { echo x; }; f >g; cat g
### input restored after builtin
printf 'a\nb\n' >f; read x <f; echo $x; read y <f; echo $y
### pipe and redirect
echo data | cat >f; cat f
### stdout closed
(echo a >&-) 2>/dev/null; echo $?
### bad descriptor
(echo a >&7) 2>/dev/null; echo $?
### compound command with bad redirection goes on
{ echo a; } </nonexistent 2>/dev/null; echo $?; for i in 1; do echo $i; done 2>/dev/null </nonexistent; echo $?
### here-document delimiter with expansion characters
cat <<'$x'
a
$x
### here-document at the end of a script without newline
printf 'cat <<E\nlast' > s; sh s; echo
### here-document with a quoted part
x=1; cat <<"E"F
$x
EF
### here-document line looks like the delimiter
cat <<EOF
 EOF
EOF 
EOF
### empty here-document
cat <<EOF
EOF
echo $?
### here-document before a pipe on the next line
cat <<EOF |
b
a
EOF
sort
### redirect to the same file twice
echo a >f >g; cat f; cat g
