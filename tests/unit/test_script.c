/* tools/emu: input scripts, moments of a run, text followed through output, keys by name. */
#include "tests/fuzz/fuzz_script.c"

#include <linux/input-event-codes.h>

#include "tap.h"
#include "tools/emu/when.h"

/* --- moments -------------------------------------------------------------------------------- */

static void is_duration(const char *text, uint64_t want)
{
    uint64_t ns = 0;
    ok(when_duration(text, strlen(text), &ns) && ns == want, "%s is %llu ns", text,
       (unsigned long long)want);
}

static void no_moment(const char *text)
{
    struct when when;
    ok(!when_parse(text, &when), "'%s' is no moment", text);
}

static void test_moments(void)
{
    static const char *const bad[] = {
        "",
        "s",
        "1",
        ".s",
        "1.s",
        ".",
        "1..2s",
        "1.5",
        "1e3s",
        "-1s",
        "1 s",
        "1m",
        "1sec",
        "i",
        "-1i",
        "1.5i",
        "1ii",
        "0x10i",
        "End",
        "text:",
        "text",
        "1.5ns",
        "99999999999999999999s",
        "18446744074s",
        "18446744073709551616i",
        "1.0000000001s",
    };
    struct when when;

    is_duration("2.5s", 2500000000);
    is_duration("500ms", 500000000);
    is_duration("0.25ms", 250000);
    is_duration("7us", 7000);
    is_duration("12ns", 12);
    is_duration("0s", 0);
    is_duration(".5s", 500000000);
    is_duration("1.000000001s", 1000000001);
    is_duration("18446744073s", 18446744073000000000u);
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        no_moment(bad[i]);
    ok(when_parse("123456i", &when) && when.kind == WHEN_INSTRUCTIONS && when.value == 123456,
       "123456i");
    ok(when_parse("1.5s", &when) && when.kind == WHEN_TIME && when.value == 1500000000, "1.5s");
    ok(when_parse("text:a@b:c", &when) && when.kind == WHEN_TEXT, "text:a@b:c");
    is_str(when.text, "a@b:c", "and its text");
    ok(when_parse("end", &when) && when.kind == WHEN_END, "end");
}

/* --- text ----------------------------------------------------------------------------------- */

/* strstr() is the witness, for every short text over two letters. */
static void test_text(void)
{
    struct cases c = {.text = "a text is found where strstr() finds it"};

    for (unsigned n = 0; n < 20000; n++) {
        char text[8] = "", stream[40] = "";
        unsigned len = 1 + random_below(6), total = random_below(36);
        long want, got = -1;
        struct text_match match = {.text = text, .len = len};

        for (unsigned i = 0; i < len; i++)
            text[i] = (char)('a' + random_below(2));
        for (unsigned i = 0; i < total; i++)
            stream[i] = (char)('a' + random_below(2));
        want = strstr(stream, text) != NULL ? strstr(stream, text) - stream + (long)len : -1;
        for (unsigned i = 0; i < total && got < 0; i++)
            if (text_match_byte(&match, (uint8_t)stream[i]))
                got = i + 1;
        cases_check(&c, got == want, "%s in %s: %ld, not %ld", text, stream, got, want);
    }
    cases_end(&c);
}

/* --- keys ----------------------------------------------------------------------------------- */

