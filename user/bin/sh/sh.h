/*
 * The shell. Text becomes tokens (lex*.c), tokens a tree (parse*.c), words of the tree are expanded
 * (expand*.c, arith.c, pattern.c, glob.c) and the tree is executed (exec*.c, redir.c, job.c).
 *
 * Nothing jumps: a syntax error makes the lexer report end of input until the parser has returned,
 * and whatever ends a command early (break, return, exit, an expansion error) sets sh.unwind, which
 * every loop over commands checks.
 *
 * Memory: trees live in counted arenas (a function keeps its tree's arena alive); expansions live
 * in sh.temp, released to a mark when the command that needed them is done.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- memory (mem.c) ---- */

struct chunk;

struct arena {
    struct chunk *top;
    unsigned refs;
};

struct arena_mark {
    struct chunk *top;
    size_t used;
};

struct arena *arena_new(void);
void arena_ref(struct arena *a);
/* Drop a reference; the last one frees everything allocated from it. NULL is allowed. */
void arena_put(struct arena *a);
/* Zeroed, aligned memory that lives as long as the arena (or until release to an earlier mark). */
void *arena_alloc(struct arena *a, size_t size);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s);
struct arena_mark arena_mark(const struct arena *a);
void arena_release(struct arena *a, struct arena_mark mark);

/* A growing string; zero-initialised is empty. */
struct strbuf {
    char *s;
    size_t len, cap;
};

void strbuf_char(struct strbuf *b, int c);
void strbuf_write(struct strbuf *b, const char *s, size_t n);
void strbuf_str(struct strbuf *b, const char *s);
/* n times c. */
void strbuf_fill(struct strbuf *b, int c, size_t n);
/* The contents NUL-terminated; valid until the next change. */
char *strbuf_get(struct strbuf *b);
void strbuf_free(struct strbuf *b);

/* ---- the tree ---- */

enum part_kind { PART_TEXT, PART_PARAM, PART_COMMAND, PART_ARITH };

enum param_op {
    PARAM_PLAIN,
    PARAM_DEFAULT,   /* - */
    PARAM_ASSIGN,    /* = */
    PARAM_ERROR,     /* ? */
    PARAM_ALTERNATE, /* + */
    PARAM_LENGTH,
    PARAM_CUT_PREFIX, /* # */
    PARAM_CUT_PREFIX_LONG,
    PARAM_CUT_SUFFIX, /* % */
    PARAM_CUT_SUFFIX_LONG,
    PARAM_BAD, /* ${...} that parses but means nothing: an error when it is expanded */
};

/* A piece of a word. Quoted pieces are neither split nor matched against file names. */
struct part {
    struct part *next;
    enum part_kind kind;
    bool quoted;
    bool colon;           /* PARAM: the operator was written with ':' */
    enum param_op op;     /* PARAM */
    char *text;           /* TEXT: the bytes; PARAM: the parameter's name */
    struct word *arg;     /* PARAM: the word behind the operator; ARITH: the expression */
    struct node *command; /* COMMAND: may be NULL (empty) */
};

struct word {
    struct word *next;
    struct part *parts;
    bool quoted;   /* some quoting in it: not a reserved word, and a literal delimiter */
    char *literal; /* the text when the word is one unquoted TEXT part, else NULL */
};

enum redir_op {
    REDIR_READ,      /* < */
    REDIR_WRITE,     /* > */
    REDIR_CLOBBER,   /* >| */
    REDIR_APPEND,    /* >> */
    REDIR_READWRITE, /* <> */
    REDIR_DUP,       /* <& and >& */
    REDIR_HERE,      /* << and <<-: the body is in target */
};

struct redir {
    struct redir *next;
    enum redir_op op;
    int fd;
    struct word *target;
};

