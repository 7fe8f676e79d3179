import BakeModel
import Glibc

/// What the kernel lets this process use; a helper sets them before it reads foreign data. setrlimit(2).
public enum ResourceLimit {
    /// Bytes of address space; an allocation beyond them fails.
    public static func addressSpace(_ bytes: UInt64) throws(SystemError) {
        try set(RLIMIT_AS, "address space", soft: bytes, hard: bytes)
    }

    /// Bytes of the largest file that may be written; 0 forbids writing files. SIGXFSZ ends who goes beyond.
    public static func fileSize(_ bytes: UInt64) throws(SystemError) {
        try set(RLIMIT_FSIZE, "file size", soft: bytes, hard: bytes)
    }

    /// No core dump: it would hold what the process read.
    public static func noCore() throws(SystemError) {
        try set(RLIMIT_CORE, "core size", soft: 0, hard: 0)
    }

    /// Seconds of processor time from now on; SIGXCPU ends who goes beyond. It may be called again for the next piece
    /// of work.
    public static func processorTime(_ seconds: UInt64) throws(SystemError) {
        var usage = rusage()
        try SystemError.check("read", "the processor time used") { getrusage(RUSAGE_SELF.rawValue, &usage) }
        // One second for the fractions of user and system time that are cut off here.
        let used = UInt64(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1
        try set(RLIMIT_CPU, "processor time", soft: used + seconds, hard: .max)
    }

    /// Does something during which no file can be opened: each attempt fails with EMFILE. What is open stays so.
    public static func withoutOpening<Result>(_ act: () throws -> Result) throws -> Result {
        var before = rlimit()
        try SystemError.check("read", "the limit of open files") { getrlimit(files, &before) }
        try set(RLIMIT_NOFILE, "open files", soft: 0, hard: UInt64(before.rlim_max))
        defer { _ = setrlimit(files, &before) }
        return try act()
    }

    private static let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    private static func set(
        _ resource: __rlimit_resource, _ name: String, soft: UInt64, hard: UInt64
    ) throws(SystemError) {
        var limit = rlimit(rlim_cur: rlim_t(soft), rlim_max: rlim_t(hard))
        try SystemError.check("limit", name) { setrlimit(__rlimit_resource_t(resource.rawValue), &limit) }
    }
}
