import BakeModel
import GitRepository
import LinuxSystem
import Synchronization
import Testing

@testable import LayerBuild

/// The files of /work flow from the commit to whoever unpacks them.
@Suite struct WorkInputsTests {
    private struct Damaged: Error {}
    private struct Refused: Error {}

    /// More than a pipe holds.
    private static let bytes = [UInt8](repeating: 7, count: 3 << 20)

    private func inputs(_ source: LayerDraft.Source) throws -> WorkInputs {
        var draft = LayerDraft()
        for name in ["a", "b"] {
            draft.put(
                TreeEntry(
                    path: try TreePath(cleaning: name), kind: .regular(size: UInt64(Self.bytes.count)), mode: 0o644),
                from: source)
        }
        return WorkInputs(draft)
    }

    @Test("GNU tar takes them, to the end")
    func flows() throws {
        let listing = try inputs(.bytes(Self.bytes)).flow { source in
            try CompletedProcess.run("/bin/tar", ["-tv"], environment: ["PATH=/bin:/usr/bin"], input: source).text
        }
        let lines = listing.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.map { $0[2] } == ["3145728", "3145728"] && lines.map { $0[5] } == ["a", "b"])
    }

    @Test("who does not take them is not waited for", .timeLimit(.minutes(1)))
    func notTaken() throws {
        #expect(throws: Refused.self) {
            try inputs(.bytes(Self.bytes)).flow { source in
                try withUnsafeTemporaryAllocation(byteCount: 10, alignment: 1) { _ = try source.read(into: $0) }
                throw Refused()
            }
        }
    }

    @Test("of the commit's files none is asked for that is longer than the longest that is wanted")
    func limit() throws {
        let limits = Mutex<[Int]>([])
        let commit = CommitFiles(
            sizes: { _ in [] },
            bytes: { files, limit in
                limits.withLock { $0.append(limit) }
                return files.map { _ in Self.bytes }
            })
        let id = try #require(ObjectID(String(repeating: "a", count: 40)))
        let file = CommittedFile(path: try TreePath(cleaning: "a"), mode: .regular, object: id)
        _ = try inputs(.commit(commit, file)).flow { try $0.readAll(limit: 16 << 20) }
        #expect(limits.withLock { $0 } == [3 << 20, 3 << 20])
    }

    @Test("why they cannot be read comes before what became of that")
    func cannotBeRead() throws {
        let commit = CommitFiles(sizes: { _ in [] }, bytes: { _, _ in throw Damaged() })
        let id = try #require(ObjectID(String(repeating: "a", count: 40)))
        let file = CommittedFile(path: try TreePath(cleaning: "a"), mode: .regular, object: id)
        #expect(throws: Damaged.self) {
            try inputs(.commit(commit, file)).flow { source in
                _ = try source.readAll(limit: 16 << 20)
                throw Refused()
            }
        }
    }
}
