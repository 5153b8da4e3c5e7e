const text = { type: "string" };
const whole = { type: "integer" };
const status = { enum: ["passed", "failed", "skipped", "pending", "other"] };
const extra = { type: "object" };
const lines = { type: "array", items: text };

function closed(required: readonly string[], properties: object): object {
  return { type: "object", required, properties, additionalProperties: false };
}

const scalar = { anyOf: [text, { type: "number" }, { type: "boolean" }] };
const attempt = closed(["attempt", "status"], {
  attempt: { type: "integer", minimum: 1 },
  status,
  duration: whole,
  message: text,
  trace: text,
  line: whole,
  snippet: text,
  stdout: lines,
  stderr: lines,
  start: whole,
  stop: whole,
  extra,
});
const testCase = closed(["name", "status", "duration"], {
  id: text,
  name: { type: "string", minLength: 1 },
  status,
  duration: whole,
  start: whole,
  stop: whole,
  suite: { type: "array", minItems: 1, items: text },
  message: text,
  trace: text,
  snippet: text,
  line: whole,
  rawStatus: text,
  tags: lines,
  labels: { type: "object", additionalProperties: { anyOf: [...scalar.anyOf, { type: "array", minItems: 1, items: scalar }] } },
  type: text,
  filePath: text,
  retries: whole,
  retryAttempts: { type: "array", items: attempt },
  flaky: { type: "boolean" },
  stdout: lines,
  stderr: lines,
  parameters: extra,
  steps: { type: "array", items: closed(["name", "status"], { name: text, status, extra }) },
  extra,
});

/** What a CTRF document must be: the schema of github.com/ctrf-io/ctrf (schema/ctrf.schema.json), as far as we write it; what it closes is closed. */
export const ctrfSchema = closed(["results", "reportFormat", "specVersion"], {
  reportFormat: { const: "CTRF" },
  specVersion: { type: "string", pattern: "^[0-9]+\\.[0-9]+\\.[0-9]+$" },
  reportId: { type: "string", pattern: "^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$" },
  timestamp: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z$" },
  generatedBy: text,
  extra,
  results: closed(["tool", "summary", "tests"], {
    tool: closed(["name"], { name: { type: "string", minLength: 1 }, version: text, extra }),
    summary: closed(["tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"], {
      tests: whole,
      passed: whole,
      failed: whole,
      skipped: whole,
      pending: whole,
      other: whole,
      flaky: whole,
      suites: whole,
      start: whole,
      stop: whole,
      duration: whole,
      extra,
    }),
    tests: { type: "array", items: testCase },
    extra,
  }),
});
