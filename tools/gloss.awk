# gloss.awk - the comments of the schemas as a table in C.
#
# The comment above a field or an enum's value is its meaning; here it becomes
# a row {type, name, meaning}, so that what people read about a field and what
# the schema says of it are one text.  Lines of *.json are embedded as they
# are, one text a file.  POSIX awk.

function quoted(text) {
    if (index(text, "\\") > 0) {
        print FILENAME ": a backslash cannot be embedded" > "/dev/stderr"
        exit 1
    }
    gsub(/"/, "\\\"", text)
    return "\"" text "\""
}

function type_name(    i, name) {
    name = "entente"
    for (i = 1; i <= depth; i++)
        if (stack[i] != "")
            name = name "." stack[i]
    return name
}

function push(name) {
    stack[++depth] = name
    comment = ""
}

# The word before " = NUMBER;".
function field_of(line) {
    sub(/ *=.*/, "", line)
    sub(/.* /, "", line)
    return line
}

function row(name) {
    if (comment != "")
        rows = rows "    {" quoted(type_name()) ", " quoted(name) ", " \
            quoted(comment) "},\n"
    comment = ""
}

FNR == 1 {
    depth = 0
    comment = ""
    if (FILENAME ~ /\.json$/) {
        base = FILENAME
        sub(/.*\//, "", base)
        sub(/\.json$/, "", base)
        examples = examples (examples == "" ? "" : "},\n") \
            "    {" quoted(base) ",\n"
    }
}

FILENAME ~ /\.json$/ {
    examples = examples "     " quoted($0) " \"\\n\"\n"
    next
}

/^ *\/\// {
    line = $0
    sub(/^ *\/\/ ?/, "", line)
    comment = comment (comment == "" ? "" : " ") line
    next
}

/^ *(message|enum) / { push($2); next }
/^ *oneof .*;/ { sub(/^ *oneof [a-z_]+ \{ */, ""); row(field_of($0)); next }
/^ *oneof / { push(""); next }
/^ *}/ { depth--; comment = ""; next }
/ = [0-9]+;/ { row(field_of($0)); next }
{ comment = "" }

END {
    print "/* Written by gloss.awk. */" > out
    print "#include \"tools/language/gloss.h\"" > out
    print "const struct gloss_row gloss_rows[] = {" > out
    printf "%s", rows > out
    print "    {0, 0, 0}\n};" > out
    print "const struct gloss_text gloss_rows_examples[] = {" > out
    print examples "    },\n    {0, 0}\n};" > out
}
