# The first program in a container: performs the operations that TypeScript decided on (kernel/ops.ts), one by one, and ends by becoming
# the container's program. A list of operations comes in on descriptor 3; what fails goes out there as one line, and success is its end
# of file, for the descriptor closes on exec.
#
# Perl, because it is on every Debian (perl-base), starts in 3 ms, has one thread (setns and unshare demand that) and `syscall`.
# Mounts are made with the descriptor-based calls (open_tree, fsmount, move_mount): everything is opened while the engine's files are
# still in sight, and put in place when the container's root is already "/", so that no symbolic link of an image can lead out of it.
# It is run with -w: `use warnings` would take it a millisecond more.
# What it shares with those who only enter a container's world, calls.pl, is apart, for perl reads all of a file before it begins.
package Init;
use strict;
require((__FILE__ =~ m{^(.*/)})[0] . "calls.pl");

our (%nr, %op, %fd, %is_folder, %hidden, $control, $old_root);
our $first_closed = 3;

my ($AT_FDCWD, $AT_EMPTY_PATH, $AT_RECURSIVE) = (-100, 0x1000, 0x8000);
my ($O_PATH, $O_CLOEXEC, $O_NOCTTY) = (010000000, 02000000, 0400);
my ($RESOLVE_NO_MAGICLINKS, $RESOLVE_NO_SYMLINKS) = (2, 4);
my ($MS_REC, $MS_SLAVE, $MS_PRIVATE, $MNT_DETACH) = (0x4000, 0x80000, 0x40000, 2);

# Nothing of ours may be open in the program.
sub close_on_exec {
    return if syscall($nr{close_range}, $first_closed, 0xffffffff, 4) == 0;
    opendir(my $dir, "/proc/self/fd") or return;
    for my $fd (grep { /^\d+$/ && $_ >= $first_closed } readdir $dir) {
        open(my $file, "+<&=", $fd) or next;
        fcntl($file, 2, 1);
    }
}

# --- paths: links are read as text and resolved below "/", so links with magic (/proc/self/fd) lead nowhere -----------------------

# Resolves every link in `path`, also those that dangle, and makes the folders that are missing. The result may not exist itself.
sub resolve {
    my ($path, $make) = @_;
    my @todo = grep { length && $_ ne "." } split m{/}, $path;
    my @done;
    my $links = 0;
    while (@todo) {
        my $name = shift @todo;
        if ($name eq "..") { pop @done; next }
        my $here = join "/", "", @done, $name;
        my $target = readlink $here;
        if (defined $target) {
            fail(40, "resolve $path") if ++$links > 40;
            @done = () if $target =~ m{^/};
            unshift @todo, grep { length && $_ ne "." } split m{/}, $target;
            next;
        }
        if (@todo && $make && !-d $here) { mkdir $here, 0755 or fail($! + 0, "mkdir $here") }
        push @done, $name;
    }
    return "/" . join "/", @done;
}

sub make_target {
    my ($path, $kind) = @_;
    my $real = resolve($path, 1);
    return $real if -e $real;
    if ($kind eq "dir") { mkdir $real, 0755 or fail($! + 0, "mkdir $path") }
    else { sysopen(my $file, $real, 0301, 0755) or fail($! + 0, "create $path") }
    return $real;
}

# A descriptor of `real` that no link swapped in meanwhile has changed.
sub open_real {
    my ($real) = @_;
    my $name = text($real);
    my $how = pack "Q3", $O_PATH | $O_CLOEXEC, 0, $RESOLVE_NO_MAGICLINKS | $RESOLVE_NO_SYMLINKS;
    return call("openat2", $AT_FDCWD, $name, $how, length $how);
}

# --- mounts ---------------------------------------------------------------------------------------------------------------------

sub set_attributes {
    my ($fd, $attributes, $recursive) = @_;
    my $set = sub {
        my ($empty, $attr) = ("", pack "Q4", $_[0], 0, 0, 0);
        call("mount_setattr", $fd, $empty, $AT_EMPTY_PATH | $_[1], $attr, length $attr);
    };
    $set->($attributes, 0) if $attributes;
    # What is mounted below keeps its other attributes.
    $set->(1, $AT_RECURSIVE) if $recursive && $recursive eq "readonly";
}

