# Groups and sessions: kill of a group, setsid, set -m, stop and continue.
pgid() { awk '{ print $5 }' /proc/$1/stat; }
[ $(pgid $$) = $(pgid self) ] && echo children share the group
setsid sh -c 'awk "{ print \$1 == \$5, \$5 == \$6 }" /proc/$$/stat'
mkfifo ready
setsid sh -c 'sleep 100 & sleep 100 & echo $$ > ready; wait' & read leader < ready; kill -TERM -$leader; wait $! 2> /dev/null; echo "group killed: $?"
kill -TERM -99999; echo $?; set -m; echo 'no job control without a terminal'
sleep 100 & p=$!; kill -STOP $p; while ! grep -q '^State:	T' /proc/$p/status; do sleep 0; done; echo stopped
kill -TERM $p; grep -c '^State:	T' /proc/$p/status; kill -CONT $p; wait $p 2> /dev/null; echo $?
sh -c 'kill -STOP $$; echo continued; exit 3' & p=$!; while ! grep -q '^State:	T' /proc/$p/status; do sleep 0; done; kill -CONT $p; wait $p 2> /dev/null; echo $?
(trap 'echo CONT seen' CONT; kill -CONT $(sh -c 'echo $PPID'); :)
sh -c 'kill 0' ; echo unreached
