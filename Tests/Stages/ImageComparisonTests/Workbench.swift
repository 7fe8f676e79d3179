import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import Testing

/// A directory that goes with its owner, and images made there with GNU tar and gzip.
final class Workbench {
    let path: String

    init() throws {
        path = "/tmp/bake-compare-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
    }

    /// What a script printed, without the last line's end.
    @discardableResult
    func shell(_ script: String) throws -> String {
        let run = try CompletedProcess.run(
            "/bin/sh", ["-c", script], environment: ["PATH=/usr/bin:/bin", "LC_ALL=C"], directory: path, deadline: 60)
        #expect(run.ending.succeeded || script.contains("cmp"), "\(String(decoding: run.errors, as: UTF8.self))")
        return run.text.trimmingCharacters(in: .newlines)
    }

    func store() throws -> BlobStore { try BlobStore.create(at: "\(path)/store", group: nil) }

    /// A layer of what a script leaves in an empty directory.
    func layer(_ script: String, in store: BlobStore) throws -> Layer {
        try shell(
            "rm -rf tree && mkdir tree && cd tree && umask 022 && { \(script); }"
                + " && tar --sort=name --mtime=@0 --owner=0 --group=0 -cf ../layer.tar . && gzip -nc ../layer.tar > ../layer.gz"
        )
        let tar = try Array(Data(contentsOf: URL(fileURLWithPath: "\(path)/layer.tar")))
        let gzip = try Array(Data(contentsOf: URL(fileURLWithPath: "\(path)/layer.gz")))
        return Layer(
            blob: try store.put(gzip), size: UInt64(gzip.count), diffID: DiffID(Digest.of(tar)),
            tarSize: UInt64(tar.count))
    }
}
