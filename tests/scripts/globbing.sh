# * ? [ ] against files: order, hidden names, directories, no match, quoting, set -f.
touch b a c ab aB abc .hidden 'with space' x1 x2 x10; mkdir d e; touch d/one d/two e/one d/.three
echo *
echo ? ; echo ??
echo a*; echo [ab]*; echo [!a]*; echo x[0-9]; echo x[0-9]*
echo .h*; echo .*den
echo */; echo */one; echo d/*
echo nomatch*; echo 'a*' "a*" a\*
set -f; echo a*; set +f
for f in *\ *; do echo "[$f]"; done
v='a*'; echo $v; echo "$v"
echo ./*c
touch '[x]' 'st*r'; echo \[x\]; ls st\*r
echo d/../e/*; echo /scripts/glob*
cd d; echo *; echo .*
set -- *; echo $#
