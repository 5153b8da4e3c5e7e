/** What lists of tasks have, as `flagLines` reads it. */
export const TASK_FLAGS = `
-f, --filter filter  Filter output based on conditions provided
--no-resolve  Do not map IDs to Names
--no-trunc  Do not truncate output
-q, --quiet  Only display task IDs`;
