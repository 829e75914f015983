# What test says of files.
echo text > file; : > empty; mkdir dir; ln -s file link; ln -s nowhere dangling; mkfifo fifo; ln file hard
chmod 755 file; chmod 644 empty
t() { if [ $1 $2 ]; then echo "$1 $2: yes"; else echo "$1 $2: no"; fi; }
for name in file empty dir link dangling fifo missing /dev/null; do
    for option in -e -f -d -L -h -p -s -c -b -S; do t $option $name; done
done | grep yes
t -x file; t -x empty; t -r file; t -w file; t -u file; t -g dir; t -k dir
chmod u+s file; chmod g+s dir; chmod +t dir; t -u file; t -g dir; t -k dir
[ file -ef hard ] && echo same file
[ file -ef link ] && echo same through the link
[ file -ef empty ] || echo different files
touch -d '2020-01-01 00:00:00' old; [ file -nt old ] && echo newer; [ old -ot file ] && echo older
[ missing -nt old ] || echo missing is not newer
