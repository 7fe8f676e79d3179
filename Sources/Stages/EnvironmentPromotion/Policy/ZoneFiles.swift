import BakeModel
import Glibc
import LinuxSystem

/// The time zones that the machine knows.
enum ZoneFiles {
    static let directory = "/usr/share/zoneinfo"
    private static let largest = 64 << 10

    /// The rules of a zone; nil where the machine has none of that name. `PromotionWindow` keeps names below the directory.
    static func rules(_ zone: String) -> ZoneRules? {
        guard let file = try? Descriptor.open("\(directory)/\(zone)", O_RDONLY),
            let bytes = try? file.readAll(limit: largest)
        else { return nil }
        return ZoneRules(bytes)
    }
}
