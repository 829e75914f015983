# Shells in shells: arguments, environments, statuses through many levels; -c, -s, files, stdin.
sh -c 'sh -c "sh -c \"exit 7\""'; echo $?
n=0 sh -c 'deeper() { n=$((n + 1)); export n; [ $n -ge 8 ] && echo "level $n" || sh -c "$code"; }; deeper' ; echo $?
code='n=$((n + 1)); export n; if [ $n -lt 12 ]; then sh -c "$code"; echo -n "$n "; else echo bottom $n; fi'; export code n=0; sh -c "$code"; echo
echo 'echo "from a file: $1 $0"' > s.sh; sh s.sh arg; sh < s.sh; sh -s arg < s.sh; cat s.sh | sh -s two
sh -c 'echo $1; shift; [ $# -gt 0 ] && sh -c "echo inner \$0 \$1" "$@"' x a b c
echo 'exit 4' | sh; echo $?; echo 'kill -9 $$' | sh; echo $?
ash -c 'echo ash'; busybox sh -c 'echo $0'; sh -c 'echo $0'; sh --help 2>&1 | head -n 1 | cut -c1-7
sh -c 'cat; echo after' < s.sh; (sh -c 'read x; echo "took $x"'; cat) <<END
one
two
END
