// links: tools/emu/script.c tools/emu/when.c tools/emu/keys.c
/* Input scripts: whatever the text, steps that can be played, or an error with its line. */
#include "fuzz.h"
#include "hw/evdev.h"
#include "tools/emu/keys.h"
#include "tools/emu/script.h"

static void check_step(const struct script_step *step)
{
    fuzz_require(step->from == SCRIPT_AT || step->from == SCRIPT_AFTER);
    switch (step->op) {
    case SCRIPT_KEY: fuzz_require(keys_name((unsigned)step->a) != NULL && step->b >> 1 == 0); break;
    case SCRIPT_BUTTON:
        fuzz_require(step->a >= BTN_LEFT && step->a <= BTN_EXTRA && step->b >> 1 == 0);
        break;
    case SCRIPT_POINT:
    case SCRIPT_RESIZE: fuzz_require(step->a >= 0 && step->b >= 0); break;
    case SCRIPT_SEND:
    case SCRIPT_WAIT:
    case SCRIPT_SCREENSHOT:
        fuzz_require(step->text != NULL && step->text_len > 0 &&
                     step->text[step->text_len] == '\0');
        break;
    default: fuzz_require(step->op <= SCRIPT_QUIT); break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = fuzz_copy(data, size);
    struct script script;
    uint64_t latest = 0;
    unsigned line = 0;
    char err[96] = "";

    if (script_parse(&script, (const char *)copy, size, err, sizeof err) != 0)
        fuzz_require(strncmp(err, "line ", 5) == 0 && strchr(err, ':') != NULL);
    for (size_t i = 0; i < script.count; i++) {
        const struct script_step *step = &script.steps[i];
        check_step(step);
        fuzz_require(step->line >= line);
        fuzz_require(step->from != SCRIPT_AT || step->time >= latest);
        line = step->line;
        if (step->from == SCRIPT_AT)
            latest = step->time;
    }
    script_free(&script);
    free(copy);
    return 0;
}
