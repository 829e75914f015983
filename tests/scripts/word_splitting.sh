# IFS: white space and others, empty fields, no splitting in quotes and assignments.
show() { printf '%s:' $#; for a; do printf '<%s>' "$a"; done; echo; }
v=' a  b	c
d '; show $v; show "$v"; w=$v; show $w
IFS=:; v='a:b::c:'; show $v; v=':x'; show $v; show a:b
IFS=' :'; v='a : b:c  d'; show $v
IFS=; v='a b'; show $v
unset IFS; show $v
IFS=x; show $(echo axbxc); show `echo 1x2`
IFS=,; set -- 1 2 3; echo "$*"; v="$*"; echo "$v"; unset IFS
show $(printf 'a b\nc')
e=; show $e; show "$e"; show $e"$e"
PATHS=/a:/b:/c; IFS=:; for p in $PATHS; do printf '%s ' $p; done; echo
