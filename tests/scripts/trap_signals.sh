# trap for signals: caught, ignored, reset, listed; inherited by children or not.
trap 'echo caught USR1' USR1; kill -USR1 $$; echo after
trap 'echo caught $?' USR2; (exit 6); kill -USR2 $$
trap '' TERM; kill -TERM $$; echo 'TERM ignored'
sh -c 'kill -TERM $$; echo "a child ignores it, too"'
trap 'echo not inherited' INT; sh -c 'kill -INT $$'; echo "child $?"
trap; trap - USR1
(kill -USR1 $(sh -c 'echo $PPID')); echo "reset: $?"
trap - TERM; sh -c 'kill -TERM $$'; echo "child $?"
trap 'echo in a trap; kill -USR2 $$; echo still in it' HUP; kill -HUP $$; echo out
trap 'n=$((n + 1))' ALRM; for i in 1 2 3; do kill -ALRM $$; done; echo "$n alarms"
f() { kill -HUP $$; echo in f; }; trap 'echo in the trap' HUP; f
trap 'echo caught 15' 15; kill $$
trap 'exit 9' TERM; kill -TERM $$; echo unreached
