import { expect, test } from "vitest";
import { linkVariables } from "../../../../../src/runtime/engine/endpoints/link-env.ts";

test("a link's variables are Docker's: the lowest port, a row of three, each port, the name, and the other's own", () => {
  const variables = linkVariables({
    alias: "my-db",
    parent: "/web",
    address: "172.17.0.2",
    ports: ["92/tcp", "80/udp", "90/tcp", "91/tcp", "80/tcp"],
    env: ["PATH=/bin", "HOME=/root", "SECRET=a=b", "UNSET"],
  });
  expect(variables.filter((variable) => !/_(TCP|UDP)_(ADDR|PORT|PROTO)=/.test(variable))).toMatchInlineSnapshot(`
    [
      "MY_DB_PORT=tcp://172.17.0.2:80",
      "MY_DB_PORT_90_TCP_START=tcp://172.17.0.2:90",
      "MY_DB_PORT_90_TCP_PORT_START=90",
      "MY_DB_PORT_90_TCP_END=tcp://172.17.0.2:92",
      "MY_DB_PORT_90_TCP_PORT_END=92",
      "MY_DB_PORT_80_TCP=tcp://172.17.0.2:80",
      "MY_DB_PORT_80_UDP=udp://172.17.0.2:80",
      "MY_DB_PORT_90_TCP=tcp://172.17.0.2:90",
      "MY_DB_PORT_91_TCP=tcp://172.17.0.2:91",
      "MY_DB_PORT_92_TCP=tcp://172.17.0.2:92",
      "MY_DB_NAME=/web/my-db",
      "MY_DB_ENV_SECRET=a=b",
    ]
  `);
});
