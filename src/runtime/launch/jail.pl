# Holds the namespaces that an engine's confined steps run in: jail.pl INIT NUMBERS ENGINE FOLDER…
# FOLDERs are made, and are mounts there, so that steps can neither remove them nor put links in their place.
# Prints, when they are ready, the pid of a process whose /proc/PID/ns has them, and stays until it is killed; the engine's end ends it too.
#
# Three processes: this one, on the host; one in the engine's pid namespace, which the kernel kills with the engine; and process 1 of the steps' own
# pid namespace, which reaps. Steps see no process but their own and that one, which has more capabilities than they, so that they cannot trace it.
use strict;
use warnings;
no warnings "once";

my ($init, $numbers, $engine, @places) = @ARGV;
require $init;
require((__FILE__ =~ m{^(.*/)})[0] . "hide.pl");
%Init::nr = map { split /=/ } split / /, $numbers;
$_ += 0 for values %Init::nr;

sub attempt {
    my ($what, @operations) = @_;
    return if eval { Init::run(Init::encode(@operations)); 1 };
    my $words = do { local $! = $@->[0]; "$!" };
    print STDERR "$what: $@->[4]: $@->[1]: $words\n";
    exit 1;
}

my $parent = getppid;
attempt("join the engine", ["setns", map { "/proc/$engine/ns/$_" } qw(user mnt pid net ipc uts)], ["ids", 0, 0]);
Init::call("prctl", 1, 9, 0, 0, 0);
exit 1 if getppid != $parent;
pipe(my $ready, my $tell) or die "pipe: $!\n";
my $holder = fork // die "fork: $!\n";
if ($holder == 0) {
    close $ready;
    Init::call("prctl", 1, 9, 0, 0, 0);
    attempt("namespaces", ["unshare", 0x20000000 | 0x20000]);
    my $one = fork // die "fork: $!\n";
    if ($one == 0) {
        Init::call("prctl", 1, 9, 0, 0, 0);
        attempt(
            "files",
            ["open", "null", "/dev/null"],
            ["make_fs", "proc", "proc", 2 | 4 | 8], ["attach", "proc", "/proc"],
            (map { ["readonly", "/proc/$_"] } qw(sys sysrq-trigger irq bus fs)),
            (map { ["mask", "/proc/$_"] } qw(keys key-users kcore timer_list latency_stats)),
            Hide::engine(),
            (map { (["mkdir", $_, 0755], ["clone_tree", $_, $_, "", 0], ["attach", $_, $_]) } @places),
            ["?session_keyring"],
        );
        $0 = "steps";
        # Its memory holds nothing of worth, but nobody shall write to it either.
        Init::call("prctl", 4, 0, 0, 0, 0);
        syswrite $tell, "r";
        close $_ for $tell, *STDOUT, *STDERR;
        for (;;) { waitpid(-1, 0) > 0 or select undef, undef, undef, 0.2 }
    }
    close $_ for $tell, *STDOUT, *STDERR;
    1 while waitpid($one, 0) == -1 && $! == 4;
    exit 1;
}
close $tell;
sysread($ready, my $is_ready, 1) or exit 1;
syswrite STDOUT, "$holder\n";
1 while waitpid($holder, 0) == -1 && $! == 4;
exit 1;