# Private: a copy of a mount that is shared, as systemd has all of them, would show the host what is mounted on it later.
sub clone_tree {
    my ($dir_fd, $path, $recursive) = @_;
    my $name = text($path);
    my $below = $recursive ? $AT_RECURSIVE : 0;
    my $tree = call("open_tree", $dir_fd, $name, 1 | $O_CLOEXEC | $below | (length $name ? 0 : $AT_EMPTY_PATH));
    my ($empty, $attr) = ("", pack "Q4", 0, 0, $MS_PRIVATE, 0);
    call("mount_setattr", $tree, $empty, $AT_EMPTY_PATH | $below, $attr, length $attr);
    return $tree;
}

sub attach_to {
    my ($mount, $real) = @_;
    my ($empty, $target) = ("", open_real($real));
    call("move_mount", $mount, $empty, $target, $empty, 4 | 0x40);
    close_fd($target);
}

sub make_fs {
    my ($type, $attributes, @options) = @_;
    my $name = text($type);
    my $fs = call("fsopen", $name, 1);
    my $mount = eval {
        for my $option (@options, (grep { index($_, "source=") == 0 } @options) ? () : "source=$type") {
            my ($key, $value) = split /=/, $option, 2;
            my $k = text($key);
            if (defined $value) { my $v = text($value); call("fsconfig", $fs, 1, $k, $v, 0) }
            else { call("fsconfig", $fs, 0, $k, 0, 0) }
        }
        call("fsconfig", $fs, 6, 0, 0, 0);
        call("fsmount", $fs, 1, $attributes);
    };
    my $error = $@;
    close_fd($fs);
    die $error if $error;
    return $mount;
}

# --- the operations -------------------------------------------------------------------------------------------------------------

