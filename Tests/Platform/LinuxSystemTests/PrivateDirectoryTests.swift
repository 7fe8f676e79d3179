import Foundation
import LinuxSystem
import Testing

/// What a killed process left in a place where others may write.
@Suite struct PrivateDirectoryTests {
    private let place: String

    init() throws {
        place = NSTemporaryDirectory() + "/bake-private-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    }

    private var abandoned: [String] { PrivateDirectory.abandoned(in: place, prefix: "x-").map(\.path) }

    /// As a kill does, letting go leaves the directory.
    private func left() throws -> String { try PrivateDirectory(in: place, prefix: "x-").path }

    @Test func isLeftWhenItsProcessHasEnded() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        let held = try PrivateDirectory(in: place, prefix: "x-")
        let left = try left()
        #expect(abandoned == [left])
        // Whoever found it has it to themselves.
        let found = PrivateDirectory.abandoned(in: place, prefix: "x-")
        #expect(abandoned.isEmpty)
        withExtendedLifetime((held, found)) {}
        let mode = try FileManager.default.attributesOfItem(atPath: left)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }

    @Test func isNothingElse() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        try FileManager.default.createDirectory(atPath: "\(place)/y-1", withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: "\(place)/x-link", withDestinationPath: "y-1")
        try "".write(toFile: "\(place)/x-file", atomically: false, encoding: .utf8)
        #expect(abandoned.isEmpty)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give something away"))
    func isNobodyElses() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        let left = try left()
        chown(left, 1, 1)
        #expect(abandoned.isEmpty)
    }

    /// Where others may rename what is not theirs, a name says nothing.
    @Test func isOnlyFoundWhereNobodyElseCouldPutIt() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        let left = try left()
        chmod(place, 0o777)
        #expect(abandoned.isEmpty)
        chmod(place, 0o1777)
        #expect(abandoned == [left])
    }
}
