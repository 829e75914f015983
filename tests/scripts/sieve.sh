# Computation in the shell itself: primes, sorting, a queue, Collatz, string reversal, gcd.
n=200; i=2; while [ $i -le $n ]; do eval "c=\$s$i"; if [ -z "$c" ]; then printf '%s ' $i; j=$((i * i)); while [ $j -le $n ]; do eval s$j=1; j=$((j + i)); done; fi; i=$((i + 1)); done; echo
gcd() { local a=$1 b=$2 t; while [ $b -ne 0 ]; do t=$((a % b)); a=$b; b=$t; done; echo $a; }; gcd 1071 462
collatz() { local n=$1 k=0; while [ $n -ne 1 ]; do n=$((n % 2 ? 3 * n + 1 : n / 2)); k=$((k + 1)); done; echo $k; }; collatz 27; collatz 97
reverse() { local s=$1 r=; while [ -n "$s" ]; do r=${s%"${s#?}"}$r; s=${s#?}; done; echo "$r"; }; reverse 'vitrine shell'
bubble() { local changed=1; while [ $changed = 1 ]; do changed=0; set -- "$@"; local out= prev=; for x; do if [ -z "$prev" ]; then prev=$x; elif [ $prev -gt $x ]; then out="$out $x"; changed=1; else out="$out $prev"; prev=$x; fi; done; set -- $out $prev; done; echo "$*"; }; bubble 5 3 9 1 7 2
hanoi() { [ $1 -eq 0 ] && return; hanoi $(($1 - 1)) $2 $4 $3; moves=$((moves + 1)); hanoi $(($1 - 1)) $4 $3 $2; }; moves=0; hanoi 8 a b c; echo $moves
s=0; i=0; while [ $i -lt 5000 ]; do s=$((s + i * i % 7)); i=$((i + 1)); done; echo $s
