import { randomInt } from "node:crypto";
import { InvalidArgumentError } from "../../base/errors.ts";

const adjectives =
  `able agile alert amber ample apt avid awake blithe bold brave breezy bright brisk calm candid careful cheery clever cosy crisp curious dapper daring dazzling
  deft diligent eager earnest elated fair fearless festive focused fond frank friendly gentle gifted glad graceful grand hardy hearty honest hopeful
  humble ideal inspiring jolly jovial keen kind lively loving loyal lucid mellow merry mighty modest neat nifty nimble noble optimistic patient peppy
  playful plucky polite proud prudent quick quiet quirky radiant ready relaxed resolute robust serene sharp silent sleek smart snappy sober spry
  steady stoic sturdy sunny swift tender thankful tidy tranquil trusting upbeat valiant vibrant vigilant warm wise witty wonderful zealous zen`.split(
    /\s+/,
  );

/** People to whom computing owes something. */
const surnames =
  `adleman aho aiken allen amdahl antonelli atanasoff babbage bachman backus bartik berners_lee bernstein boole booth borg brooks brin
  bush cerf chang church clarke cocke codd conway cook corbato cray dahl dean dennis diffie dijkstra easley eckert emerson engelbart
  estrin feigenbaum feinler floyd flowers frances gosling gray hamilton hamming hartmanis hejlsberg hellman hoare holberton hollerith hopcroft
  hopper iverson jacobson johnson kahan kahn karp kapor kay keller kernighan kilby kleene kleinrock knuth lamarr lamport lampson lederberg leibniz
  liskov lovelace matsumoto mauchly mccarthy mcilroy meltzer metcalfe micali milner minsky moore naur neumann newell nygaard ousterhout papert
  pascal pearl perlis perlman postel rabin raymond reynolds ritchie rivest rossum saltzer sammet schroeder scott shamir shannon shaw simon sipser
  snyder spence stallman stearns stonebraker strachey stroustrup sutherland sutter tanenbaum tarjan thacker thompson torvalds turing ullman valiant
  wall wescoff wilkes wilkinson wing wirth wozniak yao yourdon zuse`
    .split(/\s+/)
    .map((name) => name.replaceAll("_", ""));

/** `adjective_surname`, as Docker names a container that got no name; from the third try on with a digit behind, so that it ends. */
export function generateName(isTaken: (name: string) => boolean, pick: (count: number) => number = randomInt): string {
  for (let attempt = 0; ; attempt += 1) {
    const base = `${adjectives[pick(adjectives.length)]}_${surnames[pick(surnames.length)]}`;
    const name = attempt < 3 ? base : `${base}${pick(10 ** Math.min(attempt - 2, 6))}`;
    if (!isTaken(name)) return name;
  }
}

/**
 * The name without its leading slash.
 * @throws InvalidArgumentError for a name that Docker refuses.
 */
export function parseContainerName(text: string): string {
  const name = text.replace(/^\//, "");
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) {
    throw new InvalidArgumentError(`Invalid container name (${text}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
  }
  return name;
}