%op = (
    %op,

    propagation => sub {
        my ($source, $root) = ("none", "/");
        call("mount", $source, $root, 0, $MS_REC | ($_[0] eq "slave" ? $MS_SLAVE : $MS_PRIVATE), 0);
    },

    # id, path, recursive ("readonly": with all below read-only), attributes: a copy of a mounted tree, to be attached
    clone_tree => sub {
        my ($id, $path, $recursive, $attributes) = @_;
        my $tree = eval { clone_tree($AT_FDCWD, $path, $recursive) };
        fail($@->[0], "open $path") if $@;
        ($fd{$id}, $is_folder{$id}) = ($tree, -d $path);
        set_attributes($tree, $attributes + 0, $recursive);
    },

    # As clone_tree, of a path that a user gave: looked at after it is opened, for links may lead anywhere. The engine's own place is refused (and all but
    # `within`, when that is given), but for its socket, and is hidden where it lies below.
    clone_outside => sub {
        my ($id, $path, $recursive, $attributes, $own, @within) = @_;
        my $place = eval { open_path($path, $O_PATH) };
        fail($@->[0], "open $path") if $@;
        my $real = readlink("/proc/self/fd/$place") // fail($! + 0, "open $path");
        fail(13, "bind $path: it is the engine's own") if index("$real/", "$own/") == 0 && $real ne "$own/root/docker.sock";
        fail(13, "bind $path: this exercise allows binds of its work directory only") if @within && !grep { index("$real/", "$_/") == 0 } @within;
        $real = "" if $real eq "/";
        $hidden{$id} = substr($own, length $real) if $recursive && index($own, "$real/") == 0;
        my $tree = eval { clone_tree($place, "", $recursive) };
        if (my $error = $@) {
            # What is mounted below came with the user namespace and is locked to its place: what it covers is not shown (mount_namespaces(7)).
            die $error if $recursive || $error->[0] != 22;
            fail(22, "bind $path without what is mounted below it, which only the host's own user namespace may");
        }
        ($fd{$id}, $is_folder{$id}) = ($tree, -d "/proc/self/fd/$place");
        close_fd($place);
        set_attributes($tree, $attributes + 0, $recursive);
    },

    # id, type, attributes, options…: a new file system, to be attached
    make_fs => sub {
        my ($id, $type, $attributes, @options) = @_;
        my $tree = eval { make_fs($type, $attributes + 0, @options) };
        fail($@->[0], "mount $type ($@->[1])") if $@;
        ($fd{$id}, $is_folder{$id}) = ($tree, 1);
    },

    # id, destination: which is made, a folder or a file as the tree is, when it is not there
    attach => sub {
        my ($id, $destination) = @_;
        fail(2, "attach $destination") unless defined $fd{$id};
        my $target = make_target($destination, $is_folder{$id} ? "dir" : "file");
        attach_to($fd{$id}, $target);
        close_fd(delete $fd{$id});
        if (defined(my $own = delete $hidden{$id})) {
            my $void = make_fs("tmpfs", 1, "size=0k", "mode=755");
            attach_to($void, "$target$own");
            close_fd($void);
        }
    },

    # The kernel's file systems must be where every later path expects them, whatever the image has there.
    attach_kernel => sub {
        my ($id, $destination) = @_;
        fail(20, "not a folder but a link") if resolve($destination, 0) ne $destination;
        attach_to($fd{$id}, make_target($destination, "dir"));
        close_fd(delete $fd{$id});
    },

    # A new sysfs needs a network namespace of our own; with another's, the one that is there must do.
    make_sysfs => sub {
        my ($id, $attributes) = @_;
        $fd{$id} = eval { make_fs("sysfs", $attributes + 0) } || clone_tree($AT_FDCWD, "/sys", 1);
        $is_folder{$id} = 1;
    },

    # The old root stays, out of sight, until `drop_old_root`: clones of its files are still to be made.
    pivot => sub {
        my ($root) = @_;
        my $dot = ".";
        $old_root = open_path("/", $O_PATH);
        my $tree = clone_tree($AT_FDCWD, $root, 1);
        my ($empty, $name) = ("", text($root));
        call("move_mount", $tree, $empty, $AT_FDCWD, $name, 4);
        chdir $root or fail($! + 0, "chdir $root");
        close_fd($tree);
        call("pivot_root", $dot, $dot);
        chdir "/" or fail($! + 0, "chdir /");
    },

    drop_old_root => sub {
        my $dot = ".";
        call("fchdir", $old_root);
        call("umount2", $dot, $MNT_DETACH);
        close_fd($old_root);
        chdir "/" or fail($! + 0, "chdir /");
    },

    # Hides a path, when it is there: a folder by an empty read-only one, a file by the engine's /dev/null.
    mask => sub {
        my ($path) = @_;
        my $real = resolve($path, 0);
        return unless -e $real;
        if (-d _) { my $fs = make_fs("tmpfs", 1, "size=0k", "mode=755"); attach_to($fs, $real); close_fd($fs) }
        else { my $null = clone_tree($fd{null}, "", 0); attach_to($null, $real); close_fd($null) }
    },

    readonly => sub {
        my ($path) = @_;
        my $real = resolve($path, 0);
        return unless -e $real;
        my $tree = clone_tree($AT_FDCWD, $real, 1);
        set_attributes($tree, 1);
        attach_to($tree, $real);
        close_fd($tree);
    },

    set_readonly => sub {
        my ($path, $recursive) = @_;
        my ($name, $attr) = (text($path), pack "Q4", 1, 0, 0, 0);
        call("mount_setattr", $AT_FDCWD, $name, $recursive ? $AT_RECURSIVE : 0, $attr, length $attr);
    },

    readonly_root => sub { my $root = open_path("/", $O_PATH); set_attributes($root, 1); close_fd($root) },

    # Binds an existing file of the container onto another: the terminal on /dev/console.
    bind_file => sub {
        my ($from, $to) = @_;
        my $tree = clone_tree($AT_FDCWD, resolve($from, 0), 0);
        attach_to($tree, make_target($to, "file"));
        close_fd($tree);
    },

    open => sub { my ($id, $path) = @_; $fd{$id} = open_path($path, $O_PATH) },
    # Docker makes /dev/core only where the kernel has it.
    symlink => sub { my ($target, $path) = @_; $target eq "/proc/kcore" && !-e $target or symlink $target, $path or $! == 17 or fail($! + 0, "symlink $path") },
    mkdir => sub { my ($path, $mode) = @_; my $real = resolve($path, 1); -d $real or mkdir $real, $mode or fail($! + 0, "mkdir $path") },
    write => sub { my ($path, $content) = @_; write_all($path, $content) },
    create => sub {
        my ($path, $content, $mode) = @_;
        sysopen(my $file, resolve($path, 1), 01101, $mode) or fail($! + 0, "create $path");
        defined syswrite($file, $content) or fail($! + 0, "write $path");
        close $file;
    },

    # The container's own procfs may be masked or missing: sysctls are written while the pid namespace's is surely the one at /proc.
    sysctl => sub { my ($name, $value) = @_; (my $path = $name) =~ tr{.}{/}; write_all("/proc/sys/$path", $value) },

    hostname => sub { my $name = text($_[0]); call("sethostname", $name, length $name) },
    domainname => sub { my $name = text($_[0]); call("setdomainname", $name, length $name) },

    setsid => sub { syscall($nr{setsid}) },
    terminal => sub {
        my ($path) = @_;
        syscall($nr{setsid});
        my $fd = open_path($path, 2 | $O_NOCTTY);
        call("ioctl", $fd, 0x540e, 0);
        for my $std (0 .. 2) { call("dup3", $fd, $std, 0) }
        close_fd($fd);
    },

    # As runc: who may not open /dev/stdout cannot write to it by name.
    own_stdio => sub {
        my ($uid) = @_;
        my $empty = "";
        my $null = 0x103;
        for my $fd (0 .. 2) {
            next if ((stat((*STDIN, *STDOUT, *STDERR)[$fd]))[6] || 0) == $null;
            syscall($nr{fchownat}, $fd, $empty, $uid + 0, -1, $AT_EMPTY_PATH);
        }
    },

    umask => sub { umask $_[0] },
    # As runc: an unreachable working folder is told of by its own words.
    cwd => sub { chdir $_[0] or fail($! + 0, "cwd") },
    loopback_up => sub {
        socket(my $socket, 2, 2, 0) or fail($! + 0, "socket");
        my $request = pack "a16 s x22", "lo", 0x41;
        ioctl($socket, 0x8914, $request) or fail($! + 0, "bring up lo");
    },

    # count of arguments, arguments…, environment…
    exec => sub {
        my ($count, @strings) = @_;
        my @args = splice @strings, 0, $count;
        my ($path) = map { /^PATH=(.*)/s ? $1 : () } @strings;
        my $program = find_program($args[0], $path);
        close_on_exec();
        my ($argv, $envp) = map { pack("p*", @$_) . pack("Q", 0) } \@args, \@strings;
        syscall($nr{execve}, $program, $argv, $envp);
        # The program was found, so the container counts as started and its failure is its own, as with runc.
        my $words = lcfirst "$!";
        syswrite(STDERR, "exec $args[0]: $words\n");
        exit 1;
    },

    init => sub { become_init(@_) },
    supervise => sub { supervise(@_) },
);

