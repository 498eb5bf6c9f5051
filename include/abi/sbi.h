/*
 * The RISC-V Supervisor Binary Interface as seen from both sides of the ecall: what the rows of
 * abi/sbi.def expand to, and the values of arguments and results (SBI specification 3.0).
 *
 * Extension id in a7, function id in a6, arguments in a0-a5; error in a0, value in a1; every other
 * register is preserved. Assembly sources may include this file for the numbers in capitals that
 * are macros.
 */
#pragma once

#define SBI_EID_BASE 0x10
#define SBI_EID_TIME 0x54494D45

#ifndef __ASSEMBLER__

enum sbi_error {
#    define SBI_ERROR(name, value, text) SBI_##name = (value),
#    include "abi/sbi.def"
};

/* SBI_EXT_BASE and so on: the extension ids. */
enum sbi_ext_id {
#    define SBI_EXT(ext, eid, major, minor) SBI_EXT_##ext = (eid),
#    include "abi/sbi.def"
};

/* SBI_BASE_GET_SPEC_VERSION and so on: the function ids, unique within their extension only. */
enum sbi_function_id {
#    define SBI_CALL(ext, name, fid, ...) SBI_##ext##_##name = (fid),
#    include "abi/sbi.def"
};

/* What a call returns in a0 and a1. */
struct sbiret {
    long error; /* SBI_SUCCESS or SBI_ERR_... */
    long value;
};

/* Specification version as BASE reports it. */
#    define SBI_VERSION(major, minor) (((major) << 24) | (minor))

/* Implementation ids: 0 to 11 are assigned to others; "Tarn" is not a registered number. */
enum {
    SBI_IMPL_OPENSBI = 1,
    SBI_IMPL_TARN = 0x5441524e, /* "TARN" */
};

/* hart_mask_base that means every hart, whatever the mask. */
#    define SBI_HART_MASK_ALL (~0UL)

/* Hart states (HSM). */
enum sbi_hart_state {
    SBI_HART_STARTED,
    SBI_HART_STOPPED,
    SBI_HART_START_PENDING,
    SBI_HART_STOP_PENDING,
    SBI_HART_SUSPENDED,
    SBI_HART_SUSPEND_PENDING,
    SBI_HART_RESUME_PENDING,
};

/* Suspend types (HSM), 32 bits. */
#    define SBI_SUSPEND_RETENTIVE     0x00000000u
#    define SBI_SUSPEND_NON_RETENTIVE 0x80000000u

/* Sleep types (SUSP), 32 bits. */
enum {
    SBI_SUSP_SUSPEND_TO_RAM,
};

/* Firmware features (FWFT), 32 bits; all others are reserved or of some platform. */
enum sbi_fwft_feature {
    SBI_FWFT_MISALIGNED_EXC_DELEG,
    SBI_FWFT_LANDING_PAD,
    SBI_FWFT_SHADOW_STACK,
    SBI_FWFT_DOUBLE_TRAP,
    SBI_FWFT_PTE_AD_HW_UPDATING,
    SBI_FWFT_POINTER_MASKING_PMLEN,
    SBI_FWFT_FEATURE_COUNT
};
#    define SBI_FWFT_LOCK 1UL

/* Events (PMU): type in bits 19 to 16, code below. */
enum sbi_pmu_hw_event {
    SBI_PMU_HW_NO_EVENT,
    SBI_PMU_HW_CPU_CYCLES,
    SBI_PMU_HW_INSTRUCTIONS,
    SBI_PMU_HW_CACHE_REFERENCES,
    SBI_PMU_HW_CACHE_MISSES,
    SBI_PMU_HW_BRANCH_INSTRUCTIONS,
    SBI_PMU_HW_BRANCH_MISSES,
    SBI_PMU_HW_BUS_CYCLES,
    SBI_PMU_HW_STALLED_CYCLES_FRONTEND,
    SBI_PMU_HW_STALLED_CYCLES_BACKEND,
    SBI_PMU_HW_REF_CPU_CYCLES,
};
#    define SBI_PMU_FW_EVENT(code) (0xf0000u | (code))
enum sbi_pmu_fw_event {
    SBI_PMU_FW_MISALIGNED_LOAD,
    SBI_PMU_FW_MISALIGNED_STORE,
    SBI_PMU_FW_ACCESS_LOAD,
    SBI_PMU_FW_ACCESS_STORE,
    SBI_PMU_FW_ILLEGAL_INSN,
    SBI_PMU_FW_SET_TIMER,
    SBI_PMU_FW_IPI_SENT,
    SBI_PMU_FW_IPI_RECEIVED,
    SBI_PMU_FW_FENCE_I_SENT,
    SBI_PMU_FW_FENCE_I_RECEIVED,
    SBI_PMU_FW_SFENCE_VMA_SENT,
    SBI_PMU_FW_SFENCE_VMA_RECEIVED,
    SBI_PMU_FW_SFENCE_VMA_ASID_SENT,
    SBI_PMU_FW_SFENCE_VMA_ASID_RECEIVED,
    SBI_PMU_FW_PLATFORM = 65535,
};

