# & and wait: statuses of each job, $!, wait for all, a job's input is empty.
(exit 3) & a=$!
(exit 4) & b=$!
true & c=$!
wait $b; echo "b $?"; wait $a; echo "a $?"; wait $c; echo "c $?"
sleep 0 & wait; echo "all $?"
wait; echo "none $?"
wait 999999; echo "not ours $?"
(echo first; echo second) > out & wait $!; cat out
cat & wait $!; echo "its input was empty: $?"
for i in 1 2 3; do (echo job $i > out.$i; exit $i) & eval p$i=$!; done
wait $p1 $p2 $p3; echo "the last: $?"; cat out.*
x=5; { x=6; } & wait; echo "$x"
sleep 100 & kill $!; wait $! 2> /dev/null; echo "killed $?"
kill -0 $! 2>/dev/null; echo "gone $?"
f() { sleep 0; return 9; }; f & wait $!; echo "function $?"
true | false & wait $!; echo "pipeline $?"
echo end &
wait
