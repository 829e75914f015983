# set -e -u -x -v -n -a -f, $-, and where -e does not count.
sh -c 'set -e; echo a; false; echo unreached'; echo $?
sh -c 'set -e; false || true; if false; then :; fi; ! true; false && x; echo survived'; echo $?
sh -c 'set -e; (exit 3); echo unreached'; echo $?
sh -c 'set -e; x=$(false); echo unreached'; echo $?
sh -c 'set -e; f() { false; echo in f; }; f || true; f; echo unreached'; echo $?
sh -c 'set -e; false | true; echo pipeline'; echo $?
sh -c 'set -u; echo "${x-}"; echo $x; echo unreached'; echo $?
sh -c 'set -x; echo a b; v=1; [ $v = 1 ] && echo "q r"' 2>&1
sh -c 'PS4="> "; set -x; for i in 1 2; do : $i; done' 2>&1
sh -vc 'echo verbose' 2>&1
sh -c 'set -a; EXPORTED=1; set +a; NOT=2; env | grep -e ^EXPORTED -e ^NOT'
sh -ec 'echo $-' | grep -o e
set -o | grep -e errexit -e noglob
set -- -a b; echo "$# $1"; set -- ; echo $#
set -e; set +e; false; echo on
