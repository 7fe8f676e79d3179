import Glibc

extension ChildProcess {
    /// Kills every child of this process, whichever thread started it, so that the threads that wait for them go on.
    /// Descendants of helpers die with them. proc(5), /proc/PID/task/TID/children.
    public static func killAll() {
        for task in DirectoryListing.namesIfThere(in: "/proc/self/task") {
            guard let bytes = try? DurableFile.read("/proc/self/task/\(task)/children", limit: 1 << 20) else {
                continue
            }
            for id in String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap({ pid_t($0) }) {
                Glibc.kill(id, SIGKILL)
            }
        }
    }
}
