# Quotes, escapes, and words put together from pieces.
x='a  b'
echo $x
echo "$x"
echo '$x `x` \n "q"'
echo "\$x \`x\` \"q\" \\ \n"
echo a\ b\'c\"d
echo 'it'"'"'s' "one"'two'three
echo $'tab\there\x41\101'
printf '[%s]' "" '' a"" ""; echo
printf '<%s>' $x "$x" ""; echo
echo "multi
line"
echo a\
b
echo '#no' comment # this one is
echo \# not
echo -n no newline; echo
echo -e 'a\tb\\c'
echo "${x}c" "$xc" "${#x}"
