/* void __tarn_set_thread_pointer(void *pointer) */
    .section .text.__tarn_set_thread_pointer, "ax"
    .globl __tarn_set_thread_pointer
    .type __tarn_set_thread_pointer, @function
__tarn_set_thread_pointer:
    mv tp, a0
    ret
    .size __tarn_set_thread_pointer, . - __tarn_set_thread_pointer
