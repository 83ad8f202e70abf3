# objects.awk - objects.schema.json as rows of C, a line each.  POSIX awk.
BEGIN {
    print "#include \"tools/objects.h\"\n"
    print "const char *const objects_lines[] = {"
}

{
    gsub(/\\/, "&&")
    gsub(/"/, "\\\"")
    print "    \"" $0 "\","
}

END {
    print "    0,\n};"
}