static void test_keys(void)
{
    static const struct {
        const char *name;
        unsigned code, usage, am;
    } some[] = {
        /* Linux's input-event-codes.h, HID Usage Tables chapter 10, abstract machine's amdev.h */
        {"RETURN", KEY_ENTER, 0x28, 54},
        {"LSHIFT", KEY_LEFTSHIFT, 0xe1, 55},
        {"LEFTBRACKET", KEY_LEFTBRACE, 0x2f, 39},
        {"A", KEY_A, 0x04, 43},
        {"1", KEY_1, 0x1e, 15},
        {"0", KEY_0, 0x27, 24},
        {"ESCAPE", KEY_ESC, 0x29, 1},
        {"F12", KEY_F12, 0x45, 13},
        {"PAGEDOWN", KEY_PAGEDOWN, 0x4e, 82},
        {"KP_5", KEY_KP5, 0x5d, 0},
        {"RGUI", KEY_RIGHTMETA, 0xe7, 0},
        {"APPLICATION", KEY_COMPOSE, 0x65, 68},
    };
    unsigned am[128] = {0}, numbers = 0;
    bool shifted;

    for (unsigned i = 0; i < sizeof some / sizeof some[0]; i++) {
        unsigned code = keys_by_name(some[i].name, strlen(some[i].name));
        is_int(code, some[i].code, some[i].name);
        is_int(keys_by_usage(some[i].usage), some[i].code, "by its usage");
        is_int(keys_am(code), some[i].am, "its number in the abstract machine");
        is_str(keys_name(code), some[i].name, "its name");
    }
    for (unsigned code = 0; code < KEYS_CODE_MAX; code++)
        if (keys_am(code) != 0)
            am[keys_am(code) & 127]++;
    for (unsigned i = 1; i <= 82; i++)
        numbers += am[i] == 1;
    is_int(numbers, 82, "the abstract machine's 82 keys, each once");
    is_int(keys_by_name("return", 6), KEY_ENTER, "names in small letters");
    is_int(keys_by_name("RETUR", 5), 0, "no beginnings of names");
    is_int(keys_by_usage(50), 0, "no key 50");
    is_int(keys_by_character('z', &shifted), KEY_Z, "z");
    ok(!shifted, "without shift");
    is_int(keys_by_character('Q', &shifted), KEY_Q, "Q");
    ok(shifted, "with shift");
    is_int(keys_by_character('~', &shifted), KEY_GRAVE, "~");
    ok(shifted, "with shift");
    is_int(keys_by_character('\0', &shifted), 0, "no key for NUL");
    is_int(keys_by_character('\x80', &shifted), 0, "or beyond ASCII");
    for (char c = ' '; c <= '~'; c++)
        if (keys_by_character(c, &shifted) == 0)
            ok(false, "there is a key for %c", c);
}

/* --- scripts -------------------------------------------------------------------------------- */

static const char *const op_names[] = {"key",  "button", "point",      "move", "wheel",
                                       "wait", "resize", "screenshot", "send", "quit"};

/* The steps as text. */
static const char *steps(const char *source)
{
    static char out[2048];
    struct script script;
    char err[96];
    size_t n = 0;

    out[0] = '\0';
    if (script_parse(&script, source, strlen(source), err, sizeof err) != 0)
        snprintf(out, sizeof out, "%s", err);
    else
        for (size_t i = 0; i < script.count; i++) {
            const struct script_step *s = &script.steps[i];
            n += (size_t)snprintf(out + n, sizeof out - n, "%u%s%llu %s", s->line,
                                  s->from == SCRIPT_AT ? "@" : "+",
                                  (unsigned long long)s->time / 1000000, op_names[s->op]);
            if (s->text != NULL)
                n += (size_t)snprintf(out + n, sizeof out - n, " %s\n", s->text);
            else if (s->op == SCRIPT_KEY)
                n += (size_t)snprintf(out + n, sizeof out - n, " %s %d\n",
                                      keys_name((unsigned)s->a), (int)s->b);
            else
                n += (size_t)snprintf(out + n, sizeof out - n, " %d %d\n", (int)s->a, (int)s->b);
        }
    script_free(&script);
    return out;
}

static void test_steps(void)
{
    is_str(steps(""), "", "an empty script");
    is_str(steps("# nothing\n\n   \t# more\n"), "", "comments");
    is_str(steps("at 1.5s press RETURN"), "1@1500 key RETURN 1\n1+20 key RETURN 0\n", "at a time");
    is_str(steps("+100ms down lshift # hold\r\nup LSHIFT"),
           "1+100 key LSHIFT 1\n2+0 key LSHIFT 0\n", "after a time; CR LF");
    is_str(steps("press LCTRL LALT DELETE"),
           "1+0 key LCTRL 1\n1+0 key LALT 1\n1+0 key DELETE 1\n1+20 key DELETE 0\n"
           "1+0 key LALT 0\n1+0 key LCTRL 0\n",
           "keys together");
    is_str(steps("type \"a:\\n\""),
           "1+0 key A 1\n1+20 key A 0\n1+20 key LSHIFT 1\n1+0 key SEMICOLON 1\n"
           "1+20 key SEMICOLON 0\n1+0 key LSHIFT 0\n1+20 key RETURN 1\n1+20 key RETURN 0\n",
           "a text");
    is_str(steps("move 10 20\nmove-by -3 4\nbutton 1 down\nbutton 3 click\nwheel -2\nwheel 0 1"),
           "1+0 point 10 20\n2+0 move -3 4\n3+0 button 272 1\n4+0 button 273 1\n"
           "4+20 button 273 0\n5+0 wheel -2 0\n6+0 wheel 0 1\n",
           "the pointer");
    is_str(steps("wait text \"a \\\"b\\\" \\x41#\"\nresize 800 600\nscreenshot a.png\n+1s "
                 "quit\nsend \"ls\""),
           "1+0 wait a \"b\" A#\n2+0 resize 800 600\n3+0 screenshot a.png\n4+1000 quit 0 0\n5+0 "
           "send ls\n",
           "the rest");
}

