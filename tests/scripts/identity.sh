# Who one is and where: id, whoami, hostname, tty, logname, uname, pwd of the root.
id -u; id -g; [ $(id -u) = 0 ] && echo root; id | cut -d' ' -f1 | cut -c1-6; tty; echo $?; tty -s; echo $?; uname -s -m
echo "${HOME} ${PATH} ${LC_ALL}"; echo "[${TERM-unset}] [${USER-unset}]"; cd; pwd; cd /; ls -d bin tmp proc dev scripts; ls -ld /tmp | cut -c1
echo $PPID | grep -c '^[0-9]*$'; echo ${#$} | grep -c '[0-9]'; [ $PPID -lt $$ ] && echo younger than its parent; umask; echo "$-" | grep -c i; [ -t 1 ] || echo no terminal
true; echo "$_" > /dev/null; echo $LINENO; type cd; type sh; type nosuch; command -V echo; times | wc -l; hash; hostname > /dev/null; echo $?
