/*
 * completion.c - the verbs and their options as words of three shells.
 *
 * bash and zsh get one function each that finds the verb among the words so
 * far and offers what follows it; fish gets a condition for each word.  What
 * is neither verb, option nor a word that an argument names is a file to all
 * of them.
 */
#include "tools/cli/completion.h"

#include "node/core/message/kind.h"
#include "proto/words.h"

#include <string.h>

static bool
takes_argument(enum cli_option option)
{
    const char *argument = cli_option_info(option)->argument;

    return argument != NULL && argument[0] != '[';
}

/* In single quotes; `escape` is what a quotation mark becomes in them. */
static void
put_quoted(const char *text, const char *escape, bool colons, FILE *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs(escape, out);
        else if (*text == ':' && colons)
            fputs("\\:", out);
        else
            fputc(*text, out);
    }
}

/* The next command whose name has `first` and a second word; NULL: none. */
static const struct command *
next_second(const struct command *row, const char *first, size_t len)
{
    for (; row->name != NULL; row++)
        if (strncmp(row->name, first, len) == 0 && row->name[len] == ' ')
            return row;
    return NULL;
}

static bool
is_first_of_its_word(const struct command *commands, const struct command *row)
{
    size_t len = strcspn(row->name, " ");

    for (; commands < row; commands++)
        if (strncmp(commands->name, row->name, len) == 0 &&
            (commands->name[len] == '\0' || commands->name[len] == ' '))
            return false;
    return row->name[0] != '\0';
}

/* --- bash and zsh -------------------------------------------------------- */

/* How a shell writes a word with its meaning. */
typedef void word_fn(const char *prefix, const char *word, size_t len,
                     const char *help, FILE *out);

static void
bash_word(const char *prefix, const char *word, size_t len, const char *help,
          FILE *out)
{
    (void)help;
    fprintf(out, " %s%.*s", prefix, (int)len, word);
}

static void
zsh_word(const char *prefix, const char *word, size_t len, const char *help,
         FILE *out)
{
    fprintf(out, "\n            '%s%.*s:", prefix, (int)len, word);
    put_quoted(help, "'\\''", true, out);
    fputc('\'', out);
}

static void
put_options(cli_options mask, word_fn *word, FILE *out)
{
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const struct cli_option_info *info = cli_option_info(
            (enum cli_option)i);

        if ((mask & CLI_ONE(i)) != 0)
            word("--", info->name, strlen(info->name), info->help, out);
    }
}

static void
put_firsts(const struct command *commands, word_fn *word, FILE *out)
{
    for (const struct command *row = commands; row->name != NULL; row++)
        if (is_first_of_its_word(commands, row))
            word("", row->name, strcspn(row->name, " "), row->help, out);
}

static void
put_seconds(const struct command *commands, const char *first, word_fn *word,
            FILE *out)
{
    size_t                len = strlen(first);
    const struct command *row = commands;

    while ((row = next_second(row, first, len)) != NULL) {
        word("", row->name + len + 1, strlen(row->name + len + 1), row->help,
             out);
        row++;
    }
}

/* --- values -------------------------------------------------------------- */

/* "auto|always|never", "[KIND]", "P": there are words to offer. */
static bool
has_values(const char *argument)
{
    return argument != NULL && (strchr(argument, '|') != NULL ||
                                strstr(argument, "KIND") != NULL ||
                                strcmp(argument, "P") == 0);
}

static void
put_kinds(word_fn *word, FILE *out)
{
    for (size_t i = 0; kind_at(i) != NULL; i++)
        word("", kind_at(i)->name, strlen(kind_at(i)->name), "a kind", out);
}

static void
put_precedences(word_fn *word, FILE *out)
{
    const ProtobufCEnumDescriptor *words = &entente__precedence__descriptor;

    for (unsigned i = 0; i < words->n_values; i++) {
        const char *name = words_name(words, words->values[i].value);

        if (name != NULL)
            word("", name, strlen(name), "a precedence", out);
    }
}

/* The words that an argument names; what is in capitals stands for others. */
static void
put_values(const struct command *commands, const char *argument, word_fn *word,
           FILE *out)
{
    if (!has_values(argument))
        return;
    if (strcmp(argument, "P") == 0)
        put_precedences(word, out);
    while (*argument != '\0') {
        size_t len = strcspn(argument, "|[]");

        if (len == 4 && memcmp(argument, "KIND", len) == 0)
            put_kinds(word, out);
        else if (len == 4 && memcmp(argument, "VERB", len) == 0)
            put_firsts(commands, word, out);
        else if (len > 0 && argument[0] >= 'a' && argument[0] <= 'z')
            word("", argument, len, "", out);
        argument += len + (argument[len] != '\0' ? 1 : 0);
    }
}

