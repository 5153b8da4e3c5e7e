# Stays outside of an engine's namespaces as their parent: makes what only the outside can make (id mappings, cgroups), starts the
# engine's process 1, and when that is gone, however it went, takes away what the kernel does not take by itself.
#
# Three processes: the keeper; a sweeper, which does the keeper's last duty when the keeper itself is killed; and process 1 of the new
# pid namespace, which starts node, reaps orphans and ends with node. The kernel kills process 1 when the keeper dies.
use strict;

require $_ for @ARGV;

my ($SIGTERM, $SIGKILL, $SIGCHLD) = (15, 9, 17);
my ($LOCK_EX, $LOCK_NB, $EINTR) = (2, 4, 4);

open(my $control, "+<&=", 3) or die "keeper: descriptor 3: $!\n";
fcntl($control, 2, 1);
my ($settings, $before, $after, $exec, $cgroup_list) = Init::receive($control);
my %set = unpack "(N/a*)*", $settings;
my @cgroups;

# Whatever the caller left open would live as long as the engine.
syscall($Init::nr{close_range}, 4, 0xffffffff, 0);
$0 = "slipway keeper $set{root}";

sub report { syswrite($control, join("\0", @_) . "\n") }
sub give_up { report("error", @_); exit 1 }

sub perform {
    my ($operations) = @_;
    return if eval { Init::run($operations); 1 };
    my ($errno, $what, $index, $name) = @{ $@ };
    give_up($name, $errno, $what);
}

# --- cgroups --------------------------------------------------------------------------------------------------------------------

sub entries { my ($folder) = @_; opendir(my $dir, $folder) or return; return map { "$folder/$_" } grep { !/^\.\.?$/ } readdir $dir }

sub put { my ($path, $text) = @_; open(my $file, ">", $path) or return; syswrite $file, $text; close $file }

# Each is "controller=folder"; one that the host refuses is left out, for containers run without.
sub make_cgroups {
    for my $entry (unpack "(N/a*)*", $cgroup_list) {
        my ($controller, $folder) = split /=/, $entry, 2;
        if ($controller eq "unified") {
            (my $parent = $folder) =~ s{/[^/]*$}{};
            put("$parent/cgroup.subtree_control", "+$_") for qw(cpu memory pids io cpuset);
        }
        mkdir $folder, 0755 or next;
        if ($controller eq "unified") {
            mkdir "$folder/engine";
            open(my $have, "<", "$folder/cgroup.controllers");
            put("$folder/cgroup.subtree_control", "+$_") for split " ", scalar(<$have>) || "";
        }
        chown $set{shift}, $set{shift}, map { ($_, entries($_)) } $folder, "$folder/engine";
        limit_engine($controller, $folder) if $set{engine_memory} && $controller =~ /^(unified|memory|pids)$/;
        limit($controller, $folder) if $set{memory} && $controller =~ /^(unified|memory|cpu|cpuacct|pids|freezer)$/;
        # A child's are taken from here, and are empty at first.
        if ($controller eq "cpuset") { inherit($folder, $_) for qw(cpuset.cpus cpuset.mems) }
        push @cgroups, "$controller=$folder";
    }
}

sub inherit {
    my ($folder, $name) = @_;
    open(my $file, "<", "$folder/../$name") or return;
    put("$folder/$name", scalar readline $file);
}

# The engine with what it starts besides containers, so that a submission which makes it grow without end ends that engine, and nothing else on the host.
# In version 1 it must not share the containers' group, or they could have it killed.
sub limit_engine {
    my ($controller, $folder) = @_;
    my $group = $controller eq "unified" ? "$folder/engine" : "$folder-engine";
    mkdir $group, 0755;
    my %limits = $controller eq "pids"
        ? ("pids.max" => $set{processes} + 256)
        : ("memory.limit_in_bytes" => $set{engine_memory}, "memory.memsw.limit_in_bytes" => $set{engine_memory},
           "memory.max" => $set{engine_memory}, "memory.swap.max" => 0);
    for my $file (sort keys %limits) {
        next unless -e "$group/$file";
        put("$group/$file", $limits{$file});
        chown 0, 0, "$group/$file";
    }
}

