# trap EXIT: at the end, at exit N, in subshells, when an error ends the shell; what it may change.
sh -c 'trap "echo bye" EXIT; echo body'; echo $?
sh -c 'trap "echo bye" EXIT; exit 3'; echo $?
sh -c 'trap "exit 4" EXIT; exit 3'; echo $?
sh -c 'trap "echo status \$?" EXIT; false'; echo $?
sh -c 'trap "echo status \$?" 0; exit 7'; echo $?
sh -c 'trap "echo outer" EXIT; (echo sub); (trap "echo inner" EXIT); echo end'
sh -c 'trap "echo bye" EXIT; trap - EXIT; echo none'
sh -c 'set -e; trap "echo cleanup" EXIT; false; echo unreached'; echo $?
sh -c 'trap "echo bye" EXIT; : ${x?missing}; echo unreached'; echo $?
sh -c 'trap "echo on exit" EXIT; kill -KILL $$'; echo $?
sh -c 'trap "echo bye; rm -f tmp" EXIT; echo > tmp'; ls tmp
trap 'echo the script ends with $?' EXIT
exit 42