/* Flags of counter_config_matching, counter_start and counter_stop (PMU). */
#    define SBI_PMU_CFG_SKIP_MATCH  0x01ul
#    define SBI_PMU_CFG_CLEAR_VALUE 0x02ul
#    define SBI_PMU_CFG_AUTO_START  0x04ul
#    define SBI_PMU_CFG_SET_UINH    0x20ul
#    define SBI_PMU_CFG_SET_SINH    0x40ul
#    define SBI_PMU_CFG_SET_MINH    0x80ul
#    define SBI_PMU_CFG_ALL         0xfful
#    define SBI_PMU_START_SET_VALUE 0x1ul
#    define SBI_PMU_START_SNAPSHOT  0x2ul
#    define SBI_PMU_STOP_RESET      0x1ul
#    define SBI_PMU_STOP_SNAPSHOT   0x2ul

/* Snapshot memory (PMU): a page; slots count from counter_idx_base. */
struct sbi_pmu_snapshot {
    unsigned long long overflow; /* bit map of slots */
    unsigned long long values[64];
};

/* An entry of event_get_info's memory (PMU). */
struct sbi_pmu_event_info {
    unsigned event;
    unsigned output; /* 1: supported */
    unsigned long long data;
};

/* Software events (SSE), 32 bits. */
#    define SBI_SSE_LOCAL_RAS         0x00000000u
#    define SBI_SSE_LOCAL_DOUBLE_TRAP 0x00000001u
#    define SBI_SSE_GLOBAL_RAS        0x00008000u
#    define SBI_SSE_LOCAL_PMU         0x00010000u
#    define SBI_SSE_LOCAL_SOFTWARE    0xffff0000u
#    define SBI_SSE_GLOBAL_SOFTWARE   0xffff8000u
#    define SBI_SSE_IS_GLOBAL(id)     (((id) >> 15) & 1)

/* Attributes of an event, one register wide each. */
enum sbi_sse_attr {
    SBI_SSE_ATTR_STATUS, /* state in bits 1 and 0, then: */
    SBI_SSE_ATTR_PRIORITY,
    SBI_SSE_ATTR_CONFIG,
    SBI_SSE_ATTR_PREFERRED_HART,
    SBI_SSE_ATTR_ENTRY_PC,
    SBI_SSE_ATTR_ENTRY_ARG,
    SBI_SSE_ATTR_INTERRUPTED_SEPC,
    SBI_SSE_ATTR_INTERRUPTED_FLAGS,
    SBI_SSE_ATTR_INTERRUPTED_A6,
    SBI_SSE_ATTR_INTERRUPTED_A7,
    SBI_SSE_ATTR_COUNT
};
enum sbi_sse_state {
    SBI_SSE_UNUSED,
    SBI_SSE_REGISTERED,
    SBI_SSE_ENABLED,
    SBI_SSE_RUNNING,
};
#    define SBI_SSE_STATUS_PENDING    0x4u
#    define SBI_SSE_STATUS_INJECTABLE 0x8u
#    define SBI_SSE_CONFIG_ONE_SHOT   0x1u
#    define SBI_SSE_FLAG_SPP          0x1u
#    define SBI_SSE_FLAG_SPIE         0x2u
#    define SBI_SSE_FLAG_SPV          0x4u
#    define SBI_SSE_FLAG_SPVP         0x8u

/* Debug triggers (DBTR): an entry of the shared memory. */
struct sbi_dbtr_entry {
    unsigned long state; /* read_triggers; for install and update the trigger's index */
    unsigned long tdata1, tdata2, tdata3;
};
#    define SBI_DBTR_STATE_MAPPED   0x01ul
#    define SBI_DBTR_STATE_U        0x02ul
#    define SBI_DBTR_STATE_S        0x04ul
#    define SBI_DBTR_STATE_VU       0x08ul
#    define SBI_DBTR_STATE_VS       0x10ul
#    define SBI_DBTR_STATE_HAS_HW   0x20ul
#    define SBI_DBTR_STATE_HW_SHIFT 8

/* Reset types and reasons (SRST), 32 bits. */
enum {
    SBI_RESET_SHUTDOWN,
    SBI_RESET_COLD_REBOOT,
    SBI_RESET_WARM_REBOOT,
};
enum {
    SBI_REASON_NONE,
    SBI_REASON_SYSTEM_FAILURE,
};

#endif
