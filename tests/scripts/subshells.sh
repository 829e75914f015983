# ( ): what stays inside: variables, directory, descriptors, traps, options, functions; statuses.
v=1; (v=2; echo $v); echo $v
mkdir -p d; (cd d; pwd | sed 's/.*\///'); pwd | sed 's/.*\///'
(exit 3); echo $?
(set -f; echo *); echo *
(f() { echo defined; }; f); f; echo "status $?"
(exec 3> x; echo hi >&3); (echo hi >&3) 2> /dev/null; echo "status $?"
( ( (echo nested) ) )
(trap 'echo inner exit' EXIT; echo body)
[ $$ = $(echo $$) ] && echo 'the same $$'
a=$(sh -c 'echo $PPID'); [ $a = $$ ] && echo "the child's parent is the shell"
(umask 077; umask); umask
x=$( (echo both; echo lines) | wc -l); echo $x
(false; true); echo $?; (false) || echo or
(sleep 0; exit 6) & wait $!; echo $?
d=$(cd /; pwd); echo $d
