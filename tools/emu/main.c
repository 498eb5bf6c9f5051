/* tarn-emu: the command line program around a machine. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/emu/crash.h"
#include "tools/emu/host/host.h"
#include "tools/emu/htif.h"
#include "tools/emu/loader.h"
#include "tools/emu/message.h"
#include "tools/emu/options.h"
#include "tools/emu/session.h"
#include "tools/emu/trace.h"

/* Wall clock at the start of runs that must repeat exactly: 2000-01-01T00:00:00Z. */
#define FIXED_WALL_NS (UINT64_C(946684800) * 1000000000)

/* Files that we open must not get the numbers 0 to 2 in case those are closed. */
static void open_standard_fds(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

static int write_file(const char *path, const void *data, size_t size)
{
    FILE *f = fopen(path, "wb");
    bool ok = f != NULL && fwrite(data, 1, size, f) == size;

    if (f != NULL && fclose(f) != 0)
        ok = false;
    if (!ok)
        message("--dump-dtb %s: %s", path, strerror(errno));
    return ok ? 0 : EXIT_USAGE;
}

static int choose_isa(const struct options *o, unsigned xlen, struct isa *isa)
{
    char err[128];

    if (o->isa == NULL) {
        isa_default(isa, xlen != 0 ? xlen : 64);
    } else if (isa_parse(isa, o->isa, err, sizeof err) != 0) {
        message("--isa: %s", err);
        return -1;
    }
    if (o->cpu != NULL && isa_set_properties(isa, o->cpu, err, sizeof err) != 0) {
        message("-cpu: %s", err);
        return -1;
    }
    return 0;
}

static struct machine *create_machine(struct session *session, struct machine_config *config,
                                      unsigned xlen)
{
    const struct options *o = session->options;
    struct machine *m;
    char err[256];

    *config = (struct machine_config){
        .type = o->machine,
        .backends = faces_backends(&session->faces),
        .hart_count = o->harts,
        .ram_size = o->memory,
        .aclint = o->aclint,
        .icount_ns = o->icount_ns,
        .wall_ns = o->has_wall         ? o->wall_ns
                   : o->icount_ns != 0 ? FIXED_WALL_NS
                                       : host_wall_ns(),
        .host = {.arg = session,
                 .now_ns = host_now_ns,
                 .output = session_output,
                 .wait = session_wait,
                 .wake = session_wake},
    };
    if (choose_isa(o, xlen, &config->isa) != 0 || !options_device_open(o, config) ||
        session_open(session) != 0)
        return NULL;
    m = machine_create(config, err, sizeof err);
    if (m == NULL) {
        message("%s", err);
        return NULL;
    }
    session_attach(session, m);
    return options_device_used(o, config) ? m : NULL;
}

/* What is left to do when the machine has stopped. Returns the exit status. */
static int finish(const struct session *session, const struct loader *loader, int status)
{
    const struct htif *htif = session->machine->htif;

    if (htif != NULL && htif_status(htif) != 0)
        message("the guest failed: tohost status %" PRIu64, htif_status(htif));
    if (status != 0 && session->guest_ended && session->options->history)
        crash_report(session->machine, "the guest failed");
    if (session->options->signature != NULL &&
        loader_write_signature(loader, session->machine) != 0)
        return EXIT_USAGE;
    return status;
}

/* Everything between the command line and the exit status. */
static int run(const struct options *options)
{
    static struct session session; /* too large for a stack */
    struct machine_config config = {0};
    struct loader loader;
    int status = EXIT_USAGE;

    session.options = options;
    if (loader_open(&loader, options) == 0 && faces_open(&session.faces, options) == 0 &&
        create_machine(&session, &config, loader.xlen) != NULL &&
        loader_place(&loader, session.machine) == 0) {
        if (options->dump_dtb != NULL) {
            status = write_file(options->dump_dtb, loader.tree, loader.tree_size);
        } else if (trace_open(session.machine, &loader, options->trace, options->trace_file) == 0) {
            if (machine_reset(session.machine) == 0 &&
                debug_open(&session.debug, session.machine, options) == 0)
                status = finish(&session, &loader, session_run(&session));
        }
    }
    debug_close(&session.debug);
    trace_close();
    machine_destroy(session.machine);
    options_device_close(&config);
    faces_close(&session.faces);
    session_close();
    loader_close(&loader);
    return status;
}

int main(int argc, char **argv)
{
    struct options options;
    int status;

    open_standard_fds();
    host_poll_open();
    term_signals();
    status = options_parse(&options, argc, argv);
    if (status < 0)
        status = run(&options);
    if (term_signal() != 0)
        term_die(term_signal());
    if (fflush(stdout) != 0 && status == 0)
        status = 1;
    return status;
}
