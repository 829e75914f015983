# Statuses of pipelines, pipefail, !, variables set in a pipe, long pipelines.
false | true; echo $?
true | false; echo $?
exit 3 | exit 4; echo $?
set -o pipefail; false | true; echo $?; exit 3 | exit 4 | true; echo $?; set +o pipefail
! true | false; echo $?
echo x | read v; echo "[${v-unset}]"
echo hello | cat | cat | cat | cat | cat | cat | cat | cat | tr h H
seq 10 | { read a; read b; echo "$a $b"; cat | wc -l; }
echo a | { cat; echo b; } | { cat; echo c; } | tac
{ sleep 0; echo late; } | cat
(exit 5) | cat; echo $?
echo err >&2 | cat
ls missing 2>&1 | sed 's/^/saw: /'
cat /dev/null | wc
nosuchcommand | cat; echo $?
cat < /dev/null | sh; echo $?
echo 'echo from stdin; echo $((1+1))' | sh
echo 'read x; echo "got $x"
the input' | sh
