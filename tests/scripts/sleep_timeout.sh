# sleep, usleep, timeout: statuses and what is killed; time as relations only.
sleep 0; echo $?; sleep 0.01; echo $?; usleep 1000; echo $?; sleep x; echo $?
timeout 10 true; echo $?; timeout 10 sh -c 'exit 5'; echo $?; timeout 0.05 sleep 100; echo $?
timeout -s KILL 0.05 sleep 100; echo $?; timeout 10 nosuch; echo $?
timeout 0.05 sh -c 'trap "echo told to end; exit 3" TERM; while :; do sleep 0.01; done'; echo $?
a=$(date +%s); sleep 1; b=$(date +%s); [ $((b - a)) -ge 1 ] && echo at least a second
sleep 0.02 & sleep 0.01 & wait; echo both; (sleep 0.01; echo late) & echo early; wait
time true 2>&1 | awk '{ print $1 }'
{ time sleep 0.01; } 2>&1 | awk 'NF { print $1, ($NF ~ /s$/) }'
echo | { sleep 0.01; cat; } | wc -c
