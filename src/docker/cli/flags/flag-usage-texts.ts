const AFTER = "Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates";
const JSON_AND_TEMPLATE = `'json':             Print in JSON format
'TEMPLATE':         Print output using the given Go template.
${AFTER}`;

/** What `--format` is, for commands that show an object or a stream. */
export const FORMAT_USAGE = `Format output using a custom template:\n${JSON_AND_TEMPLATE}`;

/** What `--format` is, for commands that show a table. */
export const TABLE_FORMAT_USAGE = `Format output using a custom template:
'table':            Print output in table format with column headers (default)
'table TEMPLATE':   Print output in table format using the given Go template
${JSON_AND_TEMPLATE}`;
