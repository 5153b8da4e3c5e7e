/** Orders names as people count, `web2` before `web10` (docker sorts networks and volumes so). */
export function naturalOrder(a: string, b: string): number {
  const left = a.split(/(\d+)/);
  const right = b.split(/(\d+)/);
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [one = "", two = ""] = [left[index], right[index]];
    if (one === two) continue;
    const numbers = index % 2 === 1;
    if (numbers && Number(one) !== Number(two)) return Number(one) - Number(two);
    return one < two ? -1 : 1;
  }
  return left.length - right.length;
}
