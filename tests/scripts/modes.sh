# chmod, umask, ls -l, chown: what is kept and shown.
touch f; mkdir d; for m in 644 755 000 4755 2755 1777 u+x go-r a=r u=rwx,g=rx,o= +t g+s; do chmod $m f; stat -c '%a %A' f; done
umask; umask 027; touch g; mkdir h; stat -c %a g h; umask -S; umask 022; umask u=rwx,g=,o=; umask; umask 022
chmod 1777 d; ls -ld d | cut -c1-10; chmod -R 700 d; stat -c %a d
mkdir -p r/s; touch r/s/t; chmod -R a+X,o-w r; stat -c %a r/s r/s/t; chmod 999 f; echo $?; chmod 644 missing; echo $?
chown 5:6 f; stat -c '%u:%g' f; chgrp 7 f; stat -c %g f; chown -R 1 r; stat -c %u r/s/t; chown root f; echo $?
mkdir -m 711 m; stat -c %a m; install -m 600 f i 2>/dev/null; id -u; id -g
mkdir w; chgrp 9 w; chmod 2775 w; mkdir w/d; touch w/f; ln -s f w/l; mkfifo w/p; stat -c '%a %g' w/d w/f w/l w/p; mkdir w/d/e; stat -c '%a %g' w/d/e
chmod 000 f; cat f; echo "root reads it: $?"; chmod 644 f; ./f; echo $?
cp /bin/busybox prog 2>/dev/null; chmod 644 prog; ./prog; echo $?
