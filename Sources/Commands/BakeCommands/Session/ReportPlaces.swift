import Glibc
import LinuxSystem

/// Where a command's reports go, which is found out before the work and not after it.
enum ReportPlaces {
    /// - Parameter places: the options, and the absolute paths that they were given.
    /// - Throws: `UsageError` for the first that could not be written.
    static func confirm(_ places: KeyValuePairs<String, String?>) throws {
        for (option, path) in places {
            guard let path else { continue }
            let place = OutputFile.isWrittenInto(path) ? path : DurableFile.parent(of: path)
            guard access(place, W_OK) != 0 else { continue }
            let reason = String(cString: strerror(errno))
            throw UsageError(subject: "\(option) \(path)", reason: "nothing can be written to \(place): \(reason)")
        }
    }
}
