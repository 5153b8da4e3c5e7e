import type { Mismatch } from "./mismatch.ts";
import { asRationale, say, type Said } from "../../plan/sayings.ts";

/** How a sequence is looked through: what members are, how they are shown. */
export interface SequenceOf<Wanted, Member> {
  /** `events`. */
  readonly what: Said;
  readonly isIt: (wanted: Wanted, member: Member) => boolean;
  readonly showWanted: (wanted: Wanted) => string;
  readonly showMember: (member: Member) => string;
}

/** All of `wanted` in this order, others may be between. */
export function matchInOrder<W, M>(wanted: readonly W[], members: readonly M[], of: SequenceOf<W, M>): Mismatch | null {
  let from = 0;
  for (const [index, one] of wanted.entries()) {
    const at = members.findIndex((member, place) => place >= from && of.isIt(one, member));
    if (at < 0) {
      return {
        ...asRationale(say(from > 0 ? "{0} lack {1} after those before" : "{0} lack {1}", of.what, of.showWanted(one))),
        expected: wanted.map(of.showWanted).join("\n"),
        actual: members.map(of.showMember).join("\n"),
        at: [index],
      };
    }
    from = at + 1;
  }
  return null;
}

/** None of `unwanted` anywhere. */
export function matchNoneOf<W, M>(unwanted: readonly W[], members: readonly M[], of: SequenceOf<W, M>): Mismatch | null {
  const index = unwanted.findIndex((one) => members.some((member) => of.isIt(one, member)));
  const found = unwanted[index];
  if (found === undefined) return null;
  return {
    ...asRationale(say("{0} have {1}, which must not be", of.what, of.showWanted(found))),
    actual: members.map(of.showMember).join("\n"),
    at: [index],
  };
}
