# xargs: -n, -I, -0, quotes, empty input, statuses.
seq 7 | xargs -n 3
echo a b c | xargs -n 1 echo item
printf 'one\ntwo words\n' | xargs -I {} echo '[{}]'
printf 'a\0b c\0' | xargs -0 -n 1 echo
echo "'quoted arg' plain \"double q\"" | xargs -n 1
: | xargs echo empty; : | xargs -r echo never
echo x | xargs false; echo $?
echo x | xargs sh -c 'exit 255'; echo $?
echo x | xargs nosuchcommand; echo $?
echo 3 | xargs sh -c 'exit $1' x; echo $?
seq 3 | xargs -t echo 2>&1
seq 4 | xargs -P 2 -n 1 echo | sort
seq 100 | xargs -s 60 | wc -l
touch f1 f2 f3; ls f* | xargs rm; ls f* 2>/dev/null | wc -l
