import BakeModel
@testable import BlobStorage
import Foundation
import Glibc
import LinuxSystem
import Testing

@Suite struct BlobStoreTests {
    @Test("creation is idempotent and completes what was cut short")
    func creation() throws {
        let fixture = try TemporaryStore()
        let digest = try fixture.store.put("abc".utf8)
        #expect(unlink("\(fixture.store.path)/bake-store") == 0)
        #expect(throws: StoreError.notAStore(path: fixture.store.path)) { try BlobStore.open(fixture.store.path) }
        #expect(try BlobStore.create(at: fixture.store.path).contains(digest))
    }

    @Test("whoever makes a store that others make at the same time has it")
    func creationAtOnce() throws {
        let fixture = try TemporaryStore()
        for round in 0..<40 {
            let path = "\(fixture.directory)/made \(round)"
            let makers = (0..<8).map { _ in Worker { try BlobStore.create(at: path).path } }
            for maker in makers { #expect(try maker.result() == path) }
        }
    }

    @Test("a directory with something else in it is left alone")
    func occupied() throws {
        let fixture = try TemporaryStore()
        let home = "\(fixture.directory)/home"
        try FileManager.default.createDirectory(atPath: "\(home)/letters", withIntermediateDirectories: true)
        let error = #expect(throws: StoreError.self) { try BlobStore.create(at: home) }
        #expect(error?.reason == "the directory is not empty: it holds letters")
        #expect(try FileManager.default.contentsOfDirectory(atPath: home) == ["letters"])
    }

    @Test("what is no store says so, with the command that makes one")
    func notAStore() throws {
        let error = #expect(throws: StoreError.self) { try BlobStore.open("/nowhere/at/all") }
        #expect(error?.exit == .notFound)
        #expect(error?.hint == "bake init")
    }

    @Test("the store of a newer bake is refused")
    func newer() throws {
        let fixture = try TemporaryStore()
        try Data(#"{"format":2}"#.utf8).write(to: URL(fileURLWithPath: "\(fixture.store.path)/bake-store"))
        #expect(throws: StoreError.newerFormat(path: fixture.store.path, found: 2, known: 1)) {
            try BlobStore.open(fixture.store.path)
        }
    }

    @Test("a store that everybody may write to is refused")
    func writableByAll() throws {
        let fixture = try TemporaryStore()
        #expect(chmod(fixture.store.path, 0o777) == 0)
        #expect(throws: StoreError.writableByAll(path: fixture.store.path)) { try BlobStore.open(fixture.store.path) }
    }

    @Test("a flipped byte, a planted link and a missing blob are told apart")
    func reading() throws {
        let fixture = try TemporaryStore()
        let digest = try fixture.store.put("abc".utf8)
        #expect(throws: StoreError.tooLong(digest, size: 3, limit: 2)) { try fixture.store.read(digest, limit: 2) }
        #expect(chmod(fixture.blobPath(digest), 0o644) == 0)
        try Data("abd".utf8).write(to: URL(fileURLWithPath: fixture.blobPath(digest)))
        let flipped = Digest.of(Array("abd".utf8))
        #expect(throws: StoreError.corrupted(digest, found: flipped)) { try fixture.store.read(digest, limit: 9) }
        #expect(throws: StoreError.corrupted(digest, found: flipped)) { try fixture.store.verify(digest) }
        #expect(unlink(fixture.blobPath(digest)) == 0)
        #expect(throws: StoreError.missing(digest)) { try fixture.store.read(digest, limit: 9) }
        #expect(symlink("/etc/passwd", fixture.blobPath(digest)) == 0)
        #expect(throws: StoreError.self) { try fixture.store.open(digest) }
        #expect(!fixture.store.contains(digest))
    }

    @Test(
        "file systems of several machines are known by name",
        arguments: [
            ("nfs4", true), ("cifs", true), ("fuse.sshfs", true), ("9p", true), ("ext4", false), ("tmpfs", false),
        ])
    func sharedFileSystems(type: String, isShared: Bool) {
        #expect(MountedFileSystem.isShared(type) == isShared)
    }

    @Test("a line of mountinfo is read as its manual page says")
    func mountedFileSystem() throws {
        #expect(try MountedFileSystem.holding("/proc")?.type == "proc")
        // proc(5), the example of the manual page.
        let line = "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue"
        let parsed = MountedFileSystem(line: Array(line.utf8))
        #expect(parsed?.device == "98:0")
        #expect(parsed?.type == "ext3")
    }
}
