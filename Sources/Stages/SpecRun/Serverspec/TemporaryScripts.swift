import Foundation
import LinuxSystem

/// A private directory for the time of one run of rspec.
struct TemporaryScripts {
    let path: String
    /// The file that is loaded before the suite.
    let backend: String
    /// The file that the formatter writes.
    let results: String

    init(_ source: String) throws {
        path = "\(NSTemporaryDirectory())/bake-rspec-\(UUID().uuidString)"
        backend = "\(path)/bake_backend.rb"
        results = "\(path)/results"
        try DurableFile.makeDirectories(path, mode: 0o700)
        try DurableFile.replace(backend, with: Array(source.utf8))
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
