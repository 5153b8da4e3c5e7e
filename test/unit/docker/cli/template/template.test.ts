import { describe, expect, test } from "vitest";
import { fromJson } from "../../../../../src/docker/cli/template/go-value.ts";
import { plainValue } from "../../../../../src/docker/cli/template/plain-value.ts";
import { compileTemplate } from "../../../../../src/docker/cli/template/template.ts";
import { typedValue } from "../../../../../src/docker/cli/format/typed-value.ts";

const data = {
  ID: "9f5816e8ad7e",
  Names: "cli-a",
  Count: 3,
  Ok: true,
  Nothing: null,
  List: ["a", "b"],
  Map: { y: "2", x: "1" },
  Ports: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] },
};
const render = (source: string): string => compileTemplate(source).execute(plainValue(data));

// Every expectation here is what docker 20.10 printed for the same template.
describe("templates compute as Go's do", () => {
  test.each([
    ['{{upper .Names}} {{pad .Names 2 3}}| {{truncate .ID 3}} {{title "ab cd"}}', "CLI-A   cli-a   | 9f5 Ab Cd"],
    ['{{split .Names "-"}} {{join (split .Names "-") "+"}} {{len .Names}}', "[cli a] cli+a 5"],
    ['{{printf "%-8s|%8s|%q" .Names .ID .Names}}', 'cli-a   |9f5816e8ad7e|"cli-a"'],
    ['{{printf "%d %s %v %5d|%-5d|%05d %x %t %%" 3 "a" true 4 5 6 255 true}}', "3 a true     4|5    |00006 ff true %"],
    ['{{printf "%d" "x"}} {{printf "%s"}} {{printf "a" 1}}', "%!d(string=x) %!s(MISSING) a%!(EXTRA int=1)"],
    ['{{printf "%6.2f|%v" 3.14159 2.5}}', "  3.14|2.5"],
    ['a{{printf "x%100000019d|" 1}}b', "ax%!(NOVERB)%!(EXTRA int=1)b"],
    ['{{printf "%*d|%*d|%.*f" 1000001 1 3 1 1000001 1.5}}', "%!(BADWIDTH)1|  1|%!(BADPREC)1.500000"],
    ["{{println .Count .Ok}}", "3 true\n"],
    ["{{.List}} {{.Map}} {{.Ok}} {{.Nothing}}", "[a b] {2 1} true <no value>"],
    ["{{range $i, $e := .List}}{{$i}}={{$e}} {{end}}", "0=a 1=b "],
    ["{{range .List}}[{{.}}]{{else}}none{{end}}{{range .Nothing}}x{{else}}none{{end}}", "[a][b]none"],
    ["{{range .List}}{{.}}{{break}}{{end}}{{range .List}}{{continue}}x{{end}}", "a"],
    ['{{if eq .Names "x"}}1{{else if eq .Count 3}}2{{else}}3{{end}}', "2"],
    ["{{with .Names}}{{.}}{{end}}{{with $x := .ID}}{{$x}}{{end}}", "cli-a9f5816e8ad7e"],
    ['{{$x := "a"}}{{if true}}{{$x = "b"}}{{end}}{{$x}}', "b"],
    ["a {{- /* comment */ -}} b {{- .Count -}} c", "ab3c"],
    ['{{lt 1 2}} {{ge "a" "b"}} {{ne 1 2}} {{eq 1 2 1}} {{and .Ok 0}} {{or "" "y"}} {{not .Ok}}', "true false true true 0 y false"],
    ['{{html "<a>"}} {{js "it\'s"}} {{urlquery "a b"}}', "&lt;a&gt; it\\'s a+b"],
    ["{{1.5}} {{0x10}} {{'a'}} {{`raw`}} {{\"x\\ty\"}} {{true}}", "1.5 16 97 raw x\ty true"],
    ['{{index .List 1}} {{slice .ID 2 4}} {{.ID | printf "%.5s"}}', "b 58 9f581"],
    ['{{json .List}} {{.Map | json}} {{json "<&>"}}', '["a","b"] {"y":"2","x":"1"} "<&>"'],
  ])("%s", (source, expected) => {
    expect(render(source)).toBe(expected);
  });
});

