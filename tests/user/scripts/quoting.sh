### single quotes
printf '%s\n' 'a  b   $x `c` "d" \e' | cat
### double quotes
x=5; echo "a  b $x `printf q` \"d\" \$x \`"
### backslash outside quotes
printf '%s\n' a\ b \$x \"q\" \'s\' \\ \;
### backslash newline
echo one\
two "three\
four"
### empty arguments are kept
set -- '' "" ''""; echo $#
### quotes in the middle of words
echo a"b c"'d e'f
### backslash in double quotes only escapes some
printf '%s\n' "\a\$\`\"\\\
x"
### nested quotes in substitution
echo "$(echo "a  $(echo "b  c")")"
### single quote inside double
echo "it's" 'say "x"'
### comment
echo a # comment
echo b#not comment
# echo c
### quoted special characters are no operators
echo ';' "&" \| '<' ">" "(" ')'
### newline in quotes
echo "a
b" 'c
d'
### adjacent expansions keep their quoting
x='a b'; y='c d'; printf '<%s>\n' $x"$y"$x
### quoted glob
touch f1 f2; echo "f*" 'f*' f\* f*
### a word of only quotes in a list
for i in "" a ''; do echo "<$i>"; done
### quoted equals is no assignment
"x"=5 2>/dev/null; echo $?
### tilde
HOME=/home/u; echo ~ ~/x "~" a~ '~/x'
### tilde in assignment
HOME=/h; x=~:~/b:c~; echo $x
### tilde quoted partly
HOME=/h; echo ~"/x" ~\/x
### dollar alone
echo $ a$ "$" "a$ b" $%
### backquotes with escapes
echo `echo \`echo nested\` "\$HOME" | wc -l`
### backslash in backquotes
x=y; echo `echo '\\'` `echo \$x`
