# Runs a host command inside an engine's namespaces: enter.pl INIT NUMBERS SETTINGS CWD COMMAND…
# SETTINGS are lines of key=value: engine, its pid; jail, the pid of a process with the steps' own namespaces, when they have some; capabilities, the
# numbers of those to keep, with commas, and all when there is none; cgroups, folders to be put in; rlimits, number:soft:hard with commas; end, to kill
# whatever is in the jail instead of running a command.
# The command dies with this process, which passes signals on and ends as the command does.
# No `use warnings`: to load that takes as long as all else here, and every step is started by this.
use strict;

my ($init, $numbers, $settings, $cwd, @command) = @ARGV;
%Init::nr = map { split /=/ } split / /, $numbers;
$_ += 0 for values %Init::nr;
my %set = map { split /=/, $_, 2 } split /\n/, $settings;
my $jail = $set{jail};

# Who is in a jail already need not make one, and is spared to read how.
require(defined $jail ? $init =~ s/init(?=\.pl$)/calls/r : $init);
require((__FILE__ =~ m{^(.*/)})[0] . "hide.pl") if !defined $jail;

# Opened now, as the host's own: who was in time to open it may move a process, whatever that process is by then. Where there is none there is no limit by it.
my @places;
for my $folder (split /:/, $set{cgroups} // "") {
    open(my $place, ">", "$folder/cgroup.procs") or next;
    push @places, $place;
}

# What fails before the command begins is no word of the command's: we end by SIGSYS, as we do for nothing that a command does.
sub refuse {
    my ($what) = @_;
    my $why = ref $@ ? "$@->[4]: $@->[1]: " . do { local $! = $@->[0]; "$!" } : "$@";
    print STDERR "slipway: $what: $why\n";
    kill SYS => $$;
    exit 125;
}

# Closed when the command begins; what comes out of it before means that it did not.
pipe(my $begun, my $tell) or refuse("pipe: $!");

my @namespaces = defined $jail
    ? map { "/proc/$jail/ns/$_" } qw(user mnt pid_for_children net ipc uts)
    : map { "/proc/$set{engine}/ns/$_" } qw(user mnt pid net ipc uts);
eval { Init::run(Init::encode(["setns", @namespaces], ["ids", 0, 0])); 1 } or refuse("cannot enter the engine's namespaces");

sub confine {
    eval {
        Init::run(Init::encode(
            (defined $jail ? () : (["unshare", 0x20000], Hide::engine())),
            ["?session_keyring"],
            ["?no_vsock"],
            (map { ["rlimit", split /:/] } split /,/, $set{rlimits} // ""),
            ["bound", split /,/, $set{capabilities}],
        ));
        1;
    } or do { syswrite $tell, "x"; refuse("cannot confine the command") };
}

my $child = fork;
if (!defined $child) { print STDERR "slipway: fork: $!\n"; kill SYS => $$ }
if ($child == 0) {
    Init::call("prctl", 1, 9, 0, 0, 0);
    # Everything in the pid namespace but its first process and this one, in one go: no process can fork away from it.
    if ($set{end}) { kill KILL => -1; POSIX::_exit(0) if eval { require POSIX }; exit 0 }
    for my $place (@places) { syswrite $place, "0\n"; close $place }
    confine() if length($set{capabilities} // "");
    chdir $cwd or do { print STDERR "slipway: $cwd: $!\n"; exit 125 };
    exec { $command[0] } @command;
    print STDERR "slipway: $command[0]: $!\n";
    exit($! == 2 ? 127 : 126);
}
close $tell;
for my $signal (qw(TERM INT HUP QUIT USR1 USR2 WINCH CONT)) { $SIG{$signal} = sub { kill $signal => $child } }
1 while waitpid($child, 0) == -1 && $! == 4;
my $status = $?;
# A pipe of the command's own children cannot be this one: it is closed as the command begins.
kill SYS => $$ if sysread($begun, my $word, 1);
if (my $signal = $status & 127) {
    exit 128 + $signal if $signal == 31;
    my @names = (undef, qw(HUP INT QUIT));
    $SIG{ $names[$signal] } = "DEFAULT" if $names[$signal];
    $SIG{TERM} = "DEFAULT";
    kill $signal => $$;
    exit 128 + $signal;
}
exit $status >> 8;
