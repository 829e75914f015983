# What $? is after every kind of end.
(exit 0); echo $?; (exit 1); echo $?; (exit 255); echo $?; (exit 256); echo $?; (exit 300); echo $?
for s in HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM XCPU XFSZ VTALRM PROF SYS; do
    sh -c "kill -$s \$\$" 2>/dev/null; echo "$s $?"
done
for s in CHLD CONT URG WINCH; do sh -c "kill -$s \$\$; exit 8"; echo "$s $?"; done
sh -c 'exit 5' & wait $!; echo $?
sh -c 'kill -9 $$' & wait $! 2> /dev/null; echo $?
(sh -c 'kill -TERM $$'; echo "inner $?"); echo $?
sh -c 'kill -TERM $$; true' | cat; echo $?
(exit -1); echo $?
sh -c 'exit abc'; echo $?
sh -c 'return 4'; echo $?
false; sh -c 'exit'; echo $?
sh -c 'false; exit'; echo $?
