# Parameter expansion: defaults, assignments, lengths, prefixes, suffixes, replacement.
unset u; e=; v=value
echo "[${u-default}] [${u:-default}] [${e-default}] [${e:-default}] [${v:-default}]"
echo "[${u+set}] [${e+set}] [${e:+full}] [${v:+full}]"
echo "${u=assigned} $u"
echo "${#v} ${#e}"
p=/usr/local/lib/libc.so.6
echo "${p#*/} ${p##*/} ${p%.*} ${p%%.*} ${p%/*}"
echo "${v:1} ${v:1:3} ${v:(-2)}"
echo "${p/lib/LIB} ${p//lib/LIB} ${p//\//:}"
a=b; b=c
eval echo \$$a
x=${y:=deep} ; echo "$x $y"
readonly r=1
(r=2; echo unreached) ; echo "status $?"
(: ${nothing:?is not set}; echo unreached); echo "status $?"
(: ${nothing?}; echo unreached); echo "status $?"
unset v; echo "${v-gone}"
n=one; one=1; echo "$((one + n))"
set -- a b c; echo "$# $1 ${3} $*"
