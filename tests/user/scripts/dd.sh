### blocks
seq 1000 > a; dd if=a of=b 2>&1 status=noxfer; cmp a b && wc -c < b
### block size and count
seq 1000 > a; dd if=a bs=10 count=3 2>&1 status=noxfer; dd if=a bs=1k count=2 status=none | wc -c
### skip and seek
seq 1000 > a; dd if=a of=b bs=7 skip=3 seek=5 count=4 status=none; tr '\0' . < b; wc -c < b
### skip on a pipe
seq 1000 | dd bs=4 skip=10 count=2 status=none; seq 3 | dd bs=4 skip=10 status=noxfer 2>&1; echo $?
### seek keeps what is before, notrunc what is behind
seq 100 > a; cp a b; cp a c; echo XYZ | dd of=b bs=1 seek=10 status=none; echo XYZ | dd of=c bs=1 seek=10 conv=notrunc status=none; wc -c < b; wc -c < c; cmp a c; head -n 8 c
### truncation without seek
seq 100 > a; echo hi | dd of=a status=noxfer 2>&1; cat a
### input and output blocks of different sizes
seq 1000 > a; dd if=a ibs=100 obs=333 of=b status=noxfer 2>&1; cmp a b
### short blocks
(printf abc; sleep 0.2; printf defg) | dd bs=5 status=noxfer 2>&1
### full blocks from a pipe
(printf abc; sleep 0.2; printf defg) | dd bs=5 iflag=fullblock status=noxfer 2>&1
### sync pads
printf abcdefg | dd ibs=4 conv=sync status=noxfer 2>&1 | tr '\0' .
### case and swab
printf 'Hello World' | dd conv=ucase status=none; printf 'Hello World' | dd conv=lcase status=none; printf abcdef | dd conv=swab status=none
### bytes
seq 1000 > a; dd if=a iflag=skip_bytes,count_bytes skip=5 count=11 bs=4 status=noxfer 2>&1; dd if=a of=b oflag=seek_bytes seek=3 bs=100 count=1 status=none; wc -c < b
### append
echo one > a; echo two | dd of=a oflag=append conv=notrunc status=none; cat a
### excl and nocreat
touch a; dd if=/dev/null of=a conv=excl status=none 2> /dev/null; echo $?; dd if=/dev/null of=b conv=nocreat status=none 2> /dev/null; echo $?; ls
### suffixes
for n in 1c 1w 1b 1kB 1K 1k 2x3 1KiB; do dd if=/dev/zero bs=$n count=1 status=none | wc -c; done
### bad numbers
for n in 0 -1 x 1q 1x '' 1kBx; do dd if=/dev/null bs=$n status=none 2> /dev/null; echo $?; done
### bad operands
for o in bs foo=1 conv=nope iflag=nope status=nope -x; do dd $o < /dev/null 2> /dev/null > /dev/null; echo $?; done
### no such input
dd if=nope of=b 2> /dev/null; echo $?; ls
### nothing
dd if=/dev/null of=b status=noxfer 2>&1; dd if=/dev/zero count=0 status=noxfer 2>&1; wc -c < b
### count of nothing with fsync
echo data | dd of=a conv=fsync status=none; echo data | dd of=b conv=fdatasync oflag=dsync status=none; cat a b
### a full device
dd if=/dev/zero of=/dev/full bs=10 count=1 status=noxfer 2> /dev/null; echo $?
