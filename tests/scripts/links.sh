# ln, symlinks relative and absolute, loops, readlink, realpath, hard links and their counts.
echo data > f; ln f h; stat -c %h f h; ln -s f s; readlink s; cat s; echo more >> s; cat f
rm f; cat h; cat s; echo $?; stat -c %h h; ls -l s | awk '{ print $1, $9, $10, $11 }'
ln h f; mkdir -p d/e; ln -s ../f d/up; cat d/up; ln -s d/e de; echo x > de/x; cat d/e/x; (cd de; pwd -P | sed 's/.*links//')
(cd de; pwd | sed 's/.*links//'); ln -s loop2 loop1; ln -s loop1 loop2; cat loop1; echo $?
readlink -f d/up | sed 's/.*links/D/'; realpath de/x | sed 's/.*links/D/'; readlink f; echo $?
ln -s new s; echo $?; ln -sf new s; readlink s; ln -s /abs/olute a; readlink a; ln missing hard; echo $?
ln d hd; echo $?; ln -s f d/; readlink d/f; ln h d; stat -c %h h; unlink d/h; stat -c %h h
test -L de && test -d de && echo link to a directory; rm de; ls d/e; ln -s . dot; cat dot/dot/dot/h | head -n 1
ls -d d/.; echo $(ls -i h f | awk '{ print $1 }' | uniq | wc -l) inode
long=$(printf '%0255d' 0); : > $long; ls $long | wc -c; true > ${long}1; echo $?
ln -s "$(printf '%04000d' 0)" far; readlink far | wc -c