# --- a shim: the parent of a process that an OCI runtime starts -------------------------------------------------------------------

# The operations that follow are a child's, and end by becoming the runtime's `create` or `exec`. This process stays: what the runtime leaves behind
# becomes its child. It says "created PID MASTER" (of a terminal its master, else -1) on the control descriptor, waits for a byte there, runs
# the runtime's `start` if there is one, closes the descriptor, and ends as the process does.
sub supervise {
    my ($pid_file, $console, @start) = @_;
    call("prctl", 36, 1, 0, 0, 0);
    my $listener;
    if (length $console) {
        require Socket;
        my $place = Socket::pack_sockaddr_un($console);
        socket($listener, 1, 1, 0) && bind($listener, $place) && listen($listener, 1) or fail($! + 0, "listen at $console");
    }
    my $child = fork;
    fail($! + 0, "fork") unless defined $child;
    return if $child == 0;
    waitpid $child, 0;
    # The child, or the runtime's log, has said why.
    exit 1 if $?;
    open(my $file, "<", $pid_file) or fail($! + 0, "open $pid_file");
    my $pid = readline($file) + 0;
    my $master = $listener ? received($listener) : -1;
    syswrite($control, "created\0$pid\0$master\n");
    # Its pipes end when the process has let go of them.
    for my $std (0 .. 2) { my $null = open_path("/dev/null", 2); call("dup3", $null, $std, 0); close_fd($null) }
    sysread($control, my $go, 1) or abandon($pid);
    close_fd($master) if $master >= 0;
    if (@start) { system { $start[0] } @start; abandon($pid) if $? }
    close $control;
    until (waitpid(-1, 0) == $pid) {}
    exit $? >> 8 unless my $signal = $? & 127;
    my $no_core = pack "Q2", 0, 0;
    syscall($nr{prlimit64}, 0, 4, $no_core, 0);
    $SIG{$_} = "DEFAULT" for grep { !/^(NUM|CLD$|KILL$|STOP$|RT|IOT$)/ } keys %SIG;
    kill $signal => $$;
    exit 128 + $signal;
}

