# For the tests of this folder: boots a kernel by itself, without tools/run.
#
# kernel MACHINE XLEN HARTS WORDS [MACHINE-ARGUMENT...]: boots with WORDS as the command line and no
# input; the console goes to $T/out, the status is the machine's (0 power-off, 1 failure, 124 too long).
kernel()
{
    kernel_machine=$1 kernel_xlen=$2 kernel_harts=$3 kernel_words=$4
    shift 4
    set -- -bios "$B/rv$kernel_xlen/fw_jump.bin" -kernel "$B/rv$kernel_xlen/Image" \
        -smp "$kernel_harts" -append "$kernel_words" "$@"
    case $kernel_machine in
    emu) set -- "$B/host/tarn-emu" --xlen "$kernel_xlen" "$@" ;;
    qemu) set -- "qemu-system-riscv$kernel_xlen" -M virt -nographic "$@" ;;
    esac
    timeout 60 "$@" < /dev/null > "$T/out" 2>&1
}
