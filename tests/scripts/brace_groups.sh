# { }: no process of its own; redirection as one; statuses.
{ v=set; echo in; }; echo $v
{ echo a; echo b; } | wc -l
{ cat; echo after; } < /dev/null
{ exit_status() { return 4; }; exit_status; }; echo $?
{ echo one; { echo two; } } > f; cat f
{ false; } && echo never || echo or
false || { echo fallback; true; } && echo and
x() { { return 7; }; echo unreached; }; x; echo $?
{ echo left & wait; echo right; }
