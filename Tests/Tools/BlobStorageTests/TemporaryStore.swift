import BakeModel
import BlobStorage
import Foundation
import Glibc
import LinuxSystem

extension BlobStore {
    /// Replaces the names that are ours, as a ledger does whose names all move.
    func rewriteIndex(owning owns: @escaping (String) -> Bool, with entries: @escaping () throws -> [IndexEntry]) throws
    {
        try rebuildIndex(IndexContent(owns: owns, latest: { 0 }, lasting: { _, _ in [] }, moving: entries))
    }
}

/// A fresh store in a directory of its own, removed with it.
final class TemporaryStore {
    let directory: String
    private(set) var store: BlobStore

    init() throws {
        directory = try TemporaryStore.makeDirectory()
        store = try BlobStore.create(at: "\(directory)/store")
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// From now on the store is not used by this process.
    func close() { store = store.unused }

    func blobPath(_ digest: Digest) -> String { "\(store.path)/blobs/sha256/\(digest.hex)" }

    static func makeDirectory() throws -> String {
        var template = Array("/tmp/bake-store-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("make", "a temporary directory") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
