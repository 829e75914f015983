# Functions: arguments, return, local, recursion, redefinition, redirection of a whole function.
greet() { echo "hello $1 ($# arguments: $*)"; }
greet a b c
f() { return 5; echo unreached; }
f; echo "status $?"
g() { false; }
g; echo "status $?"
v=global
h() { local v=local w; w=1; echo "$v $w"; inner; }
inner() { echo "inner sees $v"; v=changed; }
h; echo "$v [${w-unset}]"
fact() { [ $1 -le 1 ] && echo 1 || echo $(($1 * $(fact $(($1 - 1))))); }
fact 10
fib() { if [ $1 -lt 2 ]; then r=$1; else fib $(($1 - 1)); local a=$r; fib $(($1 - 2)); r=$((a + r)); fi; }
fib 12; echo $r
set -- x y
k() { shift; echo "$1"; }
k 1 2; echo "$1 $2"
l() { echo to stdout; echo to stderr >&2; } > file 2>&1
l; cat file
greet() { echo redefined; }
greet; unset -f greet; greet; echo "status $?"
m() { exit 3; }
(m; echo unreached); echo "status $?"
type f; command -v f
deep() { [ $1 -eq 0 ] || deep $(($1 - 1)); }
deep 2000; echo "deep $?"