# All containers and steps together; steps in a group of their own, which is nobody's inside. In version 2 the engine is among them, so that there is room
# for it above.
sub limit {
    my ($controller, $folder) = @_;
    my $unified = $controller eq "unified";
    mkdir "$folder/steps", 0755;
    my %limits = $unified
        ? ("memory.max" => 2 * $set{memory} + $set{engine_memory}, "memory.swap.max" => 0, "pids.max" => 2 * $set{processes} + 128,
           "steps/memory.max" => $set{memory}, "steps/pids.max" => $set{processes})
        : $controller eq "memory" ? ("memory.limit_in_bytes" => $set{memory}, "memory.memsw.limit_in_bytes" => $set{memory})
        : $controller eq "pids" ? ("pids.max" => $set{processes})
        : ();
    for my $file (sort keys %limits) {
        next unless -e "$folder/$file";
        put("$folder/$file", $limits{$file});
        chown 0, 0, "$folder/$file";
    }
}

# The root's files in memory, of a limited size; seen by the host too, for the harness looks at them.
sub mount_disk {
    my ($type, $flags, $options, $root) = ("tmpfs", 0, $set{disk}, $set{root});
    my $umask = umask 0;
    eval { Init::call("mount", $type, $root, $type, $flags, $options); 1 } or give_up("mount", $@->[0], "tmpfs on $root");
    mkdir "$root/tmp", 01777;
    chown $set{shift}, $set{shift}, "$root/tmp";
    umask $umask;
}

sub unmount_disk {
    return unless $set{disk};
    my $root = $set{root};
    syscall($Init::nr{umount2}, $root, 2);
}

sub below { my ($folder) = @_; return ((map { below($_) } grep { -d && !-l } entries($folder)), $folder) }

# Frozen processes cannot die, so thaw first, and again until nothing is left.
sub sweep {
    unlink $set{socket};
    unmount_disk();
    # All that were to be made: the keeper may have been killed among them.
    my @folders = map { my $folder = (split /=/, $_, 2)[1]; ($folder, "$folder-engine") } unpack "(N/a*)*", $cgroup_list;
    @folders = grep { -d } @folders;
    for (1 .. 500) {
        for my $folder (map { below($_) } @folders) {
            put("$folder/freezer.state", "THAWED") if -e "$folder/freezer.state";
            put("$folder/cgroup.freeze", "0") if -e "$folder/cgroup.freeze";
            rmdir $folder;
        }
        @folders = grep { -d } @folders or last;
        select undef, undef, undef, 0.01;
    }
}

# --- ids ------------------------------------------------------------------------------------------------------------------------

sub map_ids {
    my ($pid) = @_;
    if ($set{maps} eq "helper") {
        return if system($set{newuidmap}, $pid, split / /, $set{uid_map}) == 0 && system($set{newgidmap}, $pid, split / /, $set{gid_map}) == 0;
        $set{uid_map} = "0 $> 1";
        $set{gid_map} = "0 " . (split / /, $))[0] . " 1";
    }
    put("/proc/$pid/setgroups", "deny") if $> != 0;
    for my $kind (qw(uid gid)) {
        Init::write_all("/proc/$pid/${kind}_map", $set{"${kind}_map"});
    }
}

# --- process 1 of the engine's pid namespace ------------------------------------------------------------------------------------

sub process_one {
    my ($go, $alive, $gateway) = @_;
    sysread($go, my $mapped, 1) or exit 1;
    perform(Init::encode(["ids", 0, 0], ["die_with_parent", $SIGKILL]));
    # The keeper may have died before it could take us along.
    sysread($go, my $way_out, 1024) or exit 1;
    $0 = "slipway init $set{root}";
    my ($engine, $asked);
    $SIG{$_} = "DEFAULT" for qw(INT HUP);
    $SIG{TERM} = sub { $asked = 1; kill TERM => $engine if $engine };
    perform($after);
    $engine = fork // give_up("fork", $! + 0, "fork");
    if ($engine == 0) {
        $SIG{TERM} = "DEFAULT";
        # The engine writes to descriptor 3 when it is ready.
        open(STDIN, "<", "/dev/null");
        fcntl($control, 2, 0);
        my ($operation) = unpack "(N/a*)*", $exec;
        my (undef, @arguments) = unpack "(N/a*)*", $operation;
        my $cgroups = "SLIPWAY_CGROUPS=" . join ",", @cgroups;
        $Init::first_closed = 4;
        # The publisher's other end is descriptor 4.
        if ($gateway) { Init::call("dup3", fileno $gateway, 4, 0) if fileno $gateway != 4; fcntl($gateway, 2, 0); $Init::first_closed = 5 }
        eval { $Init::op{exec}->(@arguments, $cgroups, "SLIPWAY_WAY_OUT=" . substr $way_out, 1) };
        give_up("exec", $@->[0], $@->[1]);
    }
    kill TERM => $engine if $asked;
    close $control;
    for (;;) {
        my $pid = waitpid -1, 0;
        next if $pid != $engine && ($pid > 0 || $! == $EINTR);
        exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
    }
}

