import BakeModel
import Foundation
import GitFixtures
import LinuxSystem
import Testing

@testable import GitRepository

/// What kills, bad disks and strangers do to objects: a clear error within the limits, never another file's bytes.
@Suite struct DamageTests {
    private var limits: GitLimits {
        var limits = GitLimits()
        limits.processorSeconds = 1
        limits.deadline = 30
        return limits
    }

    private func repository(_ text: String) throws -> (TestRepository, ObjectID) {
        let repository = try TestRepository()
        try repository.commit(files: ["file": text])
        return (repository, try #require(ObjectID(repository.git("rev-parse", "HEAD:file"))))
    }

    private func failure(_ repository: TestRepository, _ id: ObjectID) throws -> any ExplainedError {
        let reader = try GitReader.open(repository.path, program: BuiltBake.program, limits: limits)
        return try #require(ExplainedFailure.of { try reader.blob(id, limit: 1 << 24) })
    }

    @Test(arguments: [0, 60])
    func endsOnATruncatedLooseObject(_ kept: Int) throws {
        let text = (0..<4000).map { "\($0 * 7919 % 4001)\n" }.joined()
        let (repository, id) = try repository(text)
        try repository.damage(repository.loosePath(id.hex)) { $0 = Array($0.prefix($0.count * kept / 100)) }
        let start = ContinuousClock.now
        let error = try failure(repository, id)
        #expect(error.subject == id.hex)
        #expect(kept == 0 || error.reason.contains("more than 1 s of processor time"))
        #expect(start.duration(to: .now) < .seconds(12))
    }

    @Test(arguments: ["blob 1\0", "blob 99999999\0", "blob 0\0", "tree 5\0", "nonsense 5\0", "blob -5\0"])
    func refusesAWrongHeader(_ header: String) throws {
        let (repository, id) = try repository("hello")
        try repository.damage(repository.loosePath(id.hex)) { $0 = Self.deflate(Array("\(header)hello".utf8)) }
        #expect(try failure(repository, id).subject.isEmpty == false)
    }

    @Test func noticesOtherBytesUnderTheName() throws {
        let (repository, id) = try repository("hello")
        try repository.damage(repository.loosePath(id.hex)) { $0 = Self.deflate(Array("blob 5\0HELLO".utf8)) }
        let error = try failure(repository, id)
        guard case ObjectError.wrongHash(id, let found)? = error as? ObjectError else {
            Issue.record("\(error)")
            return
        }
        // printf HELLO | git hash-object --stdin
        try repository.write("other", "HELLO")
        #expect(found?.hex == (try repository.git("hash-object", "other")))
    }

    @Test func noticesAnotherCommitUnderTheName() throws {
        let repository = try TestRepository()
        let first = try repository.commit(files: ["a": "1"])
        let second = try repository.commit(files: ["a": "2"])
        let stolen = [UInt8](try Data(contentsOf: URL(fileURLWithPath: repository.loosePath(first))))
        try repository.damage(repository.loosePath(second)) { $0 = stolen }
        let reader = try GitReader.open(repository.path, program: BuiltBake.program, limits: limits)
        #expect(ExplainedFailure.of { try reader.resolve(nil) } != nil)
        #expect(ExplainedFailure.of { try reader.commit(#require(CommitID(second))) } != nil)
    }

    @Test func noticesEveryFlippedByteOfAPack() throws {
        let (repository, id) = try repository("hello, a text that is long enough to be stored in a pack\n")
        try repository.git("repack", "-adq")
        let directory = "\(repository.path)/.git/objects/pack"
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: directory).first { $0.hasSuffix(".pack") })
        let pack = "\(directory)/\(name)"
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: pack)))
        let right = Array("hello, a text that is long enough to be stored in a pack\n".utf8)
        for position in stride(from: 12, to: whole.count - 20, by: 17) {
            try repository.damage(pack) {
                $0 = whole; $0[position] ^= 0x41
            }
            let reader = try GitReader.open(repository.path, program: BuiltBake.program, limits: limits)
            // Damage of another object leaves this one whole; wrong bytes are never served.
            if let bytes = try? reader.blob(id, limit: 1000) { #expect(bytes == right) }
            if let several = try? reader.blobs([id, id], limit: 1000) { #expect(several == [right, right]) }
        }
    }

    @Test func saysThatAnObjectIsMissing() throws {
        let (repository, id) = try repository("hello")
        try FileManager.default.removeItem(atPath: repository.loosePath(id.hex))
        let error = try failure(repository, id)
        #expect(error.exit == .notFound && error.subject == id.hex)
    }

    @Test func doesNotHangOnAHelperThatIsNoHelper() throws {
        let (repository, _) = try repository("hello")
        for program in ["/bin/true", "/nonexistent/bake", "/bin/false"] {
            #expect(
                ExplainedFailure.of {
                    try GitReader.open(repository.path, program: HelperProgram(path: program), limits: limits)
                } != nil)
        }
    }

    @Test func givesUpOnAHelperThatDoesNotAnswerInTime() throws {
        let (repository, _) = try repository("hello")
        var limits = limits
        limits.deadline = 0
        let error = ExplainedFailure.of {
            try GitReader.open(repository.path, program: BuiltBake.program, limits: limits)
        }
        #expect(error?.reason == "it did not answer within 0 s")
    }

    @Test func leavesNoProcessBehind() throws {
        let (repository, id) = try repository("hello")
        let reader = try GitReader.open(repository.path, program: BuiltBake.program)
        reader.close()
        #expect(ExplainedFailure.of { try reader.blob(id, limit: 10) } != nil)
    }

    /// Deflate by python3's zlib: a foreign hand.
    private static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        let list = bytes.map(String.init).joined(separator: ",")
        let script = "import sys,zlib;sys.stdout.buffer.write(zlib.compress(bytes([\(list)])))"
        let run = try? CompletedProcess.run(
            "/usr/bin/env", ["python3", "-c", script], environment: ["PATH=/usr/bin:/bin"])
        return run?.output ?? []
    }
}
