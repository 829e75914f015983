# ps, pidof, $$, $PPID, $!: who is there, whose child, with which name and arguments.
is_asleep() { until [ "$(awk '{ print $2, $3 }' /proc/$1/stat)" = "(sleep) S" ]; do sleep 0; done; }
sleep 77 & s=$!; is_asleep $s
ps -o pid,ppid,args | awk -v s=$s '$1 == s { print ($2 == PARENT), $3, $4, $5 }' PARENT=$$
ps -o pid,comm | awk -v s=$s '$1 == s { print $2 }'; ps | awk -v s=$$ '$1 == s { print "here" }'
ps -o pid,stat | awk -v s=$s '$1 == s { print $2 }'; kill -STOP $s; ps -o pid,stat | awk -v s=$s '$1 == s { print $2 }'
kill -CONT $s; kill $s; wait $s 2> /dev/null; echo $?; ps -o pid | grep -c "^ *$s\$"
sh -c 'echo $PPID' | { read p; [ $p = $$ ] && echo parent; }
ps -o pid,ppid,comm | awk '$1 == 1 { print $2 }'
[ -d /proc/$$ ] && echo in /proc; [ -d /proc/99999 ] || echo not in /proc
(exit 0) & z=$!; while [ -d /proc/$z ] && ! grep -qs '^State:	Z' /proc/$z/status; do sleep 0; done; wait $z; echo "zombie reaped: $?"; [ -d /proc/$z ] || echo and gone
ls /proc | grep -c "^$$\$"; sleep 55 & is_asleep $!; sleep 55 & is_asleep $!; pidof sleep | wc -w; killall sleep; wait; ps -o comm | grep -c sleep
awk '{ print $1 == P, $3, $4 == PP }' P=$$ PP=$PPID /proc/$$/stat
tr '\0' ' ' < /proc/$$/cmdline; echo
