import { InvalidArgumentError } from "../../../base/errors.ts";

/** Whether a scenario with these tags is meant. */
export type TagTest = (tags: readonly string[]) => boolean;

/**
 * Reads `a and not (b or c)`: tags joined by `and`, `or` and `not`, of which `not` binds closest and `or` least.
 * @throws InvalidArgumentError that says what was expected where.
 */
export function parseTagExpression(text: string): TagTest {
  const tokens = [...text.matchAll(/[()]|[^\s()]+/g)].map(({ 0: word, index }) => ({ word, index }));
  let next = 0;
  const is = (word: string): boolean => tokens[next]?.word.toLowerCase() === word;
  const refuse = (expected: string): InvalidArgumentError => {
    const token = tokens[next];
    const found = token === undefined ? "it ends" : `there is ${JSON.stringify(token.word)}`;
    return new InvalidArgumentError(
      `--tags ${JSON.stringify(text)}: at column ${(token?.index ?? text.length) + 1} ${found}, not ${expected}`,
    );
  };
  const all = (joint: string, part: () => TagTest, join: (tests: readonly TagTest[]) => TagTest): TagTest => {
    const tests = [part()];
    while (is(joint)) {
      next++;
      tests.push(part());
    }
    return tests.length === 1 && tests[0] !== undefined ? tests[0] : join(tests);
  };
  const either = (): TagTest => all("or", both, (tests) => (tags) => tests.some((test) => test(tags)));
  const both = (): TagTest => all("and", one, (tests) => (tags) => tests.every((test) => test(tags)));
  const one = (): TagTest => {
    if (is("not")) {
      next++;
      const test = one();
      return (tags) => !test(tags);
    }
    if (is("(")) {
      next++;
      const test = either();
      if (!is(")")) throw refuse("a closing bracket");
      next++;
      return test;
    }
    const tag = tokens[next]?.word;
    if (tag === undefined || /^(?:and|or|[()])$/i.test(tag)) throw refuse("a tag");
    next++;
    return (tags) => tags.includes(tag);
  };
  const test = either();
  if (next < tokens.length) throw refuse("`and` or `or`");
  return test;
}
