import Foundation
import LinuxSystem
import Testing

/// The names in a directory.
@Suite struct DirectoryListingTests {
    private let place = NSTemporaryDirectory() + "/bake-listing-\(UUID().uuidString)"

    init() throws {
        for name in ["b/deep", "a"] {
            try FileManager.default.createDirectory(atPath: "\(place)/\(name)", withIntermediateDirectories: true)
        }
        for name in ["Z", ".hidden", "b/x", "b/deep/y", "é"] {
            try #require(FileManager.default.createFile(atPath: "\(place)/\(name)", contents: nil))
        }
        try FileManager.default.createSymbolicLink(atPath: "\(place)/a/link", withDestinationPath: "../b")
    }

    @Test("names come sorted by their bytes, hidden ones among them, and nothing of what lies below")
    func names() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        let names = [".hidden", "Z", "a", "b", "é"]
        #expect(try DirectoryListing.names(in: place) == names)
        #expect(try DirectoryListing.names(of: Descriptor.open(place, O_RDONLY | O_DIRECTORY)) == names)
        #expect(throws: SystemError("list", "\(place)/Z", number: ENOTDIR)) {
            try DirectoryListing.names(in: "\(place)/Z")
        }
    }

    @Test("files below are found at any depth, and links are not followed")
    func files() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        #expect(try DirectoryListing.files(below: place) == [".hidden", "Z", "a/link", "b/deep/y", "b/x", "é"])
    }

    @Test("a name that is no UTF-8 is shown, and never taken for a file's")
    func otherBytes() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        let raw: [CChar] = "\(place)/a/".utf8CString.dropLast() + [-1, 0]
        close(creat(raw, 0o600))
        #expect(try DirectoryListing.names(in: "\(place)/a") == ["link", "\u{fffd}"])
        #expect(try DirectoryListing.names(of: Descriptor.open("\(place)/a", O_RDONLY | O_DIRECTORY)) == ["link"])
    }
}
