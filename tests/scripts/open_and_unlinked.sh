# Files that are renamed, truncated, unlinked or replaced while somebody has them open.
echo old > f; exec 3< f; echo new > g; mv g f; cat <&3; cat f; exec 3<&-
seq 5 > f; exec 3< f; read a <&3; : > f; read b <&3; echo "$a [$b]"; exec 3<&-
exec 3> f 4>> f; echo first >&3; echo second >&4; echo third >&3; exec 3>&- 4>&-; cat f
exec 3>> f; : > f; echo appended >&3; exec 3>&-; cat f; exec 3> f; echo aaaa >&3; : > f; echo b >&3; exec 3>&-; tr '\0' . < f
echo x > r; exec 3<> r; mv r s; echo yy >&3; cat s; ls r; exec 3>&-; (echo 1; echo 2) > t; (read x; echo "$x"; cat) < t
seq 3 > u; { read x; rm u; cat; } < u; ls u; cp /bin/busybox sleep; ./sleep 100 & p=$!
while [ "$(tr '\0' ' ' < /proc/$p/cmdline)" != './sleep 100 ' ]; do sleep 0; done
echo x > sleep; echo "text busy: $?"; rm sleep; echo "removed: $?"; readlink /proc/$p/exe | sed 's/.*unlinked//'; kill $p; wait $p 2> /dev/null; echo $?
mkdir d; touch d/f; exec 5< d/f; rm -r d; ls d; exec 5<&-; seq 10 > v; sed -i 5d v; wc -l < v; sort -r -n v -o v; head -n 1 v
