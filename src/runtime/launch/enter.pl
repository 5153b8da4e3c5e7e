# Runs a host command inside an engine's namespaces: enter.pl INIT NUMBERS CAPABILITIES PID CWD COMMAND…
# CAPABILITIES are the numbers of those to keep, with commas; empty for all.
# The command dies with this process, which passes signals on and ends as the command does.
use strict;
use warnings;
no warnings "once";

my ($init, $numbers, $capabilities, $engine, $cwd, @command) = @ARGV;
require $init;
%Init::nr = map { split /=/ } split / /, $numbers;
$_ += 0 for values %Init::nr;

eval {
    Init::run(Init::encode(["setns", map { "/proc/$engine/ns/$_" } qw(user mnt pid net ipc uts)], ["ids", 0, 0]));
    1;
} or do { print STDERR "slipway: cannot enter the engine's namespaces: $@->[4]: $@->[1]: " . do { local $! = $@->[0]; "$!" } . "\n"; exit 125 };

# The engine's state, the images that other roots share and the cgroups are out of reach, but for the socket; what hides them cannot be undone,
# for the capabilities to do so are given up.
sub confine {
    my $root = "/run/slipway/root";
    my @void = ("tmpfs", 1 | 2 | 4 | 8, "mode=755");
    eval {
        Init::run(Init::encode(
            ["unshare", 0x20000],
            ["clone_tree", "socket", "$root/docker.sock", "", 0],
            ["make_fs", "store", @void], ["attach", "store", "/run/slipway/store"],
            ["make_fs", "root", "tmpfs", 2 | 4 | 8, "mode=755"], ["attach", "root", $root],
            ["attach", "socket", "$root/docker.sock"],
            ["set_readonly", $root, ""],
            ["set_readonly", "/sys", 1],
            ["bound", split /,/, $capabilities],
        ));
        1;
    } or do { print STDERR "slipway: cannot confine the command: $@->[4]: $@->[1]: " . do { local $! = $@->[0]; "$!" } . "\n"; exit 125 };
}

my $child = fork // die "slipway: fork: $!\n";
if ($child == 0) {
    Init::call("prctl", 1, 9, 0, 0, 0);
    confine() if length $capabilities;
    chdir $cwd or do { print STDERR "slipway: $cwd: $!\n"; exit 125 };
    no warnings "exec";
    exec { $command[0] } @command;
    print STDERR "slipway: $command[0]: $!\n";
    exit($! == 2 ? 127 : 126);
}
for my $signal (qw(TERM INT HUP QUIT USR1 USR2 WINCH CONT)) { $SIG{$signal} = sub { kill $signal => $child } }
1 while waitpid($child, 0) == -1 && $! == 4;
my $status = $?;
if (my $signal = $status & 127) {
    my @names = (undef, qw(HUP INT QUIT));
    $SIG{ $names[$signal] } = "DEFAULT" if $names[$signal];
    $SIG{TERM} = "DEFAULT";
    kill $signal => $$;
    exit 128 + $signal;
}
exit $status >> 8;