static void test_errors(void)
{
    static const char *const bad[][2] = {
        {"fnord", "line 1: unknown action 'fnord'"},
        {"\n\nat", "line 3: '' is not a time (examples: 1.5s, 200ms)"},
        {"at 1 press A", "line 1: '1' is not a time (examples: 1.5s, 200ms)"},
        {"+ press A", "line 1: '' is not a time (examples: 1.5s, 200ms)"},
        {"at 1s", "line 1: an action is missing"},
        {"at 2s quit\nat 1s quit", "line 2: the time lies before that of a line above"},
        {"press", "line 1: a key is missing"},
        {"press ENTER", "line 1: unknown key 'ENTER'"},
        {"press A \"b\"", "line 1: unexpected string"},
        {"press A B C D E F G H I", "line 1: more than 8 keys at once"},
        {"type x", "line 1: a text in \"\" is missing"},
        {"type \"x", "line 1: the text does not end"},
        {"type \"\"", "line 1: the text is empty"},
        {"type \"\\q\"", "line 1: unknown escape in the text"},
        {"type \"\\x4\"", "line 1: unknown escape in the text"},
        {"type \"\xc3\"", "line 1: no key has the character 0xc3"},
        {"type \"a\" b", "line 1: unexpected 'b'"},
        {"move 1", "line 1: Y is missing"},
        {"move -1 2", "line 1: '-1' is not a number"},
        {"move 1 2000000", "line 1: '2000000' is too much"},
        {"move 1 99999999999999", "line 1: '99999999999999' is too much"},
        {"move-by - 2", "line 1: '-' is not a number"},
        {"button 9 down", "line 1: there is no button 9"},
        {"button 1", "line 1: down, up or click is missing"},
        {"wheel", "line 1: the number of clicks is missing"},
        {"wheel 1 2 3", "line 1: unexpected '3'"},
        {"wait", "line 1: wait needs text \"...\""},
        {"wait text", "line 1: a text in \"\" is missing"},
        {"send ls", "line 1: a text in \"\" is missing"},
        {"screenshot", "line 1: the file's name is missing"},
        {"quit now", "line 1: unexpected 'now'"},
    };

    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        is_str(steps(bad[i][0]), bad[i][1], bad[i][0]);
}

/* Random changes of a script with everything in it, and of its words' order. */
static void test_random(void)
{
    static const char source[] =
        "at 1.5s press RETURN\n+100ms down LSHIFT\nup LSHIFT\ntype \"Ab\\n\\x41\"\nmove 1 2\n"
        "move-by -1 2\nbutton 1 click\nwheel -1 2\nwait text \"x\\\"\"\nresize 1 2\n"
        "screenshot a.png # b\nat 2s quit\n";
    uint8_t buf[sizeof source];

    for (unsigned n = 0; n < 20000; n++) {
        memcpy(buf, source, sizeof source);
        size_t size = mutate(buf, sizeof source - 1);
        for (unsigned k = random_below(3); k > 0; k--)
            buf[random_below((unsigned)size)] = (uint8_t) " \n\"\\#+-.09azAZ"[random_below(14)];
        LLVMFuzzerTestOneInput(buf, size);
    }
    ok(true, "20000 changed scripts");
}

int main(void)
{
    test_moments();
    test_text();
    test_keys();
    test_steps();
    test_errors();
    test_random();
    return tap_done();
}
