import BakeModel
import BlobStorage
import Foundation
import Glibc
import LinuxSystem
import Testing

@Suite struct BlobWriterTests {
    // FIPS 180-2, appendix B.1.
    private let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test("a blob lies under its SHA-256, read-only, and tmp/ is empty again")
    func commit() throws {
        let fixture = try TemporaryStore()
        let digest = try fixture.store.put("abc".utf8)
        #expect(digest.description == abc)
        #expect(try fixture.store.read(digest, limit: 3) == Array("abc".utf8))
        var status = stat()
        #expect(lstat(fixture.blobPath(digest), &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o444)
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.store.temporary).isEmpty)
    }

    @Test("a document that is there is not written again; one of another size is")
    func standing() throws {
        let fixture = try TemporaryStore()
        let digest = try fixture.store.put("abc".utf8)
        // No place to write: only a document that needs no writing is fine then.
        try FileManager.default.removeItem(atPath: fixture.store.temporary)
        #expect(try fixture.store.put("abc".utf8) == digest)
        #expect(throws: SystemError.self) { try fixture.store.put("abd".utf8) }
        #expect(chmod(fixture.blobPath(digest), 0o644) == 0 && truncate(fixture.blobPath(digest), 2) == 0)
        #expect(throws: SystemError.self) { try fixture.store.put("abc".utf8) }
    }

    @Test("what this process hashed while it wrote is taken by that digest, and only where nothing is missing")
    func written() throws {
        let fixture = try TemporaryStore()
        let digest = try #require(Digest(abc))
        let short = try fixture.store.newBlob()
        try short.descriptor.write("ab".utf8)
        #expect(throws: StoreError.unexpectedSize(claimed: 3, found: 2)) { try short.commit(written: digest, size: 3) }
        #expect(!fixture.store.contains(digest))
        let whole = try fixture.store.newBlob()
        try whole.descriptor.write("abc".utf8)
        try whole.commit(written: digest, size: 3)
        #expect(try fixture.store.verify(digest) == 3)
    }

    @Test("what somebody else wrote through the descriptor is read back")
    func foreignWriter() throws {
        let fixture = try TemporaryStore()
        let writer = try fixture.store.newBlob()
        let child = try ChildProcess.start(
            "/bin/sh", ["-c", "printf abc"], environment: [], descriptors: [1: writer.descriptor])
        #expect(try child.wait().succeeded)
        #expect(try writer.commit().description == abc)
    }

    @Test("a wrong claim leaves nothing behind")
    func wrongClaim() throws {
        let fixture = try TemporaryStore()
        let other = Digest.of(Array("other".utf8))
        #expect(throws: StoreError.self) {
            let writer = try fixture.store.newBlob()
            try writer.write("abc".utf8)
            _ = try writer.commit(claimed: other)
        }
        #expect(throws: StoreError.unexpectedSize(claimed: 4, found: 3)) {
            let writer = try fixture.store.newBlob()
            try writer.write("abc".utf8)
            _ = try writer.commit(size: 4)
        }
        #expect(!fixture.store.contains(other))
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.store.temporary).isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.store.path)/blobs/sha256").isEmpty)
    }

    @Test("a second writer of the same bytes is fine; a truncated blob is healed")
    func again() throws {
        let fixture = try TemporaryStore()
        let digest = try fixture.store.put("abc".utf8)
        #expect(try fixture.store.put("abc".utf8) == digest)
        #expect(truncate(fixture.blobPath(digest), 1) == 0)
        #expect(throws: StoreError.self) { try fixture.store.read(digest, limit: 10) }
        #expect(try fixture.store.put("abc".utf8) == digest)
        #expect(try fixture.store.read(digest, limit: 10) == Array("abc".utf8))
    }

    @Test("the sweep removes a dead writer's file and leaves a living one's")
    func sweep() throws {
        let fixture = try TemporaryStore()
        let living = try fixture.store.newBlob()
        try living.write("abc".utf8)
        let dead = "\(fixture.store.temporary)/dead.part"
        #expect(FileManager.default.createFile(atPath: dead, contents: Data("x".utf8)))
        _ = try BlobStore.open(fixture.store.path)
        #expect(access(dead, F_OK) != 0)
        #expect(try living.commit().description == abc)
    }

    @Test("many threads store the same blob at once")
    func race() throws {
        let fixture = try TemporaryStore()
        let store = fixture.store
        let workers = (0..<8).map { _ in
            Worker { try (0..<20).map { try store.put("blob \($0)".utf8) } }
        }
        let results = try workers.map { try $0.result() }
        #expect(Set(results).count == 1)
        for digest in results[0] { try store.verify(digest) }
    }

    @Test("P7: a write that the system refuses is an error with its number, and leaves nothing behind")
    func refusedWrite() async throws {
        let fixture = try TemporaryStore()
        await #expect(processExitsWith: .success) { [path = fixture.store.path as String] in
            let store = try BlobStore.open(path)
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(3) }
            do {
                _ = try store.put([UInt8](repeating: 1, count: 1001))
                exit(4)
            } catch let error as SystemError {
                guard error.number == EFBIG, error.subject.hasPrefix(store.temporary) else { exit(5) }
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.store.temporary).isEmpty)
        #expect(try fixture.store.check { _, _ in nil }.isEmpty)
    }

    @Test("P6: what a killed writer left is gone at the next opening")
    func killedWriter() async throws {
        let fixture = try TemporaryStore()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = fixture.store.path as String] in
            let writer = try BlobStore.open(path).newBlob()
            try writer.write("half a bl".utf8)
            kill(getpid(), SIGKILL)
            _ = try writer.commit()
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.store.temporary).count == 1)
        _ = try BlobStore.open(fixture.store.path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.store.temporary).isEmpty)
        #expect(try fixture.store.check { _, _ in nil }.isEmpty)
    }
}
