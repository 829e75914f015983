# busybox --install: links for every applet, found by PATH; links dispatch by their name.
mkdir bin; /bin/busybox --install -s /tmp/install_applets/bin; [ $(ls bin | wc -l) -gt 200 ] && echo many
readlink bin/ls | grep -c busybox; bin/echo by its link; bin/seq 2; PATH=$PWD/bin; env ls bin | grep -x -e sort -e awk
busybox | head -n 1 | cut -d' ' -f1; [ $(busybox --list | wc -l) -gt 200 ] && echo listed; busybox nosuch; echo $?
ln -s /bin/busybox bin/unknown; bin/unknown; echo $?; ln /tmp/install_applets/bin/ls hard 2>/dev/null; bin/sh -c 'echo shell by link: $0'
env printf '%s\n' external; bin/test -d bin; echo $?; bin/[ 1 = 2 ]; echo $?; bin/true; echo $?; bin/false; echo $?
command -v sort; which sort | sed 's/.*install_applets//'; ls --help 2>&1 | grep -c Usage; ls -Q 2>&1 | head -n 1
