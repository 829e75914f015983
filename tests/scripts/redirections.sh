# > >> < 2> 2>&1 &> <>, order, noclobber, errors.
echo one > f; echo two >> f; cat < f
ls missing 2> err; echo "status $?"; cat err
{ echo out; echo err >&2; } > both 2>&1; cat both
{ echo out; echo err >&2; } 2>&1 > only_out | sed 's/^/piped: /'; cat only_out
echo x > f > g; wc -c f g
> truncated; ls -l truncated | cut -c1-10
echo 12345 > rw; exec 5<> rw; read -n 2 start <&5; echo X >&5; exec 5>&-; cat rw; echo "start $start"
set -C; echo new > f; echo "status $?"; echo forced >| f; cat f; set +C
cat < missing; echo "status $?"
echo x > dir_missing/f; echo "status $?"
mkdir d; echo x > d; echo "status $?"
true < missing && echo never; (: < missing; echo unreached) ; echo 'a special built-in ends the shell'
echo to stderr >&2
echo hidden > /dev/null
if true; then echo in; echo side; fi > f; cat f
echo a >f; exec 4>>f; echo b >&4; echo c >&4; exec 4>&-; cat f
command echo q 2>&- >f; cat f