/* What may stand behind an option that waits for its argument. */
static void
put_option_values(const struct command *commands, word_fn *word, FILE *out)
{
    fputs("    if [ -n \"$skip\" ]; then\n        case $skip in\n", out);
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const struct cli_option_info *info = cli_option_info(
            (enum cli_option)i);

        if (!takes_argument((enum cli_option)i) || !has_values(info->argument))
            continue;
        fprintf(out, "        --%s) found=(", info->name);
        put_values(commands, info->argument, word, out);
        fputs(") ;;\n", out);
    }
    fputs("        esac\n    else\n", out);
}

static void
put_case(const struct command *commands, const char *name, const char *args,
         cli_options options, word_fn *word, FILE *out)
{
    bool two = strchr(name, ' ') != NULL;

    fprintf(out, "    '%s'|'%s '*)\n        found=(", name, name);
    if (!two)
        put_seconds(commands, name, word, out);
    put_values(commands, args, word, out);
    put_options(options | CLI_ALWAYS, word, out);
    fputs(")\n        ;;\n", out);
}

/* Two words before one: the first that fits is taken. */
static void
put_cases(const struct command *commands, word_fn *word, FILE *out)
{
    fputs("    case $verb in\n    '')\n        found=(", out);
    put_firsts(commands, word, out);
    put_options(CLI_ALWAYS, word, out);
    fputs(")\n        ;;\n", out);
    for (const struct command *row = commands; row->name != NULL; row++)
        if (strchr(row->name, ' ') != NULL)
            put_case(commands, row->name, row->args, row->options, word, out);
    for (const struct command *row = commands; row->name != NULL; row++) {
        char   first[64];
        size_t len = strcspn(row->name, " ");

        if (!is_first_of_its_word(commands, row))
            continue;
        snprintf(first, sizeof(first), "%.*s", (int)len, row->name);
        if (row->name[len] == '\0')
            put_case(commands, first, row->args, row->options, word, out);
        else
            put_case(commands, first, "", 0, word, out);
    }
    fputs("    esac\n", out);
}

/* Options whose argument is the next word, as a pattern of `case`. */
static void
put_with_argument(FILE *out)
{
    bool any = false;

    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const struct cli_option_info *info = cli_option_info(
            (enum cli_option)i);

        if (!takes_argument((enum cli_option)i))
            continue;
        fprintf(out, "%s--%s", any ? "|" : "", info->name);
        if (info->letter != '\0')
            fprintf(out, "|-%c", info->letter);
        any = true;
    }
}

/* The loop that finds the verb; `words` and `index` as the shell names them. */
static void
put_verb(const char *array, int from, const char *index, FILE *out)
{
    fprintf(out,
            "    local verb= word= skip= i\n"
            "    local -a found\n"
            "    for ((i = %d; i < %s; i++)); do\n"
            "        word=${%s[i]}\n"
            "        if [ \"$word\" = = ]; then continue; fi\n"
            "        if [ -n \"$skip\" ]; then skip=; continue; fi\n"
            "        case $word in\n        ",
            from, index, array);
    put_with_argument(out);
    fputs(") skip=$word ;;\n"
          "        -*) ;;\n"
          "        *) verb=\"${verb:+$verb }$word\" ;;\n"
          "        esac\n"
          "    done\n",
          out);
}

static void
print_bash(const struct command *commands, FILE *out)
{
    fputs("# bash completion of entente; in ~/.bashrc:\n"
          "#   . <(entente completion bash)\n"
          "_entente() {\n",
          out);
    put_verb("COMP_WORDS", 1, "COMP_CWORD", out);
    put_option_values(commands, bash_word, out);
    put_cases(commands, bash_word, out);
    fputs("    fi\n"
          "    word=${COMP_WORDS[COMP_CWORD]}\n"
          "    [ \"$word\" != = ] || word= # behind --color=\n"
          "    COMPREPLY=($(compgen -W \"${found[*]}\" -- \"$word\"))\n"
          "}\n"
          "complete -o default -F _entente entente\n",
          out);
}

