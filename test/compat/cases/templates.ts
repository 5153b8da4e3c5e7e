import type { CompatCase } from "../compat-case.ts";

const box = `docker create --name box -e A=1 -l x=y -l team=Blue -p 8080:80 --entrypoint /bin/sh busybox -c 'echo "hi" & <x>' >/dev/null`;
const show = (...templates: readonly string[]): string =>
  `${box}; for format in ${templates.map((template) => `'${template.replaceAll("'", `'\\''`)}'`).join(" ")}; do docker inspect -f "$format" box; echo "exit $?"; done`;

/** Go's templates, as `--format` takes them. */
export const templates: readonly CompatCase[] = [
  {
    title: "range goes over lists and maps, with else for what is empty",
    script: show(
      "{{range .Config.Env}}[{{.}}]{{end}}",
      "{{range $i, $e := .Config.Env}}{{$i}}={{$e}};{{end}}",
      "{{range $k, $v := .Config.Labels}}{{$k}}:{{$v}} {{end}}",
      "{{range .Config.Volumes}}x{{else}}none{{end}}",
      "{{range $p, $conf := .HostConfig.PortBindings}}{{$p}} -> {{(index $conf 0).HostPort}}{{end}}",
      '{{range .Config.Env}}{{if eq . "A=1"}}{{continue}}{{end}}{{.}}{{break}}{{end}}',
    ),
  },
  {
    title: "if, else if, and, or, not and comparisons choose",
    script: show(
      '{{if .State.Running}}up{{else if eq .State.Status "created"}}new{{else}}down{{end}}',
      "{{if and .Name (not .State.Running)}}yes{{end}}",
      '{{or .State.Error "no error"}} {{and 1 0}} {{and 1 2}}',
      '{{eq 1 1}} {{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt 1 2}} {{ge 3 2}} {{eq "a" "b" "a"}}',
      "{{if .Config.Labels}}labels{{end}}{{if .Config.Volumes}}volumes{{end}}",
      '{{eq .RestartCount "x"}}',
    ),
  },
  {
    title: "with changes the dot, variables keep their values",
    script: show(
      "{{with .Config}}{{.Image}} {{.Labels.x}}{{end}}",
      "{{with .Config.Volumes}}some{{else}}nothing{{end}}",
      "{{$image := .Config.Image}}{{with .State}}{{.Status}} of {{$image}} {{$.Name}}{{end}}",
      "{{$n := 1}}{{$n = 2}}{{$n}}",
      "{{with $x := .Name}}{{$x}}{{end}}",
      '{{define "T"}}<{{.}}>{{end}}{{template "T" .Name}}{{range .Config.Cmd}}{{template "T" .}}{{end}}',
      '{{block "B" .State}}{{.Status}}{{end}} {{template "B" .State}} {{template "B"}}',
    ),
  },
  {
    title: "json, join, split, upper, lower, title, pad, truncate and println",
    script: show(
      "{{json .Config.Env}}",
      "{{json .Config.Cmd}}",
      "{{json .Config.Labels}}",
      '{{join .Config.Env ", "}}',
      '{{split .Config.Image "y"}}',
      "{{upper .Config.Image}} {{lower .Config.Labels.team}} {{title .Config.Image}}",
      "{{pad .Config.Image 2 3}}|{{truncate .Config.Image 4}}|{{truncate .Config.Image 99}}",
      "{{println .Config.Image 1 true}}",
      '{{print .Config.Image 1 2 "x" "y"}}',
      '{{.Config.Image | upper | printf "%s!"}}',
    ),
  },
  {
    title: "printf knows Go's verbs",
    script: show(
      '{{printf "%s|%q|%v|%d|%5d|%-5d|%05d|%x|%t|%%" "a" "b" .Config.Labels 7 7 7 7 255 true}}',
      '{{printf "%10s|%-10s|%.2s" .Config.Image .Config.Image .Config.Image}}',
      '{{printf "%f %.2f %g %e" 1.5 2.345 0.1 12345.678}}',
      '{{printf "%d" "x"}} {{printf "%s" 1}} {{printf "%d"}} {{printf "x" 1}}',
      '{{printf "%c %U %o %b %X" 65 65 8 5 255}}',
      '{{printf "%v %+v %T" .Config.Env .State.Running .Config.Env}}',
      '{{printf "%T %T %T" 1 "s" true}}',
    ),
  },
  {
    title: "len, index, slice and html",
    script: show(
      "{{len .Config.Env}} {{len .Config.Labels}} {{len .Name}}",
      '{{index .Config.Cmd 0}} {{index .Config.Labels "x"}} {{index .Config.Labels "nope"}}|',
      "{{index .Config.Env 99}}",
      "{{slice .Name 1 3}} {{slice .Config.Cmd 1}}",
      '{{html "<a>&"}} {{js "it\'s"}} {{urlquery "a b&c"}}',
      "{{len 3}}",
      "{{index .Config 0}}",
    ),
  },
  {
    title: "what is wrong with a template is said as Go says it",
    script: show(
      "{{.Nope}}",
      "{{.Config.Nope}}",
      "{{.Name.Nope}}",
      "{{nope .Name}}",
      "{{.Name",
      "{{if}}",
      "{{end}}",
      "{{if .Name}}",
      "{{else}}",
      "{{.Name | nope}}",
      '{{"unterminated}}',
      "{{range}}{{end}}",
      "{{$x}}",
      '{{template "no"}}',
      "}}",
      "{{1 2}}",
      "{{.Name | 3}}",
      "{{)}}",
      "{{(}}",
    ),
  },
  {
    title: "comments, trimming, raw strings, numbers and characters",
    script: show(
      "{{/* nothing */}}x",
      "a  {{- .Config.Image -}}  b",
      "{{`raw {{ string`}}",
      "{{0x1f}} {{1_000}} {{'a'}} {{1e3}} {{-5}} {{true}} {{nil | print}}",
      "{{print nil}}",
      "line\\nbreak\\ttab",
      '{{"tab\\there"}}',
    ),
  },
  {
    title: "lists take table, json and rows, with heads of their own",
    script: `${box}
docker ps -a --format 'table {{.Names}}\\t{{.Image}}\\t{{.Labels}}'; docker ps -a --format 'table {{.Names | upper}}\\t{{.Label "team"}}'; docker ps -a --format '{{.Label "x"}} {{.Label "nope"}}|'; docker ps -a --format 'table'; docker ps -a --format 'table {{json .Names}}'
docker ps -a --format json | tr ',' '\\n' | grep -v -e Created -e ID -e Running -e Status -e Platform; docker ps -a --format '{{json .Names}} {{json .Labels}}'; docker ps -a --format '{{.Nope}}'; echo "exit $?"; docker ps -a --format '{{.Names'; echo "exit $?"; docker ps --format 'table {{.Names}}'; docker ps --format '{{.Names}}'; docker ps -a --format 'tables {{.Names}}'
docker images --format 'table {{.Repository}}\\t{{.Tag}}'; docker images --format json | tr ',' '\\n' | grep -e Repo -e Tag; docker network ls --format 'table {{.Name}} {{.Driver}}' | sort; docker network ls --format json --filter name=bridge | tr ',' '\\n' | grep -e Name -e Driver -e Scope -e Internal -e Labels -e IPv; docker volume create vv >/dev/null; docker volume ls --format json | tr ',' '\\n' | grep -v Mountpoint; docker ps -a --format 'raw' | cut -d : -f 1; docker images --format raw | cut -d : -f 1; docker volume ls --format raw; docker network ls --format raw --filter name=none | cut -d : -f 1`,
  },
  {
    title: "lists' placeholders by name, split and joined",
    script: `${box}
docker ps -a --format '{{split .Image "s"}} {{join (split .Names "o") "-"}} {{len .Names}} {{.Names | printf "%-6s|"}} {{printf "%q" .Image}}'; docker ps -a --no-trunc --format '{{.Command}} {{.LocalVolumes}} {{.Mounts}} {{.Networks}} {{.State}} {{.Size}}' | sed 's/ [0-9.]*B (virtual.*//'
docker ps -a --format '{{range split .Command " "}}[{{.}}]{{end}}'; docker ps -a --format '{{if eq .State "created"}}new{{end}} {{with .Ports}}ports{{else}}no ports{{end}}'; docker ps -a --format '{{truncate .Image 3}} {{pad .Image 1 1}}|{{title .Image}}'; docker images --format '{{.Repository}}:{{.Tag}} {{.Containers}} {{.SharedSize}} {{.UniqueSize}}'; docker history --format '{{.Size}} {{.CreatedBy}}' --no-trunc busybox | wc -l`,
  },
];
