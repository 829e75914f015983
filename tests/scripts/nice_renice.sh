# Priorities as scripts see them: renice of processes, inherited by children, limits of the range.
value() { awk '{ print $19 }' /proc/$1/stat; }
value $$; renice -n 5 -p $$ > /dev/null; value $$; sh -c 'awk "{ print \$19 }" /proc/$$/stat'
renice -n 3 -p $$ > /dev/null; value $$; sleep 100 & renice -n 100 -p $! > /dev/null; value $!; kill $!; wait $! 2> /dev/null; echo $?
renice -n 1 -p 99999; echo $?; renice 2>&1 | head -n 1 | cut -c1-8; renice -n -4 -p $$ > /dev/null; value $$
ps -o pid,nice | awk '$1 == P { print $2 }' P=$$
