# exec: the shell becomes the command; with redirections only; what fails.
(exec echo replaced; echo unreached); echo $?
(exec sh -c 'exit 5'); echo $?
(exec nosuch; echo unreached); echo $?
(exec /bin; echo unreached); echo $?
(p=$(sh -c 'echo $PPID'); exec sh -c "[ \$\$ = $p ] && echo the same process")
(exec 3> f; exec sh -c 'echo inherited >&3'); cat f
(exec > g; echo here; exec echo there); cat g
(X=1 exec sh -c 'echo "X=$X"')
(trap 'echo trap lost' EXIT; exec true)
(trap '' USR1; exec sh -c 'kill -USR1 $$; echo still ignored')
(trap 'echo caught' USR1; exec sh -c 'kill -USR1 $$; echo unreached'); echo $?
(exec); echo "exec alone $?"
exec sh -c 'echo the last word; exit 11'
