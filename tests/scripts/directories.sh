# mkdir, rmdir, cd, pwd, CDPATH, deep paths, directories removed under one's feet.
mkdir a a; echo $?; mkdir -p a/b/c/d; mkdir x/y; echo $?; rmdir a; echo $?; rmdir -p a/b/c/d; ls -d a
mkdir -p p/q; cd p/q; pwd | sed 's/.*directories//'; cd ..; pwd | sed 's/.*directories//'; cd - | sed 's/.*directories//'; cd ../..
cd missing; echo $?; echo > file; cd file; echo $?; cd ''; echo $?
CDPATH=/tmp/directories/p; cd q | sed 's/.*directories//'; unset CDPATH; cd /tmp/directories
mkdir gone; cd gone; rmdir ../gone; ls; echo $?; pwd | sed 's/.*directories//'; echo x > y; echo $?; cd ..; pwd -P | sed 's/.*directories//'
cd /tmp/directories; d=; for i in $(seq 60); do d=$d/level$i; done; mkdir -p ./$d; echo x > ./$d/leaf; find . -name leaf | wc -c
i=0; cd ./$d; while [ "$(pwd -P)" != /tmp/directories ]; do cd ..; i=$((i + 1)); done; echo $i up
rm -r level1; for i in $(seq 300); do : > f$i; done; ls | wc -l; ls | sort | tail -n 1; echo f1?? | wc -w; rm f*; ls
mkdir -- 'sp ace' '-dash' 'ünï'; ls; cd ./-dash; cd ..; rmdir -- -dash; cd /; cd ../../..; pwd; ls -d /tmp /proc /dev