enum node_kind {
    NODE_SIMPLE,   /* assigns, words, redirs */
    NODE_PIPE,     /* list: the commands, linked by next */
    NODE_NOT,      /* left */
    NODE_AND_OR,   /* list: commands linked by next, or_else says how each follows the one before */
    NODE_SEQUENCE, /* list: commands linked by next, at least one */
    NODE_BACKGROUND, /* left, text */
    NODE_SUBSHELL,   /* left, redirs */
    NODE_GROUP,      /* left, redirs */
    NODE_IF,         /* left: condition, right: then part, third: else part or NULL; redirs */
    NODE_WHILE,      /* left: condition, right: body; redirs */
    NODE_UNTIL,      /* same */
    NODE_FOR,        /* text: variable, words (if has_in), left: body; redirs */
    NODE_CASE,       /* words: the subject, cases; redirs */
    NODE_FUNCTION,   /* text: name, left: body */
};

struct assign {
    struct assign *next;
    char *name;
    struct word *value;
};

struct case_item {
    struct case_item *next;
    struct word *patterns;
    struct node *body; /* may be NULL */
};

struct node {
    enum node_kind kind;
    int line;
    bool has_in;  /* FOR */
    bool or_else; /* joined to the command before by ||, not && */
    struct node *next;
    struct node *left, *right, *third, *list;
    struct assign *assigns;
    struct word *words;
    struct redir *redirs;
    struct case_item *cases;
    char *text;
};

/* ---- input (source.c) ---- */

enum { SOURCE_EOF = -1 };

/* Where program text comes from: a string, or a file read as needed. */
struct source {
    const char *text; /* a string source, NULL for a file */
    size_t text_len;
    size_t pos;
    int fd; /* a file source, -1 for a string */
    bool owns_fd;
    bool ahead; /* may read beyond the current line (nobody else reads this file) */
    bool seekable;
    bool prompt;        /* interactive: print prompts */
    bool continued;     /* inside a command: prompt with PS2 */
    bool interrupted;   /* the user gave up the line being typed */
    struct strbuf line; /* what was read and is not consumed */
    size_t line_pos;
    int pushed[4];
    int pushed_count;
    int number; /* current line, counted from 1 */
};

void source_init_string(struct source *s, const char *text, size_t length);
/* The shell's own file or standard input; `shared` says that commands may read from it too. */
void source_init_fd(struct source *s, int fd, bool owns_fd, bool shared);
void source_free(struct source *s);
int source_getc(struct source *s);
/* At most four characters deep. Pushing SOURCE_EOF is allowed. */
void source_ungetc(struct source *s, int c);
/* True if nothing but blanks and newlines is left of a string source. */
bool source_at_end(const struct source *s);

/* ---- lexer and parser (lex.c, lex_word.c, parse.c, parse_compound.c) ---- */

enum token {
    TOKEN_EOF,
    TOKEN_NEWLINE,
    TOKEN_WORD,
    TOKEN_IO_NUMBER,
    TOKEN_SEMI,
    TOKEN_DSEMI,
    TOKEN_AMP,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_PIPE,
    TOKEN_LPAREN,
    TOKEN_RPAREN,
    TOKEN_LESS,
    TOKEN_GREAT,
    TOKEN_DGREAT,
    TOKEN_CLOBBER,
    TOKEN_LESSGREAT,
    TOKEN_LESSAND,
    TOKEN_GREATAND,
    TOKEN_DLESS,
    TOKEN_DLESSDASH,
};

/* A here-document whose body is still to come. */
struct here_doc {
    struct here_doc *next;
    struct redir *redir;
    const char *delimiter;
    bool strip_tabs;
    bool quoted;
};

struct parser {
    struct source *src;
    struct arena *arena;
    bool error;
    int depth;       /* nesting, bounded by PARSE_DEPTH_MAX */
    bool have_token; /* token, word and io_number are the lookahead */
    enum token token;
    struct word *word;
    int io_number;
    int token_line;
    struct here_doc *pending;
    struct strbuf *record; /* the characters consumed, for the text of background jobs */
    size_t token_start;    /* where the lookahead token starts in record */
};

enum { PARSE_DEPTH_MAX = 200 };

enum parse_result { PARSE_COMMAND, PARSE_EMPTY, PARSE_END, PARSE_ERROR };

