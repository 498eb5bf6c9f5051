### precedence
echo $((1+2*3)) $(((1+2)*3)) $((10-4-3)) $((2*3%4)) $((7/2)) $((-7/2)) $((-7%3))
### bits
echo $((5&3)) $((5|3)) $((5^3)) $((~5)) $((1<<10)) $((-16>>2)) $((1|2^3&4))
### comparison
echo $((1<2)) $((2<=2)) $((3>4)) $((4>=4)) $((1==1)) $((1!=1))
### logic
echo $((1&&0)) $((1||0)) $((!5)) $((!0)) $((0||0&&1))
### short circuit
x=0; echo $((0 && (x=5))) $x $((1 || (x=6))) $x
### ternary
x=5; echo $((x>3?10:20)) $((x<3?10:x==5?7:8))
### variables
x=7; y=; echo $((x+1)) $(($x+1)) $((y+1)) $((unset_one+2))
### assignment
echo $((x=5)) $x; echo $((x+=3)) $((x*=2)) $((x-=1)) $((x/=3)) $((x%=3)) $((x<<=4)) $((x>>=1)) $((x|=3)) $((x&=6)) $((x^=5))
### bases
echo $((0x1f)) $((010)) $((0)) $((0xFF+01))
### large
echo $((9223372036854775807)) $((9223372036854775807+1)) $((-9223372036854775807-1))
### unary
echo $((-5)) $((+5)) $((- -5)) $((!-1)) $((~-1))
### blanks and newlines
echo $((  1
 + 2 )) $((	3 ))
### nested expansions
x=2; echo $(( $(echo 3) + ${x} * ${#x} )) $((1+$((2+3))))
### in double quotes
echo "sum $((1+2)) end"
### division by zero
(echo $((1/0)); echo no) 2>/dev/null; echo $?
### syntax error
(echo $((1+)); echo no) 2>/dev/null; echo $?
### bad number in variable
(x=1a; echo $((x)); echo no) 2>/dev/null; echo $?
### negative variable
x=-5; echo $((x*2)) $((0-x))
### special parameters
set -- a b c; echo $(($#*2)) $(($#-1))
### loop counter
i=0; while [ $((i=i+1)) -le 3 ]; do echo $i; done
### parentheses
echo $(( ((2)) * (3+(4)) ))
### comparison chain
echo $((1<2==1)) $((3>2>1))
### shifts of large amounts
echo $((1<<62)) $((1<<63)) $((-1>>63))
### comma of blanks
x=3; echo $(( x ))$(( x ))
