import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import TarArchive
import Testing

@testable import RootFilesystem

/// Layers that are unpacked while they are packed.
@Suite struct UnpackingTests {
    private let bench: Workbench

    init() throws { bench = try Workbench() }

    /// Bytes that do not fit into a pipe, and hardly compress.
    private static let large: [UInt8] = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }

    /// One of each kind, with what is hard to keep.
    private var entries: [TreeEntry] {
        var note = bench.file("data/note", mode: 0o600, owner: Owner(user: 33, group: 34))
        note.attributes = [ExtendedAttribute(name: "user.note", value: Array("n".utf8))]
        return [
            bench.directory("", mode: 0o750, owner: Owner(user: 0, group: 34)),
            bench.directory("data", mode: 0o2775, owner: Owner(user: 33, group: 34)), note,
            bench.file("data/.wh.gone", mode: 0o600), bench.file("data/open", mode: 0o666),
            bench.file("data/large", mode: 0o4755), bench.file("data/secret", mode: 0),
            TreeEntry(path: treePath("data/second"), kind: .hardlink(to: treePath("data/large")), mode: 0o4755),
            TreeEntry(path: treePath("data/pipe"), kind: .fifo, mode: 0o622), bench.link("data/to", to: "/nowhere"),
        ]
    }

    private func pack(_ workshop: RootWorkshop, then end: (Layer) throws -> Void = { _ in }) throws -> Layer {
        try workshop.unpacking { copy in
            let layer = try bench.layer(entries, ["data/large": Self.large], copyingTo: copy)
            try end(layer)
            return layer
        }
    }

    /// Everything about the tree that a layer keeps, and whether two names are one file.
    private func tree(_ layer: Layer) throws -> String {
        let script = """
            cd "$0" && find . ! -type c -printf '%P %y %m %U:%G %s %T@ %l %n\\n' | sort
            getfattr -R -h -d -m - . ; stat -c '%t:%T' data/gone; sha256sum data/large; test data/large -ef data/second && echo one
            """
        let done = try CompletedProcess.run(
            "/bin/sh", ["-c", script, bench.cachePath(of: layer)],
            environment: ["LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"])
        return done.text
    }

    private func isUnpacked(_ layer: Layer) -> Bool {
        FileManager.default.fileExists(atPath: bench.cachePath(of: layer))
    }

    @Test func theTreeIsTheSame() throws {
        let layer = try pack(bench.workshop)
        // Nothing was mounted yet.
        try #require(isUnpacked(layer))
        let received = try tree(layer)
        #expect(received.contains("data/large f 4755 0:0 300000 ") && received.contains("user.bake.root"))
        #expect(try bench.leftovers() == [])
        try bench.workshop.removeCache()
        try #require(!isUnpacked(layer))
        try bench.workshop.unpack([layer])
        expect(received, try tree(layer))
    }

    private struct DiskFull: Error {}

    /// The whole tar was sent already.
    @Test func whatIsNotStoredIsNotKept() throws {
        var packed: Layer?
        #expect(throws: DiskFull.self) {
            try pack(bench.workshop) { layer in
                packed = layer
                throw DiskFull()
            }
        }
        #expect(try !isUnpacked(#require(packed)))
        #expect(try bench.leftovers() == [])
    }

    /// There is a file where the cache should be.
    @Test func whereItCannotBeUnpackedItIsPackedAllTheSame() throws {
        try FileManager.default.createDirectory(atPath: bench.store.cache, withIntermediateDirectories: true)
        try DurableFile.replace("\(bench.store.cache)/layers", with: [])
        let layer = try pack(bench.workshop)
        #expect(try bench.store.verify(layer.blob) == layer.size)
        #expect { try bench.workshop.unpack([layer]) } throws: {
            ($0 as? RemoteError)?.subject.hasPrefix("\(bench.store.cache)/layers") == true
        }
    }

    @Test func withoutHelperItIsPackedAllTheSame() throws {
        let layer = try pack(RootWorkshop(store: bench.store, program: HelperProgram(path: "/nowhere/bake")))
        #expect(try bench.store.verify(layer.blob) == layer.size)
        #expect(!isUnpacked(layer))
    }
}
