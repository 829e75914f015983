# mktemp: files, directories, templates, modes; cleaned up by a trap; unlinked while open.
t=$(mktemp); [ -f $t ] && [ ! -s $t ] && echo a file; stat -c %a $t; case $t in /tmp/tmp.??????) echo in /tmp ;; esac; rm $t
d=$(mktemp -d); [ -d $d ] && echo a directory; stat -c %a $d; rmdir $d
m=$(mktemp ./my.XXXXXX); case $m in ./my.??????) echo from a template ;; esac
[ $(mktemp ./q.XXXXXX) != $(mktemp ./q.XXXXXX) ] && echo different; mktemp ./short.X; echo $?; mktemp -u ./u.XXXXXX > /dev/null; ls u.* 2>/dev/null
TMPDIR=/dev/shm; export TMPDIR; s=$(mktemp); echo ${s%/*}; rm $s; TMPDIR=/nowhere mktemp 2>&1 | sed 's/tmp\.[^:]*/tmp.X/'
exec 3> ghost 4< ghost; rm ghost; echo still written >&3; cat <&4; ls ghost; readlink /proc/self/fd/4 | sed 's/.*ghost/ghost/'; exec 3>&- 4<&-
sh -c 'w=$(mktemp -d ./work.XXXXXX); trap "rm -rf $w" EXIT; echo x > $w/f; ls $w; exit 3'; echo $?; ls -d work.* 2>/dev/null | wc -l
sh -c 'w=$(mktemp -d ./work.XXXXXX); trap "rm -rf $w; exit 4" TERM; kill $$; sleep 10'; echo $?; ls -d work.* 2>/dev/null | wc -l
