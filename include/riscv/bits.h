#pragma once
/*
 * Fields of control and status registers, by the specification's names. Usable from assembly:
 * numbers only. Where a field moves with XLEN both places are named.
 */

/* mstatus and its view sstatus */
#define MSTATUS_SIE       0x00000002
#define MSTATUS_MIE       0x00000008
#define MSTATUS_SPIE      0x00000020
#define MSTATUS_UBE       0x00000040
#define MSTATUS_MPIE      0x00000080
#define MSTATUS_SPP       0x00000100
#define MSTATUS_VS        0x00000600
#define MSTATUS_MPP       0x00001800
#define MSTATUS_MPP_SHIFT 11
#define MSTATUS_FS        0x00006000
#define MSTATUS_FS_SHIFT  13
#define FS_OFF            0 /* values of FS, VS and XS */
#define FS_INITIAL        1
#define FS_CLEAN          2
#define FS_DIRTY          3
#define MSTATUS_XS        0x00018000
#define MSTATUS_MPRV      0x00020000
#define MSTATUS_SUM       0x00040000
#define MSTATUS_MXR       0x00080000
#define MSTATUS_TVM       0x00100000
#define MSTATUS_TW        0x00200000
#define MSTATUS_TSR       0x00400000
#define MSTATUS32_SD      0x80000000
#define MSTATUS64_UXL     0x0000000300000000
#define MSTATUS64_SXL     0x0000000c00000000
#define MSTATUS64_XL64    0x0000000a00000000 /* UXL = SXL = 64 */
#define MSTATUS64_SBE     0x0000001000000000
#define MSTATUS64_MBE     0x0000002000000000
#define MSTATUS64_SD      0x8000000000000000

#define SSTATUS_SIE  MSTATUS_SIE
#define SSTATUS_SPIE MSTATUS_SPIE
#define SSTATUS_SPP  MSTATUS_SPP
#define SSTATUS_FS   MSTATUS_FS
#define SSTATUS_SUM  MSTATUS_SUM
#define SSTATUS_MXR  MSTATUS_MXR

/* Privilege modes as MPP encodes them */
#define PRIV_U 0
#define PRIV_S 1
#define PRIV_M 3

/* mip, mie, mideleg and the supervisor views */
#define MIP_SSIP   0x0002
#define MIP_MSIP   0x0008
#define MIP_STIP   0x0020
#define MIP_MTIP   0x0080
#define MIP_SEIP   0x0200
#define MIP_MEIP   0x0800
#define MIP_LCOFIP 0x2000

/* mtvec, stvec */
#define TVEC_MODE          3
#define TVEC_MODE_DIRECT   0
#define TVEC_MODE_VECTORED 1

/* mcounteren, scounteren, mcountinhibit */
#define COUNTER_CY  1
#define COUNTER_TM  2
#define COUNTER_IR  4
#define COUNTER_HPM 0xfffffff8 /* mhpmcounter3 to 31 */

/* mhpmevent (Sscofpmf), mcyclecfg, minstretcfg (Smcntrpmf) */
#define HPMEVENT64_OF    0x8000000000000000
#define HPMEVENT64_MINH  0x4000000000000000
#define HPMEVENT64_SINH  0x2000000000000000
#define HPMEVENT64_UINH  0x1000000000000000
#define HPMEVENT64_INH   0x7000000000000000 /* those of modes there are */
#define HPMEVENT64_FLAGS 0xff00000000000000 /* not part of the event's number */

/* tcontrol (Sdtrig) */
#define TCONTROL_MTE  0x08
#define TCONTROL_MPTE 0x80

/* menvcfg, senvcfg; the upper half is menvcfgh on RV32 */
#define ENVCFG_FIOM     0x01
#define MENVCFG_LPE     0x04
#define MENVCFG_SSE     0x08
#define ENVCFG_CBIE     0x30 /* cbo.inval below M: 0 illegal, 1 does a flush, 3 as it says */
#define ENVCFG_CBIE_RSV 0x20 /* a reserved value of CBIE */
#define ENVCFG_CBCFE    0x40 /* cbo.clean, cbo.flush below M */
#define ENVCFG_CBZE     0x80 /* cbo.zero below M */
#define MENVCFG64_PMM   0x0000000300000000
#define MENVCFG64_DTE   0x0800000000000000
#define MENVCFG64_ADUE  0x2000000000000000
#define MENVCFG64_PBMTE 0x4000000000000000
#define MENVCFG64_STCE  0x8000000000000000
#define MENVCFGH_STCE   0x80000000

/* pmpcfg, one byte per entry */
#define PMP_R       0x01
#define PMP_W       0x02
#define PMP_X       0x04
#define PMP_A       0x18
#define PMP_A_OFF   0x00
#define PMP_A_TOR   0x08
#define PMP_A_NA4   0x10
#define PMP_A_NAPOT 0x18
#define PMP_L       0x80
#define PMP_SHIFT   2 /* pmpaddr counts 4-byte units */

/* mseccfg (Smepmp) */
#define MSECCFG_MML  0x1 /* rules are for M or for S and U, by their L bit */
#define MSECCFG_MMWP 0x2 /* what no rule matches is not M's either */
#define MSECCFG_RLB  0x4 /* locked rules may be changed */

/* mstateen0, mstateen1...; bit 63 of each: the sstateen of that number */
#define MSTATEEN64_SE      0x8000000000000000
#define MSTATEEN64_ENVCFG  0x4000000000000000 /* senvcfg */
#define MSTATEEN64_CONTEXT 0x0200000000000000 /* scontext */

/* misa */
#define MISA(letter)  (1 << ((letter) - 'A'))
#define MISA32_MXL_32 0x40000000
#define MISA64_MXL_64 0x8000000000000000
