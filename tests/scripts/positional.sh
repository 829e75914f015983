# "$@", "$*", shift, set --, arguments of scripts and of sh -c.
show() { echo $#; for a; do printf '<%s>' "$a"; done; echo; }
set -- 'a b' '' c
show "$@"; show $@; show "$*"; show $*
(IFS=,; echo "$*"; show $*)
IFS= ; show "$*"; unset IFS
show "x$@y"
shift; show "$@"; shift 2; show "$@"; shift; echo "shift $?"
set -- 1 2 3 4 5 6 7 8 9 ten; echo "$10 ${10} $9"
sh -c 'echo "$0 $# $@"' zero one two
echo 'echo "$# $2"' > s; sh s a b; . ./s x y z
set -- "${@:-default}"; echo "$1"
for last; do :; done; echo "$last"
eval "set -- 'q r' s"; echo "$1"
