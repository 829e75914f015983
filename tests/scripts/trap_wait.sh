# A signal with a trap ends wait early; the job goes on and can be waited for again.
trap 'echo trapped' USR1
mkfifo gate
(read x < gate; exit 3) & job=$!
(kill -USR1 $$) & killer=$!
wait $job; echo "interrupted: $?"; wait $killer
echo go > gate
wait $job; echo "then: $?"
wait
trap 'echo child ended' CHLD
(exit 5) & wait $!
trap - CHLD
trap 'echo term; exit 8' TERM
(kill $$) & while :; do wait; done
