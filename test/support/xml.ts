/** An element of a parsed document: text and CDATA joined in `text`. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const TOKEN = /<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w:-]+)\s*>|<([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
// eslint-disable-next-line no-control-regex
const ILLEGAL =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Parses the XML that reports are made of. Throws on what is not well-formed. */
export function parseXml(source: string): XmlElement {
  if (ILLEGAL.test(source)) throw new Error("a character that XML forbids");
  interface Open {
    name: string;
    attributes: Record<string, string>;
    children: XmlElement[];
    text: string;
  }
  const stack: Open[] = [{ name: "", attributes: {}, children: [], text: "" }];
  const top = (): Open => {
    const last = stack.at(-1);
    if (last === undefined) throw new Error("more elements are closed than opened");
    return last;
  };
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new Error(`not well-formed at ${at}: ${source.slice(at, at + 60)}`);
    const [, cdata, closed, opened, attributes = "", empty, text] = match;
    if (cdata !== undefined) top().text += cdata;
    else if (text !== undefined) {
      if (text.includes("]]>")) throw new Error("]]> outside CDATA");
      top().text += unescape(text);
    } else if (opened !== undefined) {
      const element: Open = { name: opened, attributes: {}, children: [], text: "" };
      for (const [, name = "", value = ""] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
        if (name in element.attributes) throw new Error(`${name} twice`);
        element.attributes[name] = unescape(value);
      }
      top().children.push(element);
      if (empty === "") stack.push(element);
    } else if (closed !== undefined && stack.pop()?.name !== closed) throw new Error(`</${closed}> closes another element`);
  }
  const [root, ...more] = top().children;
  if (stack.length !== 1 || root === undefined || more.length > 0) throw new Error("not one whole root element");
  return root;
}

function unescape(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));|&/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    const value = hex
      ? String.fromCodePoint(Number.parseInt(hex, 16))
      : decimal
        ? String.fromCodePoint(Number(decimal))
        : named[name ?? ""];
    if (value === undefined) throw new Error(`a bare or unknown entity: ${whole}`);
    return value;
  });
}
