# exec n>, dup, close, descriptors inherited by children and seen in /proc/self/fd.
exec 3> three; echo to three >&3; echo also >&3; exec 3>&-; cat three
echo x >&3; echo "status $?"
exec 4< three; read a <&4; read b <&4; echo "$a, $b"; exec 4<&-
exec 3>&1; x=$( { echo captured; echo past it >&3; } ); echo "$x"; exec 3>&-
swap() { echo out; echo err >&2; }
swap 3>&1 1>&2 2>&3 3>&- 2> was_out; cat was_out
exec 6> six; sh -c 'echo from a child >&6'; exec 6>&-; cat six
exec 7< three; ls -l /proc/self/fd/7 | sed 's/.* -> //'
(exec 7<&-; ls /proc/self/fd/7) 2>&1 | sed 's/.*: //'
exec 7<&-
{ echo grouped >&8; } 8> eight; cat eight
exec > all; echo redirected for good; exec > /dev/null; echo lost
cat all >&2