static void
print_zsh(const struct command *commands, FILE *out)
{
    fputs("#compdef entente\n"
          "# zsh completion of entente; in ~/.zshrc, after compinit:\n"
          "#   . <(entente completion zsh)\n"
          "_entente() {\n",
          out);
    put_verb("words", 2, "CURRENT", out);
    put_option_values(commands, zsh_word, out);
    put_cases(commands, zsh_word, out);
    fputs("    fi\n"
          "    [ ${#found} -eq 0 ] || _describe 'entente' found\n"
          "    [ -n \"$skip\" ] && [ ${#found} -gt 0 ] || _files\n"
          "}\n"
          "if [ \"${funcstack[1]}\" = _entente ]; then\n"
          "    _entente \"$@\"\n"
          "else\n"
          "    compdef _entente entente\n"
          "fi\n",
          out);
}

/* --- fish ---------------------------------------------------------------- */

/* `values`: an argument whose words are offered; "": none. */
static void
put_fish(const struct command *commands, const char *condition,
         const char *what, const char *values, const char *help, FILE *out)
{
    fprintf(out, "complete -c entente -n '%s' %s", condition, what);
    if (has_values(values)) {
        fputs(" -x -a '", out);
        put_values(commands, values, bash_word, out);
        fputc('\'', out);
    }
    fputs(" -d '", out);
    put_quoted(help, "\\'", false, out);
    fputs("'\n", out);
}

static void
put_fish_option(const struct command *commands, const char *condition,
                enum cli_option option, FILE *out)
{
    const struct cli_option_info *info = cli_option_info(option);
    char                          what[96];
    char                          letter[8] = "";

    if (info->letter != '\0')
        snprintf(letter, sizeof(letter), " -s %c", info->letter);
    snprintf(what, sizeof(what), "-l %s%s%s", info->name, letter,
             takes_argument(option) && !has_values(info->argument) ? " -r"
                                                                   : "");
    put_fish(commands, condition, what, info->argument, info->help, out);
}

static void
put_fish_command(const struct command *commands, const struct command *row,
                 FILE *out)
{
    char        condition[256];
    char        what[96];
    const char *second = strchr(row->name, ' ');
    size_t      len = strcspn(row->name, " ");

    if (is_first_of_its_word(commands, row)) {
        snprintf(what, sizeof(what), "-a %.*s", (int)len, row->name);
        put_fish(commands, "__fish_use_subcommand", what, "", row->help, out);
    }
    if (second == NULL) {
        snprintf(condition, sizeof(condition),
                 "__fish_seen_subcommand_from %s", row->name);
    } else {
        snprintf(condition, sizeof(condition),
                 "__fish_seen_subcommand_from %.*s; and not "
                 "__fish_seen_subcommand_from %s",
                 (int)len, row->name, second + 1);
        snprintf(what, sizeof(what), "-a %s", second + 1);
        put_fish(commands, condition, what, "", row->help, out);
        snprintf(condition, sizeof(condition),
                 "__fish_seen_subcommand_from %.*s; and "
                 "__fish_seen_subcommand_from %s",
                 (int)len, row->name, second + 1);
    }
    if (has_values(row->args))
        put_fish(commands, condition, "", row->args, row->help, out);
    for (int i = 0; i < CLI_OPTION_COUNT; i++)
        if ((row->options & CLI_ONE(i)) != 0)
            put_fish_option(commands, condition, (enum cli_option)i, out);
}

static void
print_fish(const struct command *commands, FILE *out)
{
    fputs("# fish completion of entente; in ~/.config/fish/config.fish:\n"
          "#   entente completion fish | source\n",
          out);
    for (const struct command *row = commands; row->name != NULL; row++)
        if (row->name[0] != '\0')
            put_fish_command(commands, row, out);
    for (int i = 0; i < CLI_OPTION_COUNT; i++)
        if ((CLI_ALWAYS & CLI_ONE(i)) != 0)
            put_fish_option(commands, "true", (enum cli_option)i, out);
}

enum status
completion_print(const struct command *commands, const char *shell, FILE *out)
{
    if (strcmp(shell, "bash") == 0)
        print_bash(commands, out);
    else if (strcmp(shell, "zsh") == 0)
        print_zsh(commands, out);
    else if (strcmp(shell, "fish") == 0)
        print_fish(commands, out);
    else
        return STATUS_NOT_FOUND;
    return STATUS_OK;
}
