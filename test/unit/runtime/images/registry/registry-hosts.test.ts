import { expect, test } from "vitest";
import { parseInsecureRegistries, RegistryHosts } from "../../../../../src/runtime/images/registry/registry-hosts.ts";

const insecure = parseInsecureRegistries(" registry.school:5000, 10.0.0.0/8,fd00::/8,plain ");

test.each([
  ["localhost:5000", ["https://localhost:5000/", "http://localhost:5000/"]],
  ["127.3.2.1:81", ["https://127.3.2.1:81/", "http://127.3.2.1:81/"]],
  ["[::1]:5000", ["https://[::1]:5000/", "http://[::1]:5000/"]],
  ["registry.school:5000", ["https://registry.school:5000/", "http://registry.school:5000/"]],
  ["plain", ["https://plain/", "http://plain/"]],
  ["10.1.2.3:5000", ["https://10.1.2.3:5000/", "http://10.1.2.3:5000/"]],
  ["[fd00::2]:5000", ["https://[fd00::2]:5000/", "http://[fd00::2]:5000/"]],
  ["registry.school:5001", ["https://registry.school:5001/"]],
  ["registry.school", ["https://registry.school/"]],
  ["11.1.2.3:5000", ["https://11.1.2.3:5000/"]],
  ["127.0.0.1.example:5000", ["https://127.0.0.1.example:5000/"]],
  ["docker.io", ["https://registry-1.docker.io/"]],
])("%s is asked at %j", (domain, origins) => {
  expect(new RegistryHosts({ insecure }).origins(domain).map(({ href }) => href)).toEqual(origins);
});

test.each(["http://plain:5000", "10.0.0.0/99", "a b", "", "host:port"])("%j names no insecure registry", (text) => {
  expect(() => new RegistryHosts({ insecure: [text] })).toThrow(`invalid insecure registry ${JSON.stringify(text)}`);
});

test("certificates are looked at, but not an insecure registry's", () => {
  const hosts = new RegistryHosts({ insecure: ["plain:5000"] });
  expect(hosts.tls(new URL("https://plain:5000/v2/"))).toMatchObject({ rejectUnauthorized: false });
  expect(hosts.tls(new URL("https://other:5000/v2/"))).not.toHaveProperty("rejectUnauthorized");
});
