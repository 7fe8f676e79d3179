import BakeModel
import Foundation
import Glibc
import LinuxSystem
import Testing

@testable import BlobStorage
@testable import RootFilesystem

/// One file of an image, read out of its layers.
@Suite struct LayeredTreeTests {
    private let bench: Workbench

    init() throws { bench = try Workbench() }

    /// Long enough for several members, the same each time.
    private static let large = (0..<400_000).flatMap { number in Array("\(number &* 2_654_435_761)\n".utf8) }

    private func layer(_ entries: [TreeEntry], _ contents: [String: String] = [:]) throws -> Layer {
        try bench.layer(entries, contents.mapValues { Array($0.utf8) })
    }

    private func text(_ path: String, in layers: [Layer]) throws -> String? {
        do {
            var bytes: [UInt8] = []
            try LayeredTree(layers, in: bench.store).file(at: Array(path.utf8)).read { bytes += $0 }
            return String(decoding: bytes, as: UTF8.self)
        } catch is LayeredTreeError {
            return nil
        }
    }

    private func indexPath(_ layer: Layer) -> String? { LayerContentsCache(store: bench.store).path(of: layer) }

    /// A layer of a large file, and one behind it.
    private func twoFiles() throws -> Layer {
        try bench.layer(
            [bench.file("a-large"), bench.file("z", mode: 0o755)], ["a-large": Self.large, "z": Array("last".utf8)])
    }

    @Test("a file is what GNU tar takes out of the layer")
    func judge() throws {
        let layer = try twoFiles()
        let tar = try CompletedProcess.run(
            "/bin/tar", ["-xzOf", bench.path(of: layer), "a-large"], environment: ["PATH=/bin:/usr/bin"])
        let found = try text("a-large", in: [layer])
        #expect(found?.utf8.count == Self.large.count)
        #expect(found == tar.text)
        #expect(try text("z", in: [layer]) == "last")
    }

    @Test("the second time the members before the file are not read, and what the first time found is believed")
    func secondTime() throws {
        let layer = try twoFiles()
        #expect(try text("z", in: [layer]) == "last")
        try overwrite(bench.path(of: layer), at: 5000, [0, 0, 0, 0])
        #expect(try text("z", in: [layer]) == "last")
        #expect(throws: (any Error).self) { try text("a-large", in: [layer]) }
    }

    /// A layer as bake writes it into the store, with names that need headers of their own.
    private func writtenLayer() throws -> Layer {
        let blob = try bench.store.newBlob()
        let attribute = ExtendedAttribute(name: "user.note", value: [1, 0, 2])
        let files = [("a-large", Self.large), ("\(Self.longName)", [7]), ("z", Array("last".utf8))]
        let layer = try bench.store.writeLayer(to: blob.descriptor, compression: .fast, threads: 2) { writer in
            for (name, bytes) in files {
                let kind = TreeEntry.Kind.regular(size: UInt64(bytes.count))
                var rest = bytes[...]
                try writer.append(
                    TreeEntry(path: treePath(name), kind: kind, mode: 0o644, attributes: [attribute])
                ) { buffer in
                    let piece = rest.prefix(buffer.count)
                    buffer.copyBytes(from: piece)
                    rest = rest.dropFirst(piece.count)
                    return piece.count
                }
            }
            try writer.append(
                TreeEntry(path: treePath("z-link"), kind: .hardlink(to: treePath("z")), mode: 0o644))
        }
        _ = try blob.commit(claimed: layer.blob, size: layer.size)
        return layer
    }

    private static let longName = String(repeating: "n", count: 150)

    @Test("whoever writes a layer leaves its index: the first reader reads no more than the file")
    func written() throws {
        let layer = try writtenLayer()
        try overwrite(bench.path(of: layer), at: 5000, [0, 0, 0, 0])
        #expect(try text("z", in: [layer]) == "last" && text("z-link", in: [layer]) == "last")
        #expect(throws: (any Error).self) { try text("a-large", in: [layer]) }
    }

    @Test("what the writer noted is what a verified pass over the archive finds")
    func sameIndex() throws {
        let layer = try writtenLayer()
        let cache = LayerContentsCache(store: bench.store)
        let noted = try #require(cache.kept(layer))
        let found = try cache.contents(of: layer, hashed: true)
        #expect(!noted.isHashed && found.isHashed && noted.members == found.members && noted.count == 4)
        for path in ["a-large", Self.longName, "z", "z-link"] {
            let entries = try [noted, found].map { try $0.entry(at: treePath(path)) }
            #expect(entries[0] != nil && entries[0]?.entry == entries[1]?.entry, "\(path)")
            #expect(entries[0]?.offset == entries[1]?.offset, "\(path)")
        }
        #expect(try found.entry(at: treePath("z"))?.digest == Digest.of(Array("last".utf8)))
        #expect(cache.kept(layer)?.isHashed == true)
    }

