import type { Mismatch } from "./mismatch.ts";

/** How a sequence is looked through: what members are, how they are shown. */
export interface SequenceOf<Wanted, Member> {
  /** `events`. */
  readonly what: string;
  readonly isIt: (wanted: Wanted, member: Member) => boolean;
  readonly showWanted: (wanted: Wanted) => string;
  readonly showMember: (member: Member) => string;
}

/** All of `wanted` in this order, others may be between. */
export function matchInOrder<W, M>(wanted: readonly W[], members: readonly M[], of: SequenceOf<W, M>): Mismatch | null {
  let from = 0;
  for (const one of wanted) {
    const at = members.findIndex((member, index) => index >= from && of.isIt(one, member));
    if (at < 0) {
      const where = from > 0 ? " after those before" : "";
      return {
        rationale: `${of.what} lack ${of.showWanted(one)}${where}`,
        expected: wanted.map(of.showWanted).join("\n"),
        actual: members.map(of.showMember).join("\n"),
      };
    }
    from = at + 1;
  }
  return null;
}

/** None of `unwanted` anywhere. */
export function matchNoneOf<W, M>(unwanted: readonly W[], members: readonly M[], of: SequenceOf<W, M>): Mismatch | null {
  const found = unwanted.find((one) => members.some((member) => of.isIt(one, member)));
  if (found === undefined) return null;
  return { rationale: `${of.what} have ${of.showWanted(found)}, which must not be`, actual: members.map(of.showMember).join("\n") };
}
