# jobs, %n and wait without job control, as in every script: set -m wants a terminal.
set -m; echo $?
sleep 100 & jobs | cut -c1-12; jobs -p | wc -l; kill %1; wait %1 2> /dev/null; echo $?; jobs | wc -l
(exit 3) & wait %1; echo $?
sleep 100 & a=$!; sleep 100 & b=$!; jobs -p > pids; [ "$(tr "\n" " " < pids)" = "$b $a " ] && echo the newest is first
kill %1 %2; wait $a 2> /dev/null; echo $?; wait $b 2> /dev/null; echo $?
fg %1; echo $?; bg %9; echo $?; jobs %9; echo $?; wait %7; echo $?; kill %1; echo $?
