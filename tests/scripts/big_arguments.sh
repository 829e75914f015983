# Long arguments and environments, up to what exec takes, and what is said beyond.
count() { sh -c 'echo $#' x "$@"; }
count $(seq 5000)
a=$(printf '%0100000d' 7); sh -c 'echo ${#1}' x $a
b=$(printf '%0131000d' 7); sh -c 'echo ${#1}' x $b
c=$(printf '%0131072d' 7); sh -c 'echo ${#1}' x $c; echo $?
set -- $a $a $a $a $a $a $a $a $a $a; /bin/busybox sh -c 'echo $# ${#9}' x "$@"
set -- "$@" "$@"; /bin/busybox echo "$@" | wc -c
set -- "$@" "$@"; /bin/busybox echo "$@" | wc -c; echo "not run"
E=$a sh -c 'echo ${#E}'
seq 20000 | xargs echo | wc -l
seq 20000 | xargs -n 1000 echo | wc -l
