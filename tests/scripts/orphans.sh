# A parent that ends before its child: init takes the orphan, and reaps it.
mkfifo f
sh -c '(read x < f; awk "/^PPid/ { print \"awk is the child of a shell\", (\$2 > 1) }" /proc/self/status; echo "orphan ends") > out &
exit 4'; echo $?
ls out; echo go > f; while ! grep -q ends out; do sleep 0; done; cat out
p=$(sh -c 'sleep 100 > /dev/null & echo $!'); [ -d /proc/$p ] && echo it lives on
while [ "$(awk '/^PPid/ { print $2 }' /proc/$p/status)" != 1 ]; do sleep 0; done; echo its parent is init
kill $p; while [ -d /proc/$p ]; do sleep 0; done; echo reaped by init
wait $p; echo $?
