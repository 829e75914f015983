# if, && and ||, !, and what test says of strings and numbers.
t() { "$@" && echo "yes: $*" || echo "no ($?): $*"; }
t [ abc ]; t [ "" ]; t [ -n abc ]; t [ -z abc ]; t [ -z "" ]
t [ a = a ]; t [ a != a ]; t [ 10 -eq 10 ]; t [ 10 -lt 9 ]; t [ 10 -ge 9 ]; t [ a \< b ]
t [ ! a ]; t [ a -a "" ]; t [ a -o "" ]; t [ \( a = b \) -o c = c ]
t [ x -eq 1 ]; t [ a = ]; t [ a b ]
t test; t [ a
t [[ abc == a* ]]
t [ -t 0 ]
if false; then echo one; elif true; then echo two; else echo three; fi
if false; then :; fi; echo "status $?"
if ! true; then echo a; else echo b; fi
! false; echo "status $?"
! true; echo "status $?"
true && echo and; false && echo never; false || echo or; true || echo never
false || false && echo never; echo "status $?"
true || false && echo left to right