    @Test(
        "an index that was damaged, cut off, or is another layer's is made again", arguments: ["flip", "cut", "other"])
    func damaged(_ how: String) throws {
        let layer = try twoFiles()
        #expect(try text("z", in: [layer]) == "last")
        let path = try #require(indexPath(layer))
        let good = try DurableFile.read(path, limit: 1 << 20)
        switch how {
        case "flip": try overwrite(path, at: good.count / 2, [good[good.count / 2] ^ 1])
        case "cut": try #require(truncate(path, off_t(good.count / 3)) == 0)
        default:
            let other = try self.layer([bench.file("z")], ["z": "wrong"])
            _ = try text("z", in: [other])
            try DurableFile.replace(path, with: DurableFile.read(#require(indexPath(other)), limit: 1 << 20))
        }
        #expect(LayerContentsCache(store: bench.store).kept(layer) == nil)
        #expect(try text("z", in: [layer]) == "last")
        #expect(try DurableFile.read(path, limit: 1 << 20) == good)
    }

    @Test("an index in a directory that others may write to is not believed")
    func others() throws {
        let layer = try twoFiles()
        _ = try text("z", in: [layer])
        chmod(DurableFile.parent(of: try #require(indexPath(layer))), 0o777)
        #expect(LayerContentsCache(store: bench.store).kept(layer) == nil)
    }

    @Test("a layer whose bytes are not its digest's is refused, and leaves no index")
    func wrongLayer() throws {
        // Another layer's index, so that there is a place for this one's.
        _ = try text("z", in: [self.layer([bench.file("z")], ["z": "other"])])
        let layer = try twoFiles()
        try overwrite(bench.path(of: layer), at: 5000, [0, 0, 0, 0])
        #expect(throws: (any Error).self) { try text("z", in: [layer]) }
        #expect(access(try #require(indexPath(layer)), F_OK) != 0)
    }

    @Test("the uppermost layer that has a path says what stands there; those below are not even opened")
    func upper() throws {
        let lower = try layer(
            [bench.directory("etc"), bench.file("etc/a"), bench.file("etc/b")], ["etc/a": "1", "etc/b": "2"])
        let upper = try layer([bench.file("etc/a")], ["etc/a": "new"])
        #expect(try text("etc/b", in: [lower, upper]) == "2")
        unlink(bench.path(of: lower))
        unlink(try #require(indexPath(lower)))
        #expect(try text("etc/a", in: [lower, upper]) == "new")
    }

    @Test("whiteouts, opaque directories and what stands in a directory's place hide the layers below")
    func hidden() throws {
        let lower = try layer(
            [
                bench.directory("a"), bench.file("a/x"), bench.directory("b"), bench.file("b/x"),
                bench.directory("c"), bench.file("c/x"), bench.directory("d"), bench.file("d/x"), bench.file("d/y"),
            ], ["a/x": "a", "b/x": "b", "c/x": "c", "d/x": "d", "d/y": "y"])
        let upper = try layer(
            [
                bench.file(".wh.a"), bench.directory("b"), bench.file("b/.wh..wh..opq"), bench.file("b/y"),
                bench.file("c"), bench.file("d/.wh.x"),
            ], ["b/y": "own", "c": "file"])
        let layers = [lower, upper]
        for path in ["a/x", "b/x", "c/x", "d/x", ".wh.a"] { #expect(try text(path, in: layers) == nil, "\(path)") }
        #expect(
            try text("b/y", in: layers) == "own" && text("c", in: layers) == "file" && text("d/y", in: layers) == "y")
    }

    @Test("links lead on inside the root, through every layer; loops and ways out end")
    func links() throws {
        let lower = try layer(
            [
                bench.directory("usr"), bench.directory("usr/bin"), bench.file("usr/bin/tool"),
                bench.link("bin", to: "usr/bin"),
                bench.link("loop", to: "loop"),
            ], ["usr/bin/tool": "tool"])
        let hard = TreeEntry(path: treePath("opt/same"), kind: .hardlink(to: treePath("opt/own")), mode: 0o644)
        let upper = try layer(
            [
                bench.directory("opt"), bench.link("opt/abs", to: "/bin/tool"),
                bench.link("opt/out", to: "../../../bin/tool"),
                bench.file("opt/own"), hard,
            ], ["opt/own": "own"])
        let layers = [lower, upper]
        for path in ["bin/tool", "opt/abs", "opt/out"] { #expect(try text(path, in: layers) == "tool", "\(path)") }
        #expect(try text("opt/same", in: layers) == "own")
        #expect(try text("loop", in: layers) == nil && text("usr/bin/tool/x", in: layers) == nil)
        // The other name keeps the bytes when the first is written anew above.
        let top = try layer([bench.file("opt/own")], ["opt/own": "newer"])
        #expect(try text("opt/same", in: layers + [top]) == "own" && text("opt/own", in: layers + [top]) == "newer")
    }

    @Test("other tools' archives are read too, but for what only unpacking tells")
    func foreign() throws {
        let script = """
            mkdir -p tree/real && echo text > tree/real/file && ln -s real tree/link
            tar --sort=name -C tree -cf t.tar . && tar -rf t.tar --transform 's,real,link,' -C tree real/file && gzip -n t.tar
            tar --sort=name -C tree -czf plain.tar.gz .
            """
        _ = try CompletedProcess.run(
            "/bin/sh", ["-c", script], environment: ["PATH=/bin:/usr/bin"], directory: bench.directory)
        #expect(try text("link/file", in: [imported("plain.tar.gz")]) == "text\n")
        #expect(try text("link/file", in: [imported("t.tar.gz")]) == nil)
    }

    private func imported(_ name: String) throws -> Layer {
        let bytes = try DurableFile.read("\(bench.directory)/\(name)", limit: 1 << 20)
        let tar = try CompletedProcess.run(
            "/bin/sh", ["-c", "gzip -dc \(name) | sha256sum"], environment: ["PATH=/bin:/usr/bin"],
            directory: bench.directory)
        let diffID = try #require(Digest(hex: tar.text.prefix(64)))
        return Layer(
            blob: try bench.store.put(bytes), size: UInt64(bytes.count), diffID: DiffID(diffID), tarSize: 0)
    }

    private func overwrite(_ path: String, at offset: Int, _ bytes: [UInt8]) throws {
        chmod(path, 0o644)
        let file = try Descriptor.open(path, O_WRONLY)
        #expect(pwrite(file.number, bytes, bytes.count, off_t(offset)) == bytes.count)
    }
}
