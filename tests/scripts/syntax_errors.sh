# What a shell says of scripts that are wrong, and how it ends.
t() { printf '%s\n' "$1" > s; sh s; echo "status $?"; }
t 'echo before; if true; then echo unclosed'
t 'for i in 1 2; echo no do'
t 'echo "unclosed'
t "echo 'unclosed"
t 'echo $(unclosed'
t 'case x in a) echo a'
t '} echo'
t 'done'
t 'echo a ;; echo b'
t 'f() { echo unclosed'
t '| cat'
t 'echo a && && echo b'
t 'echo ${bad name}'
t 'cat <<END
no end'
t 'break; echo outside a loop'
t 'readonly x=1; x=2; echo unreached'
t 'echo line one
echo line two
fi'
t 'export 1bad=2; echo after'
t 'unset -f nothing; shift 5; echo after'