# Nobody is there to have it, or it could not be started.
sub abandon { my ($pid) = @_; kill KILL => $pid; waitpid $pid, 0; exit 1 }

# The descriptor that comes over the first connection (unix(7), SCM_RIGHTS).
sub received {
    my ($listener) = @_;
    accept(my $peer, $listener) or fail($! + 0, "accept a terminal");
    my ($data, $rights) = ("\0" x 4096, "\0" x 64);
    # A string that is shared with perl's constants may not be written into.
    substr($_, 0, 1) = "\1" for $data, $rights;
    my $vector = pack "PQ", $data, length $data;
    my $message = pack "Q L x4 P Q P Q l x4", 0, 0, $vector, 1, $rights, length $rights, 0;
    call("recvmsg", fileno $peer, $message, 0);
    return unpack "i", substr $rights, 16, 4;
}

# --- an init: process 1 of a container whose program is its child -----------------------------------------------------------------

my ($SIGCHLD, $ALL_SIGNALS, $NO_SIGNALS) = (17, pack("Q", ~0), pack("Q", 0));

# Blocked signals wait until they are asked for, also those that process 1 would else not get; so none is lost, and none comes too early.
sub become_init {
    my (@arguments) = @_;
    my ($count, @args) = @arguments;
    call("rt_sigprocmask", 2, $ALL_SIGNALS, 0, 8);
    my $child = fork;
    fail($! + 0, "fork") unless defined $child;
    if ($child == 0) {
        setpgrp 0, 0;
        # Whoever has a terminal gets it in front.
        my $group = pack "i", $$;
        syscall($nr{ioctl}, 0, 0x5410, $group);
        call("rt_sigprocmask", 2, $NO_SIGNALS, 0, 8);
        eval { $op{exec}->(@arguments) };
        my $errno = ref $@ ? $@->[0] : 0;
        my $words = do { local $! = $errno; "$!" };
        syswrite(STDERR, "[FATAL tini ($$)] exec $args[0] failed: $words\n");
        exit($errno == 13 ? 126 : 127);
    }
    $0 = "/sbin/docker-init -- @args[0 .. $count - 1]";
    my $name = "docker-init";
    call("prctl", 15, $name, 0, 0, 0);
    syscall($nr{close_range}, 3, 0xffffffff, 0);
    my $end;
    until (defined $end) {
        my $signal = syscall($nr{rt_sigtimedwait}, $ALL_SIGNALS, 0, 0, 8);
        next if $signal <= 0;
        kill $signal => $child if $signal != $SIGCHLD;
        while ((my $gone = waitpid(-1, 1)) > 0) { $end = $? if $gone == $child }
    }
    exit($end & 127 ? 128 + ($end & 127) : $end >> 8);
}

# As Go's exec.LookPath, whose words Docker's users see.
sub find_program {
    my ($name, $path) = @_;
    if ($name =~ m{/}) {
        stat $name or fail($! + 0, "lookup stat $name");
        fail(13, "lookup") unless -f _ && (stat _)[2] & 0111;
        return text($name);
    }
    for my $dir (split /:/, defined $path ? $path : "") {
        my $file = (length $dir ? $dir : ".") . "/$name";
        return $file if stat $file and -f _ && (stat _)[2] & 0111;
    }
    fail(2, "lookup path");
}

# --- the program ----------------------------------------------------------------------------------------------------------------

sub read_exactly {
    my ($file, $length) = @_;
    my $data = "";
    while (length $data < $length) { sysread($file, $data, $length - length $data, length $data) or exit 1 }
    return $data;
}

# A message: its length, then a table of system call numbers, then the rest.
sub receive {
    my ($file) = @_;
    my ($numbers, @rest) = unpack "(N/a*)*", read_exactly($file, unpack "N", read_exactly($file, 4));
    %nr = map { split /=/ } split / /, $numbers;
    $_ += 0 for values %nr;
    return @rest;
}

sub main {
    open($control, "+<&=", 3) or die "init: descriptor 3: $!\n";
    fcntl($control, 2, 1);
    my ($operations) = receive($control);
    umask 0;
    eval { run($operations); 1 } or do {
        my ($errno, $what, $index, $name) = @{ $@ };
        my $words = $errno ? lcfirst do { local $! = $errno; "$!" } : "";
        syswrite($control, join("\0", $errno, $index, $what, $words) . "\n");
        exit 1;
    };
    exit 0;
}

main() unless caller;
1;