/*
 * Read one complete command (up to a newline). PARSE_COMMAND: *tree is set and lives in *arena, of
 * which the caller gets a reference. PARSE_EMPTY: a blank line. PARSE_ERROR: a message was printed.
 */
enum parse_result parse_command(struct source *src, struct node **tree, struct arena **arena);

/* Lexer interface to the parser. */
enum token lex_peek(struct parser *p);
void lex_consume(struct parser *p);
/* The next character with backslash-newline removed. */
int lex_getc(struct parser *p);
int lex_raw_getc(struct parser *p);
void lex_ungetc(struct parser *p, int c);
/* Read the bodies of pending here-documents; called behind a newline token. */
void lex_here_docs(struct parser *p);
/* A word starting at the next character. */
struct word *lex_word(struct parser *p);
/* The text of a here-document with expansions, as a word. */
struct word *lex_here_text(struct parser *p, const char *text, size_t length);
/* Print "Syntax error: ..." once and make the lexer report end of input from now on. */
void parse_error(struct parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "... unexpected" for the lookahead token. */
void parse_unexpected(struct parser *p, const char *expecting);
bool parse_enter(struct parser *p);
void parse_leave(struct parser *p);
/* A list of commands up to a token that cannot continue it; NULL when there is none. */
struct node *parse_list(struct parser *p, bool newlines);
struct node *parse_compound(struct parser *p);
/* `name ( ) body`, with the name consumed and the parenthesis next. */
struct node *parse_function(struct parser *p, const char *name);
struct node *parse_node(struct parser *p, enum node_kind kind);
bool parse_redirection(struct parser *p, struct redir ***tail);
void parse_newlines(struct parser *p);
/* The lookahead is this unquoted word. */
bool parse_at_word(struct parser *p, const char *text);
bool parse_is_name(const char *s, size_t n);

/* ---- state (main.c, var.c) ---- */

enum unwind {
    UNWIND_NONE,
    UNWIND_BREAK,    /* sh.unwind_count loops to leave */
    UNWIND_CONTINUE, /* the same, then the next round of that loop */
    UNWIND_RETURN,
    UNWIND_ERROR, /* back to the prompt; ends a shell that is not interactive */
    UNWIND_EXIT,
};

struct params {
    char **v; /* $1 is v[0]; each allocated */
    int count;
};

struct shell {
    const char *name; /* $0 */
    struct params params;
    pid_t pid;        /* $$: stays the main shell's in subshells */
    pid_t background; /* $! or 0 */
    int status;       /* $? */
    int substituted;  /* status of the last command substitution of this command, or -1 */
    enum unwind unwind;
    int unwind_count;
    int loops;     /* loops around the current command, in this function */
    int functions; /* function calls around it */
    int sourced;   /* files being read by `.` */
    int tested;    /* > 0: inside a condition, where -e does not apply */
    int line;
    int getopts_at; /* offset into the argument getopts looks at */
    bool subshell;
    bool exiting; /* the EXIT trap has been taken */
    bool interactive;
    bool jobs; /* children get process groups and the terminal */
    int tty;   /* the terminal when jobs */
    pid_t group;
    char *exit_trap;
    struct arena *temp;
    struct arena *tree; /* what holds the command being executed */
    bool opt_allexport, opt_errexit, opt_noglob, opt_noexec, opt_nounset, opt_xtrace;
    bool opt_noclobber, opt_verbose, opt_stdin, opt_command;
};

extern struct shell sh;

/* "name: line: text\n" on standard error. */
void sh_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void sh_warn_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* An error that ends a non-interactive shell: message, status, and sh.unwind = UNWIND_ERROR. */
void sh_fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Run the EXIT trap if it is due, flush output and leave. */
_Noreturn void sh_exit(int status);
/* Execute all of a source; the result is the last status. flags as for exec_node(). */
int sh_run_source(struct source *src, int flags);
int sh_run_string(const char *text, int flags);

/* Options by letter, for `set` and the command line; NULL for an unknown letter. */
bool *option_by_letter(char letter);
bool *option_by_name(const char *name);
/* $-: the letters of the options that are on, in a static buffer. */
const char *option_letters(void);
void option_list(bool reusable);

struct var {
    struct var *next;
    char *name;
    char *value; /* NULL: unset, but with attributes */
    bool exported;
    bool readonly;
};

void var_init(char **environment);
const char *var_get(const char *name);
struct var *var_find(const char *name);
/* False after a message when the variable is read-only (that is a failure as of sh_fail()). */
bool var_set(const char *name, const char *value);
bool var_set_number(const char *name, long long value);
bool var_unset(const char *name);
void var_export(const char *name);
void var_readonly(const char *name);
/* "name=value" strings of the exported variables in sh.temp, NULL-terminated. */
char **var_environment(void);
/* Print the variables sorted, each as PREFIXname='value', that `which` selects. */
enum var_list { VAR_ALL, VAR_EXPORTED, VAR_READONLY };
void var_list(enum var_list which);
/* Write s so that the shell reads it back as one word. */
void var_quote(const char *s);

/* Frames: variables made local since the push come back at the pop. */
struct var_frame *var_push(void);
void var_pop(struct var_frame *frame);
/* Save the variable in the innermost frame (at most once). False if there is no frame. */
bool var_make_local(const char *name);

struct function {
    struct function *next;
    char *name;
    struct node *body;
    struct arena *arena;
};

struct function *function_find(const char *name);
void function_define(const char *name, struct node *body, struct arena *arena);
void function_unset(const char *name);

/* Make v (count strings, copied) the positional parameters; params_free() releases a saved set. */
void params_set(struct params *p, char **v, int count);
void params_free(struct params *p);

/* ---- expansion (expand.c, expand_param.c, split.c, arith.c, pattern.c, glob.c) ---- */

/* Strings in sh.temp. */
struct strlist {
    char **v;
    int count, cap;
};

/* Properties of a byte that an expansion produced. */
enum {
    MARK_QUOTED = 1, /* not special to matching, never split */
    MARK_SPLIT = 2,  /* came from an unquoted expansion: split by IFS */
    MARK_EMPTY = 4,  /* no byte: the field exists even when nothing else is in it */
    MARK_BREAK = 8,  /* no byte: the field ends here */
};

struct expansion {
    struct strbuf bytes;
    struct strbuf marks; /* the same length */
    bool failed;
};

enum {
    EXPAND_SPLIT = 1,  /* fields and file names are wanted: "$@" makes several */
    EXPAND_ASSIGN = 2, /* tilde also behind ':' */
    EXPAND_TILDE = 4,
    EXPAND_QUOTED = 8, /* everything is quoted (here-documents, arithmetic) */
};

void expansion_add(struct expansion *e, const char *s, size_t n, int mark);
void expansion_mark(struct expansion *e, int mark);
void expansion_free(struct expansion *e);
/* Append the word's expansion. Failure sets e->failed and sh.unwind. */
void expand_parts(struct expansion *e, const struct word *w, int flags);
void expand_param(struct expansion *e, const struct part *part, int flags);
/* The value of a parameter, or NULL when unset; numbers are formatted into buf. */
const char *param_value(const char *name, char buf[24]);
/* Divide an expansion into fields, match them against file names and add them to out. */
void split_fields(struct expansion *e, struct strlist *out);
void strlist_add(struct strlist *l, char *s);

/* A list of words with all expansions. False on failure. */
bool expand_words(const struct word *words, struct strlist *out);
/* One word without splitting and matching (assignments, redirections, case); NULL on failure. */
char *expand_string(const struct word *w, int flags);
/* The same as a pattern: quoted bytes are escaped by backslashes. */
char *expand_pattern(const struct word *w);
/* The pattern form of bytes [from, to) of an expansion. */
char *expansion_pattern(const struct expansion *e, size_t from, size_t to);

/* Does the pattern (* ? [...] \) match the whole string? */
bool pattern_match(const char *pattern, const char *s);
bool pattern_match_n(const char *pattern, const char *s, size_t n);
/* Does it hold an unescaped special character? */
bool pattern_is_special(const char *pattern);
/* Remove the escapes, in place. */
void pattern_unescape(char *pattern);
/* Add the sorted names that match; returns how many. */
int glob_expand(const char *pattern, struct strlist *out);

/* Evaluate an arithmetic expression. False after a message. */
bool arith_eval(const char *expression, intmax_t *value);

/* ---- execution (exec.c, exec_simple.c, redir.c, job.c) ---- */

enum {
    EXEC_LAST = 1, /* nothing follows: the process may become the command */
};

int exec_node(struct node *n, int flags);
/* Run a simple command: expand, assign, redirect, then function, built-in or program. */
int exec_simple(struct node *n, int flags);
int exec_pipeline(struct node *n, int flags);
int exec_subshell(struct node *n, int flags);
int exec_background(struct node *n);
int exec_function(struct function *f, int argc, char **argv);
/* Leave the loop early? Consumes a break or continue that is meant for this loop. */
bool exec_loop_ends(void);
/* -e: ask the shell to exit when status is a failure that nothing tests. */
void exec_check_errexit(int status);
/* Become the program. Returns only the status to exit with: 126 or 127, after a message. */
int exec_program(char **argv, char **environment);
/* The path a command name resolves to, in sh.temp, or NULL. */
char *exec_find(const char *name);
/* The output of a command (for substitution) appended to out; the status goes to sh.substituted. */
bool exec_capture(struct node *command, struct strbuf *out);

/* What redirections replaced. */
struct redir_saved {
    int fd;
    int copy; /* a duplicate above 9, or -1 if fd was closed */
    struct redir_saved *next;
};

/* Apply redirections; with saved, remember what they replace. False after a message. */
bool redir_apply(const struct redir *list, struct redir_saved **saved);
void redir_undo(struct redir_saved *saved);
/* A duplicate of fd above 9 that programs do not inherit, or -1. */
int redir_move_high(int fd);

struct job {
    struct job *next;
    int number;
    pid_t group; /* the first process */
    int count;   /* processes */
    int running;
    pid_t *pids;
    int *statuses;
    bool background;
    bool reported;
    char *text;
};

/* Fork. In the child: the subshell state, its process group and terminal are set up. */
pid_t job_fork(struct job *j, bool foreground);
struct job *job_new(int processes, const char *text);
/* Wait for a foreground job, say what signal ended it, forget it; the status of its last process.
 */
int job_wait(struct job *j);
/* Keep a background job and set $!. */
void job_background(struct job *j);
/* Collect children that have ended, without waiting. */
void job_reap(void);
/* Tell about background jobs that ended (interactive). */
void job_notify(void);
void job_list(void);
/* By %N, %%, %+, or process id; NULL when there is none. */
struct job *job_find(const char *operand);
/* wait for one job (NULL: all); the status, 127 for none. */
int job_wait_for(struct job *j);
/* In a child: the parent's jobs are not ours. */
void job_forget_all(void);
/* $? for a wait status. */
int job_status(int wait_status);
void job_init_terminal(void);
/* Take the terminal back from a foreground job. */
void job_take_terminal(void);

/* ---- built-ins (builtin*.c) ---- */

typedef int builtin_fn(int argc, char **argv);

struct builtin {
    const char *name;
    builtin_fn *run;
    bool special; /* POSIX special built-in: errors end the shell, assignments stay */
};

const struct builtin *builtin_find(const char *name);

builtin_fn builtin_break, builtin_return, builtin_exit, builtin_eval, builtin_dot, builtin_exec,
    builtin_colon, builtin_false, builtin_shift, builtin_set, builtin_export, builtin_unset,
    builtin_local, builtin_read, builtin_cd, builtin_pwd, builtin_umask, builtin_wait, builtin_jobs,
    builtin_kill, builtin_type, builtin_command, builtin_trap, builtin_getopts, builtin_times,
    builtin_echo, builtin_printf, builtin_test;

/* Set options from the command line or `set`: the index of the first operand, or -1 on error. */
int set_options(int argc, char **argv, bool command_line);
/* Put the current directory into PWD. */
void cd_init(void);