describe("templates fail in Go's words", () => {
  test.each([
    ["{{.ID", "template: :1: unclosed action"],
    ["{{.ID}", "template: :1: bad character U+007D '}'"],
    ["{{foo}}", 'template: :1: function "foo" not defined'],
    ["{{range}}", "template: :1: missing value for range"],
    ["{{end}}", "template: :1: unexpected {{end}}"],
    ["{{if .ID}}x", "template: :1: unexpected EOF"],
    ["{{if .ID}}a{{else}}b{{else}}c{{end}}", "template: :1: expected end; found {{else}}"],
    ["{{$x}}", 'template: :1: undefined variable "$x"'],
    ['{{"abc}}', "template: :1: unterminated quoted string"],
    ["{{(.ID}}", "template: :1: unclosed left paren"],
    ["{{.ID)}}", "template: :1: unexpected right paren"],
    ["{{@}}", 'template: :1: unexpected "@" in command'],
    ["{{.ID | 3}}", "template: :1: non executable command in pipeline stage 2"],
    ["{{nil}}", 'template: :1:2: executing "" at <nil>: nil is not a command'],
    ["{{.Foo}}", `template: :1:2: executing "" at <.Foo>: can't evaluate field Foo in type types.Object`],
    ["x\ny{{.Names.Foo}}", `template: :2:9: executing "" at <.Names.Foo>: can't evaluate field Foo in type string`],
    ["{{index .List 3}}", 'template: :1:2: executing "" at <index .List 3>: error calling index: index out of range: 3'],
    ["{{eq .Names 1}}", 'template: :1:2: executing "" at <eq .Names 1>: error calling eq: incompatible types for comparison'],
    ["{{upper}}", 'template: :1:2: executing "" at <upper>: wrong number of args for upper: want 1 got 0'],
    ["{{upper 3}}", 'template: :1:8: executing "" at <3>: expected string; found 3'],
    ['{{join .Names ","}}', 'template: :1:7: executing "" at <.Names>: wrong type for value; expected []string; got string'],
    ["{{range .Names}}x{{end}}", `template: :1:8: executing "" at <.Names>: range can't iterate over cli-a`],
  ])("%j", (source, message) => {
    let said = "";
    try {
      render(source);
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toBe(message);
  });
});

describe("an inspected container", () => {
  const json = {
    Id: "55dd",
    State: { Status: "created", Running: false, ExitCode: 0 },
    HostConfig: { PortBindings: data.Ports, PidsLimit: null },
    Config: { Env: ["A=b"], Labels: { x: "y" }, Cmd: null },
    Mounts: [{ Type: "volume", Name: "v", Source: "/s", Destination: "/d", Driver: "local", Mode: "", RW: true, Propagation: "" }],
    NetworkSettings: { Networks: { bridge: { IPAddress: "172.17.0.2" } } },
  };
  const typed = (source: string): string => compileTemplate(source).execute(typedValue("types.ContainerJSON", json));
  test.each([
    ["{{.ID}} {{.State.Status}} {{.RestartCount}}", "55dd created 0"],
    ["{{.State}}", "{created false false false false false 0 0    <nil>}"],
    ["{{.Config.Env}} {{.Config.Cmd}} {{.Config.ExposedPorts}} {{.Config.Labels}}", "[A=b] [] map[] map[x:y]"],
    ['{{.Config.Labels.nope}} {{index .Config.Labels "nope"}}|', "<no value> |"],
    ["{{.HostConfig.PortBindings}} {{.HostConfig.PidsLimit}} {{.SizeRw}}", "map[80/tcp:[{ 8080}]] <nil> <nil>"],
    ['{{(index (index .HostConfig.PortBindings "80/tcp") 0).HostPort}}', "8080"],
    ["{{.Mounts}}", "[{volume v /s /d local  true }]"],
    ["{{range $k, $v := .NetworkSettings.Networks}}{{$k}}={{$v.IPAddress}};{{end}}", "bridge=172.17.0.2;"],
    ["{{json .Config}}", '{"Env":["A=b"],"Labels":{"x":"y"},"Cmd":null}'],
    ['{{printf "%T" .State}}', "*types.ContainerState"],
  ])("is a struct: %s", (source, expected) => {
    expect(typed(source)).toBe(expected);
  });
  test("is plain JSON where its names are spelled so", () => {
    const plain = (source: string): string => compileTemplate(source).execute(fromJson(json), { missingKeyIsError: true });
    expect(plain("{{.Id}} {{.State.ExitCode}} {{.State}}")).toBe("55dd 0 map[ExitCode:0 Running:false Status:created]");
    expect(() => plain("{{.State.Foo}}")).toThrow('template: :1:8: executing "" at <.State.Foo>: map has no entry for key "Foo"');
  });
});
