import CLinux
import LinuxSystem

/// What a program of this machine has in sight of it while it builds a root: programs and their libraries, and of the
/// settings only those that say how these are found. Nobody's files, no keys, no store.
struct MachineView {
    /// Directories and files that can be read, at their paths.
    let readable: [String]
    /// Directories that can be written.
    let writable: [String]

    /// - Parameter writable: must not be a link, nor have one above it.
    init(reading readable: [String] = [], writing writable: [String]) {
        self.readable = Self.programs + Self.settings + Self.devices + readable
        self.writable = writable
    }

    /// Takes everything else out of sight of the calling thread and of what it starts from now on, and gives it the system
    /// calls of a sandbox. There is no way back.
    /// - Parameter directory: an empty one.
    func enter(by directory: String) throws(SystemError) {
        let arena = CStringArena()
        let sights =
            readable.map { clinux_sight(path: arena.constant($0), writable: 0) }
            + writable.map { clinux_sight(path: arena.constant($0), writable: 1) }
        try SystemError.check("hide", "the machine's files") { clinux_show_only(directory, sights, sights.count) }
    }

    private static let programs = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
    private static let settings = [
        "alternatives", "group", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "passwd", "perl",
    ].map { "/etc/\($0)" }
    /// Those that everything may need, and what mmdebstrap gives to the root that it builds.
    private static let devices =
        [
            "console", "fd", "full", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty",
            "urandom", "zero",
        ]
        .map { "/dev/\($0)" } + ["/sys"]
}
