import BakeModel
import Foundation
import LinuxSystem
import RootFilesystem

/// A private directory for whoever may read a store and not write to it: unpacked layers and unfinished files.
public struct ReaderWorkspace: Sendable {
    /// Its path.
    public let path: String

    /// Makes it, with a name that nobody else has.
    /// - Parameter directory: where; on a file system that takes an overlay with user attributes.
    /// - Throws: `SystemError`.
    public init(in directory: String) throws {
        path = "\(directory)/bake-reader-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        try SystemError.check("make the directory", path) { mkdir(path, 0o700) }
        for name in ["tmp", "cache"] { try DurableFile.makeDirectories("\(path)/\(name)", mode: 0o700) }
    }

    /// Removes it. Layers hold files of subordinate ids, which only a helper can remove.
    public func remove(_ store: BakeStore) {
        try? store.workshop.removeCache()
        remove()
    }

    /// Removes it where no layers were unpacked.
    public func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
