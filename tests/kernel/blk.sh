# What blk.test does to a disk $1, with $2 a file of 1 MiB to write to it: inside Tarn, and with the host's
# dash and coreutils on a copy of the image. The outputs and the images must be the same.
disk=$1 data=$2
dd if=$disk bs=1000 skip=7 count=3 status=none | tail -c 30
tail -c 700 $disk | tail -c 30
dd if=$data of=$disk bs=64k seek=1 count=10 conv=notrunc status=noxfer 2>&1
dd if=$data of=$disk bs=1000 seek=3 skip=5 count=200 conv=notrunc status=noxfer 2>&1
dd if=$data of=$disk ibs=512 obs=7777 seek=150 count=1111 conv=notrunc,fsync status=noxfer 2>&1
for i in 0 1 2 3; do
    dd if=$data of=$disk bs=4096 skip=$((i * 50)) seek=$((400 + i * 50)) count=50 conv=notrunc status=none &
done
wait
dd if=$disk bs=4096 skip=400 count=200 status=none | cmp - $data -n 819200 && echo concurrent
head -c 3000000 $disk | tail -c 30
for i in 1 2 3 4; do head -c 2000000 $disk | tail -c 30 & done
wait
cmp $disk $disk && echo same
