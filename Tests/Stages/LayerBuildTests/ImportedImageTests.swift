import BakeModel
import Foundation
import LinuxSystem
import TarArchive
import Testing

@testable import LayerBuild

/// Images that others made, good ones and hostile ones. Expected values come from the OCI image specification 1.1.
@Suite struct ImportedImageTests {
    private let layout: ForeignLayout

    init() throws { layout = try ForeignLayout() }

    private func layer(_ suffix: String = "", by program: String? = nil) throws -> (descriptor: JSON, tar: [UInt8]) {
        let tar = try layout.tar()
        let stored = try program.map { try layout.filtered(tar, by: $0) } ?? tar
        return (try layout.put(stored, ForeignLayout.layerType + suffix), tar)
    }

    /// Why the import is refused.
    private func reason(_ entries: JSON...) -> String {
        let error = #expect(throws: (any Error).self) {
            if entries.count == 1 {
                _ = try layout.imported(entries[0])
            } else {
                _ = try layout.imported(entries[0], entries[1])
            }
        }
        return (error as? any ExplainedError)?.reason ?? "\(String(describing: error))"
    }

    @Test("plain, gzip and zstd: one canonical layer, and the configuration is carried over")
    func compressions() throws {
        let settings: JSON = ["Env": ["A=b"], "Cmd": ["/hello"], "User": "7:8", "WorkingDir": "/srv", "Unknown": 1]
        let stages = try [layer(), layer("+gzip", by: "gzip -n"), layer("+zstd", by: "zstd -q")].map {
            try layout.imported(try layout.image([$0], settings: settings))
        }
        let digests = stages.map { $0.rootLayers.map(\.blob) }
        #expect(digests[0].count == 1 && digests[1] == digests[0] && digests[2] == digests[0])
        let configuration = stages[2].configuration
        #expect(configuration.environment == ["A=b"] && configuration.command == ["/hello"])
        #expect(configuration.user == "7:8" && configuration.workingDirectory == "/srv")
        var names: [String] = []
        _ = try ArchiveReader.read(try layout.store.open(digests[0][0])) { entry, _ in
            names.append(entry.path.description)
        }
        #expect(names == ["hello"])
    }

    @Test("an index of indexes leads to the image of this architecture; attestations are passed over")
    func nested() throws {
        let good = try layout.image([layer()], settings: ["User": "good"])
        let other = try layout.image([layer()], architecture: "arm64")
        let inner = try layout.index([
            ForeignLayout.on("linux/arm64", other), ForeignLayout.on("unknown/unknown", other),
            ForeignLayout.on("windows/amd64", other), ForeignLayout.on("linux/amd64", good),
        ])
        #expect(try layout.imported(try layout.index([inner])).configuration.user == "good")
    }

    @Test("an index without this architecture names those that it has; one that nests without end is refused")
    func badIndexes() throws {
        let image = try layout.image([layer()])
        let elsewhere = try layout.index([
            ForeignLayout.on("linux/s390x", image), ForeignLayout.on("linux/arm64", image),
            ForeignLayout.on("unknown/unknown", image),
        ])
        #expect(reason(elsewhere) == "it has no image for linux/amd64; it has linux/arm64, linux/s390x")
        let deep = try (0..<6).reduce(image) { inner, _ in try layout.index([inner]) }
        #expect(reason(deep) == "its indexes nest more than 4 deep")
        #expect(reason(image, elsewhere) == "it has several images; name one behind a colon")
    }

    @Test("a document that is manifest and index at once means two images to two readers")
    func twoFaces() throws {
        let image = try layout.image([layer()])
        let document: JSON = ["schemaVersion": 2, "manifests": [image], "layers": [], "config": image]
        #expect(
            reason(try layout.put(document.canonicalBytes, ForeignLayout.indexType))
                .hasSuffix("is a manifest and an index at once"))
    }

    @Test("a blob that is missing, of another size, of other bytes, or of another type")
    func blobs() throws {
        let (descriptor, tar) = try layer()
        let digest = try #require(descriptor["digest"]?.namedDigest)
        let claimed = "layer \(digest.short) does not have the digest, diff id and size that are claimed"
        #expect(reason(try layout.image([(descriptor.with("size", 7), tar)])) == claimed)
        #expect(reason(try layout.image([(descriptor, tar + [0])])) == claimed)
        #expect(
            reason(try layout.image([(descriptor.with("mediaType", "text/plain"), tar)]))
                == "the layer \(digest.short) is of type text/plain, which is no layer of files")
        #expect(
            reason(try layout.image([(descriptor.with("size", .number(1 << 40)), tar)]))
                == "its layers have more than 68719476736 bytes")
        try Data(try layout.tar("--mode=0600")).write(to: layout.blob(digest))
        #expect(reason(try layout.image([(descriptor, tar)])) == claimed)
        try FileManager.default.removeItem(at: layout.blob(digest))
        #expect(reason(try layout.image([(descriptor, tar)])) == "it has no \(digest)")
        let nowhere: JSON = ["mediaType": "x", "digest": .string(digest.description), "size": 1]
        #expect(reason(try layout.manifest(nowhere, [])) == "it has no \(digest)")
        #expect(reason(nowhere) == "it has no \(digest)")
    }

    @Test("a configuration that is no JSON, of another size, for another machine, or with other layers")
    func configurations() throws {
        let text = Array("hello".utf8)
        #expect(reason(try layout.manifest(try layout.put(text, "x"), [])) == "its configuration is no JSON")
        let digest = Digest.of(text)
        #expect(
            reason(try layout.manifest(try layout.put(text, "x", size: 4), []))
                == "the bytes of its configuration \(digest) are others")
        #expect(
            reason(try layout.manifest(try layout.put(text, "x", size: 5 << 20), []))
                == "its configuration has 5242880 bytes")
        #expect(
            reason(try layout.image([layer()], architecture: "arm64")) == "it is for linux/arm64, not for linux/amd64")
        let empty: JSON = ["rootfs": ["diff_ids": []]]
        #expect(
            reason(try layout.manifest(try layout.put(empty.canonicalBytes, "x"), [try layer().descriptor]))
                == "its layers and diff ids differ in number")
    }

    @Test("a layer whose names lead out is refused, and named")
    func hostile() throws {
        let tar = try layout.tar(#"--transform='s,hello,../../etc/hello,' -P"#)
        let words = reason(try layout.image([(try layout.put(tar, ForeignLayout.layerType), tar)]))
        #expect(words.hasPrefix("layer \(Digest.of(tar).short): ") && words.contains(".."))
    }

    @Test("an archive without the image that is named says which it has; a link that leads out of it is not followed")
    func archives() throws {
        let tar = try layout.tar()
        let digest = Digest.of(tar)
        let configuration = #"{"rootfs":{"diff_ids":["\#(digest)"]}}"#
        let script = """
            mkdir a && cd a && cp ../input layer.tar && ln -s layer.tar good.tar && ln -s ../../etc/passwd bad.tar
            echo '\(configuration)' > c.json
            echo '[{"Config":"c.json","RepoTags":["x/a:1"],"Layers":["good.tar"]},
              {"Config":"c.json","RepoTags":["docker.io/library/b:latest"],"Layers":["bad.tar"]}]' > manifest.json
            tar -cf ../d.tar *
            """
        _ = try layout.filtered(tar, by: "sh -ec '\(script.replacing("'", with: "'\\''"))'")
        let source = { ImportSource.dockerArchive(.machine("\(layout.path)/d.tar"), reference: $0) }
        #expect(try layout.imported(source("x/a:1")).rootLayers.count == 1)
        for (name, words) in [
            ("y", "it has no image named y; it has x/a:1, docker.io/library/b:latest"),
            ("b", "bad.tar links to what is not in it"),
            (nil, "it has 2 images; name one behind a colon: x/a:1, docker.io/library/b:latest"),
        ] {
            let error = #expect(throws: LayerFault.self) { try layout.imported(source(name)) }
            #expect(error?.reason == words)
        }
    }
}
