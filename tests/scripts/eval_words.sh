# eval: quoting twice, building commands, statuses; indirect variables; simulated arrays.
cmd='echo "a   b" | tr a-z A-Z'; eval "$cmd"; eval $cmd
x='$y'; y=deep; eval echo $x
eval 'false'; echo $?
eval; echo $?
eval 'exit_of() { return 6; }'; exit_of; echo $?
for i in 1 2 3; do eval "arr_$i=\$((i * i))"; done
for i in 3 2 1; do eval "printf '%s ' \$arr_$i"; done; echo
name=arr_2; eval "echo \${$name}"
eval 'for i in a b; do echo $i; done > out'; cat out
eval "v='it'\"'\"'s'"; echo "$v"
quote() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
q=$(quote "don't \$x"); eval "echo $q"
alias hi='echo aliased'; eval 'hi there'; unalias hi; eval 'hi' 2> /dev/null; echo $?
