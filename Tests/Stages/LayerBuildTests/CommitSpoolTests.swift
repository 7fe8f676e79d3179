import BakeModel
import BlobStorage
import Foundation
import GitRepository
import LinuxSystem
import Synchronization
import Testing

@testable import LayerBuild

/// Files of the commit that a stage takes twice.
@Suite struct CommitSpoolTests {
    /// What git was asked for, in order.
    private final class Asked: Sendable {
        let paths = Mutex<[String]>([])
    }

    private let asked = Asked()
    private let files: [CommittedFile]
    private let directory: String

    init() throws {
        files = try ["a", "b", "c"].map { name in
            let id = try #require(ObjectID(String(repeating: name, count: 40)))
            return CommittedFile(path: try TreePath(cleaning: name), mode: .regular, object: id)
        }
        directory = "/tmp/bake-spool-\(UInt64.random(in: .min ... .max))"
    }

    private func spool(keeping wanted: Set<CommittedFile>) throws -> (CommitFiles, BlobStore) {
        let commit = CommitFiles(sizes: { _ in [] }) { [asked] files, _ in
            asked.paths.withLock { $0 += files.map(\.path.description) }
            // Longer than one read of a pipe, each of its own.
            return files.map { file in
                [UInt8](repeating: file.path.bytes[0], count: 70_000) + file.path.bytes
            }
        }
        let store = try BlobStore.create(at: directory)
        return (try CommitSpool(commit, keeping: wanted, in: store).files, store)
    }

    @Test(
        "what is wanted twice is got out of git once, each file's own bytes in the order that is asked for"
    )
    func once() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let (commit, store) = try spool(keeping: Set(files.prefix(2)))
        let first = try commit.contents([files[1], files[2], files[0]], 1 << 20)
        #expect(
            first.map { $0.last ?? 0 } == Array("bca".utf8) && first.allSatisfy { $0.count == 70_001 })
        let second = try commit.contents(files, 1 << 20)
        #expect(second == [first[2], first[0], first[1]])
        #expect(asked.paths.withLock { $0 } == ["b", "c", "a", "c"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.temporary) == [])
    }

    @Test("where there is no room for them they are got out of git again")
    func noRoom() async throws {
        await #expect(processExitsWith: .success) { [directory = directory as String] in
            signal(SIGXFSZ, SIG_IGN)
            let store = try BlobStore.create(at: directory)
            var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(3) }
            guard let id = ObjectID(String(repeating: "a", count: 40)) else { exit(4) }
            let file = CommittedFile(path: try TreePath(cleaning: "a"), mode: .regular, object: id)
            let commit = CommitFiles(sizes: { _ in [] }) { _, _ in [[UInt8](repeating: 1, count: 1001)] }
            let files = try CommitSpool(commit, keeping: [file], in: store).files
            for _ in 1...2 {
                guard try files.contents([file], 2000) == [[UInt8](repeating: 1, count: 1001)] else {
                    exit(5)
                }
            }
        }
        try FileManager.default.removeItem(atPath: directory)
    }
}
