/** Cuts `text` to `width` code points, the last of them `…` (docker's formatter.Ellipsis). */
export function ellipsis(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  if (width <= 1) return characters.slice(0, width).join("");
  return `${characters.slice(0, width - 1).join("")}…`;
}
