/** The text without any of these characters at its end. An expression (`/x+$/`) would look at each run of them in the text once for each of its characters. */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
