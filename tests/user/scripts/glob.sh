### star and question
touch a1 a2 b1 .hid; echo *; echo a*; echo ?1; echo *1
### hidden files
touch .a .b c; echo .[ab] *
### brackets
touch a b c d 1; echo [a-c] [!a-c] [1a]
### no match stays
echo z* [z] ?????????????
### directories
mkdir -p d1 d2/x; touch d1/f d2/f; echo */f; echo d?/; echo */x/..
### quoted parts
touch 'a*b' axb; echo a\*b 'a*'b a*b a"*"b
### from variables
touch f1 f2; p='f*'; echo $p "$p"; for i in $p; do echo "<$i>"; done
### sorted
touch c a B A b; echo *
### special characters in names
touch 'a b' 'c;d' 'e$f'; for i in *; do echo "<$i>"; done
### bracket oddities
touch ']' b a '['; echo []] [-a] [a-] [[] []a] [!]]
### classes
touch a A 1 _; echo [[:alpha:]] [[:digit:]] [[:upper:]] [![:alnum:]]
### noglob in case and assignment
touch f1; x=f*; echo "$x"; case f* in 'f*') echo lit;; esac
### absolute
mkdir -p t; touch t/a; set -- "$PWD"/t/*; echo "${1#$PWD}"
### trailing slash matches directories only
mkdir d; touch e; echo */
### backslash in pattern from a variable
touch 'a*' ab; p='a\*'; echo $p
### unclosed bracket
touch '[a' ; echo [a
### many files
i=0; while [ $i -lt 60 ]; do touch n$i; i=$((i+1)); done; set -- n*; echo $# $1 ${60}
### globs in redirection are literal
echo x > 'g*'; ls