# --- the keeper -----------------------------------------------------------------------------------------------------------------

umask 022;
$SIG{PIPE} = "IGNORE";
Init::call("prctl", 1, $SIGTERM, 0, 0, 0) if $set{die_with_parent};
# Who started us may have died before we could ask to be told of it; nothing is made by now.
exit 1 if $set{die_with_parent} && getppid != $set{die_with_parent};

open(my $lock, ">>", $set{lock}) or give_up("lock", $! + 0, $set{lock});
# A sweeper may still be at work after the engine before.
for my $attempt (1 .. 40) {
    last if flock($lock, $LOCK_EX | $LOCK_NB);
    give_up("lock", 0, "busy") if $attempt == 40;
    select undef, undef, undef, 0.025;
}

pipe(my $keeper_gone, my $keeper_here);
my $sweeper = fork // give_up("fork", $! + 0, "fork");
if ($sweeper == 0) {
    $0 = "slipway sweeper $set{root}";
    $SIG{$_} = "IGNORE" for qw(TERM INT HUP);
    close $keeper_here;
    close $control;
    Init::call("prctl", 1, 0, 0, 0, 0);
    sysread($keeper_gone, my $nothing, 1);
    sweep();
    exit 0;
}
close $keeper_gone;

my ($publisher, $asks);
if ($set{gateway}) {
    # SOCK_SEQPACKET: a request is a packet.
    socketpair($asks, my $answers, 1, 5, 0) or give_up("socketpair", $! + 0, "socketpair");
    $publisher = fork // give_up("fork", $! + 0, "fork");
    if ($publisher == 0) {
        $0 = "slipway publisher $set{root}";
        $SIG{$_} = "IGNORE" for qw(TERM INT HUP);
        close $_ for $keeper_here, $control, $lock, $asks;
        Init::call("prctl", 1, 0, 0, 0, 0);
        Gateway::publish($answers);
        exit 0;
    }
}

make_cgroups();
mount_disk() if $set{disk};
perform($before);

pipe(my $go, my $let_go);
pipe(my $life, my $alive);
my $child = syscall($Init::nr{clone}, $set{clone_flags} | $SIGCHLD, 0, 0, 0, 0);
give_up("clone", $! + 0, "clone") if $child == -1;
if ($child == 0) {
    close $_ for $let_go, $life, $keeper_here;
    process_one($go, $alive, $asks);
}
close $_ for $go, $alive, grep { $_ } $asks;
Init::close_fd($_) for values %Init::fd;

my $asked = 0;
$SIG{$_} = sub { kill TERM => $child; alarm $set{stop_seconds} unless $asked++ } for qw(TERM INT HUP);
$SIG{ALRM} = sub { kill KILL => $child };

eval { map_ids($child); 1 } or do { kill KILL => $child; report("error", "map", $@->[0], $@->[1]) };
# Version 2 lets a process be moved only by one who may write to a cgroup above both places: inside, nobody may write above the root's own.
put("$_/cgroup.procs", $child) for map { /^unified=(.*)/ ? "$1/engine" : /^(?:memory|pids)=(.*)/ && $set{engine_memory} ? "$1-engine" : () } @cgroups;
my ($way_out, $end_way_out) = $set{gateway} ? WayOut::make(\%set, $child) : ("", sub {});
syswrite $let_go, "m";
syswrite $let_go, "g$way_out";
report("pid", $child);
close $control;

# The end of this pipe comes before that of process 1, which waits for all others of its namespace: the frozen ones must be thawed by then.
1 while !defined sysread($life, my $nothing, 1) && $! == $EINTR;
sweep();
1 while waitpid($child, 0) == -1 && $! == $EINTR;
my $status = $?;
kill KILL => $sweeper;
$end_way_out->();
for my $helper (grep { $_ } $sweeper, $publisher) { 1 while waitpid($helper, 0) == -1 && $! == $EINTR }
exit($status & 127 ? 128 + ($status & 127) : $status >> 8);
