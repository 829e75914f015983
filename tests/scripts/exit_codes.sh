# 127, 126 and what the shell says when a command cannot be run.
nosuchcommand; echo $?
./missing; echo $?
/bin; echo $?
echo 'echo hi' > noexec; ./noexec; echo $?; chmod +x noexec; ./noexec; echo $?
mkdir dir; ./dir; echo $?
printf '\177ELFbroken' > broken; chmod +x broken; ./broken 2> err; echo $?
: > empty; chmod +x empty; ./empty; echo $?
printf '#!/no/interpreter\n' > bad; chmod +x bad; ./bad; echo $?
sh missing.sh; echo $?
sh -c 'syntax error ('; echo $?
sh -c 'if'; echo $?
sh -c ')' ; echo $?
sh -n noexec; echo $?
sh -c 'echo "$0 $1"' name arg
sh -z; echo $?
command nosuch; echo $?
eval 'echo ('; echo unreached
