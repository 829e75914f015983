# Command substitution: nesting, statuses, newlines, large results.
echo "$(echo one $(echo two $(echo three)))"
echo `echo back \`echo ticks\``
x=$(printf 'a\n\nb\n\n\n'); echo "[$x]"
echo [$(printf 'a\n\nb\n\n\n')]
y=$(false); echo "status $?"
y=$(exit 7); echo "status $?"
echo "$(exit 3)" ; echo "status $?"
z=$(kill -TERM $(sh -c 'echo $PPID'); echo unreached); echo "status $? [$z]"
long=$(seq 20000); echo ${#long}
v=outer; w=$(v=inner; echo $v); echo "$v $w"
echo "$(cat <<END
from a here-document $((1+1))
END
)"
echo $(echo '$v' "$v")
lines=$(seq 3); for l in $lines; do printf '<%s>' $l; done; echo
echo "quoted: $(echo "inner "quotes"")"
