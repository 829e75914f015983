# kill: names, numbers, lists, -0, several, groups, errors.
kill -l 9; kill -l TERM; kill -l 137
kill -l | head -n 3
sleep 100 & p=$!; kill -0 $p; echo "alive $?"; kill -s KILL $p; wait $p 2> /dev/null; echo $?
sleep 100 & a=$!; sleep 100 & b=$!; kill -15 $a $b; wait $a 2> /dev/null; echo $?; wait $b 2> /dev/null; echo $?
kill -0 99999; echo $?
kill -NOSUCH $$; echo $?
kill; echo $?
kill abc; echo $?
sleep 100 & kill -SIGHUP $!; wait $! 2> /dev/null; echo $?
sleep 100 & kill -STOP $!; kill -KILL $!; wait $! 2> /dev/null; echo "stopped and killed $?"
kill -0 $$ && echo 'we live'
sh -c 'sleep 100 & kill %1; wait $! 2> /dev/null; echo $?'
