# export, unset, VAR=x command, env, what children see.
export A=1; B=2; sh -c 'echo "[$A] [$B]"'
C=3 sh -c 'echo $C'; echo "[$C]"
A=changed sh -c 'echo $A'; echo $A
env -i X=y /bin/busybox env
env -u A /bin/busybox sh -c 'echo "[$A]"'
unset A; sh -c 'echo "[${A-unset}]"'
f() { echo "f sees $V"; }; V=temp f; echo "[${V-unset}]"
export D='two words
and lines'; sh -c 'echo "$D"'
export | grep -c '^export'
readonly R=x; sh -c 'echo "[$R]"'; export R; sh -c 'echo "[$R]"'
env | sort | grep -v -e ^D -e ^and -e ^PWD -e ^SHLVL -e ^OLDPWD
E=$(seq 5000) sh -c 'echo ${#E}'
(PATH=; ls > /dev/null && echo applets need no PATH)
HOME=/; cd; pwd; cd - > /dev/null
echo ~ "$HOME" ~/x
