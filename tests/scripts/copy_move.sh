# cp, mv, rm: files, directories, links, modes, overwriting, errors; across file systems.
echo a > a; chmod 640 a; cp a b; cat b; stat -c %a b; cp -p a c; mkdir -p d/sub; echo x > d/sub/x; ln -s x d/sub/l
cp -r d e; find e | sort; cp a d/sub e; ls e; echo $?
mv a moved; ls a; cat moved; mv moved e; ls e; mv e f; ls -d e f; mkdir g; mv f g; ls g
cp missing x; echo $?; mv missing x; echo $?; cp b b; echo $?; cp d h; echo $?
rm b; rm b; echo $?; rm -f b; echo $?; rm d; echo $?; rm -r d; ls d; rmdir g; echo $?
cp -a g copy; readlink copy/f/sub/l; echo new > n; echo old > o; mv n o; cat o; cp -n c o; cat o
mkdir -p /dev/shm/cm; mv o /dev/shm/cm/; cat /dev/shm/cm/o; mv g /dev/shm/cm/; find /dev/shm/cm | sort; mv /dev/shm/cm back; ls back
touch 1 2 3; rm -v 1 2 | wc -l; rm -rf /tmp/copy_move/back ./3 copy; ls
cp -l c hard; [ c -ef hard ] && echo linked; cp -s /tmp/copy_move/c soft; readlink soft; mv c hard; ls c hard
mkdir x y; touch x/f y/f; mv x y/; ls -R y; mv y/x y/x/in; echo $?; mv -f y y; echo $?
